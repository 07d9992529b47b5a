//! `campanile check`: everything that can be found wrong before deploying.

mod deployed;

use campanile_core::config::{Config, SecretSource};
use campanile_core::diagnostic::Diagnostic;
use campanile_core::resolve::{MISSING_SECRET, Resolution, resolve};
use campanile_rules::review::Reviewed;
use serde_json::json;

use crate::args::CheckArguments;
use crate::error::{CliError, count};
use crate::exit::Exit;
use crate::findings;
use crate::output;
use crate::plugins::Plugins;
use crate::project::Project;
use deployed::Deployed;

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
    let mut checked = Checked::read(&text, &plugins);
    let deployed =
        checked.config.as_ref().map(|config| Deployed::read(&project, &config.deployment)).transpose()?;
    let deployed = deployed.unwrap_or_default();
    checked.findings.extend(deployed.missing.iter().cloned());
    let of_config =
        Reviewed { name: project.config.display().to_string(), text, findings: checked.findings.clone() };
    let reviewed: Vec<&Reviewed> = [&of_config].into_iter().chain(&deployed.reviewed).collect();
    let errors: usize = reviewed.iter().map(|reviewed| findings::errors(&reviewed.findings)).sum();
    let warnings = reviewed.iter().map(|reviewed| reviewed.findings.len()).sum::<usize>() - errors;
    let broken: Vec<&str> = plugins.problems().collect();
    if arguments.json {
        output::json(&json!({
            "configuration": of_config.name,
            "template": deployed.name,
            "findings": reviewed.iter().flat_map(|reviewed| findings::reviewed_to_json(reviewed)).collect::<Vec<_>>(),
            "broken-plugins": broken,
            "errors": errors,
            "warnings": warnings,
        }));
    } else {
        for reviewed in &reviewed {
            findings::show(&reviewed.name, &reviewed.text, &reviewed.findings);
        }
        plugins.show_problems();
        if let Some(config) = &checked.config {
            output::line(contents(config, &plugins, &deployed));
        }
        findings::summary(errors, warnings);
    }
    Ok(match (errors, broken.is_empty(), warnings) {
        (1.., ..) => Exit::Configuration,
        (0, false, _) => Exit::Plugin,
        (0, true, 1..) if arguments.deny_warnings => Exit::Configuration,
        _ => Exit::Success,
    })
}

/// How many secrets are in SSM, which is not asked: who checks a configuration need not be allowed to read them.
fn not_looked_up(config: &Config) -> usize {
    let entries = config.channels.values().flat_map(|channel| channel.secrets.values());
    entries.filter(|entry| matches!(entry.source, SecretSource::Ssm(_))).count()
}

/// What there is, in numbers.
fn contents(config: &Config, plugins: &Plugins, deployed: &Deployed) -> String {
    let mut contents = vec![
        count(config.channels.len(), "channel"),
        count(config.routes.iter().count(), "route"),
        count(plugins.descriptions().len(), "plugin"),
    ];
    if deployed.name.is_some() {
        contents.push(count(deployed.rules, "rule"));
    }
    let parameters = not_looked_up(config);
    if parameters > 0 {
        contents.push(format!("{} in SSM (not looked up)", count(parameters, "secret")));
    }
    contents.join(", ")
}
