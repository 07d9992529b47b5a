//! What keeps it running: plugins, queues, and how long it all takes.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};

use super::Answer;
use super::frame::{Frame, Place, empty};
use crate::web::ids::page;
use crate::web::model::latency::latencies;
use crate::web::model::lookup::{DeliveryFilter, deliveries};
use crate::web::model::plugin::Plugin;
use crate::web::model::queue::{self, Queued};
use crate::web::model::{LISTED, MOST};
use crate::web::render::bits::{facts, milliseconds, moment};
use crate::web::render::{json, latency as drawn};
use crate::web::site::Site;

pub(super) async fn plugins(State(site): State<Arc<Site>>) -> Answer {
    let plugins: Vec<Plugin> = site.system.plugins.borrow().iter().map(Plugin::from).collect();
    let frame = Frame::of(&site, "Plugins", Place::Plugins).await?.live("plugins reloaded missed");
    let content = html! {
        div.bar { h1 { "Plugins" } }
        @if plugins.is_empty() {
            div.empty { h2 { "No plugins" } p { "Drop a component into the folder of plugins, or build those of the checkout:" }
                (crate::web::render::bits::command("cargo campanile plugin build")) }
        }
        @for plugin in &plugins { (plugin_card(plugin)) }
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn plugin_card(plugin: &Plugin) -> Markup {
    let compiled =
        plugin.compiled_in.map_or_else(|| "before".to_owned(), |time| format!("in {}", milliseconds(time)));
    let mut rows = vec![
        ("file", html! { code { (plugin.file) } " " span.quiet { (plugin.size / 1024) " KiB" } }),
        ("compiled", html! { (compiled) }),
        (
            "channels",
            html! { @if plugin.channels.is_empty() { span.quiet { "none: no channel names it" } } @else { (plugin.channels.join(", ")) } },
        ),
    ];
    rows.extend(plugin.digest.as_ref().map(|digest| ("sha256", html! { code.digest { (digest) } })));
    html! {
        article.plugin {
            div.bar {
                h2 { (plugin.name.as_deref().unwrap_or(&plugin.file)) " " span.quiet { (plugin.version.as_deref().unwrap_or_default()) } }
                @if plugin.problem.is_some() { span.tag.bad { "can't be used as it is" } } @else { span.tag.good { "in use" } }
            }
            @if let Some(summary) = &plugin.summary { p { (summary) } }
            @if let Some(problem) = &plugin.problem { pre.code.bad { (problem) } }
            (facts(&rows))
            @if !plugin.wants.is_empty() {
                details { summary { "What its channels have to be granted before they are deployed" } ul { @for want in &plugin.wants { li { code { (want) } } } } }
            }
        }
    }
}

pub(super) async fn queues(State(site): State<Arc<Site>>) -> Answer {
    let letters = queue::letters(&site, None, LISTED).await?.letters;
    let queued = queue::queued(&site, None, MOST).await?.messages;
    let frame = Frame::of(&site, "Queues", Place::Queues).await?.live("progressed deliveries missed");
    let mut names: Vec<&str> = queued.iter().map(|message| message.queue.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let content = html! {
        div.bar { h1 { "Queues" } span.quiet { "what went no further" } }
        @for name in &names {
            (waiting(name, &queued.iter().filter(|message| message.queue == *name).take(LISTED).collect::<Vec<_>>()))
        }
        @if names.is_empty() {
            section { h2 { "Failed actions" } p.quiet { "What a rule's action or the function could not do is kept in a queue. There is nothing." } }
        }
        section {
            h2 { "Dead letters " span.count.quiet { (letters.len()) } }
            @if letters.is_empty() { p.quiet { "Messages that are no events are kept here with the reason. There are none." } }
            @for letter in &letters {
                details.letter {
                    summary { (moment(letter.at)) " " b { (letter.reason) } }
                    (json::pretty(&letter.payload))
                }
            }
        }
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn waiting(name: &str, messages: &[&Queued]) -> Markup {
    html! {
        section {
            h2 { (name) " " span.count.quiet { (messages.len()) } }
            @for message in messages {
                details.letter {
                    summary { (moment(message.at)) " " a href=(page("events", &message.event.to_string())) { "event " (message.event) } }
                    (json::pretty(&message.body))
                    button.small type="button" data-post=(format!("/api/events/{}/replay", message.event)) data-said="replayed" { "Replay the event" }
                }
            }
        }
    }
}

pub(super) async fn latency(State(site): State<Arc<Site>>) -> Answer {
    let latest = deliveries(&site, &DeliveryFilter::default(), None, MOST).await?;
    let measured = latencies(&latest.deliveries);
    let frame = Frame::of(&site, "Latency", Place::Latency).await?.live("deliveries missed");
    let content = html! {
        div.bar { h1 { "Latency" } span.quiet { "of the latest " (latest.deliveries.len()) " deliveries" } }
        @if measured.is_empty() {
            (empty(&frame.about, "Nothing to measure yet", "How long attempts and deliveries take appears here, channel by channel."))
        } @else {
            p.legend { span.key.p50 { "p50" } span.key.p95 { "p95" } span.key.p99 { "p99" } }
            (drawn::chart(&measured))
        }
    };
    Ok(Html(frame.page(&content).into_string()))
}
