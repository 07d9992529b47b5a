//! `device.toml`: what the device is, what it measures, and where it reports to. What is not known in it is an error, with its line.

mod example;
mod signal;

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde::Deserialize;

pub use self::example::EXAMPLE;
pub use self::signal::{Input, Status};
use crate::link::Limits;
use crate::spool::{Bounds, WhenFull};

/// All of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Who it is.
    pub device: Identity,
    /// The broker.
    pub broker: Broker,
    /// What waits for the broker.
    #[serde(default)]
    pub spool: SpoolConfig,
    /// Where signals come from.
    #[serde(default)]
    pub input: Input,
    /// What signals mean.
    #[serde(default)]
    pub status: Status,
    /// A file with figures for Prometheus.
    pub metrics: Option<Metrics>,
}

/// Who it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Identity {
    /// Its name: `device_id` of each event, the MQTT client id, and at AWS the name of its thing.
    pub id: String,
    /// Where its events are published.
    pub topic: String,
    /// Where the broker says that it is gone without a goodbye.
    pub last_will: Option<String>,
}

/// The broker.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Broker {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port; 8883 with TLS and 1883 without, if none is given. On 443 the protocol is agreed on by ALPN, as AWS wants it.
    pub port: Option<u16>,
    /// TLS; without it everybody on the way can read and change what is published.
    pub tls: Option<Tls>,
    /// How often something is sent at least.
    #[serde(default = "Broker::keep_alive")]
    pub keep_alive: SignedDuration,
    /// A connection that acknowledges nothing for so long is given up.
    #[serde(default = "Broker::acknowledge_within")]
    pub acknowledge_within: SignedDuration,
    /// What it takes.
    #[serde(default)]
    pub limits: BrokerLimits,
}

/// What a broker takes of a connection in a second; what AWS IoT takes, if nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct BrokerLimits {
    /// Messages.
    pub messages: u32,
    /// Bytes of payload and topic.
    pub bytes: u32,
}

/// Whom it trusts, and how it proves who it is. Paths are relative to the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tls {
    /// The authorities whose certificates it trusts, in PEM.
    pub ca: PathBuf,
    /// Its own certificate, in PEM.
    pub certificate: PathBuf,
    /// The key of that, in PEM; never sent to anybody.
    pub key: PathBuf,
}

/// What waits for the broker.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SpoolConfig {
    /// The file.
    pub path: PathBuf,
    /// The most bytes of payloads in it.
    pub max_bytes: u64,
    /// How old a transition may get; for ever, if it is zero.
    pub max_age: SignedDuration,
    /// What happens to a transition that has no room.
    pub when_full: WhenFull,
    /// Whether it is waited for the disk before a transition is published.
    pub sync: bool,
}

/// A file with figures for Prometheus, where its node exporter looks for such (`--collector.textfile.directory`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Metrics {
    /// The file; its name ends with `.prom`.
    pub path: PathBuf,
    /// How often it is written.
    #[serde(default = "Metrics::every")]
    pub every: SignedDuration,
}

/// Why a configuration can't be used. Says the line, and what to write instead.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It can't be read.
    #[error("`{}` can't be read: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is not what it should be.
    #[error("`{}`: {error}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// With the line.
        error: Box<toml::de::Error>,
    },
    /// A value that can't be.
    #[error("`{}`: {what}", path.display())]
    Impossible {
        /// The file.
        path: PathBuf,
        /// Which, and why.
        what: String,
    },
}

impl Config {
    /// Reads the file. Paths in it are made relative to its folder.
    ///
    /// # Errors
    ///
    /// [`ConfigError`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        let mut config: Self = toml::from_str(&text)
            .map_err(|error| ConfigError::Invalid { path: path.to_owned(), error: Box::new(error) })?;
        if let Some(what) = config.impossible() {
            return Err(ConfigError::Impossible { path: path.to_owned(), what });
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        config.paths().into_iter().for_each(|path| *path = folder.join(&*path));
        Ok(config)
    }

