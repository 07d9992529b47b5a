//! The CloudFormation template of a project: the one that is named, else the configuration's, else `deploy/template.yaml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use campanile_core::config::{Config, DeploymentConfig};
use campanile_rules::review::Reviewed;
use campanile_rules::template::{Settings, Template};

use crate::args::TemplateArguments;
use crate::error::CliError;
use crate::findings;
use crate::project::{Project, above};

/// A template that was read.
#[derive(Debug)]
pub(crate) struct TemplateFile {
    /// Its path, as people know it.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// What it says.
    pub(crate) template: Template,
}

impl TemplateFile {
    /// Reads the template that the arguments mean; what makes it none is shown.
    pub(crate) fn find(arguments: &TemplateArguments) -> Result<Self, CliError> {
        let configured = configured(arguments);
        let path = match &arguments.template {
            Some(path) => path.clone(),
            None => default(configured.as_ref())?,
        };
        let mut parameters = configured.map(|(_, deployment)| deployment.parameters).unwrap_or_default();
        parameters.extend(given(&arguments.parameter)?);
        Self::read(&path, parameters)?.map_err(|broken| {
            findings::show(&broken.name, &broken.text, &broken.findings);
            CliError::NoTemplate(broken.name)
        })
    }

    /// Reads the template at `path`, or what makes it none.
    pub(crate) fn read(
        path: &Path,
        parameters: BTreeMap<String, String>,
    ) -> Result<Result<Self, Reviewed>, CliError> {
        let text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
        let name = path.display().to_string();
        let settings = Settings { parameters, ..Settings::default() };
        Ok(match Template::read(&text, &settings) {
            Ok(template) => Ok(Self { name, text, template }),
            Err(findings) => Err(Reviewed { name, text, findings }),
        })
    }
}

/// The configuration's word on the template, if there is a configuration that can be read.
fn configured(arguments: &TemplateArguments) -> Option<(Project, DeploymentConfig)> {
    let project = Project::find(&arguments.project).ok()?;
    let config = Config::parse(&project.read_config().ok()?).ok()?;
    Some((project, config.deployment))
}

/// Where the template is if nobody names it.
fn default(configured: Option<&(Project, DeploymentConfig)>) -> Result<PathBuf, CliError> {
    match configured {
        Some((project, deployment)) => Ok(path(project, deployment)),
        None => above(DeploymentConfig::DEFAULT_PATH)?.ok_or(CliError::TemplateMissing),
    }
}

/// Where the configuration says that the template is.
pub(crate) fn path(project: &Project, deployment: &DeploymentConfig) -> PathBuf {
    let folder = project.config.parent().unwrap_or(Path::new(""));
    folder.join(deployment.path.as_deref().unwrap_or(DeploymentConfig::DEFAULT_PATH))
}

/// What `--parameter NAME=VALUE` says, given any number of times.
fn given(parameters: &[String]) -> Result<BTreeMap<String, String>, CliError> {
    let pair = |given: &String| match given.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(CliError::Parameter(given.clone())),
    };
    parameters.iter().map(pair).collect()
}
