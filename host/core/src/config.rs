//! `campanile.toml`: which channels there are, and which events they get.
//!
//! Reading collects every finding it can, each with its place in the file, instead of stopping at the first. Only the text
//! counts here; what needs the plugins' descriptions is checked in [`crate::resolve`].

mod allow;
mod channel;
mod deployment;
mod fallback;
mod limits;
mod route;
mod secret;
mod settings;
mod store;
mod table;
mod template;

use std::collections::BTreeMap;

pub use channel::ChannelConfig;
pub use deployment::DeploymentConfig;
pub use limits::Limits;
pub use secret::{SecretEntry, SecretSource};
pub use settings::Settings;
pub use store::{StoreConfig, StoreError};
use toml::de::DeTable;

use crate::diagnostic::{Diagnostic, Severity};
use crate::route::Routes;
use table::{Findings, Table};

/// The commented configuration that a new project starts with; it is the reference of all keys as well.
pub const DEFAULT_CONFIG: &str = include_str!("default_config.toml");

/// A configuration without errors.
#[derive(Debug)]
pub struct Config {
    /// The channels by name.
    pub channels: BTreeMap<String, ChannelConfig>,
    /// Which events they get.
    pub routes: Routes,
    /// Where deliveries are kept; none if it does not say.
    pub store: Option<StoreConfig>,
    /// The DynamoDB table that the cold rule writes every event to, for whoever reads it; none if it does not say.
    pub events_table: Option<String>,
    /// The template that is deployed.
    pub deployment: DeploymentConfig,
    /// What is allowed but probably not meant.
    pub warnings: Vec<Diagnostic>,
}

impl Config {
    /// Reads the text of `campanile.toml`.
    ///
    /// # Errors
    /// All findings, at least one of them an error, in the order of the file.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let (document, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(errors.iter().map(syntax).collect());
        }
        let mut found = Findings::default();
        let mut table = Table::document(&document);
        let channels = channel::read_all(table.table("channels", &mut found), &mut found);
        let routes = route::read_all(&mut table, &channels, text, &mut found);
        let (store, events_table) = StoreConfig::read(table.table("store", &mut found), &mut found);
        let deployment = DeploymentConfig::read(table.table("template", &mut found), &mut found);
        table.finish(&mut found);
        found.sort_by_key(|finding| finding.span.as_ref().map(|span| span.start));
        if found.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(found);
        }
        Ok(Self { channels, routes: Routes::new(routes), store, events_table, deployment, warnings: found })
    }

    /// The same where its owner's environment is not: the secret of the variable `X` is the parameter `PATH/X` there.
    #[must_use]
    pub fn with_variables_under(mut self, path: &str) -> Self {
        let secrets = self.channels.values_mut().flat_map(|channel| channel.secrets.values_mut());
        for entry in secrets {
            if let SecretSource::Env(variable) = &entry.source {
                entry.source = SecretSource::Ssm(format!("{path}/{variable}"));
            }
        }
        self
    }

    /// Whether any channel names this plugin.
    #[must_use]
    pub fn uses(&self, plugin: &str) -> bool {
        self.channels.values().any(|channel| channel.plugin.get_ref() == plugin)
    }
}

fn syntax(error: &toml::de::Error) -> Diagnostic {
    let finding = Diagnostic::error("config::syntax", error.message());
    match error.span() {
        Some(span) => finding.at(span),
        None => finding,
    }
}
