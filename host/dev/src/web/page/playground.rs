//! What the playground answers: the output, or why there is none, or what is wrong with the statement and where.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};

use super::events::word;
use crate::web::model::event::Outcome;
use crate::web::model::playground::{Because, Evaluated, Finding, Question, evaluate};
use crate::web::problem::Problem;
use crate::web::render::{json, sql};
use crate::web::site::Site;

/// The answer as a piece of a page, for the script.
pub(super) async fn answer(
    State(site): State<Arc<Site>>,
    question: Result<Json<Question>, JsonRejection>,
) -> Response {
    let Json(question) = match question {
        Ok(question) => question,
        Err(rejection) => return Problem::new(rejection.status(), rejection.body_text()).into_response(),
    };
    let book = Arc::clone(&site.system.rules.borrow());
    match evaluate(&book, &question) {
        Ok(evaluated) => Html(show(&evaluated).into_string()).into_response(),
        Err(detail) => Problem::invalid(detail).into_response(),
    }
}

fn show(evaluated: &Evaluated) -> Markup {
    let tone = match evaluated.outcome {
        Outcome::Selected => "good",
        Outcome::Refused | Outcome::Exceeded => "bad",
        Outcome::OtherTopic | Outcome::NotTrue | Outcome::Off => "care",
    };
    html! {
        h2 { span.tag.(tone) data-outcome { (word(evaluated.outcome)) } }
        @match evaluated.outcome {
            Outcome::OtherTopic => {
                p { @match &evaluated.topics { Some(topics) => { "It listens to " code { (topics) } "." } None => { "It is called by Basic Ingest alone." } } }
            }
            Outcome::Refused => { (sql::statement(&evaluated.sql, &marks(&evaluated.findings))) }
            Outcome::Exceeded => { p { "It takes too many steps or too much memory." } }
            Outcome::Selected | Outcome::NotTrue | Outcome::Off => {}
        }
        @if let Some(problem) = &evaluated.payload_problem { p.note.care { "The payload is no JSON, so it has no attributes: " (problem) } }
        @if let Some(condition) = evaluated.condition.as_ref().filter(|_| evaluated.outcome == Outcome::NotTrue) { ul.reasons { (because(condition)) } }
        @if let Some(output) = &evaluated.output {
            @match &output.text { Some(text) => { (json::pretty(text)) } None => { p { (output.size) " bytes that are no JSON, as they are" } } }
        }
        @if let Some(condition) = evaluated.condition.as_ref().filter(|_| evaluated.outcome == Outcome::Selected) {
            details { summary { "Why" } ul.reasons { (because(condition)) } }
        }
        (findings(&evaluated.findings))
    }
}

fn marks(findings: &[Finding]) -> Vec<std::ops::Range<usize>> {
    findings.iter().filter_map(|finding| Some(finding.start?..finding.end?)).collect()
}

/// An expression with its value; what it comes from is below it.
fn because(reason: &Because) -> Markup {
    html! {
        li {
            code { (reason.expression) } " " b { (reason.value) } " "
            @if reason.kind != reason.value { span.quiet { (reason.kind) } }
            @if !reason.because.is_empty() { ul { @for reason in &reason.because { (because(reason)) } } }
        }
    }
}

fn findings(findings: &[Finding]) -> Markup {
    html! {
        @if !findings.is_empty() {
            ul.findings {
                @for finding in findings {
                    li.(if finding.severity == "error" { "bad" } else { "care" }) {
                        b { (finding.severity) } " " (finding.message)
                        @if let (Some(line), Some(column)) = (finding.line, finding.column) { " " span.quiet { "line " (line) ", column " (column) } }
                        @if let Some(help) = &finding.help { br; span.quiet { (help) } }
                    }
                }
            }
        }
    }
}
