//! `[[routes]]`: which events are alerts, whom they are told to, and what people read.

mod condition;
mod policy;
mod quiet_hours;
mod storm;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;

use super::channel::ChannelConfig;
use super::table::{self, Findings, Table};
use super::template;
use crate::description::is_name;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::notification::TextFormat;
use crate::route::Route;
use crate::text::quoted;

/// Reads the routes. Without any, INACTIVE goes to all channels.
pub(super) fn read_all(
    document: &mut Table<'_>,
    channels: &BTreeMap<String, ChannelConfig>,
    source: &str,
    found: &mut Findings,
) -> Vec<Route> {
    let known: Vec<&str> = channels.keys().map(String::as_str).collect();
    let Some((items, span)) = document.list("routes", found) else {
        return vec![Route::to_all(known.into_iter().map(str::to_owned).collect())];
    };
    let mut routes = Vec::new();
    let mut names = BTreeSet::new();
    for (index, item) in items.into_iter().enumerate() {
        let Some(mut table) = Table::of(format!("routes[{index}]"), item, found) else { continue };
        let default_name = format!("route-{}", index + 1);
        let name = name(&mut table, default_name, found);
        let place = table.span.clone();
        let channels = channels_of(&mut table, &known, found);
        let read = route(&mut table, name, channels, source, found);
        table.finish(found);
        if !names.insert(read.name.clone()) {
            let message = format!("two routes are called `{}`", quoted(&read.name));
            found.push(Diagnostic::error("config::name", message).at(place));
        }
        routes.push(read);
    }
    if found.is_empty() {
        warn_of_unused(&routes, channels, span, found);
    }
    routes
}

fn route(
    table: &mut Table<'_>,
    name: String,
    channels: Vec<String>,
    source: &str,
    found: &mut Findings,
) -> Route {
    let formats = [("text", TextFormat::Text), ("html", TextFormat::Html)];
    let format = table.choice("format", &formats, found).unwrap_or_default();
    Route {
        name,
        when: table.text("when", found).and_then(|text| condition::read(&text, source, found)),
        channels,
        // A title is one line of plain text everywhere.
        title: table
            .text("title", found)
            .and_then(|text| template::template(&text, TextFormat::Text, source, found)),
        body: table.text("body", found).and_then(|text| template::template(&text, format, source, found)),
        format,
        policy: policy::read(table, found),
        storm: storm::read(table, source, found),
    }
}

fn name(table: &mut Table<'_>, default: String, found: &mut Findings) -> String {
    let Some(name) = table.text("name", found) else { return default };
    if !is_name(name.get_ref()) {
        let message = format!("`{}` is not a name for a route", quoted(name.get_ref()));
        let help = "lower case letters, digits and hyphens, a letter first, at most 64";
        found.push(Diagnostic::error("config::name", message).at(name.span()).help(help));
    }
    name.into_inner().to_owned()
}

fn channels_of(table: &mut Table<'_>, known: &[&str], found: &mut Findings) -> Vec<String> {
    let path = table.path_of("channels");
    let before = found.len();
    let Some((items, span)) = table.list("channels", found) else {
        if found.len() == before {
            found.push(table.missing("channels", "[\"NAME\"]"));
        }
        return Vec::new();
    };
    if items.is_empty() {
        let finding = Diagnostic::error("config::invalid-value", format!("`{path}` is empty")).at(span);
        found.push(finding.help("name a channel, or remove the route"));
    }
    let names: Vec<Spanned<&str>> =
        items.into_iter().filter_map(|item| table::text(&path, item, found)).collect();
    for name in names.iter().filter(|name| !known.contains(name.get_ref())) {
        let message = format!("there is no channel `{}`", quoted(name.get_ref()));
        let help = suggestion(name.get_ref(), "channels", known.iter().copied());
        found.push(Diagnostic::error("config::unknown-channel", message).at(name.span()).help(help));
    }
    names.into_iter().map(|name| name.into_inner().to_owned()).collect()
}

fn warn_of_unused(
    routes: &[Route],
    channels: &BTreeMap<String, ChannelConfig>,
    span: Range<usize>,
    found: &mut Findings,
) {
    let fallback = |name: &&String| channels.get(*name).and_then(|channel| channel.fallback.as_ref());
    let of_routes = routes.iter().flat_map(|route| &route.channels);
    let used: BTreeSet<&String> =
        of_routes.flat_map(|name| std::iter::successors(Some(name), fallback)).collect();
    for name in channels.keys().filter(|name| !used.contains(name)) {
        let message = format!("no route leads to the channel `{name}`");
        found.push(Diagnostic::warning("config::unused-channel", message).at(span.clone()));
    }
}
