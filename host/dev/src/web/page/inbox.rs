//! The inbox: what was caught, and one of it as the service would show it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use campanile_local::fakes::Shown;
use campanile_local::inbox::Caught;
use maud::{Markup, html};
use serde::Deserialize;

use super::Answer;
use super::error::PageError;
use super::frame::{Frame, Place, empty};
use crate::web::extract::{Path, Query};
use crate::web::ids::{encoded, page};
use crate::web::model::delivery::Delivery;
use crate::web::model::inbox::{self, Answered, CaughtMessage, Provider};
use crate::web::model::lookup;
use crate::web::model::shown::ShownMessage;
use crate::web::problem::Problem;
use crate::web::render::bits::{clock, facts, moment};
use crate::web::render::{discord, email, json, ntfy, pagerduty, slack, telegram};
use crate::web::site::Site;

/// The most that the list shows.
const LISTED: usize = 200;

/// Characters of a message in the list.
const PREVIEWED: usize = 120;

#[derive(Default, Deserialize)]
pub(super) struct Choice {
    channel: Option<String>,
    tab: Option<String>,
}

/// What is shown of a message.
const TABS: [(&str, &str); 5] = [
    ("rendered", "Rendered"),
    ("request", "Request"),
    ("answer", "Answer"),
    ("event", "Event"),
    ("log", "Guest log"),
];

pub(super) async fn list(State(site): State<Arc<Site>>, choice: Result<Query<Choice>, Problem>) -> Answer {
    let Query(choice) = choice?;
    let frame = Frame::of(&site, "Inbox", Place::Inbox).await?.live("caught note missed");
    let newest = inbox::newest(site.system.catcher.inbox(), choice.channel.as_deref());
    let content = html! {
        div.split data-selected="false" {
            (column(&site, &newest, None, &choice))
            section.detail aria-label="Message" {
                @if newest.is_empty() {
                    (empty(&frame.about, "Nothing caught yet", "Whatever plugins send to a provider appears here, as people would see it. Publish an event to ring the bells."))
                } @else {
                    div.empty { p { "Choose a message." } }
                }
            }
        }
    };
    Ok(Html(frame.page(&content).into_string()))
}

pub(super) async fn show(
    State(site): State<Arc<Site>>,
    id: Result<Path<u64>, Problem>,
    choice: Result<Query<Choice>, Problem>,
) -> Answer {
    let Path(id) = id?;
    let Query(choice) = choice?;
    let inbox = site.system.catcher.inbox();
    let missing = || PageError::from(Problem::missing("message with this id", "the inbox"));
    let caught = inbox.get(id).ok_or_else(missing)?;
    let newest = inbox::newest(inbox, choice.channel.as_deref());
    let message = CaughtMessage::of(&caught, &inbox.list(None));
    let key = message.delivery.as_deref().and_then(crate::web::ids::delivery_key);
    let delivery = match key {
        Some(key) => lookup::delivery(&site, &key).await?,
        None => None,
    };
    let earlier: Vec<Arc<Caught>> = message.edits.and_then(|id| inbox.get(id)).into_iter().collect();
    let frame =
        Frame::of(&site, format!("Message {id}"), Place::Inbox).await?.live("caught deliveries note missed");
    let content = html! {
        div.split data-selected="true" {
            (column(&site, &newest, Some(id), &choice))
            section.detail aria-label="Message" {
                a.back href=(address(None, &choice)) { "← Inbox" }
                (head(&message))
                (tabs(id, &choice))
                div.panel role="tabpanel" {
                    @match choice.tab.as_deref() {
                        Some("request") => { (request(&message)) }
                        Some("answer") => { (answer(message.answer.as_ref(), message.fault.as_deref())) }
                        Some("event") => { (event(delivery.as_ref())) }
                        Some("log") => { (log(&message, delivery.as_ref())) }
                        _ => { (rendered(&caught, &message, earlier.first().map(AsRef::as_ref))) }
                    }
                }
            }
        }
    };
    Ok(Html(frame.page(&content).into_string()))
}

