//! The template's part of `campanile check`: its rules, their SQL, and its device policies.

use campanile_core::config::DeploymentConfig;
use campanile_core::diagnostic::Diagnostic;
use campanile_rules::Stubs;
use campanile_rules::review::{Reviewed, review};

use crate::error::CliError;
use crate::project::Project;
use crate::template::{self, TemplateFile};

/// What will be deployed, as far as there is a template.
#[derive(Debug, Default)]
pub(super) struct Deployed {
    /// The template's path; none if there is no template.
    pub(super) name: Option<String>,
    /// How many rules it has.
    pub(super) rules: usize,
    /// What was found in it.
    pub(super) reviewed: Vec<Reviewed>,
    /// That the configuration names a template which is not there.
    pub(super) missing: Option<Diagnostic>,
}

impl Deployed {
    /// Reads and reviews the template of a project. A project need not have one unless its configuration says so.
    pub(super) fn read(project: &Project, config: &DeploymentConfig) -> Result<Self, CliError> {
        let path = template::path(project, config);
        if !path.exists() {
            let missing = config.path_span.clone().map(|span| {
                let message = format!("there is no template `{}`", path.display());
                Diagnostic::error("config::no-template", message)
                    .at(span)
                    .help("the path is relative to this file")
            });
            return Ok(Self { missing, ..Self::default() });
        }
        Ok(match TemplateFile::read(&path, config.parameters.clone())? {
            Ok(file) => Self {
                rules: file.template.rules.len(),
                reviewed: review(&file.template, &file.name, &file.text, &Stubs::default()),
                name: Some(file.name),
                missing: None,
            },
            Err(broken) => {
                Self { name: Some(broken.name.clone()), reviewed: vec![broken], ..Self::default() }
            }
        })
    }
}
