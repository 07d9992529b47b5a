//! Faults: knobs that make the fakes misbehave.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};
use serde_json::json;

use super::Answer;
use super::frame::{Frame, Place};
use crate::web::ids::encoded;
use crate::web::model::fault::{self, PRESETS, SetFault};
use crate::web::site::Site;

/// Whom a fault is for.
const TARGETS: [(&str, &str); 7] = [
    ("telegram", "Telegram"),
    ("discord", "Discord"),
    ("slack", "Slack"),
    ("ntfy", "ntfy"),
    ("pagerduty", "PagerDuty"),
    ("resend", "Resend"),
    ("*", "everybody"),
];

/// The kinds of faults: their text, name, and the knobs that they have.
const KINDS: [(&str, &str, &str); 8] = [
    ("status", "answers a status", "status"),
    ("429", "asks to wait", "retry-after"),
    ("rate", "lets so many through", "rate burst"),
    ("slow", "is slow", ""),
    ("reset", "closes the connection", ""),
    ("lost", "takes it, loses the answer", ""),
    ("hang", "never answers", ""),
    ("garbage", "answers garbage", ""),
];

/// The knobs: their key, name, what is set at first, and whether every kind has it.
const KNOBS: [(&str, &str, &str, bool); 7] = [
    ("status", "status", "503", false),
    ("retry-after", "seconds to wait", "3", false),
    ("rate", "rate", "1/s", false),
    ("burst", "burst", "1", false),
    ("probability", "probability", "", true),
    ("latency", "latency", "", true),
    ("times", "times", "", true),
];

pub(super) async fn list(State(site): State<Arc<Site>>) -> Answer {
    let faults = fault::list(site.system.catcher.faults());
    let frame = Frame::of(&site, "Faults", Place::Faults).await?.live("faults caught missed");
    let content = html! {
        div.bar {
            h1 { "Faults" }
            span.quiet { "how the providers misbehave, until they are taken back" }
            @if !faults.is_empty() { button.small type="button" data-method="DELETE" data-post="/api/faults" data-said="all taken back" { "Take all back" } }
        }
        (set(&faults))
        h2 { "Set one" }
        (knobs())
        h2 { "Often wanted" }
        (presets())
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn set(faults: &[SetFault]) -> Markup {
    html! {
        @if faults.is_empty() { div.empty { p { "No fault is set: the fakes answer as the services do on a good day." } } }
        @else {
            ol.rows #faults {
                @for fault in faults {
                    li.row {
                        b { (fault.selector) } code { (fault.fault) }
                        button.small type="button" data-method="DELETE" data-post=(format!("/api/faults?selector={}", encoded(&fault.selector))) data-said="taken back" { "Take back" }
                    }
                }
            }
        }
    }
}

fn knobs() -> Markup {
    html! {
        form.knobs #knobs data-api="PUT /api/faults" data-said="set" {
            label { "Who" select name="selector" { @for (value, name) in TARGETS { option value=(value) { (name) } } } }
            label { "What" select data-kind { @for (value, name, knobs) in KINDS { option value=(value) data-knobs=(knobs) { (name) } } } }
            @for (key, name, value, always) in KNOBS {
                label data-knob=(key) data-always=[always.then_some("")] { (name) input data-key=(key) value=(value) autocomplete="off" placeholder=(placeholder(key)); }
            }
            label.wide { "as text" input name="fault" value="503" required autocomplete="off"; }
            button type="submit" { "Set" }
        }
    }
}

fn placeholder(key: &str) -> &'static str {
    match key {
        "probability" => "1",
        "latency" => "0ms",
        "times" => "always",
        _ => "",
    }
}

fn presets() -> Markup {
    html! {
        div.scroll { table.presets {
            thead { tr { th { "what happens" } th { "as text" } @for (_, name) in TARGETS { th { (name) } } } }
            tbody {
                @for (name, fault) in PRESETS {
                    tr {
                        td { (name) } td { code { (fault) } }
                        @for (selector, target) in TARGETS {
                            @let body = json!({ "selector": selector, "fault": fault }).to_string();
                            td { button.small type="button" data-method="PUT" data-post="/api/faults" data-body=(body) data-said="set" aria-label=(format!("{name}: {target}")) { "set" } }
                        }
                    }
                }
            }
        } }
    }
}
