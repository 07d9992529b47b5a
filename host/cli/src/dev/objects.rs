//! What happens as JSON, one object a line: public API, described in `docs/exit-codes.md`.

use campanile_dev::feed::Happening;
use campanile_dev::journal::{ActionRun, ActionState, Entry};
use campanile_store::EndedAttempt;
use serde_json::{Value, json};

use super::told::{Told, selecting, status};

/// Makes objects.
#[derive(Debug, Default)]
pub(super) struct Objects {
    told: Told,
    verbose: bool,
}

impl Objects {
    pub(super) fn new(verbose: bool) -> Self {
        Self { told: Told::default(), verbose }
    }

    /// The objects of what happened.
    pub(super) fn of(&mut self, happening: &Happening) -> Vec<Value> {
        match happening {
            Happening::Progressed(entry) => {
                let news = self.told.news(entry);
                let ended = news.ended.iter().map(|(rule, run)| action(entry, rule, run));
                news.is_new.then(|| message(entry)).into_iter().chain(ended).collect()
            }
            Happening::Attempted(ended) => vec![attempt(ended)],
            Happening::Caught(id) => vec![json!({ "type": "caught", "id": id })],
            Happening::Note(text) => vec![json!({ "type": "note", "text": &**text })],
            Happening::Log(text) if self.verbose => vec![json!({ "type": "log", "text": &**text })],
            Happening::Presence(client, is_there) => {
                vec![json!({ "type": "presence", "client-id": &**client, "connected": is_there })]
            }
            Happening::Plugins => vec![json!({ "type": "plugins" })],
            Happening::Reloaded => vec![json!({ "type": "reloaded" })],
            Happening::Faults => vec![json!({ "type": "faults" })],
            Happening::Received(_) | Happening::Deliveries(_) | Happening::Log(_) => Vec::new(),
        }
    }
}

fn message(entry: &Entry) -> Value {
    let message = &entry.message;
    json!({
        "type": "message",
        "id": entry.id,
        "received-at": message.received_at,
        "topic": message.topic,
        "client-id": message.client_id,
        "certificate-id": message.principal.as_ref().map(|principal| &principal.certificate_id),
        "trace-id": message.trace_id,
        "source": entry.source,
        "status": status(entry),
        "rules": selecting(entry),
        "concerns": entry.concerns,
    })
}

fn action(entry: &Entry, rule: &str, run: &ActionRun) -> Value {
    let (state, reason, report) = match &run.state {
        ActionState::Pending => ("pending", None, None),
        ActionState::Done { report } => ("done", None, report.as_ref()),
        ActionState::Failed { reason } => ("failed", Some(reason), None),
    };
    json!({
        "type": "action",
        "message": entry.id,
        "rule": rule,
        "kind": run.kind,
        "state": state,
        "at": run.at,
        "reason": reason,
        "report": report,
    })
}

fn attempt(ended: &EndedAttempt) -> Value {
    json!({
        "type": "attempt",
        "delivery": ended.key.to_string(),
        "device": ended.key.device,
        "event": ended.key.event,
        "channel": ended.key.channel,
        "attempt": ended.attempt,
        "state": ended.state,
    })
}