/// The list at the left.
fn column(site: &Site, newest: &[Arc<Caught>], selected: Option<u64>, choice: &Choice) -> Markup {
    let inbox = site.system.catcher.inbox();
    let all = inbox.list(None);
    html! {
        section.list aria-label="Messages" {
            div.bar {
                h1 { "Inbox" }
                button.small type="button" data-method="DELETE" data-post="/api/inbox" data-said="cleared" data-then="/inbox" disabled[all.is_empty()] { "Clear" }
            }
            @let channels = inbox::channels(inbox);
            @if channels.len() > 1 || choice.channel.is_some() {
                nav.chips aria-label="Channels" {
                    a href="/inbox" aria-current=[choice.channel.is_none().then_some("true")] { "all" }
                    @for channel in &channels {
                        a href=(format!("/inbox?channel={}", encoded(channel))) aria-current=[(choice.channel.as_ref() == Some(channel)).then_some("true")] { (channel) }
                    }
                }
            }
            ol #messages {
                @for caught in newest.iter().take(LISTED) {
                    @let message = CaughtMessage::of(caught, &all);
                    li #{"m" (message.id)} { (row(&message, selected, choice)) }
                }
            }
        }
    }
}

fn row(message: &CaughtMessage, selected: Option<u64>, choice: &Choice) -> Markup {
    let text = message.shown.as_ref().map(ShownMessage::text).unwrap_or_default();
    let first: String = text.chars().take(PREVIEWED).collect();
    html! {
        a.row href=(address(Some(message.id), choice)) data-row aria-current=[(selected == Some(message.id)).then_some("true")] {
            span.line {
                b { (message.channel.as_deref().unwrap_or("?")) }
                span.quiet { (provider(message.provider)) }
                (clock(message.at))
            }
            span.line {
                span.preview { @if first.trim().is_empty() { (message.request.method) " " (message.request.url) } @else { (first) } }
                (mark(message))
            }
        }
    }
}

/// What is special about a message, in a word.
fn mark(message: &CaughtMessage) -> Markup {
    let status = message.answer.as_ref().map(|answer| answer.status);
    html! {
        @match status {
            None => { span.tag.bad { "no answer" } }
            Some(status) if status >= 400 => { span.tag.bad { (status) } }
            Some(_) if message.edits.is_some() => { span.tag { "edit" } }
            Some(_) => {}
        }
        @if message.fault.is_some() { span.tag.care { "fault" } }
    }
}

fn provider(provider: Provider) -> &'static str {
    match provider {
        Provider::Telegram => "Telegram",
        Provider::Discord => "Discord",
        Provider::Slack => "Slack",
        Provider::Ntfy => "ntfy",
        Provider::PagerDuty => "PagerDuty",
        Provider::Resend => "e-mail",
        Provider::Other => "HTTP",
    }
}

