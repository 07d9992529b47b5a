//! `[channels.NAME]`: a configured destination.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::allow;
use super::fallback::Fallbacks;
use super::limits::Limits;
use super::secret::{self, SecretEntry};
use super::settings::{self, Settings};
use super::table::{Findings, Table};
use crate::description::is_name;
use crate::diagnostic::Diagnostic;
use crate::grant::Grant;
use crate::retry::OnUnknown;
use crate::text::quoted;

/// A channel as the file has it.
#[derive(Clone, Debug)]
pub struct ChannelConfig {
    /// The plugin that serves it.
    pub plugin: Spanned<String>,
    /// What the plugin is told.
    pub settings: Settings,
    /// Where its secrets come from, by name.
    pub secrets: BTreeMap<String, SecretEntry>,
    /// Where it may send. Nothing is granted unless it is written here.
    pub allow: Vec<Grant>,
    /// What happens when nobody knows whether a message was delivered.
    pub on_unknown: OnUnknown,
    /// The channel that a delivery goes to when this one has given up.
    pub fallback: Option<String>,
    /// What an attempt and a delivery may use.
    pub limits: Limits,
    /// Its name in the file.
    pub span: Range<usize>,
}

pub(super) fn read_all(channels: Option<Table<'_>>, found: &mut Findings) -> BTreeMap<String, ChannelConfig> {
    let Some(channels) = channels else { return BTreeMap::new() };
    let mut read = BTreeMap::new();
    let mut fallbacks = Fallbacks::default();
    for (name, span, value) in channels.entries() {
        check_name(name, &span, found);
        let Some(mut table) = Table::of(channels.path_of(name), value, found) else { continue };
        fallbacks.read(name, &mut table, found);
        // An incomplete channel stays known, so that routes to it are not reported on top.
        read.insert(name.to_owned(), channel(&mut table, span, found));
        table.finish(found);
    }
    fallbacks.lead(&mut read, found);
    read
}

fn channel(table: &mut Table<'_>, span: Range<usize>, found: &mut Findings) -> ChannelConfig {
    table.span = span.clone();
    let plugin = table.required_text("plugin", "\"telegram\"", found);
    let plugin = plugin.unwrap_or_else(|| Spanned::new(span.clone(), ""));
    let choices = [("resend", OnUnknown::Resend), ("skip", OnUnknown::Skip)];
    ChannelConfig {
        plugin: Spanned::new(plugin.span(), plugin.into_inner().to_owned()),
        settings: settings::read(table.table("settings", found), span.clone(), found),
        secrets: secret::read_all(table.table("secrets", found), found),
        allow: allow::read(table, found),
        on_unknown: table.choice("on-unknown", &choices, found).unwrap_or_default(),
        fallback: None,
        limits: Limits::read(table.table("limits", found), found),
        span,
    }
}

fn check_name(name: &str, span: &Range<usize>, found: &mut Findings) {
    if !is_name(name) {
        let message = format!("`{}` is not a name for a channel", quoted(name));
        let help = "lower case letters, digits and hyphens, a letter first, at most 64";
        found.push(Diagnostic::error("config::name", message).at(span.clone()).help(help));
    }
}
