//! What the system is made of, made again when it changes: plugins, configuration, rules. What can't be made is shown, and the last
//! good one stays.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use campanile_core::config::Config;
use campanile_core::diagnostic::Diagnostic;
use campanile_core::resolve::NOT_GRANTED;
use campanile_dev::plugins::PluginStatus;
use campanile_dev::rulebook::RuleBook;
use campanile_local::lambda::EmulatorConfig;
use campanile_rules::review::Reviewed;
use campanile_rules::template::{Settings, Template};

use crate::check::Checked;
use crate::error::CliError;
use crate::findings;
use crate::function;
use crate::plugins::Plugins;
use crate::project::author;
use crate::project::checkout::Checkout;
use crate::project::lock::Lock;
use crate::project::{self, Project};
use crate::template::{self, TemplateFile};

/// The template that comes with Campanile, for a project that has none.
const TEMPLATE: &str = include_str!("../../../../deploy/template.yaml");

/// What a project without a template is told of its rules.
const BUILT_IN: &str = "built in";

/// Sources of the checkout's plugins.
const SOURCES: [&str; 6] = ["telegram", "discord", "webhook", "ntfy", "email", "sdk"];

/// Makes things of a project.
#[derive(Debug)]
pub(super) struct Workshop {
    pub(super) project: Project,
    pub(super) checkout: Option<Checkout>,
    /// The project of the plugin that somebody works on.
    pub(super) authored: Option<PathBuf>,
    /// The channels that really send.
    pub(super) live: BTreeSet<String>,
    /// A copy of the configuration that is good: processes of the function start with it whatever becomes of the file.
    good: PathBuf,
}

/// What the system runs with.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) config: Config,
    pub(super) text: String,
    pub(super) plugins: Vec<PluginStatus>,
    pub(super) rules: RuleBook,
    /// Whether the function hears of recoveries.
    pub(super) hears_recoveries: bool,
}

impl Workshop {
    pub(super) fn open(
        project: Project,
        live: &[String],
        folder: &Path,
        authored: Option<PathBuf>,
    ) -> Result<Self, CliError> {
        let (live, checkout) = (live.iter().cloned().collect(), Checkout::find()?);
        Ok(Self { project, checkout, authored, live, good: folder.join("campanile.toml") })
    }

    /// Builds what the system needs before it starts. A plugin that somebody works on is there already.
    pub(super) async fn build_all(&self) -> Result<(), CliError> {
        match (&self.checkout, &self.authored) {
            (Some(checkout), None) => checkout.build_all(&self.project.plugins).await,
            (Some(checkout), Some(_)) => checkout.build_bootstrap().await,
            (None, _) => Ok(()),
        }
    }

    /// Builds plugins whose sources have changed.
    pub(super) async fn build_plugins(&self) -> Result<(), CliError> {
        match (&self.authored, &self.checkout) {
            (Some(folder), _) => author::build(folder, &self.project.plugins).await.map(drop),
            (None, Some(checkout)) => checkout.build_plugins(&self.project.plugins).await.map(drop),
            (None, None) => Ok(()),
        }
    }

    /// The folders whose changes mean that plugins have to be built.
    pub(super) fn sources(&self) -> Vec<PathBuf> {
        match (&self.authored, &self.checkout) {
            (Some(folder), _) => vec![folder.clone()],
            (None, Some(checkout)) => SOURCES.iter().map(|name| checkout.plugin_sources(name)).collect(),
            (None, None) => Vec::new(),
        }
    }

    /// Makes everything, and shows what is wrong with it. `before` is what is known of the plugins from the last time.
    pub(super) async fn make(&self, before: &[PluginStatus]) -> Result<Made, CliError> {
        let lock = Lock::read(&self.project)?;
        let plugins = Plugins::compile(&self.project.plugins, lock.as_ref(), None).await?;
        plugins.show_problems();
        let text = self.project.read_config()?;
        let (config, findings) = self.configuration(&text, &plugins)?;
        let (rules, hears_recoveries) = self.rules(&config)?;
        let plugins = statuses(&plugins, &config, &findings, before);
        Ok(Made { config, text, plugins, rules, hears_recoveries })
    }

    /// Reads the configuration; findings are shown.
    fn configuration(&self, text: &str, plugins: &Plugins) -> Result<(Config, Vec<Diagnostic>), CliError> {
        let checked = Checked::read(text, plugins);
        let mut found = checked.of_caught();
        // What to grant is said with the plugins.
        found.retain(|finding| finding.code != NOT_GRANTED);
        findings::show(&self.project.config.display().to_string(), text, &found);
        let Checked { config, findings: all } = checked;
        let Some(config) = config else {
            return Err(CliError::Configuration(findings::errors(&found)));
        };
        self.check_live(&config)?;
        Ok((config, all))
    }

    /// A channel that is to send must be there, with its secrets.
    fn check_live(&self, config: &Config) -> Result<(), CliError> {
        if let Some(unknown) = self.live.iter().find(|name| !config.channels.contains_key(*name)) {
            let known = config.channels.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(CliError::NoChannel { name: unknown.clone(), known });
        }
        match function::unset(config, |name| self.live.contains(name)) {
            Some((channel, variable)) => Err(CliError::NoSecret { channel, variable }),
            None => Ok(()),
        }
    }

