//! Shows an event's way: deliveries, attempts, and the messages as the services would show them.

use anstyle::{Effects, RgbColor, Style};
use campanile_core::ledger::AttemptRecord;
use campanile_core::outcome::OutcomeKind;
use campanile_local::fakes::{Part, Shown, StyleKind, StyledText};
use campanile_router::{DeliveryReport, DeliveryStatus, EventResult};
use serde_json::{Value, json};

use super::caught::Message;
use super::stage::Played;
use crate::output::{self, BAD, CARE, GOOD, QUIET, STRONG, styled};
use crate::plugins::Plugins;

/// The lines above: what is about to run.
pub(crate) fn setting(plugins: &Plugins, live: bool) {
    let named = plugins
        .descriptions()
        .iter()
        .map(|plugin| format!("{} {}", plugin.name, plugin.version))
        .collect::<Vec<_>>();
    output::line(format!(
        "  plugins   {}",
        if named.is_empty() { "none".to_owned() } else { named.join("  ") }
    ));
    let sending = if live {
        styled(BAD, "live: messages really go out")
    } else {
        format!("{}  {}", styled(CARE, "caught, not sent"), styled(QUIET, "--live sends"))
    };
    output::line(format!("  sending   {sending}\n"));
}

/// The event and its deliveries.
pub(crate) fn played(played: &Played) {
    let report = &played.report;
    let device = report.device.as_deref().unwrap_or("event");
    let status = report.status.as_deref().map(|status| format!(" is {status}")).unwrap_or_default();
    let init = played.init.map(|init| format!(", start {} ms", init.as_millis())).unwrap_or_default();
    let time = styled(QUIET, format!("{} ms{init}", played.duration.as_millis()));
    output::line(format!("{}{status}  {}  {time}", styled(STRONG, device), result(report.result)));
    if !report.reason.is_empty() {
        output::line(format!("  {}", report.reason));
    }
    for problem in &report.problems {
        output::line(format!("  {} {problem}", styled(CARE, "note:")));
    }
    for delivery in &report.deliveries {
        show_delivery(delivery, played);
    }
}

fn result(result: EventResult) -> String {
    match result {
        EventResult::Delivered => styled(GOOD, "delivered"),
        EventResult::Retrying => styled(CARE, "to be retried"),
        EventResult::Undelivered => styled(BAD, "not delivered everywhere"),
        EventResult::Silent => styled(CARE, "not told"),
        EventResult::Unmatched => styled(CARE, "unmatched"),
        EventResult::Invalid => styled(BAD, "invalid: kept as dead letter"),
    }
}

fn show_delivery(delivery: &DeliveryReport, played: &Played) {
    let style = match delivery.status {
        DeliveryStatus::Delivered => GOOD,
        DeliveryStatus::Retrying | DeliveryStatus::InProgress => CARE,
        DeliveryStatus::Rejected | DeliveryStatus::DeadLettered => BAD,
    };
    let message = delivery.receipt.as_ref().filter(|receipt| !receipt.message_id.is_empty());
    let message = message.map(|receipt| format!("  message {}", receipt.message_id)).unwrap_or_default();
    output::line(format!(
        "\n  {}  {}  {}{}",
        styled(STRONG, &delivery.channel),
        styled(QUIET, &delivery.plugin),
        styled(style, delivery.status.name()),
        styled(QUIET, message)
    ));
    if !delivery.detail.is_empty() {
        output::line(format!("    {}", delivery.detail));
    }
    if let Some(due) = delivery.due {
        output::line(format!("    next attempt not before {due}"));
    }
    for warning in delivery.receipt.iter().flat_map(|receipt| &receipt.warnings) {
        output::line(format!("    {} {warning}", styled(CARE, "note:")));
    }
    for attempt in &delivery.attempts {
        show_attempt(attempt);
    }
    for shown in played.of(&delivery.channel).filter_map(|message| message.shown.as_ref()) {
        show_message(&delivery.plugin, shown);
    }
}

