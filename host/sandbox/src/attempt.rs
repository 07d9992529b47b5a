//! One attempt: a fresh instance, one call, one outcome, whatever the plugin does.

use std::sync::Arc;
use std::time::Duration;

use campanile_core::grant::{Grant, Origin};
use campanile_core::notification::{self, Notification, Receipt};
use campanile_core::outcome::{AttemptReport, Outcome, Usage};
use tokio::time::Instant;

use crate::bindings::campanile::channel::types;
use crate::broken::{Broken, bounded};
use crate::egress::outlet::Outlet;
use crate::egress::traffic::Traffic;
use crate::egress::{Egress, Sender};
use crate::limits::{self, AttemptLimits};
use crate::plugin::Plugin;
use crate::secrets::Secret;
use crate::secrets::scrub::Scrubber;
use crate::state;

/// A configured destination, as the sandbox needs it: what a plugin is told, and what it may do.
pub struct Channel {
    /// The name in `campanile.toml`.
    pub name: String,
    pub(crate) settings_json: String,
    pub(crate) allow: Vec<Grant>,
    /// The origins that the plugin's description asks for: its secrets go nowhere else.
    pub(crate) hosts: Vec<Origin>,
    /// The names of secrets that the plugin's description declares.
    pub(crate) declared: Vec<String>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) limits: AttemptLimits,
    pub(crate) is_live: bool,
    scrubber: Scrubber,
}

impl Channel {
    /// A channel with these settings (a JSON object) and grants.
    #[must_use]
    pub fn new(name: impl Into<String>, settings_json: impl Into<String>, allow: Vec<Grant>) -> Self {
        Self {
            name: name.into(),
            settings_json: settings_json.into(),
            allow,
            hosts: Vec::new(),
            declared: Vec::new(),
            secrets: Vec::new(),
            limits: AttemptLimits::default(),
            is_live: false,
            scrubber: Scrubber::new(&[]),
        }
    }

    /// Gives it secrets, bound to `hosts`; `declared` are all names that the plugin may ask for.
    #[must_use]
    pub fn with_secrets(mut self, secrets: Vec<Secret>, declared: Vec<String>, hosts: Vec<Origin>) -> Self {
        self.scrubber = Scrubber::new(&secrets);
        Self { secrets, declared, hosts, ..self }
    }

    /// Whether these are the secrets that it has.
    #[must_use]
    pub fn has_secrets(&self, secrets: &[Secret]) -> bool {
        self.secrets == secrets
    }

    /// Sets its limits.
    #[must_use]
    pub fn with_limits(self, limits: AttemptLimits) -> Self {
        Self { limits, ..self }
    }

    /// Lets its requests go to their providers, also while those of others are caught.
    #[must_use]
    pub fn live(self) -> Self {
        Self { is_live: true, ..self }
    }