/// The address of a message, or of the list, with the choices of the page.
fn address(id: Option<u64>, choice: &Choice) -> String {
    let path = id.map_or_else(|| "/inbox".to_owned(), |id| page("inbox", &id.to_string()));
    let channel = choice.channel.as_ref().map(|channel| format!("channel={}", encoded(channel)));
    let tab = choice.tab.as_ref().filter(|_| id.is_some()).map(|tab| format!("tab={}", encoded(tab)));
    let query = [channel, tab].into_iter().flatten().collect::<Vec<_>>().join("&");
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

fn head(message: &CaughtMessage) -> Markup {
    html! {
        div.bar {
            h2 { (message.channel.as_deref().unwrap_or("No channel")) " " span.quiet { "#" (message.id) " · " (provider(message.provider)) " · " (moment(message.at)) } }
            (mark(message))
            @if let Some(delivery) = &message.delivery {
                a.button.small href=(page("deliveries", delivery)) {
                    "Delivery" @if let Some(attempt) = message.attempt { ", attempt " (attempt) }
                }
            }
        }
    }
}

fn tabs(id: u64, choice: &Choice) -> Markup {
    let current = choice.tab.as_deref().unwrap_or("rendered");
    html! {
        nav.tabs role="tablist" aria-label="What to show" {
            @for (name, title) in TABS {
                @let choice = Choice { channel: choice.channel.clone(), tab: Some(name.to_owned()).filter(|name| name != "rendered") };
                a role="tab" href=(address(Some(id), &choice)) aria-selected=(if name == current { "true" } else { "false" }) { (title) }
            }
        }
    }
}

fn rendered(caught: &Caught, message: &CaughtMessage, earlier: Option<&Caught>) -> Markup {
    html! {
        @match caught.shown() {
            Some(shown) => {
                (preview(shown, caught, message.edits.is_some()))
                @if let Some(earlier) = earlier {
                    details.earlier {
                        summary { "Before the edit" }
                        @if let Some(shown) = earlier.shown() { (preview(shown, earlier, false)) }
                        p { a href=(page("inbox", &earlier.id.to_string())) { "The request that sent it" } }
                    }
                }
                @if let Some(later) = message.edited_by {
                    p.note { "People see another text by now: " a href=(page("inbox", &later.to_string())) { "message " (later) " edits it" } "." }
                }
            }
            None => {
                div.empty {
                    h2 { "Nobody sees anything of this" }
                    p { @match &message.answer {
                        Some(answer) => { "The provider answered " (answer.status) ", so there is no message." }
                        None => { "The provider answered nothing." }
                    } }
                    @if let Some(fault) = &message.fault { p { "The fault " code { (fault) } " struck." } }
                }
            }
        }
    }
}

fn preview(shown: &Shown, caught: &Caught, is_edited: bool) -> Markup {
    html! {
        @match inbox::provider(&caught.request) {
            Provider::Telegram => { (telegram::message(shown, caught.at, is_edited)) }
            Provider::Discord => { (discord::message(shown, caught.at, is_edited)) }
            Provider::Slack => { (slack::message(shown, caught.at, is_edited)) }
            Provider::Ntfy => { (ntfy::message(shown, caught.at, is_edited)) }
            Provider::PagerDuty => { (pagerduty::message(shown, caught.at)) }
            Provider::Resend => { (email::message(shown, caught.at)) }
            Provider::Other => { (body(&caught.request.body)) }
        }
    }
}

fn body(bytes: &[u8]) -> Markup {
    let bytes = crate::web::model::Bytes::from(bytes);
    html! {
        @match (&bytes.text, &bytes.base64) {
            (Some(text), _) if text.is_empty() => { p.quiet { "no body" } }
            (Some(text), _) => { (json::pretty(text)) }
            (None, Some(base64)) => { p.quiet { (bytes.size) " bytes that are no text, in base64" } pre.code { (base64) } }
            (None, None) => {}
        }
    }
}

fn headers(headers: &[(String, String)]) -> Markup {
    html! { dl.headers { @for (name, value) in headers { div { dt { (name) } dd { (value) } } } } }
}

fn request(message: &CaughtMessage) -> Markup {
    let sent = &message.request;
    html! {
        p.request-line { b { (sent.method) } " " code { (sent.url) } }
        (headers(&sent.headers))
        @match &sent.body.text {
            Some(text) if !text.is_empty() => { (json::pretty(text)) }
            _ => { p.quiet { (sent.body.size) " bytes that are no text" } }
        }
    }
}

fn answer(answer: Option<&Answered>, fault: Option<&str>) -> Markup {
    html! {
        @if let Some(fault) = fault { p.note { "The fault " code { (fault) } " struck." } }
        @match answer {
            Some(answer) => {
                p.request-line { b { (answer.status) } }
                (headers(&answer.headers))
                @match &answer.body.text {
                    Some(text) if !text.is_empty() => { (json::pretty(text)) }
                    _ => { p.quiet { (answer.body.size) " bytes that are no text" } }
                }
            }
            None => { p { "None: the connection ended without one." } }
        }
    }
}

fn event(delivery: Option<&Delivery>) -> Markup {
    html! {
        @match delivery {
            Some(delivery) => {
                (facts(&[
                    ("device", html! { a href=(page("devices", &delivery.device)) { (delivery.device) } }),
                    ("event", html! { code { (delivery.event) } }),
                    ("route", html! { (delivery.route) }),
                ]))
                (json::pretty(&delivery.event_json))
            }
            None => { p.quiet { "The request names no delivery that is known, so its event is not known either." } }
        }
    }
}

fn log(message: &CaughtMessage, delivery: Option<&Delivery>) -> Markup {
    let attempts = delivery.map(|delivery| delivery.attempts.as_slice()).unwrap_or_default();
    let attempt = attempts.iter().find(|attempt| Some(attempt.number) == message.attempt);
    html! {
        @match attempt {
            Some(attempt) if !attempt.guest_log.is_empty() => { pre.code.log { @for line in &attempt.guest_log { (line) "\n" } } }
            Some(_) => { p.quiet { "The plugin logged nothing in this attempt." } }
            None => { p.quiet { "The attempt is not over, or not known." } }
        }
    }
}
