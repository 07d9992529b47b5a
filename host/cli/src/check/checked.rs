//! A configuration that was read with the plugins at hand, and which of its findings matter for what.

use campanile_core::config::{Config, SecretSource};
use campanile_core::deployed;
use campanile_core::diagnostic::{Diagnostic, Severity};
use campanile_core::resolve::{MISSING_SECRET, NOT_GRANTED, Resolution, resolve};

use crate::plugins::Plugins;

const UNSET: &str = "config::unset-variable";

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

    /// The findings that matter where the function is deployed: it has no variables of this machine, and everything is sent.
    pub(crate) fn of_deployed(&self) -> Vec<Diagnostic> {
        let findings = self.findings.iter().filter(|finding| finding.code != UNSET).cloned();
        let mut findings: Vec<Diagnostic> = findings
            .map(|finding| match finding.code {
                NOT_GRANTED => Diagnostic { severity: Severity::Error, ..finding },
                _ => finding,
            })
            .chain(self.config.iter().flat_map(deployed::review))
            .collect();
        findings.sort_by_key(|finding| finding.span.as_ref().map(|span| span.start));
        findings
    }
}

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
