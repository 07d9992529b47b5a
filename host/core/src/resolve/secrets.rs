//! The secrets of a channel: those its plugin declares, from where the file says.

use crate::config::{ChannelConfig, SecretSource};
use crate::description::{Description, SecretDescription};
use crate::diagnostic::{Diagnostic, suggestion};
use crate::text::{one_line, shorten};

/// The code of the finding that a channel lacks a secret.
pub const MISSING_SECRET: &str = "config::missing-secret";

/// A secret that a plugin declares.
#[derive(Clone, Debug)]
pub struct ResolvedSecret {
    /// What the plugin says of it.
    pub description: SecretDescription,
    /// Where it comes from, if the file says so.
    pub source: Option<SecretSource>,
}

pub(super) fn resolve(
    name: &str,
    channel: &ChannelConfig,
    plugin: &Description,
    found: &mut Vec<Diagnostic>,
) -> Vec<ResolvedSecret> {
    let declared = plugin.secrets.iter().map(|secret| secret.name.as_str());
    for (unknown, entry) in
        channel.secrets.iter().filter(|(given, _)| !declared.clone().any(|name| name == *given))
    {
        let message = format!("the plugin `{}` has no secret `{unknown}`", plugin.name);
        let help = suggestion(unknown, "secrets", declared.clone());
        found.push(Diagnostic::error("config::unknown-secret", message).at(entry.span.clone()).help(help));
    }
    let resolved = plugin.secrets.iter().map(|secret| {
        let source = channel.secrets.get(&secret.name).map(|entry| entry.source.clone());
        if source.is_none() && !secret.optional {
            found.push(missing(name, channel, plugin, secret));
        }
        ResolvedSecret { description: secret.clone(), source }
    });
    resolved.collect()
}

fn missing(
    name: &str,
    channel: &ChannelConfig,
    plugin: &Description,
    secret: &SecretDescription,
) -> Diagnostic {
    let variable = format!("{}_{}", plugin.name, secret.name).replace('-', "_").to_ascii_uppercase();
    let message = format!("the channel `{name}` lacks the secret `{}`", secret.name);
    let help = format!(
        "write `{} = {{ env = \"{variable}\" }}` in `[channels.{name}.secrets]` ({})",
        secret.name,
        shorten(&one_line(&secret.summary), 200)
    );
    Diagnostic::error(MISSING_SECRET, message).at(channel.span.clone()).help(help)
}
