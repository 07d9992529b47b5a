//! What will be redriven, and what became of it.

use campanile_core::ledger::StateKind;
use campanile_store::{Entry, Letter};
use serde_json::{Value, json};

use super::follow::{Followed, Redriven};
use crate::args::RedriveArguments;
use crate::deliveries::list::{self, Delivery};
use crate::error::count;
use crate::output::{self, CARE, QUIET, styled, visible};
use crate::plugins::Plugins;
use crate::send;

/// Of `--dry-run`, and if there is nothing to do.
pub(super) fn plan(chosen: &[Entry], letters: &[Letter], arguments: &RedriveArguments) {
    if arguments.json {
        let deliveries: Vec<_> = chosen.iter().map(Delivery::from).collect();
        output::json(
            &json!({ "dry-run": arguments.dry_run, "deliveries": deliveries, "letters": letters.len() }),
        );
        return;
    }
    if chosen.is_empty() {
        output::note("no delivery has ended without success");
    } else {
        output::line(format!("would redrive {}:", deliveries(chosen.len())));
        list::show(chosen);
    }
    not_redriven(letters);
}

/// The lines above: what is about to run.
pub(super) fn setting(chosen: &[Entry], plugins: &Plugins, arguments: &RedriveArguments) {
    if !arguments.json {
        output::line(format!("  redriving {}", deliveries(chosen.len())));
        send::show::setting(plugins, arguments.sending.live);
    }
}

/// What became of them.
pub(super) fn ended(followed: &Followed<'_>, letters: &[Letter], arguments: &RedriveArguments) {
    if arguments.json {
        let deliveries: Vec<_> = followed.deliveries.iter().map(to_json).collect();
        output::json(&json!({ "dry-run": false, "deliveries": deliveries, "letters": letters.len() }));
        return;
    }
    let entries: Vec<Entry> = followed.deliveries.iter().map(|redriven| redriven.entry.clone()).collect();
    list::show(&entries);
    let of = |kind: StateKind| entries.iter().filter(|entry| entry.record.state.kind() == kind).count();
    let counts = StateKind::ALL.map(|kind| (of(kind), kind.name()));
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}"));
    output::line(format!("\n{}: {}", deliveries(entries.len()), counts.collect::<Vec<_>>().join(", ")));
    if followed.due().is_some() {
        output::note(styled(QUIET, "what is to be retried goes on when the function runs and it is due"));
    }
    not_redriven(letters);
}

fn to_json(redriven: &Redriven) -> Value {
    let mut delivery = serde_json::to_value(Delivery::from(&redriven.entry)).unwrap_or_default();
    if let Some(delivery) = delivery.as_object_mut() {
        delivery.insert("before".to_owned(), redriven.before.name().into());
    }
    delivery
}

/// Invalid events are no deliveries: nobody can tell anybody what they mean.
fn not_redriven(letters: &[Letter]) {
    let Some(newest) = letters.first() else { return };
    output::note(format!(
        "{} {} no event and can't be redriven; the newest: {}",
        styled(CARE, "note:"),
        if letters.len() == 1 { "1 letter is".to_owned() } else { format!("{} letters are", letters.len()) },
        visible(&newest.reason)
    ));
}

fn deliveries(number: usize) -> String {
    if number == 1 { count(number, "delivery") } else { format!("{number} deliveries") }
}
