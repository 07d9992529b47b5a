//! Deliveries: where they stand, and every attempt on a line of time.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use campanile_core::ledger::StateKind;
use campanile_store::Cursor;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::Answer;
use super::error::PageError;
use super::frame::{Frame, Place, empty};
use crate::web::extract::{Path, Query};
use crate::web::ids::{delivery_key, encoded, page};
use crate::web::model::LISTED;
use crate::web::model::about::Counts;
use crate::web::model::delivery::Delivery;
use crate::web::model::lookup::{self, DeliveryFilter};
use crate::web::problem::Problem;
use crate::web::render::bits::{clock, count, facts, moment, relative, state, tone};
use crate::web::render::json;
use crate::web::render::timeline::timeline;
use crate::web::site::Site;

#[derive(Clone, Default, Deserialize)]
pub(super) struct Choice {
    after: Option<String>,
    status: Option<StateKind>,
    device: Option<String>,
    channel: Option<String>,
}

pub(super) async fn list(State(site): State<Arc<Site>>, choice: Result<Query<Choice>, Problem>) -> Answer {
    let Query(choice) = choice?;
    let empty_as_none = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let filter = DeliveryFilter {
        device: empty_as_none(&choice.device),
        status: choice.status,
        channel: empty_as_none(&choice.channel),
    };
    let after = choice.after.as_deref().map(str::parse::<Cursor>).transpose()?;
    let found = lookup::deliveries(&site, &filter, after, LISTED).await?;
    let frame = Frame::of(&site, "Deliveries", Place::Deliveries).await?.live("deliveries progressed missed");
    let now = Timestamp::now();
    let content = html! {
        div.bar { h1 { "Deliveries" } }
        (chips(&choice, &frame.about.counts))
        (filters(&choice, &frame.about.counts))
        @if found.deliveries.is_empty() {
            @if frame.about.counts.deliveries.is_empty() {
                (empty(&frame.about, "No deliveries", "One is opened for each message and channel as soon as a route sends an event to channels."))
            } @else {
                div.empty { h2 { "None of these" } p { "No delivery is what the filter wants. " a href="/deliveries" { "Show all" } } }
            }
        } @else {
            ol.rows #deliveries { @for delivery in &found.deliveries { li { (row(delivery, now)) } } }
        }
        @if let Some(next) = &found.next { p { a.button href=(address(&Choice { after: Some(next.clone()), ..choice.clone() })) { "Older" } } }
    };
    Ok(Html(frame.page(&content).into_string()))
}

/// Where deliveries stand, with how many; each is a filter.
fn chips(choice: &Choice, counts: &Counts) -> Markup {
    let channel = choice.channel.as_deref().filter(|channel| !channel.is_empty());
    html! {
        nav.chips aria-label="Where they stand" {
            @for status in std::iter::once(None).chain(StateKind::ALL.map(Some)) {
                a.(status.map_or("quiet", tone)) href=(address(&Choice { status, after: None, ..choice.clone() }))
                    aria-current=[(choice.status == status).then_some("true")] {
                    (status.map_or("all", StateKind::name)) " " span.count { (counts.deliveries(status, channel)) }
                }
            }
        }
    }
}

fn filters(choice: &Choice, counts: &Counts) -> Markup {
    html! {
        form.filters method="get" action="/deliveries" {
            @if let Some(status) = choice.status { input type="hidden" name="status" value=(status.name()); }
            input type="search" name="device" value=[choice.device.as_deref()] placeholder="device" aria-label="Device" data-filter;
            select name="channel" aria-label="Channel" {
                option value="" { "all channels" }
                @for channel in counts.channels() {
                    option value=(channel) selected[choice.channel.as_ref() == Some(&channel)] { (channel) }
                }
            }
            button type="submit" { "Filter" }
        }
    }
}

fn address(choice: &Choice) -> String {
    let pair = |name: &str, value: Option<&str>| {
        value.filter(|value| !value.is_empty()).map(|value| format!("{name}={}", encoded(value)))
    };
    let pairs = [
        pair("status", choice.status.map(StateKind::name)),
        pair("device", choice.device.as_deref()),
        pair("channel", choice.channel.as_deref()),
        pair("after", choice.after.as_deref()),
    ];
    let query = pairs.into_iter().flatten().collect::<Vec<_>>().join("&");
    if query.is_empty() { "/deliveries".to_owned() } else { format!("/deliveries?{query}") }
}

/// A delivery in a list.
pub(super) fn row(delivery: &Delivery, now: Timestamp) -> Markup {
    html! {
        a.row.delivery href=(page("deliveries", &delivery.id)) data-row {
            span.line {
                (clock(delivery.opened_at))
                (state(delivery.status))
                b { (delivery.channel) }
                span.preview { (delivery.title) }
            }
            span.line.quiet {
                span { (delivery.device) }
                span { (count(delivery.attempts.len(), "attempt", "attempts")) }
                @if let Some(due) = delivery.due { span { @if delivery.status == StateKind::Retry { "due " } @else { "held until " } (relative(due, now)) } }
                @if let Some(reason) = &delivery.reason { span.preview { (reason) } }
            }
        }
    }
}

pub(super) async fn show(State(site): State<Arc<Site>>, id: Result<Path<String>, Problem>) -> Answer {
    let Path(id) = id?;
    let missing = || PageError::from(Problem::missing("delivery with this id", "the deliveries"));
    let key = delivery_key(&id).ok_or_else(missing)?;
    let delivery = lookup::delivery(&site, &key).await?.ok_or_else(missing)?;
    let frame = Frame::of(&site, format!("Delivery to {}", delivery.channel), Place::Deliveries).await?;
    let frame = frame.live("deliveries caught progressed missed");
    let content = html! {
        a.back href="/deliveries" { "← Deliveries" }
        div.bar {
            h1 { (delivery.channel) } (state(delivery.status))
            @if delivery.can_resend() {
                button type="button" data-key="r" data-post=(format!("/api/deliveries/{}/resend", encoded(&delivery.id))) data-said="sent again" { "Resend" }
            }
        }
        @if let Some(reason) = &delivery.reason { p.note.bad { (reason) } }
        section { h2 { "Attempts" } (timeline(&delivery, Timestamp::now())) @if delivery.attempts.is_empty() { p.quiet { "None is over yet." } } }
        div.columns {
            section { h2 { "Delivery" } (about(&delivery)) }
            section { h2 { "Event" } (json::pretty(&delivery.event_json)) }
        }
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn about(delivery: &Delivery) -> Markup {
    let severity = serde_json::to_value(delivery.severity).unwrap_or_default();
    let mut rows = vec![
        ("says", html! { b { (delivery.title) } }),
        ("severity", html! { (severity.as_str().unwrap_or_default()) }),
        ("route", html! { (delivery.route) }),
        ("device", html! { a href=(page("devices", &delivery.device)) { (delivery.device) } }),
        ("event", html! { code { (delivery.event) } }),
        ("opened", moment(delivery.opened_at)),
    ];
    rows.extend(
        delivery
            .edits
            .as_ref()
            .map(|id| ("edits", html! { a href=(page("deliveries", id)) { "the message of the alert" } })),
    );
    if let Some(receipt) = &delivery.receipt {
        let message = if receipt.message_id.is_empty() { "none" } else { &receipt.message_id };
        rows.push(("receipt", html! { "message " code { (message) } @if !receipt.target.is_empty() { " to " code { (receipt.target) } } }));
        rows.extend(receipt.warnings.iter().map(|warning| ("warning", html! { span.care { (warning) } })));
    }
    rows.push(("id", html! { code { (delivery.id) } }));
    facts(&rows)
}
