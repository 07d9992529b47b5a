//! From configuration and plugins to channels that can deliver: what the file asks for, checked against what the plugins
//! say of themselves.

mod channel_name;
mod fan_out;
mod hosts;
#[cfg(feature = "schema")]
mod schema;
mod secrets;
#[cfg(not(feature = "schema"))]
mod unchecked;

pub use channel_name::ChannelName;
pub use hosts::NOT_GRANTED;
pub use secrets::{MISSING_SECRET, ResolvedSecret};

#[cfg(feature = "schema")]
use schema::Schema;
#[cfg(not(feature = "schema"))]
use unchecked::Schema;

use crate::config::{ChannelConfig, Config, Limits};
use crate::description::Description;
use crate::diagnostic::{Diagnostic, Severity, suggestion};
use crate::grant::{Grant, Origin};
use crate::retry::OnUnknown;

/// A channel that can deliver.
#[derive(Clone, Debug)]
pub struct ResolvedChannel {
    /// The channel, and which item of a list it stands for.
    pub name: ChannelName,
    /// The plugin that serves it.
    pub plugin: String,
    /// A JSON object that satisfies the plugin's schema.
    pub settings_json: String,
    /// The secrets that the plugin declares, with their sources as far as the file gives them.
    pub secrets: Vec<ResolvedSecret>,
    /// Where the channel may send.
    pub allow: Vec<Grant>,
    /// Where the plugin wants to send, with these settings: its secrets go nowhere else.
    pub hosts: Vec<Origin>,
    /// What happens when nobody knows whether a message was delivered.
    pub on_unknown: OnUnknown,
    /// The channel of the file that takes over when this one has given up.
    pub fallback: Option<String>,
    /// What an attempt and a delivery may use.
    pub limits: Limits,
}

/// The channels of a configuration, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Resolution {
    /// Channels whose plugin is there and takes their settings. One that lacks secrets or grants is among them, as neither
    /// is needed while deliveries are caught.
    pub channels: Vec<ResolvedChannel>,
    /// Channels, or items of their lists, that can't deliver, each with the reason.
    pub unusable: Vec<(ChannelName, String)>,
    /// Findings about the file, in its order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Brings a configuration and the descriptions of all plugins together.
#[must_use]
pub fn resolve(config: &Config, plugins: &[&Description]) -> Resolution {
    let mut resolution = Resolution::default();
    for (name, channel) in &config.channels {
        let plugin = plugins.iter().find(|plugin| plugin.name == *channel.plugin.get_ref());
        match plugin {
            Some(plugin) => resolve_channel(name, channel, plugin, &mut resolution),
            None => {
                let finding = unknown_plugin(channel, plugins);
                resolution.unusable.push((ChannelName::new(name, None), finding.message.clone()));
                resolution.diagnostics.push(finding);
            }
        }
    }
    resolution.diagnostics.sort_by_key(|finding| finding.span.as_ref().map(|span| span.start));
    resolution
}

fn resolve_channel(name: &str, channel: &ChannelConfig, plugin: &Description, resolution: &mut Resolution) {
    let found = &mut resolution.diagnostics;
    let secrets = secrets::resolve(name, channel, plugin, found);
    let Some(schema) = Schema::of(plugin, channel, found) else { return };
    let mut wanted = Vec::new();
    for item in fan_out::items(name, channel, plugin, found) {
        let before = found.len();
        schema.check(&item, channel, found);
        let hosts = hosts::wanted(&item, channel, plugin, found);
        let error = found.iter().skip(before).find(|finding| finding.severity == Severity::Error);
        if let Some(error) = error {
            resolution.unusable.push((item.name, error.message.clone()));
            continue;
        }
        wanted.extend(hosts.required);
        resolution.channels.push(ResolvedChannel {
            name: item.name,
            plugin: plugin.name.clone(),
            settings_json: serde_json::Value::Object(item.settings).to_string(),
            secrets: secrets.clone(),
            allow: channel.allow.clone(),
            hosts: hosts.all,
            on_unknown: channel.on_unknown,
            fallback: channel.fallback.clone(),
            limits: channel.limits,
        });
    }
    hosts::warn_of_missing(name, channel, wanted, found);
}

fn unknown_plugin(channel: &ChannelConfig, plugins: &[&Description]) -> Diagnostic {
    let name = channel.plugin.get_ref();
    let names = plugins.iter().map(|plugin| plugin.name.as_str());
    let message = format!("there is no plugin `{}`", crate::text::quoted(name));
    Diagnostic::error("config::unknown-plugin", message)
        .at(channel.plugin.span())
        .help(suggestion(name, "plugins", names))
}
