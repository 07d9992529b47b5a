//! A project that was looked at as a whole: configuration, plugins, and the template.

use campanile_core::config::{Config, SecretSource};
use campanile_rules::review::Reviewed;
use serde_json::Value;

use super::checked::Checked;
use super::deployed::Deployed;
use crate::error::{CliError, count};
use crate::findings;
use crate::output;
use crate::plugins::Plugins;
use crate::project::Project;

/// What a project is looked at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// This machine, where messages may be caught and variables be set later.
    Here,
    /// Lambda, where everything has to be there and everything is sent.
    Deploy,
}

/// Everything that was found.
#[derive(Debug)]
pub(crate) struct Review {
    /// The plugins that it was looked at with.
    pub(crate) plugins: Plugins,
    /// The configuration, unless it has errors.
    pub(crate) config: Option<Config>,
    of_config: Reviewed,
    deployed: Deployed,
}

impl Review {
    /// Looks at a project, with its plugins.
    pub(crate) fn of(project: &Project, plugins: Plugins, purpose: Purpose) -> Result<Self, CliError> {
        let text = project.read_config()?;
        let checked = Checked::read(&text, &plugins);
        let mut findings = match purpose {
            Purpose::Here => checked.findings.clone(),
            Purpose::Deploy => checked.of_deployed(),
        };
        let config = checked.config;
        let deployed =
            config.as_ref().map(|config| Deployed::read(project, &config.deployment)).transpose()?;
        let deployed = deployed.unwrap_or_default();
        findings.extend(deployed.missing.iter().cloned());
        let of_config = Reviewed { name: project.config.display().to_string(), text, findings };
        Ok(Self { plugins, config, of_config, deployed })
    }

    /// The path of the configuration.
    pub(crate) fn configuration(&self) -> &str {
        &self.of_config.name
    }

    /// The text of the configuration, as it was looked at.
    pub(crate) fn text(&self) -> &str {
        &self.of_config.text
    }

    /// The path of the template, if there is one.
    pub(crate) fn template(&self) -> Option<&str> {
        self.deployed.name.as_deref()
    }

    /// The number of errors in configuration and template.
    pub(crate) fn errors(&self) -> usize {
        self.reviewed().map(|reviewed| findings::errors(&reviewed.findings)).sum()
    }

    /// The number of warnings there.
    pub(crate) fn warnings(&self) -> usize {
        self.reviewed().map(|reviewed| reviewed.findings.len()).sum::<usize>() - self.errors()
    }

    /// What is wrong with plugins.
    pub(crate) fn broken(&self) -> Vec<&str> {
        self.plugins.problems().collect()
    }

    /// The configuration, if nothing is wrong that would keep a channel from delivering.
    pub(crate) fn deployable(&self) -> Result<&Config, CliError> {
        match (self.broken().len(), self.errors(), &self.config) {
            (0, 0, Some(config)) => Ok(config),
            // That a channel has no plugin may follow from one that can't be used.
            (broken @ 1.., ..) => Err(CliError::BrokenPlugins(broken)),
            (0, errors, _) => Err(CliError::Undeployable(errors)),
        }
    }

    /// Shows all of it on standard error.
    pub(crate) fn show(&self) {
        for reviewed in self.reviewed() {
            findings::show(&reviewed.name, &reviewed.text, &reviewed.findings);
        }
        for problem in self.broken() {
            output::note(format!("{}: {problem}", output::styled(output::BAD, "plugin")));
        }
    }

    /// The findings for machines.
    pub(crate) fn to_json(&self) -> Vec<Value> {
        self.reviewed().flat_map(findings::reviewed_to_json).collect()
    }

    /// What there is, in numbers.
    pub(crate) fn contents(&self) -> Option<String> {
        let config = self.config.as_ref()?;
        let mut contents = vec![
            count(config.channels.len(), "channel"),
            count(config.routes.iter().count(), "route"),
            count(self.plugins.descriptions().len(), "plugin"),
        ];
        if self.deployed.name.is_some() {
            contents.push(count(self.deployed.rules, "rule"));
        }
        let parameters = not_looked_up(config);
        if parameters > 0 {
            contents.push(format!("{} in SSM (not looked up)", count(parameters, "secret")));
        }
        Some(contents.join(", "))
    }

    fn reviewed(&self) -> impl Iterator<Item = &Reviewed> {
        [&self.of_config].into_iter().chain(&self.deployed.reviewed)
    }
}

/// How many secrets are in SSM, which is not asked: who checks a configuration need not be allowed to read them.
fn not_looked_up(config: &Config) -> usize {
    let entries = config.channels.values().flat_map(|channel| channel.secrets.values());
    entries.filter(|entry| matches!(entry.source, SecretSource::Ssm(_))).count()
}
