//! Devices: how they are, what is open, and how they were.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use jiff::Timestamp;
use maud::{Markup, html};

use super::Answer;
use super::deliveries::row as delivery_row;
use super::error::PageError;
use super::frame::{Frame, Place, empty};
use crate::web::extract::Path;
use crate::web::ids::{encoded, page};
use crate::web::model::device::{self, Device, Past};
use crate::web::model::lookup::{DeliveryFilter, deliveries};
use crate::web::model::{LISTED, MOST};
use crate::web::problem::Problem;
use crate::web::render::bits::{clock, moment, relative, status_tone};
use crate::web::render::history::chart;
use crate::web::site::Site;

pub(super) async fn list(State(site): State<Arc<Site>>) -> Answer {
    let devices = device::devices(&site).await?;
    let frame =
        Frame::of(&site, "Devices", Place::Devices).await?.live("progressed deliveries presence missed");
    let now = Timestamp::now();
    let content = html! {
        div.bar { h1 { "Devices" } }
        @if devices.is_empty() {
            (empty(&frame.about, "No devices", "A device appears here with the first event that it publishes."))
        } @else {
            ol.rows { @for device in &devices { li { (row(device, now)) } } }
        }
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn row(device: &Device, now: Timestamp) -> Markup {
    html! {
        a.row href=(page("devices", &device.device)) data-row {
            span.line {
                b { (device.device) }
                @if let Some(status) = &device.status { span.status.(status_tone(status)) { (status) } }
                @if let Some(since) = device.bad_since() { span.tag.bad { "alert open since " (clock(since)) } }
                @if device.routes.iter().any(|route| route.is_flapping) { span.tag.care { "flapping" } }
            }
            span.line.quiet {
                @if let Some(at) = device.changed_at { span { "changed " (relative(at, now)) } }
                @if let Some(at) = device.seen_at { span { "heard of " (relative(at, now)) } }
            }
        }
    }
}

pub(super) async fn show(State(site): State<Arc<Site>>, name: Result<Path<String>, Problem>) -> Answer {
    let Path(name) = name?;
    let missing = || PageError::from(Problem::missing("device of this name", "the devices"));
    let device = device::device(&site, &name).await?.ok_or_else(missing)?;
    let past = device::history(&site, &name, None, MOST).await?;
    let filter = DeliveryFilter { device: Some(name.clone()), ..DeliveryFilter::default() };
    let told = deliveries(&site, &filter, None, LISTED).await?;
    let frame = Frame::of(&site, name.clone(), Place::Devices).await?.live("progressed deliveries missed");
    let now = Timestamp::now();
    let content = html! {
        a.back href="/devices" { "← Devices" }
        div.bar {
            h1 { (device.device) }
            @if let Some(status) = &device.status { span.status.(status_tone(status)) { (status) } }
            a.button.small href=(format!("/events?device={}", encoded(&name))) { "Its events" }
        }
        @for route in &device.routes { (standing(route)) }
        section { h2 { "Status" } (chart(&past.events, now)) }
        div.columns {
            section { h2 { "History" } (history(past.events.get(..LISTED).unwrap_or(&past.events))) }
            section { h2 { "Deliveries" }
                @if told.deliveries.is_empty() { p.quiet { "Nobody was told anything of it." } }
                ol.rows { @for delivery in &told.deliveries { li { (delivery_row(delivery, now)) } } }
            }
        }
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn standing(route: &device::Standing) -> Markup {
    html! {
        @if let Some(since) = route.bad_since { p.note.bad { "The route " b { (route.route) } " has an open alert since " (moment(since)) "." } }
        @if route.is_flapping { p.note.care { "On the route " b { (route.route) } " it changes too often to be told one by one." } }
    }
}

fn history(events: &[Past]) -> Markup {
    html! {
        @if events.is_empty() { p.quiet { "The cold rule has kept nothing of it." } }
        div.scroll { table {
            thead { tr { th { "happened" } th { "status" } th { "topic" } } }
            tbody {
                @for past in events {
                    tr {
                        td { @if let Some(at) = past.occurred_at { (moment(at)) } }
                        td { @if let Some(status) = &past.status { span.status.(status_tone(status)) { (status) } } }
                        td { (past.topic.as_deref().unwrap_or_default()) }
                    }
                }
            }
        } }
    }
}
