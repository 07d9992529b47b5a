//! What was told of messages whose actions are under way, so that each end is told once.

use std::collections::{BTreeMap, BTreeSet};

use campanile_dev::journal::{ActionRun, ActionState, Entry, Judgement, MessageId, Verdict};

/// What was told.
#[derive(Debug, Default)]
pub(super) struct Told(BTreeMap<MessageId, BTreeSet<(usize, usize)>>);

/// What is new of a message.
#[derive(Debug)]
pub(super) struct News<'e> {
    /// Whether nothing was told of it yet.
    pub(super) is_new: bool,
    /// The actions that have ended since, with their rules.
    pub(super) ended: Vec<(&'e str, &'e ActionRun)>,
}

impl Told {
    /// What is to be told of a message that stands like this. Nothing is remembered of one that has ended.
    pub(super) fn news<'e>(&mut self, entry: &'e Entry) -> News<'e> {
        let is_new = !self.0.contains_key(&entry.id);
        let told = self.0.entry(entry.id).or_default();
        let (mut ended, mut is_over) = (Vec::new(), true);
        for (place, verdict) in entry.verdicts.iter().enumerate() {
            for (number, run) in verdict.actions.iter().enumerate() {
                if run.state == ActionState::Pending {
                    is_over = false;
                } else if told.insert((place, number)) {
                    ended.push((verdict.rule.as_str(), run));
                }
            }
        }
        if is_over {
            self.0.remove(&entry.id);
        }
        News { is_new, ended }
    }
}

/// The rules that select a message.
pub(super) fn selecting(entry: &Entry) -> Vec<&str> {
    let selects = |verdict: &&Verdict| matches!(verdict.judgement, Judgement::Selected { .. });
    entry.verdicts.iter().filter(selects).map(|verdict| verdict.rule.as_str()).collect()
}

/// What the device says it has come to, if it says so.
pub(super) fn status(entry: &Entry) -> Option<String> {
    let payload: serde_json::Value = serde_json::from_slice(&entry.message.payload).ok()?;
    payload.get("status")?.as_str().map(str::to_owned)
}
