//! What happens as lines for people: one for each message, one for each attempt, and one for what went wrong.

use anstyle::Style;
use campanile_core::ledger::DeliveryState;
use campanile_core::outcome::OutcomeKind;
use campanile_dev::feed::Happening;
use campanile_dev::journal::{ActionRun, ActionState, Entry};
use campanile_store::EndedAttempt;
use jiff::Timestamp;
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::told::{Told, selecting, status};
use crate::output::{self, BAD, CARE, GOOD, QUIET, STRONG, styled, visible};

/// The widest a column gets; longer names move what follows.
const WIDEST: usize = 24;

/// Makes lines. Columns are as wide as what was in them so far.
#[derive(Debug)]
pub(super) struct Lines {
    told: Told,
    name: usize,
    state: usize,
    channel: usize,
    verbose: bool,
}

impl Lines {
    pub(super) fn new(verbose: bool) -> Self {
        Self { told: Told::default(), name: 12, state: 9, channel: 8, verbose }
    }

    /// The lines of what happened; most of it has none.
    pub(super) fn of(&mut self, happening: &Happening) -> Vec<String> {
        match happening {
            Happening::Progressed(entry) => self.message(entry),
            Happening::Attempted(attempt) => vec![self.attempt(attempt)],
            Happening::Note(note) => vec![line(Timestamp::now(), &styled(CARE, visible(note)))],
            Happening::Log(line) if self.verbose => vec![styled(QUIET, visible(line))],
            Happening::Received(_)
            | Happening::Caught(_)
            | Happening::Deliveries(_)
            | Happening::Plugins
            | Happening::Reloaded
            | Happening::Faults
            | Happening::Log(_)
            | Happening::Presence(..) => Vec::new(),
        }
    }

    fn message(&mut self, entry: &Entry) -> Vec<String> {
        let mut told = std::mem::take(&mut self.told);
        let news = told.news(entry);
        let mut lines = Vec::new();
        // What the broker says of clients is worth a line if a rule wants it.
        let is_wanted =
            entry.source != campanile_dev::journal::Source::Presence || !selecting(entry).is_empty();
        if news.is_new && is_wanted {
            lines.push(self.event(entry));
            for concern in &entry.concerns {
                let concern = styled(CARE, visible(concern));
                lines.push(self.below(entry.message.received_at, &entry.message.client_id, &concern));
            }
        }
        for (rule, run) in news.ended {
            lines.extend(self.action(&entry.message.client_id, rule, run));
        }
        self.told = told;
        lines
    }

    fn event(&mut self, entry: &Entry) -> String {
        let (name, state) = (visible(&entry.message.client_id), visible(&status(entry).unwrap_or_default()));
        self.name = self.name.max(name.width().min(WIDEST));
        self.state = self.state.max(state.width().min(WIDEST));
        let rules = selecting(entry);
        let rules = if rules.is_empty() { styled(QUIET, "no rule") } else { rules.join(", ") };
        let topic = visible(&entry.message.topic);
        let (name, state) = (padded(&name, self.name), padded(&state, self.state));
        line(entry.message.received_at, &format!("{}  {state}  {topic}  {rules}", styled(STRONG, name)))
    }

    fn attempt(&mut self, ended: &EndedAttempt) -> String {
        let attempt = &ended.attempt;
        let channel = visible(&ended.key.channel);
        self.channel = self.channel.max(channel.width().min(WIDEST));
        let channel = padded(&channel, self.channel);
        let style = outcome_style(attempt.outcome, &ended.state);
        let outcome = styled(style, padded(attempt.outcome.name(), 15));
        let message = match &ended.state {
            DeliveryState::Delivered { receipt } if !receipt.message_id.is_empty() => {
                format!("message {}", visible(&receipt.message_id))
            }
            _ => visible(&attempt.detail),
        };
        let number = if attempt.number > 1 { format!("attempt {}  ", attempt.number) } else { String::new() };
        let next = match &ended.state {
            DeliveryState::Retry { not_before } => {
                let seconds = not_before.duration_since(Timestamp::now()).as_secs().max(0);
                styled(QUIET, format!("  again in {seconds} s"))
            }
            _ => String::new(),
        };
        let text = format!("{channel}  {outcome} {:>6} ms  {number}{message}{next}", attempt.duration_ms);
        self.below(attempt.started_at, &ended.key.device, text.trim_end())
    }

    /// What an action came to, if it was not just done.
    fn action(&self, device: &str, rule: &str, run: &ActionRun) -> Option<String> {
        match &run.state {
            ActionState::Failed { reason } => {
                let failed = styled(BAD, "failed");
                let text = format!("{rule}: {} {failed}  {}", run.kind, visible(reason));
                Some(self.below(run.at, device, &text))
            }
            ActionState::Done { report: Some(report) } => {
                let (result, style) = untold(report)?;
                let text = format!("{}  {}", styled(style, result), visible(&reasons(report)));
                Some(self.below(run.at, device, &text))
            }
            ActionState::Done { report: None } | ActionState::Pending => None,
        }
    }

    /// Further in than the line of the message: what is about it.
    fn below(&self, at: Timestamp, device: &str, text: &str) -> String {
        let device = styled(QUIET, padded(&visible(device), self.name));
        line(at, &format!("{device}    {text}"))
    }
}

fn line(at: Timestamp, text: &str) -> String {
    format!("{}  {text}", styled(QUIET, at.strftime("%H:%M:%SZ")))
}

/// What the function made of an event that nobody was told of, from its report.
fn untold(report: &Value) -> Option<(&'static str, Style)> {
    match report.get("result")?.as_str()? {
        "silent" => Some(("not told", CARE)),
        "unmatched" => Some(("unmatched", CARE)),
        "invalid" => Some(("dead letter", BAD)),
        _ => None,
    }
}

/// The event's own reason, else those of the routes.
fn reasons(report: &Value) -> String {
    let text = |value: &Value| value.get("reason").and_then(Value::as_str).map(str::to_owned);
    text(report).unwrap_or_else(|| {
        let silences = report.get("silences").and_then(Value::as_array);
        silences.into_iter().flatten().filter_map(text).collect::<Vec<_>>().join("; ")
    })
}

fn outcome_style(outcome: OutcomeKind, state: &DeliveryState) -> Style {
    match (outcome, state) {
        (OutcomeKind::Delivered, _) => GOOD,
        (_, DeliveryState::Rejected { .. } | DeliveryState::DeadLetter { .. }) => BAD,
        _ => CARE,
    }
}

fn padded(text: &str, width: usize) -> String {
    let padding = " ".repeat(width.saturating_sub(text.width()));
    format!("{text}{padding}")
}

/// Prints them.
pub(super) fn show(lines: Vec<String>) {
    for line in lines {
        output::line(line);
    }
}

#[cfg(test)]
mod tests;
