//! A candidate in words, for people and for machines. What it says of itself is a stranger's text.

use campanile_core::description::{Description, SecretDescription};
use serde_json::{Value, json};

use super::candidate::Candidate;
use super::signature::Signed;
use crate::output::{CARE, GOOD, QUIET, STRONG, styled, visible};
use crate::plugins::sample;
use crate::wants::Wants;

/// The lines about `candidate`, which came from `place`. What is in `more` is marked as new.
pub(crate) fn lines(candidate: &Candidate, place: &str, signed: &Signed, more: &Wants) -> Vec<String> {
    let Candidate { wasm, digest, inspection, description } = candidate;
    let mut lines = vec![
        format!(
            "{} {}  {}",
            styled(STRONG, visible(&description.name)),
            visible(&description.version),
            styled(QUIET, visible(place))
        ),
        format!("  {}", visible(&description.summary)),
    ];
    entry(&mut lines, "sha256", [digest.to_string()]);
    entry(&mut lines, "size", [format!("{} KiB", wasm.len() / 1024)]);
    entry(&mut lines, "signature", [signature(signed)]);
    entry(&mut lines, "contract", [format!("campanile:channel@{}", inspection.contract)]);
    entry(&mut lines, "language", [list(&inspection.producers.languages)]);
    entry(&mut lines, "made with", [list(&inspection.producers.tools)]);
    entry(&mut lines, "imports", inspection.imports.iter().map(|name| visible(name)));
    entry(&mut lines, "exports", inspection.exports.iter().map(|name| visible(name)));
    entry(&mut lines, "hosts", hosts(description, more));
    entry(&mut lines, "secrets", description.secrets.iter().map(|it| secret(it, more)));
    entry(&mut lines, "settings", [list(&settings(description))]);
    lines
}

/// The same for machines.
pub(crate) fn to_json(candidate: &Candidate, place: &str, signed: &Signed) -> Value {
    let Candidate { wasm, digest, inspection, description } = candidate;
    json!({
        "file": place,
        "sha256": digest,
        "bytes": wasm.len(),
        "signature": signed.to_json(),
        "contract": inspection.contract,
        "languages": inspection.producers.languages,
        "tools": inspection.producers.tools,
        "imports": inspection.imports,
        "exports": inspection.exports,
        "description": description,
    })
}

/// A name and its values, one a line.
fn entry(lines: &mut Vec<String>, name: &str, values: impl IntoIterator<Item = String>) {
    let before = lines.len();
    for value in values {
        let name = if lines.len() == before { name } else { "" };
        lines.push(format!("  {name:<9} {value}"));
    }
    if lines.len() == before {
        lines.push(format!("  {name:<9} {}", styled(QUIET, "none")));
    }
}

fn list(values: &[String]) -> String {
    if values.is_empty() { styled(QUIET, "not told") } else { visible(&values.join(", ")) }
}

fn signature(signed: &Signed) -> String {
    let style = match signed {
        Signed::Not => QUIET,
        Signed::Unchecked => CARE,
        Signed::By { .. } => GOOD,
    };
    styled(style, signed.words())
}

fn hosts(description: &Description, more: &Wants) -> Vec<String> {
    let Wants { hosts, hosts_from_settings, .. } = Wants::of(description);
    let fixed = hosts.iter().map(|host| marked(visible(host), more.hosts.contains(host)));
    let settings = hosts_from_settings.iter().map(|setting| {
        marked(
            format!("the host of the setting {}", visible(setting)),
            more.hosts_from_settings.contains(setting),
        )
    });
    fixed.chain(settings).collect()
}

fn secret(secret: &SecretDescription, more: &Wants) -> String {
    let new = more.secrets.get(&secret.name);
    let place = |name: &str| marked(name.to_owned(), new.is_some_and(|places| places.contains(name)));
    let places: Vec<String> = secret.places.iter().map(|it| place(it.name())).collect();
    let optional = if secret.optional { " (optional)" } else { "" };
    format!("{}{optional} in {}: {}", visible(&secret.name), places.join(", "), visible(&secret.summary))
}

/// The names of settings; those that are required have a star.
fn settings(description: &Description) -> Vec<String> {
    let properties = description.settings.get("properties").and_then(Value::as_object);
    let names = properties.into_iter().flat_map(|properties| properties.keys());
    let is_required = |name: &str| sample::required(description).any(|it| it == name);
    names.map(|name| if is_required(name) { format!("{name}*") } else { name.clone() }).collect()
}

fn marked(text: String, is_new: bool) -> String {
    if is_new { format!("{text} {}", styled(CARE, "(new)")) } else { text }
}