fn show_attempt(attempt: &AttemptRecord) {
    let style = if attempt.outcome == OutcomeKind::Delivered { GOOD } else { CARE };
    let detail = if attempt.detail.is_empty() { String::new() } else { format!("  {}", attempt.detail) };
    let outcome = styled(style, format!("{:<15}", attempt.outcome.name()));
    output::line(format!("    attempt {}  {outcome} {:>5} ms{detail}", attempt.number, attempt.duration_ms));
    for line in &attempt.guest_log {
        output::line(styled(QUIET, format!("      {line}")));
    }
}

/// A message in a frame.
fn show_message(service: &str, shown: &Shown) {
    let author =
        shown.author.as_ref().map(|author| format!(" as {}", output::visible(author))).unwrap_or_default();
    let silent = if shown.silent { ", silent" } else { "" };
    output::line(styled(QUIET, format!("    ┌ {service}: {}{author}{silent}", output::visible(&shown.to))));
    for part in &shown.parts {
        match part {
            Part::Text(text) => framed("│", &terminal(text)),
            Part::Embed { color, title, description, fields, footer, timestamp } => {
                let color = color.map(|color| {
                    let [_, red, green, blue] = color.to_be_bytes();
                    RgbColor(red, green, blue).on_default()
                });
                let bar = styled(color.unwrap_or_default(), "▌");
                for text in title.iter().chain(description) {
                    framed(&format!("│ {bar}"), &terminal(text));
                }
                for field in fields {
                    let (name, value) =
                        (styled(STRONG, output::visible(&field.name)), terminal(&field.value));
                    framed(&format!("│ {bar}"), &format!("{name} {value}"));
                }
                let small = footer.iter().chain(timestamp).cloned().collect::<Vec<_>>().join(" · ");
                if !small.is_empty() {
                    framed(&format!("│ {bar}"), &styled(QUIET, output::visible(&small)));
                }
            }
        }
    }
    output::line(styled(QUIET, "    └"));
}

fn framed(bar: &str, text: &str) {
    for line in text.lines() {
        output::line(format!("    {} {line}", styled(QUIET, bar)));
    }
}

/// Text with its styles as a terminal shows them. What devices wrote can't move the cursor: control characters are made
/// visible.
fn terminal(text: &StyledText) -> String {
    let mut shown = String::new();
    let mut current = Style::new();
    for (at, character) in text.text.char_indices() {
        let style = style_at(text, at);
        if style != current {
            shown.extend([current.render_reset().to_string(), style.render().to_string()]);
            current = style;
        }
        match character {
            '\n' => {
                shown.extend([current.render_reset().to_string(), "\n".into(), current.render().to_string()]);
            }
            character => output::push_visible(&mut shown, character),
        }
    }
    shown + &current.render_reset().to_string()
}

fn style_at(text: &StyledText, at: usize) -> Style {
    let here = text.styles.iter().filter(|style| style.start <= at && at < style.end);
    here.fold(Style::new(), |style, range| match &range.kind {
        StyleKind::Bold | StyleKind::Heading => style.bold(),
        StyleKind::Italic | StyleKind::Quote => style.italic(),
        StyleKind::Underline | StyleKind::Link { .. } => style.underline(),
        StyleKind::Strike => style.strikethrough(),
        StyleKind::Spoiler | StyleKind::Mention { .. } => {
            style.effects(style.get_effects() | Effects::INVERT)
        }
        StyleKind::Code | StyleKind::Pre { .. } => style.dimmed(),
    })
}

/// The same for machines.
pub(crate) fn to_json(played: &Played) -> Value {
    let messages: Vec<&Message> = played.messages.iter().collect();
    json!({
        "report": played.report,
        "messages": messages,
        "start-ms": played.init.map(|init| init.as_secs_f64() * 1000.0),
        "duration-ms": played.duration.as_secs_f64() * 1000.0,
    })
}
