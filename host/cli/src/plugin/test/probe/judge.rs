//! What to make of attempts: what may never happen, whatever the provider does, and what each script is to end in.

use std::time::Duration;

use campanile_core::outcome::OutcomeKind;

use super::super::entry::{Finding, Verdict};
use super::super::golden::has_placeholder;
use super::super::trial::{Observed, PRESENTATIONS};
use super::SUCCESS;

/// What a script is to end in.
#[derive(Clone, Debug)]
pub(super) enum Expectation {
    /// The provider takes everything.
    Success,
    /// It ends as with ordinary text, or in a simpler presentation at the latest.
    HostileText,
    /// The channel may send nowhere.
    NotGranted,
    /// A secret that is needed is not set.
    NoSecrets,
    /// One of these.
    OneOf {
        good: &'static [OutcomeKind],
        /// These work, but lose something.
        fair: &'static [OutcomeKind],
        /// The wait that the provider asked for.
        wait: Option<Duration>,
    },
}

/// What there is to say of a script's attempts, one of each presentation. What holds for all of them is said once.
pub(super) fn findings(
    expectation: &Expectation,
    attempts: &[Observed],
    baseline: &[OutcomeKind],
) -> Vec<Finding> {
    let mut found: Vec<(Finding, Vec<&'static str>)> = Vec::new();
    for (number, attempt) in attempts.iter().enumerate() {
        let usual = baseline.get(number).copied().unwrap_or(OutcomeKind::Delivered);
        let is_last = attempt.presentation.simpler().is_none();
        let expected = expected(expectation, attempt, usual, is_last);
        for finding in never(expectation, attempt).into_iter().chain(expected) {
            let name = attempt.presentation.name();
            match found.iter_mut().find(|(known, _)| *known == finding) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name),
                None => found.push((finding, vec![name])),
            }
        }
    }
    let said = found.into_iter().map(|(finding, names)| {
        let where_ = if names.len() == PRESENTATIONS.len() {
            String::new()
        } else {
            format!("{}: ", names.join(", "))
        };
        Finding { text: where_ + &finding.text, ..finding }
    });
    said.collect()
}

/// What no plugin may do.
fn never(expectation: &Expectation, attempt: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut fail = |text: String| found.push(Finding::failed(text));
    let detail = &attempt.detail;
    match attempt.outcome {
        _ if attempt.is_broken() || attempt.is_stopped() => fail(detail.clone()),
        OutcomeKind::Denied if !matches!(expectation, Expectation::NotGranted) => {
            fail(format!("it did what the host refuses: {detail}"));
        }
        OutcomeKind::Delivered => match (attempt.exchanges.last(), attempt.last_status()) {
            (None, _) => fail("`delivered`, and nothing was sent".to_owned()),
            (Some(_), None) => fail("`delivered`, and there was no answer".to_owned()),
            (_, Some(status)) if !is_accepted(attempt) => {
                fail(format!("`delivered`, and the answer was {status}"));
            }
            _ => {}
        },
        _ => {}
    }
    for name in &attempt.leaked {
        fail(format!("the value of the secret `{name}` is in what it said"));
    }
    for (place, _) in attempt.said().filter(|(place, text)| *place != "the log" && has_placeholder(text)) {
        fail(format!("the placeholder of a secret is in {place}, and means nothing there"));
    }
    for defect in attempt.exchanges.iter().filter_map(|exchange| exchange.defect.as_ref()) {
        fail(defect.clone());
    }
    if attempt.outcome != OutcomeKind::Delivered && detail.is_empty() {
        found.push(Finding::advice("there is no detail for the operator"));
    }
    found
}

fn expected(
    expectation: &Expectation,
    attempt: &Observed,
    usual: OutcomeKind,
    is_last: bool,
) -> Option<Finding> {
    let outcome = attempt.outcome;
    if attempt.is_broken() || attempt.is_stopped() {
        return None;
    }
    match expectation {
        Expectation::Success => success(attempt),
        Expectation::HostileText => hostile(attempt, usual, is_last),
        Expectation::NotGranted => match outcome {
            OutcomeKind::Denied | OutcomeKind::Delivered => None,
            _ => {
                advice(format!("`{outcome}`, though its request was refused by the host or not made at all"))
            }
        },
        Expectation::NoSecrets => match outcome {
            OutcomeKind::Misconfigured => None,
            OutcomeKind::Delivered => {
                advice("it delivers without a secret that it declares as needed; is it `optional`?")
            }
            _ => advice(format!(
                "`{outcome}` for a secret that is not set; `misconfigured` tells somebody to set it"
            )),
        },
        Expectation::OneOf { good, fair, wait } => one_of(attempt, good, fair, *wait),
    }
}