    /// Reads the template; what makes it none is shown.
    fn rules(&self, config: &Config) -> Result<(RuleBook, bool), CliError> {
        let path = template::path(&self.project, &config.deployment);
        let parameters = config.deployment.parameters.clone();
        let read = if path.exists() || config.deployment.path.is_some() {
            TemplateFile::read(&path, parameters)?.map(|file| (file.name, file.template))
        } else {
            let settings = Settings { parameters, ..Settings::default() };
            let (name, text) = (BUILT_IN.to_owned(), TEMPLATE.to_owned());
            match Template::read(&text, &settings) {
                Ok(template) => Ok((name, template)),
                Err(findings) => Err(Reviewed { name, text, findings }),
            }
        };
        let (name, template) = read.map_err(|broken| {
            findings::show(&broken.name, &broken.text, &broken.findings);
            CliError::NoTemplate(broken.name)
        })?;
        let rules = RuleBook::of(&name, &template);
        let hears = hears_recoveries(&rules);
        Ok((rules, hears))
    }

    /// Keeps a configuration for the next processes of the function.
    pub(super) fn keep(&self, text: &str) -> Result<(), CliError> {
        std::fs::write(&self.good, text).map_err(CliError::file(&self.good))
    }

    /// How the function runs: as the template deploys it.
    pub(super) fn function(&self, made: &Made) -> Result<EmulatorConfig, CliError> {
        let is_live = |name: &str| self.live.contains(name);
        let mut environment = function::environment(&self.project, &self.good)?;
        if function::has_parameters(&made.config, is_live) {
            environment.extend(function::cloud());
        }
        environment.extend(function::secrets(&made.config, is_live));
        if !self.live.is_empty() {
            let names = self.live.iter().map(String::as_str).collect::<Vec<_>>().join(",");
            environment.push(("CAMPANILE_LIVE".to_owned(), names));
        }
        let hears = if made.hears_recoveries { "seen" } else { "unseen" };
        environment.push(("CAMPANILE_RECOVERIES".to_owned(), hears.to_owned()));
        let function = EmulatorConfig::new(project::bootstrap()?);
        Ok(EmulatorConfig {
            task_root: self.project.folder()?,
            environment,
            timeout: super::TIMEOUT,
            schedule: Some(super::TICK),
            concurrency: super::CONCURRENCY,
            ..function
        })
    }
}

/// As the template tells its function: without the recovery rule it never learns that an alert is over. Of a template that has no
/// such rule nothing is known, so its function listens.
fn hears_recoveries(rules: &RuleBook) -> bool {
    let recovery = rules.rules.iter().find(|rule| rule.topic_rule.logical_id == "RecoveryRule");
    recovery.is_none_or(|rule| rule.off.is_none())
}

/// What is known of the plugins. Of a file that went bad, what is known of the last good one stays.
fn statuses(
    plugins: &Plugins,
    config: &Config,
    findings: &[Diagnostic],
    before: &[PluginStatus],
) -> Vec<PluginStatus> {
    let status = |file: &crate::plugins::PluginFile| {
        let last = before.iter().find(|status| status.file == file.file);
        match &file.state {
            Ok(compiled) => {
                let description = &compiled.entry.description;
                let channels = channels_of(config, &description.name);
                PluginStatus {
                    file: file.file.clone(),
                    name: Some(description.name.clone()),
                    version: Some(description.version.clone()),
                    summary: Some(description.summary.clone()),
                    digest: Some(compiled.entry.wasm.to_string()),
                    size: file.size,
                    compiled_in: compiled
                        .duration
                        .map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)),
                    problem: None,
                    wants: wants(findings, &channels),
                    channels,
                }
            }
            Err(problem) => PluginStatus {
                file: file.file.clone(),
                problem: Some(problem.clone()),
                size: file.size,
                name: last.and_then(|last| last.name.clone()),
                version: last.and_then(|last| last.version.clone()),
                summary: last.and_then(|last| last.summary.clone()),
                digest: last.and_then(|last| last.digest.clone()),
                compiled_in: None,
                channels: last.map(|last| last.channels.clone()).unwrap_or_default(),
                wants: Vec::new(),
            },
        }
    };
    plugins.files.iter().map(status).collect()
}

fn channels_of(config: &Config, plugin: &str) -> Vec<String> {
    let served = config.channels.iter().filter(|(_, channel)| channel.plugin.get_ref() == plugin);
    served.map(|(name, _)| name.clone()).collect()
}

/// What `campanile check` says of grants that are missing.
fn wants(findings: &[Diagnostic], channels: &[String]) -> Vec<String> {
    let missing = findings.iter().filter(|finding| finding.code == NOT_GRANTED);
    let help = missing.filter_map(|finding| finding.help.clone());
    help.filter(|help| channels.iter().any(|name| help.contains(&format!("[channels.{name}]")))).collect()
}
