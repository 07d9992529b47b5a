//! The built-in scripts: what every provider does some day, and what every device may send. Each is tried with all presentations.
//!
//! A case file with the name of one of them takes its place: a provider may say such things in a way of its own.

mod hostile;
mod judge;

use std::collections::BTreeMap;
use std::time::Duration;

use campanile_core::description::Description;
use campanile_core::notification::Notification;
use campanile_core::outcome::OutcomeKind;
use campanile_core::secret_pattern::SecretValue;
use campanile_local::fakes::Answer;
use campanile_local::fakes::script::{Script, Step};
use campanile_sandbox::limits::{self, AttemptLimits};
use serde_json::{Map, Value};

use super::bench::Bench;
use super::entry::{Entry, Section};
use super::trial::{self, Observed, PRESENTATIONS, Trial};
use judge::Expectation;

/// The wait that a 429 asks for, in seconds.
const HINT: f64 = 7.0;

/// How long the plugin has when no answer comes, so that nobody waits for long.
const PATIENCE: Duration = Duration::from_secs(2);

/// The script whose outcome others are compared with.
pub(super) const SUCCESS: &str = "success";

/// A script, and what is to come of it.
pub(super) struct Probe {
    pub(super) name: &'static str,
    notification: Notification,
    step: Step,
    /// Without these the plugin has a hard time, and has to say so.
    has_secrets: bool,
    granted: bool,
    wall: Duration,
    expectation: Expectation,
}

/// What all attempts of a plugin are made with.
pub(super) struct Given {
    pub(super) settings: Map<String, Value>,
    pub(super) secrets: BTreeMap<String, SecretValue>,
}

impl Probe {
    fn new(name: &'static str, step: Step, expectation: Expectation) -> Self {
        Self {
            name,
            notification: trial::notification(),
            step,
            has_secrets: true,
            granted: true,
            wall: AttemptLimits::default().wall,
            expectation,
        }
    }

    fn trial(&self, number: usize, given: &Given) -> Option<Trial> {
        let presentation = *PRESENTATIONS.get(number)?;
        Some(Trial {
            name: format!("{}/{}", self.name, presentation.name()),
            notification: self.notification.clone(),
            settings: given.settings.clone(),
            secrets: if self.has_secrets { given.secrets.clone() } else { BTreeMap::new() },
            attempt: trial::attempt(presentation),
            script: Script::always(self.step.clone()),
            limits: AttemptLimits { wall: self.wall, ..AttemptLimits::default() },
            granted: self.granted,
        })
    }

    /// Tries it with each presentation. `baseline` is what came of [`SUCCESS`], in the same order.
    pub(super) async fn run(&self, bench: &Bench, given: &Given, baseline: &[OutcomeKind]) -> Entry {
        let attempts = self.attempts(bench, given).await;
        let findings = judge::findings(&self.expectation, &attempts, baseline);
        let summary = in_words(&attempts);
        Entry::new(Section::Behaviour, self.name, summary, findings).with_attempts(attempts)
    }

    async fn attempts(&self, bench: &Bench, given: &Given) -> Vec<Observed> {
        let of = |number| async move {
            match self.trial(number, given) {
                Some(trial) => Some(Box::pin(bench.attempt(trial)).await),
                None => None,
            }
        };
        // Who waits for an answer uses no processor, so they may all wait at once. Otherwise one would count for another's.
        let observed = if matches!(self.step, Step::Hang) {
            <[_; 3]>::from(tokio::join!(of(0), of(1), of(2)))
        } else {
            [of(0).await, of(1).await, of(2).await]
        };
        observed.into_iter().flatten().collect()
    }
}

/// `rejected`, or what differs: `delivered; minimal rejected`.
fn in_words(attempts: &[Observed]) -> String {
    let Some(first) = attempts.first() else { return String::new() };
    let others = attempts.iter().filter(|attempt| attempt.in_words() != first.in_words());
    let others = others.map(|attempt| format!("; {} {}", attempt.presentation.name(), attempt.in_words()));
    first.in_words() + &others.collect::<String>()
}

