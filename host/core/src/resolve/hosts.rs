//! Where a plugin wants to send, and whether the file grants it.

use url::Url;

use super::fan_out::Item;
use crate::config::ChannelConfig;
use crate::description::Description;
use crate::diagnostic::Diagnostic;
use crate::grant::{Grant, Origin};

/// The code of the finding that a channel may not send where its plugin wants to.
pub const NOT_GRANTED: &str = "config::not-granted";

/// Where a plugin wants to send.
pub(super) struct Wanted {
    /// All origins that it may ask for.
    pub(super) all: Vec<Origin>,
    /// Those without which it can't work: a host in the settings stands in for the plugin's own.
    pub(super) required: Vec<Origin>,
}

pub(super) fn wanted(
    item: &Item,
    channel: &ChannelConfig,
    plugin: &Description,
    found: &mut Vec<Diagnostic>,
) -> Wanted {
    let own: Vec<Origin> = plugin.hosts.iter().filter_map(|host| Origin::parse(host).ok()).collect();
    let mut set = Vec::new();
    for setting in &plugin.hosts_from_settings {
        let Some(text) = item.settings.get(setting).and_then(serde_json::Value::as_str) else { continue };
        match Url::parse(text).ok().as_ref().and_then(Origin::of) {
            Some(origin) => set.push(origin),
            None => {
                let place = channel.settings.place(&item.original_pointer(&format!("/{setting}")));
                let message = format!("the setting `{setting}` is not a URL with http or https");
                found.push(Diagnostic::error("config::settings", message).at(place));
            }
        }
    }
    let required = if set.is_empty() { own.clone() } else { set.clone() };
    Wanted { all: own.into_iter().chain(set).collect(), required }
}

/// A warning only, as nothing is sent while deliveries are caught.
pub(super) fn warn_of_missing(
    name: &str,
    channel: &ChannelConfig,
    mut wanted: Vec<Origin>,
    found: &mut Vec<Diagnostic>,
) {
    wanted.sort();
    wanted.dedup();
    wanted.retain(|origin| !channel.allow.iter().any(|grant| grant.origin == *origin));
    if wanted.is_empty() {
        return;
    }
    let list: Vec<String> = wanted.iter().map(|origin| format!("`{origin}`")).collect();
    let missing = wanted.into_iter().map(|origin| Grant { origin, private: false });
    let line: Vec<String> =
        channel.allow.iter().cloned().chain(missing).map(|grant| grant.to_string()).collect();
    let message = format!("the channel `{name}` may not send to {}", list.join(", "));
    let help = format!("write `allow = [{}]` in `[channels.{name}]`", line.join(", "));
    found.push(Diagnostic::warning(NOT_GRANTED, message).at(channel.span.clone()).help(help));
}
