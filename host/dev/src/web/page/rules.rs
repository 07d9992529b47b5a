//! Rules: what the template deploys, and a place to try statements.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};
use serde::Deserialize;

use super::Answer;
use super::frame::{Frame, Place};
use crate::journal::MessageId;
use crate::web::extract::Query;
use crate::web::ids::encoded;
use crate::web::model::MOST;
use crate::web::model::event::Event;
use crate::web::model::lookup::{EventFilter, events};
use crate::web::model::rule::{self, Rule, Rules};
use crate::web::problem::Problem;
use crate::web::render::sql;
use crate::web::site::Site;

#[derive(Deserialize)]
pub(super) struct Choice {
    event: Option<u64>,
    rule: Option<String>,
}

async fn read(site: &Site) -> Result<(Rules, Vec<Event>), crate::system::Refusal> {
    let latest = events(site, &EventFilter::default(), None, MOST).await?.events;
    let book = Arc::clone(&site.system.rules.borrow());
    Ok((rule::rules(&book, &latest), latest))
}

pub(super) async fn list(State(site): State<Arc<Site>>) -> Answer {
    let (rules, _) = read(&site).await?;
    let frame = Frame::of(&site, "Rules", Place::Rules).await?.live("progressed reloaded missed");
    let content = html! {
        div.bar { h1 { "Rules" } span.quiet { (rules.template) } }
        @if rules.rules.is_empty() {
            div.empty { h2 { "No rules" } p { "The template has no resource of the type " code { "AWS::IoT::TopicRule" } " that can be read." } }
        }
        @for rule in &rules.rules { (show(rule, rules.counted)) }
    };
    Ok(Html(frame.page(&content).into_string()))
}

fn show(rule: &Rule, counted: usize) -> Markup {
    let counts = &rule.counts;
    html! {
        article.rule #(rule.logical_id) {
            div.bar {
                h2 { (rule.logical_id) " " span.quiet { (rule.name) } }
                @match &rule.off { Some(_) => { span.tag.quiet { "off" } } None => { span.tag.good { "on" } } }
                a.button.small href=(format!("/rules/playground?rule={}", encoded(&rule.logical_id))) { "Try it" }
            }
            @if let Some(why) = &rule.off { p.note { (why) } }
            (sql::statement(&rule.sql, &[]))
            p.quiet {
                @if let Some(topics) = &rule.topics { "listens to " code { (topics) } " · " }
                "SQL " (rule.sql_version) " · does " (rule.actions.join(", "))
                @if let Some(action) = &rule.error_action { " · on error " (action) }
            }
            dl.counters {
                div { dt { "selected" } dd.good { (counts.selected) } }
                div { dt { "not true" } dd { (counts.not_true) } }
                div { dt { "other topic" } dd { (counts.other_topic) } }
                div { dt { "failed" } dd.bad[counts.failed > 0] { (counts.failed) } }
                div { dt { "of the latest" } dd.quiet { (counted) } }
            }
        }
    }
}

pub(super) async fn playground(
    State(site): State<Arc<Site>>,
    choice: Result<Query<Choice>, Problem>,
) -> Answer {
    let Query(choice) = choice?;
    let (rules, latest) = read(&site).await?;
    let frame = Frame::of(&site, "Playground", Place::Playground).await?;
    let event = match choice.event {
        Some(id) => Some(Event::of(site.system.message(MessageId(id)).await?.as_ref())),
        None => None,
    };
    let chosen =
        choice.rule.as_ref().and_then(|name| rules.rules.iter().find(|rule| rule.logical_id == *name));
    let sql = chosen.or(rules.rules.first()).map(|rule| rule.sql.as_str()).unwrap_or_default();
    let topic = event.as_ref().map_or(frame.about.topic.as_str(), |event| &event.topic);
    let payload = event.as_ref().and_then(|event| event.payload.text.clone());
    let payload = payload.unwrap_or_else(|| super::sample(&frame.about.device, "INACTIVE"));
    let client = event.as_ref().map_or(frame.about.device.as_str(), |event| &event.client_id);
    let content = html! {
        div.bar { h1 { "Playground" } span.quiet { "what a statement makes of a message; nothing is published" } }
        form.playground #playground {
            label.wide { "SQL" textarea name="sql" rows="5" spellcheck="false" required data-filter { (sql) } }
            label { "Topic" input name="topic" value=(topic) required; }
            label { "Client" input name="client-id" value=(client); }
            label.wide { "Payload" textarea name="payload" rows="8" spellcheck="false" { (payload) } }
            div.bar {
                button type="submit" { "Evaluate" }
                (takes(&rules, &latest))
            }
        }
        section #answer aria-live="polite" data-keep {}
    };
    Ok(Html(frame.page(&content).into_string()))
}

/// What a statement and a message may be taken from.
fn takes(rules: &Rules, latest: &[Event]) -> Markup {
    html! {
        label { "Statement of" select data-takes="sql" aria-label="Take the statement of a rule" {
            option value="" { "a rule…" }
            @for rule in &rules.rules { option data-sql=(rule.sql) { (rule.logical_id) } }
        } }
        label { "Message of" select data-takes="event" aria-label="Take the message of an event" {
            option value="" { "an event…" }
            @for event in latest.iter().take(20) {
                @if let Some(text) = &event.payload.text {
                    option data-topic=(event.topic) data-payload=(text) data-client=(event.client_id) {
                        "#" (event.id) " " (event.topic) " " (event.status.as_deref().unwrap_or_default())
                    }
                }
            }
        } }
    }
}