    pub(crate) fn scrubber(&self) -> &Scrubber {
        &self.scrubber
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Channel").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How the detail of an attempt begins whose plugin broke, whether it had sent something before or not.
pub const BROKE: &str = "the plugin broke";

/// How the detail of an attempt begins whose plugin was stopped by the clock, whether it had sent something before or not.
pub const STOPPED: &str = "the plugin did not come back";

/// How the call into the guest ended.
type Ended = Result<Result<Result<types::Receipt, types::Failure>, Broken>, tokio::time::error::Elapsed>;

impl Plugin {
    /// Makes one attempt, within the channel's limits and `remaining`.
    pub async fn attempt(
        &self,
        channel: &Arc<Channel>,
        egress: &Egress,
        notification: &Notification,
        attempt: &notification::Attempt,
        remaining: Duration,
    ) -> AttemptReport {
        let started = Instant::now();
        // The semaphore is never closed: only time can keep a turn from coming.
        let Ok(turn) = tokio::time::timeout(remaining, self.engine().turns.acquire()).await else {
            return no_turn(started.elapsed());
        };
        let wall = channel.limits.wall.min(remaining.saturating_sub(started.elapsed()));
        let traffic = Arc::new(Traffic::default());
        let sender = Sender {
            channel: Arc::clone(channel),
            delivery: attempt.delivery_id.clone(),
            attempt: attempt.number,
        };
        let outlet = Outlet::new(sender, egress.clone(), Arc::clone(&traffic), Instant::now() + wall);
        let outlet = Arc::new(outlet);
        let mut store = state::store(self.engine(), &channel.limits, Some(Arc::clone(&outlet)));
        let (notification, attempt) = (guest_notification(notification), guest_attempt(attempt, wall));
        let ended = tokio::time::timeout(wall, async {
            let instance = self.pre().instantiate_async(&mut store).await?;
            let plugin = instance.campanile_channel_plugin();
            plugin.call_deliver(&mut store, &notification, &channel.settings_json, &attempt).await
        })
        .await;
        outlet.close();
        let state = store.into_data();
        drop(turn);
        let usage = state.usage();
        let denied = state.denial().map(|denial| denial.to_string());
        let ended = ended.map(|call| call.map_err(|error| Broken::of(&error)));
        let (outcome, detail, resume) = outcome(&ended, denied, &traffic, wall);
        let frames = ended.ok().and_then(Result::err).into_iter().flat_map(Broken::into_lines);
        AttemptReport {
            outcome: masked(outcome, &channel.scrubber),
            detail: channel.scrubber.text(bounded(&detail, limits::DETAIL_BYTES)),
            resume: channel.scrubber.text(resume),
            guest_log: state
                .into_log()
                .into_iter()
                .chain(frames)
                .map(|line| channel.scrubber.text(line))
                .collect(),
            duration: started.elapsed(),
            usage,
        }
    }
}

/// A receipt is the plugin's text like any other.
fn masked(outcome: Outcome, scrubber: &Scrubber) -> Outcome {
    match outcome {
        Outcome::Delivered(Receipt { message_id, target, warnings }) => Outcome::Delivered(Receipt {
            message_id: scrubber.text(message_id),
            target: scrubber.text(target),
            warnings: warnings.into_iter().map(|warning| scrubber.text(warning)).collect(),
        }),
        outcome => outcome,
    }
}

fn no_turn(waited: Duration) -> AttemptReport {
    AttemptReport {
        outcome: Outcome::TimedOut,
        detail: format!("{} other attempts were running all the time", limits::RUNNING),
        resume: String::new(),
        guest_log: Vec::new(),
        duration: waited,
        usage: Usage::default(),
    }
}

/// Who has the last word: a plugin that came back says what the provider answered; the host says what it refused, and
/// whether something may have been delivered after all.
fn outcome(
    ended: &Ended,
    denied: Option<String>,
    traffic: &Traffic,
    wall: Duration,
) -> (Outcome, String, String) {
    let stopped = |outcome: Outcome, detail: String| {
        if traffic.is_written() {
            (Outcome::Unknown, format!("{detail}, after a request had been written"), String::new())
        } else {
            (outcome, detail, String::new())
        }
    };
    match ended {
        Err(_) => stopped(Outcome::TimedOut, format!("{STOPPED} within {} ms", wall.as_millis())),
        // `fetch` says "network error" whatever the reason, and a plugin that does not catch that breaks.
        Ok(Err(_)) if denied.is_some() && !traffic.is_written() => {
            (Outcome::Denied, denied.unwrap_or_default(), String::new())
        }
        Ok(Err(broken)) => stopped(Outcome::Trapped, format!("{BROKE}: {broken}")),
        Ok(Ok(Ok(receipt))) => (Outcome::Delivered(host_receipt(receipt)), String::new(), String::new()),
        Ok(Ok(Err(failure))) => failed(failure, denied, traffic),
    }
}

fn failed(failure: &types::Failure, denied: Option<String>, traffic: &Traffic) -> (Outcome, String, String) {
    if failure.resume.len() > limits::RESUME_BYTES {
        let detail = format!(
            "the plugin's resume token has {} bytes; at most {} are kept",
            failure.resume.len(),
            limits::RESUME_BYTES
        );
        return (Outcome::Rejected, detail, String::new());
    }
    if let Some(denied) = denied {
        return (Outcome::Denied, denied, failure.resume.clone());
    }
    let outcome = match failure.reason {
        types::Reason::Transient if traffic.is_unanswered() => Outcome::Unknown,
        types::Reason::Transient => Outcome::Transient,
        types::Reason::RateLimited(0) => Outcome::RateLimited(None),
        types::Reason::RateLimited(wait) => Outcome::RateLimited(Some(Duration::from_millis(wait.into()))),
        types::Reason::ContentRefused => Outcome::ContentRefused,
        types::Reason::Rejected => Outcome::Rejected,
        types::Reason::Misconfigured => Outcome::Misconfigured,
    };
    (outcome, failure.detail.clone(), failure.resume.clone())
}

fn guest_notification(notification: &Notification) -> types::Notification {
    let field =
        |field: &notification::Field| types::Field { name: field.name.clone(), value: field.value.clone() };
    types::Notification {
        event_id: notification.event_id.clone(),
        device_id: notification.device_id.clone(),
        status: notification.status.clone(),
        severity: match notification.severity {
            notification::Severity::Debug => types::Severity::Debug,
            notification::Severity::Info => types::Severity::Info,
            notification::Severity::Warning => types::Severity::Warning,
            notification::Severity::Error => types::Severity::Error,
            notification::Severity::Critical => types::Severity::Critical,
        },
        title: notification.title.clone(),
        body: notification.body.clone(),
        body_format: match notification.body_format {
            notification::TextFormat::Text => types::TextFormat::Text,
            notification::TextFormat::Html => types::TextFormat::Html,
        },
        occurred_at: notification.occurred_at.clone(),
        fields: notification.fields.iter().map(field).collect(),
        event_json: notification.event_json.clone(),
    }
}

fn guest_attempt(attempt: &notification::Attempt, wall: Duration) -> types::Attempt {
    let receipt = |receipt: &Receipt| types::Receipt {
        message_id: receipt.message_id.clone(),
        target: receipt.target.clone(),
        warnings: receipt.warnings.clone(),
    };
    types::Attempt {
        delivery_id: attempt.delivery_id.clone(),
        number: attempt.number,
        presentation: match attempt.presentation {
            notification::Presentation::Rich => types::Presentation::Rich,
            notification::Presentation::Plain => types::Presentation::Plain,
            notification::Presentation::Minimal => types::Presentation::Minimal,
        },
        remaining_ms: u32::try_from(wall.as_millis()).unwrap_or(u32::MAX),
        resume: attempt.resume.clone(),
        earlier: attempt.earlier.as_ref().map(receipt),
    }
}

fn host_receipt(receipt: &types::Receipt) -> Receipt {
    let text = |text: &String| bounded(text, limits::DETAIL_BYTES);
    Receipt {
        message_id: text(&receipt.message_id),
        target: text(&receipt.target),
        warnings: receipt.warnings.iter().take(limits::WARNINGS).map(text).collect(),
    }
}
