//! `fallback`: the channel that takes over when another one has given up. They end somewhere.

use std::collections::BTreeMap;

use toml::Spanned;

use super::channel::ChannelConfig;
use super::table::{Findings, Table};
use crate::diagnostic::{Diagnostic, suggestion};
use crate::text::quoted;

/// The fallbacks by the channel that has them.
#[derive(Default)]
pub(super) struct Fallbacks<'t>(BTreeMap<&'t str, Spanned<&'t str>>);

impl<'t> Fallbacks<'t> {
    pub(super) fn read(&mut self, channel: &'t str, table: &mut Table<'t>, found: &mut Findings) {
        self.0.extend(table.text("fallback", found).map(|fallback| (channel, fallback)));
    }

    /// Gives the channels the fallbacks that can be.
    pub(super) fn lead(&self, channels: &mut BTreeMap<String, ChannelConfig>, found: &mut Findings) {
        for (name, fallback) in &self.0 {
            if !channels.contains_key(*fallback.get_ref()) {
                let message = format!("there is no channel `{}`", quoted(fallback.get_ref()));
                let known = channels.keys().map(String::as_str).filter(|known| known != name);
                let help = suggestion(fallback.get_ref(), "channels", known);
                let finding = Diagnostic::error("config::unknown-channel", message);
                found.push(finding.at(fallback.span()).help(help));
            } else if let Some(circle) = self.circle(name) {
                let message = format!("the fallbacks of `{}` lead back to it: {circle}", quoted(name));
                let finding = Diagnostic::error("config::fallback", message).at(fallback.span());
                found.push(
                    finding
                        .help("a channel that has given up is not asked again; let one of them be the last"),
                );
            } else if let Some(channel) = channels.get_mut(*name) {
                channel.fallback = Some((*fallback.get_ref()).to_owned());
            }
        }
    }

    /// The way from `start` back to it, if it is on a circle.
    fn circle(&self, start: &str) -> Option<String> {
        let mut way = vec![start];
        while let Some(next) = way.last().and_then(|last| self.0.get(last)) {
            let is_closed = way.contains(next.get_ref());
            way.push(next.get_ref());
            if is_closed {
                let names: Vec<String> = way.iter().map(|name| format!("`{}`", quoted(name))).collect();
                return (*next.get_ref() == start).then(|| names.join(", "));
            }
        }
        None
    }
}
