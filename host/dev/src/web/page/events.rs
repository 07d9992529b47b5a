//! Events: what was published, which rules it matched or why not, and what became of it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};
use serde::Deserialize;

use super::Answer;
use super::frame::{Frame, Place, empty, sample_button};
use crate::journal::MessageId;
use crate::web::extract::{Path, Query};
use crate::web::ids::{encoded, page};
use crate::web::model::LISTED;
use crate::web::model::event::{Action, Event, Outcome, Report, RuleVerdict};
use crate::web::model::lookup::{EventFilter, events};
use crate::web::problem::Problem;
use crate::web::render::bits::{clock, facts, moment, status_tone};
use crate::web::render::json;
use crate::web::site::Site;

#[derive(Deserialize)]
pub(super) struct Choice {
    before: Option<u64>,
    #[serde(rename = "q")]
    text: Option<String>,
    device: Option<String>,
    show: Option<String>,
}

pub(super) async fn list(State(site): State<Arc<Site>>, choice: Result<Query<Choice>, Problem>) -> Answer {
    let Query(choice) = choice?;
    let selected = match choice.show.as_deref() {
        Some("selected") => Some(true),
        Some("other") => Some(false),
        _ => None,
    };
    let text = choice.text.clone().filter(|text| !text.is_empty());
    let filter = EventFilter { device: choice.device.clone(), selected, text, ..EventFilter::default() };
    let found = events(&site, &filter, choice.before, LISTED).await?;
    let frame =
        Frame::of(&site, "Events", Place::Events).await?.live("received progressed deliveries missed");
    let content = html! {
        div.bar { h1 { "Events" } (sample_button()) }
        (filters(&choice))
        (publish(&frame))
        @if found.events.is_empty() {
            (empty(&frame.about, "No events", "What devices publish appears here, with what each rule makes of it."))
        } @else {
            ol.rows #events { @for event in &found.events { li #{"e" (event.id)} { (row(event)) } } }
        }
        @if let Some(next) = found.next { p { a.button href=(format!("/events?before={next}")) { "Older" } } }
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn filters(choice: &Choice) -> Markup {
    let shown = choice.show.as_deref().unwrap_or_default();
    html! {
        form.filters method="get" action="/events" {
            input type="search" name="q" value=[choice.text.as_deref()] placeholder="topic, client or payload" aria-label="Filter" data-filter;
            select name="show" aria-label="Which events" {
                @for (value, name) in [("", "all"), ("selected", "selected by a rule"), ("other", "selected by none")] {
                    option value=(value) selected[shown == value] { (name) }
                }
            }
            @if let Some(device) = &choice.device { input type="hidden" name="device" value=(device); span.tag { (device) } }
            button type="submit" { "Filter" }
        }
    }
}

fn publish(frame: &Frame) -> Markup {
    html! {
        details.publish {
            summary { "Publish an event" }
            form data-api="POST /api/events" data-said="published" {
                label { "Topic" input name="topic" value=(frame.about.topic) required; }
                label { "Device" input name="client-id" value=(frame.about.device) required; }
                label.wide { "Payload" textarea name="payload-text" rows="6" spellcheck="false" required {
                    (super::sample(&frame.about.device, "INACTIVE"))
                } }
                button type="submit" { "Publish" }
            }
        }
    }
}

/// An event in a list.
pub(super) fn row(event: &Event) -> Markup {
    html! {
        a.row.event href=(page("events", &event.id.to_string())) data-row {
            span.line {
                (clock(event.received_at))
                span.topic { (event.topic) }
                span.quiet { (event.client_id) }
                @if let Some(status) = &event.status { span.status.(status_tone(status)) { (status) } }
                @if event.source != "mqtt" { span.tag { (event.source) } }
                @if !event.concerns.is_empty() { span.tag.bad title=(event.concerns.join("; ")) { "concern" } }
            }
            span.line { (verdicts(event)) }
        }
    }
}

/// What the rules say, in a word each; and what became of it.
fn verdicts(event: &Event) -> Markup {
    html! {
        @if event.verdicts.is_empty() { span.quiet { "the rules have not been asked yet" } }
        @for verdict in event.verdicts.iter().filter(|verdict| verdict.outcome != Outcome::Off) {
            span.verdict.(tone(verdict)) title=[verdict.reason.as_deref()] { (verdict.rule) " " span { (word(verdict.outcome)) } }
        }
        @for report in event.reports() {
            @for delivery in &report.deliveries { span.tag.(delivery_tone(&delivery.status)) { (delivery.channel) " " (delivery.status) } }
            @if report.deliveries.is_empty() { span.quiet { (said(report)) } }
        }
    }
}

/// The most telling line of a report without deliveries.
fn said(report: &Report) -> &str {
    let silence = report.silences.first().map(|silence| silence.reason.as_str());
    silence.or(Some(report.reason.as_str()).filter(|reason| !reason.is_empty())).unwrap_or(&report.result)
}

fn delivery_tone(status: &str) -> &'static str {
    match status {
        "delivered" => "good",
        "rejected" | "dead-lettered" => "bad",
        _ => "care",
    }
}

fn tone(verdict: &RuleVerdict) -> &'static str {
    match verdict.outcome {
        _ if verdict.actions.iter().any(|action| action.state == "failed") => "bad",
        Outcome::Selected => "good",
        Outcome::Exceeded | Outcome::Refused => "bad",
        Outcome::NotTrue | Outcome::OtherTopic | Outcome::Off => "quiet",
    }
}

