//! `[[routes]]`: which events go to which channels, and what people read.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use toml::Spanned;

use super::table::{self, Findings, Table};
use super::template;
use crate::description::is_name;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::notification::{Severity, TextFormat};
use crate::route::{Route, Storm};
use crate::text::quoted;
use crate::transition::Policy;

/// Longest `max-age`: as long as the ledger remembers a delivery by default.
const LONGEST_AGE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Reads the routes. Without any, every event goes to all channels.
pub(super) fn read_all<'c>(
    document: &mut Table<'_>,
    channels: impl Iterator<Item = &'c String> + Clone,
    source: &str,
    found: &mut Findings,
) -> Vec<Route> {
    let known: Vec<&str> = channels.map(String::as_str).collect();
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
        warn_of_unused(&routes, &known, span, found);
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
        when: table.text("when", found).and_then(|text| template::condition(&text, source, found)),
        channels,
        // A title is one line of plain text everywhere.
        title: table
            .text("title", found)
            .and_then(|text| template::template(&text, TextFormat::Text, source, found)),
        body: table.text("body", found).and_then(|text| template::template(&text, format, source, found)),
        format,
        policy: policy(table, found),
        storm: Some(Storm::default()),
    }
}

fn policy(table: &mut Table<'_>, found: &mut Findings) -> Policy {
    let usual = Policy::default();
    Policy {
        severity: table
            .choice("severity", &Severity::ALL.map(|it| (it.name(), it)), found)
            .unwrap_or(usual.severity),
        max_age: table.duration("max-age", Duration::from_secs(1)..=LONGEST_AGE, usual.max_age, found),
        ..usual
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

fn warn_of_unused(routes: &[Route], known: &[&str], span: Range<usize>, found: &mut Findings) {
    let is_used =
        |name: &str| routes.iter().any(|route| route.channels.iter().any(|channel| channel == name));
    for name in known.iter().filter(|name| !is_used(name)) {
        let message = format!("no route leads to the channel `{name}`");
        found.push(Diagnostic::warning("config::unused-channel", message).at(span.clone()));
    }
}