    fn paths(&mut self) -> Vec<&mut PathBuf> {
        let tls =
            self.broker.tls.iter_mut().flat_map(|tls| [&mut tls.ca, &mut tls.certificate, &mut tls.key]);
        let metrics = self.metrics.iter_mut().map(|metrics| &mut metrics.path);
        tls.chain([&mut self.spool.path]).chain(self.input.path()).chain(metrics).collect()
    }

    fn impossible(&self) -> Option<String> {
        if let Some(wrong) = wrong_id(&self.device.id) {
            return Some(format!("device.id: {wrong}"));
        }
        let topics = [
            ("device.topic", Some(&self.device.topic)),
            ("device.last-will", self.device.last_will.as_ref()),
        ];
        for (name, topic) in topics {
            if let Some(wrong) = topic.and_then(|topic| wrong_topic(topic)) {
                return Some(format!("{name}: {wrong}"));
            }
        }
        if self.broker.keep_alive < SignedDuration::from_secs(5) {
            return Some("broker.keep-alive: at least 5s".to_owned());
        }
        if self.broker.acknowledge_within < SignedDuration::from_millis(100) {
            return Some("broker.acknowledge-within: at least 100ms".to_owned());
        }
        if self.broker.limits.messages == 0 || self.broker.limits.bytes == 0 {
            return Some("broker.limits: at least one message and one byte a second".to_owned());
        }
        self.status.impossible()
    }

    /// The bounds of the spool.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let age = self.spool.max_age.unsigned_abs();
        Bounds {
            bytes: self.spool.max_bytes,
            age: (!age.is_zero()).then_some(age),
            when_full: self.spool.when_full,
            sync: self.spool.sync,
        }
    }
}

/// Why this can't be the name of a thing (AWS IoT API, `CreateThing`); none if it can.
#[must_use]
pub fn wrong_id(id: &str) -> Option<String> {
    if id.is_empty() || id.len() > 128 {
        return Some("a name has from 1 to 128 bytes".to_owned());
    }
    let wrong = id.chars().find(|letter| !letter.is_ascii_alphanumeric() && !":_-".contains(*letter))?;
    Some(format!("`{wrong}` can't be in the name of a thing; letters, digits, `:`, `_` and `-` can"))
}

/// Why nothing can be published there (AWS IoT quotas: 256 bytes, 7 slashes); none if it can.
fn wrong_topic(topic: &str) -> Option<&'static str> {
    if topic.is_empty() || topic.contains(['+', '#', '\0']) {
        return Some("where to publish is one topic, without `+` and `#`");
    }
    let is_too_long = topic.len() > 256 || topic.split('/').count() > 8;
    is_too_long.then_some("a topic has at most 256 bytes and 8 levels")
}

impl Broker {
    fn keep_alive() -> SignedDuration {
        SignedDuration::from_secs(60)
    }

    fn acknowledge_within() -> SignedDuration {
        SignedDuration::from_secs(30)
    }

    /// The port, said or usual.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(if self.tls.is_some() { 8883 } else { 1883 })
    }
}

impl Default for BrokerLimits {
    fn default() -> Self {
        Self { messages: 100, bytes: 512 * 1024 }
    }
}

impl From<BrokerLimits> for Limits {
    fn from(limits: BrokerLimits) -> Self {
        Self { messages: limits.messages.into(), bytes: limits.bytes.into() }
    }
}

impl Metrics {
    fn every() -> SignedDuration {
        SignedDuration::from_secs(15)
    }
}

impl Default for SpoolConfig {
    fn default() -> Self {
        Self {
            path: PathBuf::from("spool.db"),
            max_bytes: 4 * 1024 * 1024,
            max_age: SignedDuration::from_hours(7 * 24),
            when_full: WhenFull::default(),
            sync: true,
        }
    }
}

#[cfg(test)]
mod tests;