/// All of them for a plugin, [`SUCCESS`] first.
pub(super) fn all(description: &Description) -> Vec<Probe> {
    let mut probes = vec![Probe::new(SUCCESS, Step::Provider, Expectation::Success)];
    probes.extend(bad_days());
    probes.extend(hostile::notifications().into_iter().map(|(name, notification)| Probe {
        notification,
        ..Probe::new(name, Step::Provider, Expectation::HostileText)
    }));
    probes
        .push(Probe { granted: false, ..Probe::new("not-granted", Step::Provider, Expectation::NotGranted) });
    if !description.secrets.is_empty() {
        let expectation = if description.secrets.iter().all(|secret| secret.optional) {
            Expectation::HostileText
        } else {
            Expectation::NoSecrets
        };
        probes.push(Probe { has_secrets: false, ..Probe::new("no-secrets", Step::Provider, expectation) });
    }
    probes
}

/// What providers do, and what it means (docs/writing-a-plugin.md, "What to say").
fn bad_days() -> Vec<Probe> {
    use OutcomeKind::{ContentRefused, Delivered, Misconfigured, RateLimited, Rejected, Transient, Unknown};
    let probe = |name, step, good: &'static [OutcomeKind], fair: &'static [OutcomeKind]| {
        Probe::new(name, step, Expectation::OneOf { good, fair, wait: None })
    };
    let later: &[OutcomeKind] = &[Transient, Unknown, RateLimited];
    let unanswered: &[OutcomeKind] = &[Unknown, Transient];
    let broken: &[OutcomeKind] = &[Delivered, Transient, Unknown];
    let somebodys: &[OutcomeKind] = &[Misconfigured, Rejected];
    let anything: &[OutcomeKind] =
        &[RateLimited, Transient, Unknown, ContentRefused, Rejected, Misconfigured];
    let wait = Some(Duration::from_secs_f64(HINT));
    vec![
        Probe::new(
            "rate-limited",
            Step::RateLimited(Some(HINT)),
            Expectation::OneOf { good: &[RateLimited], fair: &[], wait },
        ),
        probe("rate-limited-without-hint", Step::RateLimited(None), &[RateLimited], &[Transient]),
        probe("status-500", status(500), later, &[]),
        probe("status-502", status(502), later, &[]),
        probe("status-503", status(503), later, &[]),
        probe("connection-reset", Step::Reset, unanswered, &[]),
        Probe { wall: PATIENCE, ..probe("no-answer", Step::Hang, unanswered, &[]) },
        probe("answer-too-large", body(200, vec![b'x'; 2 * limits::RESPONSE_BODY]), unanswered, &[Rejected]),
        probe("answer-malformed", body(200, br#"{"ok": tru"#.to_vec()), broken, anything),
        probe("answer-empty", body(200, Vec::new()), broken, anything),
        probe("status-400", status(400), &[ContentRefused, Rejected, Misconfigured], anything),
        probe("status-401", status(401), somebodys, &[ContentRefused]),
        probe("status-403", status(403), somebodys, &[ContentRefused]),
        probe("status-404", status(404), somebodys, anything),
        probe("status-413", status(413), &[ContentRefused, Rejected], anything),
        probe("redirect", redirect(), somebodys, anything),
    ]
}

/// An error as a gateway words it, which knows nothing of the provider's own format.
fn status(status: u16) -> Step {
    body(status, format!("<html><body><h1>{status}</h1></body></html>").into_bytes())
}

fn body(status: u16, body: Vec<u8>) -> Step {
    let kind = if body.starts_with(b"<") { "text/html" } else { "application/json" };
    let headers = vec![("content-type".to_owned(), kind.to_owned())];
    Step::Answer(Answer { status, headers, body, shown: None })
}

fn redirect() -> Step {
    let headers = vec![("location".to_owned(), "https://elsewhere.example/".to_owned())];
    Step::Answer(Answer { status: 302, headers, body: Vec::new(), shown: None })
}