/// An outcome in a few words.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Selected => "selected",
        Outcome::OtherTopic => "other topic",
        Outcome::NotTrue => "condition not true",
        Outcome::Off => "off",
        Outcome::Exceeded => "stopped: too many steps",
        Outcome::Refused => "can't be read",
    }
}

pub(super) async fn show(State(site): State<Arc<Site>>, id: Result<Path<u64>, Problem>) -> Answer {
    let Path(id) = id?;
    let event = Event::of(site.system.message(MessageId(id)).await?.as_ref());
    let frame =
        Frame::of(&site, format!("Event {id}"), Place::Events).await?.live("progressed deliveries missed");
    let content = html! {
        a.back href="/events" { "← Events" }
        div.bar {
            h1 { "Event " (id) }
            @if let Some(status) = &event.status { span.status.(status_tone(status)) { (status) } }
            button type="button" data-key="r" data-post=(format!("/api/events/{id}/replay")) data-said="replayed" data-then="/events/{event}" { "Replay" }
            a.button href=(format!("/rules/playground?event={id}")) { "Open in the playground" }
        }
        @for concern in &event.concerns { p.note.bad { (concern) } }
        div.columns {
            section { h2 { "Published" } (about(&event)) h2 { "Payload" } (payload(&event)) }
            section { h2 { "Rules" } @for verdict in &event.verdicts { (judged(verdict)) } @if event.verdicts.is_empty() { p.quiet { "They have not been asked yet." } } }
        }
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn about(event: &Event) -> Markup {
    let mut rows = vec![
        ("topic", html! { code { (event.topic) } }),
        ("client", html! { a href=(page("devices", &event.client_id)) { (event.client_id) } }),
        ("received", moment(event.received_at)),
        (
            "by",
            html! { (event.source) @if let Some(of) = event.comes_from { " of " a href=(page("events", &of.to_string())) { "event " (of) } } },
        ),
        ("trace id", html! { code { (event.trace_id) } }),
    ];
    rows.extend(event.event_id.as_ref().map(|id| ("event id", html! { code { (id) } })));
    rows.extend(event.source_ip.as_ref().map(|address| ("from", html! { code { (address) } })));
    rows.extend(event.certificate_id.as_ref().map(|id| ("certificate", html! { code { (id) } })));
    facts(&rows)
}

fn payload(event: &Event) -> Markup {
    html! {
        @match (&event.payload.text, &event.payload.base64) {
            (Some(text), _) => { (json::pretty(text)) }
            (None, base64) => { p.quiet { (event.payload.size) " bytes that are no text, in base64" } pre.code { (base64.as_deref().unwrap_or_default()) } }
        }
    }
}

fn judged(verdict: &RuleVerdict) -> Markup {
    html! {
        article.judged {
            h3 { a href=(format!("/rules#{}", encoded(&verdict.rule))) { (verdict.rule) } " " span.tag.(tone(verdict)) { (word(verdict.outcome)) } }
            @if let Some(reason) = &verdict.reason {
                @if verdict.outcome == Outcome::OtherTopic { p.quiet { "It listens to " code { (reason) } "." } } @else { pre.code.reason { (reason) } }
            }
            @for action in &verdict.actions { (acted(action)) }
            @if let Some(output) = &verdict.output { details { summary { "What its actions get" } (json::pretty(output)) } }
        }
    }
}

fn acted(action: &Action) -> Markup {
    let tone = match action.state.as_str() {
        "done" => "good",
        "failed" => "bad",
        _ => "care",
    };
    html! {
        div.acted {
            p { span.tag.(tone) { (action.kind) " " (action.state) } " " (clock(action.at)) }
            @if let Some(reason) = &action.reason { p.note.bad { (reason) } }
            @if let Some(report) = &action.report { (reported(report)) }
        }
    }
}

fn reported(report: &Report) -> Markup {
    html! {
        @if !report.reason.is_empty() { p.note { (report.reason) } }
        @for problem in &report.problems { p.note.care { (problem) } }
        @for silence in &report.silences { p.quiet { "route " b { (silence.route) } ": " (silence.reason) } }
        ul.deliveries {
            @for delivery in &report.deliveries {
                li {
                    a href=(page("deliveries", &delivery.key().to_string())) { (delivery.channel) }
                    " " span.tag.(delivery_tone(&delivery.status)) { (delivery.status) }
                    @if !delivery.detail.is_empty() { " " span.quiet { (delivery.detail) } }
                }
            }
        }
    }
}