/// Whether the last answer, as it was sent, was one of success.
fn is_accepted(attempt: &Observed) -> bool {
    attempt.last_status().is_some_and(|status| (200..300).contains(&status))
}

fn advice(text: impl Into<String>) -> Option<Finding> {
    Some(Finding::advice(text))
}

fn success(attempt: &Observed) -> Option<Finding> {
    let (outcome, detail) = (attempt.outcome, &attempt.detail);
    if outcome == OutcomeKind::Delivered {
        return None;
    }
    let Some(last) = attempt.exchanges.last() else {
        return Some(Finding::failed(format!("`{outcome}` before anything was sent: {detail}")));
    };
    let status = last.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    advice(format!(
        "`{outcome}`: {detail}; the provider is not known here and answered {status}: write what it says to success as a case `{SUCCESS}`"
    ))
}

fn hostile(attempt: &Observed, usual: OutcomeKind, is_last: bool) -> Option<Finding> {
    match attempt.outcome {
        OutcomeKind::Delivered => None,
        outcome if outcome == usual => None,
        OutcomeKind::ContentRefused if !is_last => {
            advice(format!("the content is refused and tried again in a simpler form: {}", attempt.detail))
        }
        outcome => Some(Finding::failed(format!("the alert is lost: `{outcome}`: {}", attempt.detail))),
    }
}

fn one_of(
    attempt: &Observed,
    good: &[OutcomeKind],
    fair: &[OutcomeKind],
    wait: Option<Duration>,
) -> Option<Finding> {
    let outcome = attempt.outcome;
    let names: Vec<String> = good.iter().map(|kind| format!("`{kind}`")).collect();
    let expected = names.join(" or ");
    if attempt.exchanges.is_empty() && !matches!(outcome, OutcomeKind::Denied | OutcomeKind::Delivered) {
        return advice(format!("`{outcome}` before anything was sent: {}", attempt.detail));
    }
    if !good.contains(&outcome) {
        let text = format!("`{outcome}`: {}; expected {expected}", attempt.detail);
        let verdict = if fair.contains(&outcome) { Verdict::Advice } else { Verdict::Failed };
        // What may never happen has a finding already.
        let said =
            outcome == OutcomeKind::Denied || (outcome == OutcomeKind::Delivered && !is_accepted(attempt));
        return (!said).then_some(Finding { verdict, text });
    }
    let asked = wait?.as_millis();
    let waits = attempt.wait_ms.map(u128::from);
    (waits.is_none_or(|waits| waits < asked)).then(|| {
        let waits = waits.map_or_else(|| "no wait".to_owned(), |waits| format!("{waits} ms"));
        Finding::failed(format!("the provider asked for {asked} ms, and the plugin hands on {waits}"))
    })
}

#[cfg(test)]
mod tests {
    use campanile_core::notification::{Presentation, Receipt};
    use campanile_core::outcome::{AttemptReport, Outcome, Usage};
    use campanile_local::fakes::script::Script;
    use serde_json::json;

    use super::super::super::trial::Exchange;
    use super::*;

    fn observed(presentation: Presentation, outcome: Outcome, status: Option<u16>) -> Observed {
        let request =
            serde_json::from_value(json!({ "method": "POST", "url": "https://a.example" })).unwrap();
        let exchange = Exchange { request, status, answer: String::new(), defect: None };
        let report = AttemptReport {
            outcome,
            detail: "why".to_owned(),
            resume: String::new(),
            guest_log: Vec::new(),
            duration: Duration::ZERO,
            usage: Usage::default(),
        };
        Observed::new(presentation, report, vec![exchange], &Script::default())
    }

