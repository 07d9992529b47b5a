//! `campanile check`: everything that can be found wrong before deploying.

use campanile_core::config::{Config, SecretSource};
use campanile_core::diagnostic::Diagnostic;
use campanile_core::resolve::{MISSING_SECRET, Resolution, resolve};
use serde_json::json;

use crate::args::CheckArguments;
use crate::error::{CliError, count};
use crate::exit::Exit;
use crate::findings;
use crate::output;
use crate::plugins::Plugins;
use crate::project::Project;

/// A configuration that was read with the plugins at hand.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The configuration, unless it has errors.
    pub(crate) config: Option<Config>,
    /// Everything that was found, in the order of the file.
    pub(crate) findings: Vec<Diagnostic>,
}

impl Checked {
    /// Reads `text` and brings it together with the plugins.
    pub(crate) fn read(text: &str, plugins: &Plugins) -> Self {
        let config = match Config::parse(text) {
            Ok(config) => config,
            Err(findings) => return Self { config: None, findings },
        };
        let Resolution { diagnostics, .. } = resolve(&config, &plugins.descriptions());
        let mut findings: Vec<Diagnostic> = config.warnings.iter().cloned().chain(diagnostics).collect();
        findings.extend(unset_variables(&config));
        Self { config: Some(config), findings }
    }

    /// The findings that matter while nothing is sent: secrets need not be there.
    pub(crate) fn of_caught(&self) -> Vec<Diagnostic> {
        self.findings
            .iter()
            .filter(|finding| ![MISSING_SECRET, UNSET].contains(&finding.code))
            .cloned()
            .collect()
    }
}

const UNSET: &str = "config::unset-variable";

/// Secrets whose variable is not set here. Where the function runs it may be.
fn unset_variables(config: &Config) -> Vec<Diagnostic> {
    let entries = config.channels.values().flat_map(|channel| &channel.secrets);
    let unset = entries.filter_map(|(name, entry)| match &entry.source {
        SecretSource::Env(variable) if std::env::var_os(variable).is_none() => {
            let message = format!("the variable `{variable}` of the secret `{name}` is not set here");
            Some(
                Diagnostic::warning(UNSET, message)
                    .at(entry.span.clone())
                    .help("it must be set where the function runs"),
            )
        }
        _ => None,
    });
    unset.collect()
}

pub(crate) async fn run(arguments: CheckArguments) -> Result<Exit, CliError> {
    let project = Project::find(&arguments.project)?;
    let text = project.read_config()?;
    let plugins = Plugins::compile(&project.plugins, None).await?;
    let checked = Checked::read(&text, &plugins);
    let name = project.config.display().to_string();
    let broken: Vec<&str> = plugins.problems().collect();
    let errors = findings::errors(&checked.findings);
    let warnings = checked.findings.len() - errors;
    if arguments.json {
        output::json(&json!({
            "configuration": name,
            "findings": findings::to_json(&text, &checked.findings),
            "broken-plugins": broken,
            "errors": errors,
            "warnings": warnings,
        }));
    } else {
        findings::show(&name, &text, &checked.findings);
        plugins.show_problems();
        summary(&checked, &plugins, errors, warnings);
    }
    Ok(match (errors, broken.is_empty(), warnings) {
        (1.., ..) => Exit::Configuration,
        (0, false, _) => Exit::Plugin,
        (0, true, 1..) if arguments.deny_warnings => Exit::Configuration,
        _ => Exit::Success,
    })
}

fn summary(checked: &Checked, plugins: &Plugins, errors: usize, warnings: usize) {
    if let Some(config) = &checked.config {
        let routes = config.routes.iter().count();
        output::line(format!(
            "{}, {}, {}",
            count(config.channels.len(), "channel"),
            count(routes, "route"),
            count(plugins.descriptions().len(), "plugin")
        ));
    }
    let style = if errors > 0 {
        output::BAD
    } else if warnings > 0 {
        output::CARE
    } else {
        output::GOOD
    };
    output::line(output::styled(
        style,
        format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    ));
}
