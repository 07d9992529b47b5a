//! The channels of a configuration, ready to deliver; each one, or the reason why it can't.

use std::collections::BTreeMap;
use std::sync::Arc;

use campanile_core::config::{ChannelConfig, Config};
use campanile_core::description::Description;
use campanile_core::diagnostic::Severity;
use campanile_core::resolve::{ResolvedChannel, resolve};
use campanile_core::retry::OnUnknown;
use campanile_sandbox::Plugin;
use campanile_sandbox::catalogue::Catalogue;

use crate::renewable_channel::RenewableChannel;
use crate::secret_source::{SecretReader, Texts};

/// A channel as the pipeline sees it.
#[derive(Debug)]
pub struct ReadyChannel<D> {
    /// The plugin that serves it.
    pub plugin: String,
    /// That plugin's version; empty if it is not loaded.
    pub version: String,
    /// Who is asked by it: channels with the same are limited together.
    pub provider: String,
    /// What attempts are made with, or why there can be none.
    pub destination: Result<D, String>,
    /// Attempts of one delivery.
    pub attempts: u32,
    /// What to do when a message may have been delivered.
    pub on_unknown: OnUnknown,
    /// The channel that is told if this one gives up, by the name that routes use.
    pub fallback: Option<String>,
}

impl<D> ReadyChannel<D> {
    /// A channel that was configured when its delivery was opened.
    pub(crate) fn gone() -> Self {
        Self {
            plugin: String::new(),
            version: String::new(),
            provider: String::new(),
            destination: Err("the channel is not in the configuration any more".to_owned()),
            attempts: 1,
            on_unknown: OnUnknown::default(),
            fallback: None,
        }
    }
}

/// A channel with its own name.
type Named<D> = (String, Arc<ReadyChannel<D>>);

/// All channels, by the name that routes use; a channel that was spread over a list has several.
#[derive(Debug)]
pub struct Channels<D> {
    by_name: BTreeMap<String, Vec<Named<D>>>,
}

impl<D> Channels<D> {
    /// Channels that are ready, as `(name in routes, own name, channel)`.
    pub fn new(channels: impl IntoIterator<Item = (String, String, ReadyChannel<D>)>) -> Self {
        let mut by_name: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (name, own, channel) in channels {
            by_name.entry(name).or_default().push((own, Arc::new(channel)));
        }
        Self { by_name }
    }

    /// The channels that a route means by `name`, each with its own name.
    pub fn named(&self, name: &str) -> &[(String, Arc<ReadyChannel<D>>)] {
        self.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The channel with this name of its own.
    pub fn own(&self, name: &str) -> Option<Arc<ReadyChannel<D>>> {
        let channel = self.by_name.values().flatten().find(|(own, _)| own == name);
        channel.map(|(_, channel)| Arc::clone(channel))
    }

    /// Every channel, with its own name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ReadyChannel<D>)> {
        self.by_name.values().flatten().map(|(name, channel)| (name.as_str(), channel.as_ref()))
    }
}

impl ReadyChannel<(Plugin, RenewableChannel)> {
    /// Why it can't deliver now, if it can't.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        match &self.destination {
            Ok((_, channel)) => channel.problem(),
            Err(reason) => Some(reason.clone()),
        }
    }
}

impl Channels<(Plugin, RenewableChannel)> {
    /// Brings configuration, plugins and secrets together. Never fails: a channel with a problem rejects its deliveries with
    /// that problem, and the others deliver.
    pub async fn load(config: &Config, catalogue: &Catalogue, reader: &SecretReader) -> Self {
        let descriptions: Vec<&Description> = catalogue.descriptions().collect();
        let resolution = resolve(config, &descriptions);
        let has_own =
            |channel: &&ResolvedChannel| !matches!(reader.of(&channel.name), SecretReader::Examples);
        let with_own = resolution.channels.iter().filter(has_own);
        let texts = reader.read(with_own.flat_map(|channel| &channel.secrets)).await;
        let ready = resolution.channels.iter().map(|channel| {
            let ready = ready(channel, catalogue, &reader.of(&channel.name), &texts);
            (channel.name.channel().to_owned(), channel.name.to_string(), ready)
        });
        let mut channels = Self::new(ready);
        for (name, reason) in &resolution.unusable {
            if let Some(channel) = config.channels.get(name.channel()) {
                let broken = Arc::new(broken(channel, format!("{reason}; run `campanile check`")));
                channels
                    .by_name
                    .entry(name.channel().to_owned())
                    .or_default()
                    .push((name.to_string(), broken));
            }
        }
        let errors = resolution.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: Vec<&str> = errors.map(|finding| finding.message.as_str()).collect();
        for (name, channel) in &config.channels {
            channels.by_name.entry(name.clone()).or_insert_with(|| {
                let reason =
                    format!("the configuration has errors: {}; run `campanile check`", errors.join("; "));
                vec![(name.clone(), Arc::new(broken(channel, reason)))]
            });
        }
        channels
    }
}

fn broken<D>(channel: &ChannelConfig, reason: String) -> ReadyChannel<D> {
    ReadyChannel {
        plugin: channel.plugin.get_ref().clone(),
        version: String::new(),
        provider: channel.plugin.get_ref().clone(),
        destination: Err(reason),
        attempts: channel.limits.attempts,
        on_unknown: channel.on_unknown,
        fallback: channel.fallback.clone(),
    }
}

fn ready(
    channel: &ResolvedChannel,
    catalogue: &Catalogue,
    reader: &SecretReader,
    texts: &Texts,
) -> ReadyChannel<(Plugin, RenewableChannel)> {
    let plugin = catalogue.get(&channel.plugin);
    let version = plugin.map(|plugin| plugin.description().version.clone()).unwrap_or_default();
    let plugin = plugin.ok_or_else(|| format!("the plugin `{}` is not loaded", channel.plugin));
    let destination = plugin.and_then(|plugin| {
        let secrets = reader.secrets(&channel.secrets, texts);
        let channel = RenewableChannel::new(channel.clone(), reader.clone(), secrets);
        Ok((plugin.clone(), channel.map_err(|error| error.to_string())?))
    });
    ReadyChannel {
        plugin: channel.plugin.clone(),
        version,
        provider: provider(channel),
        destination,
        attempts: channel.limits.attempts,
        on_unknown: channel.on_unknown,
        fallback: channel.fallback.clone(),
    }
}

/// The plugin alone is not enough: two webhooks may be of two houses.
fn provider(channel: &ResolvedChannel) -> String {
    let hosts: Vec<String> = channel.hosts.iter().map(ToString::to_string).collect();
    format!("{} {}", channel.plugin, hosts.join(" "))
}