    fn verdict(expectation: &Expectation, outcome: &Outcome, status: Option<u16>) -> Verdict {
        let attempts = PRESENTATIONS.map(|presentation| observed(presentation, outcome.clone(), status));
        let found = findings(expectation, &attempts, &[OutcomeKind::Delivered; 3]);
        found.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Passed)
    }

    fn delivered() -> Outcome {
        Outcome::Delivered(Receipt::default())
    }

    #[test]
    fn delivered_needs_an_answer_that_says_so() {
        let anything = Expectation::OneOf { good: &[OutcomeKind::Delivered], fair: &[], wait: None };
        assert_eq!(verdict(&anything, &delivered(), Some(204)), Verdict::Passed);
        assert_eq!(verdict(&anything, &delivered(), Some(302)), Verdict::Failed);
        assert_eq!(verdict(&anything, &delivered(), None), Verdict::Failed);
    }

    #[test]
    fn an_answer_that_could_not_be_read_is_none() {
        let unanswered =
            Expectation::OneOf { good: &[OutcomeKind::Unknown], fair: &[OutcomeKind::Rejected], wait: None };
        assert_eq!(verdict(&unanswered, &delivered(), Some(200)), Verdict::Failed);
    }

    #[test]
    fn a_trap_fails_whatever_is_expected() {
        for expectation in
            [Expectation::Success, Expectation::HostileText, Expectation::NotGranted, Expectation::NoSecrets]
        {
            assert_eq!(verdict(&expectation, &Outcome::Trapped, None), Verdict::Failed, "{expectation:?}");
        }
        assert_eq!(verdict(&Expectation::NotGranted, &Outcome::Denied, None), Verdict::Passed);
        assert_eq!(verdict(&Expectation::Success, &Outcome::Denied, None), Verdict::Failed);
    }

    /// The host says `unknown` then, because something may have been delivered.
    #[test]
    fn a_trap_after_a_request_is_a_trap() {
        let unanswered = Expectation::OneOf { good: &[OutcomeKind::Unknown], fair: &[], wait: None };
        for (detail, status, verdicts) in [
            ("the plugin broke: x, after a request had been written", Some(200), 1),
            ("the plugin did not come back within 2000 ms, after a request had been written", Some(200), 1),
            ("the plugin did not come back within 2000 ms, after a request had been written", None, 0),
            ("no answer in time", None, 0),
        ] {
            let mut attempt = observed(Presentation::Rich, Outcome::Unknown, status);
            attempt.detail = detail.to_owned();
            assert_eq!(findings(&unanswered, &[attempt], &[]).len(), verdicts, "{detail}");
        }
    }

    #[test]
    fn a_hint_has_to_be_handed_on() {
        let wait = Some(Duration::from_secs(7));
        let limited =
            Expectation::OneOf { good: &[OutcomeKind::RateLimited], fair: &[OutcomeKind::Transient], wait };
        let of = |seconds: Option<u64>| {
            verdict(&limited, &Outcome::RateLimited(seconds.map(Duration::from_secs)), Some(429))
        };
        assert_eq!([of(Some(7)), of(Some(6)), of(None)], [Verdict::Passed, Verdict::Failed, Verdict::Failed]);
        assert_eq!(verdict(&limited, &Outcome::Transient, Some(429)), Verdict::Advice);
        assert_eq!(verdict(&limited, &Outcome::Rejected, Some(429)), Verdict::Failed);
    }

    #[test]
    fn hostile_text_may_be_refused_as_long_as_something_simpler_is_left() {
        let of = |presentation| {
            let attempt = observed(presentation, Outcome::ContentRefused, Some(400));
            let found = findings(&Expectation::HostileText, &[attempt], &[OutcomeKind::Delivered]);
            (found[0].verdict, found[0].text.clone())
        };
        let (verdict, text) = of(Presentation::Rich);
        assert!(verdict == Verdict::Advice && text.starts_with("rich: "), "{text}");
        assert_eq!(of(Presentation::Minimal).0, Verdict::Failed);
    }

    #[test]
    fn what_holds_for_all_presentations_is_said_once() {
        let attempts = PRESENTATIONS.map(|presentation| observed(presentation, Outcome::Trapped, None));
        let found = findings(&Expectation::Success, &attempts, &[]);
        assert_eq!(found, [Finding::failed("why")]);
    }

    #[test]
    fn a_placeholder_or_a_value_in_what_is_said_fails() {
        let mut attempt = observed(Presentation::Rich, Outcome::Rejected, Some(400));
        attempt.detail = format!("key secret-{}", "0".repeat(40));
        attempt.leaked = vec!["token".to_owned()];
        let found = findings(&Expectation::HostileText, &[attempt], &[OutcomeKind::Rejected]);
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
