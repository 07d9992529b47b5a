//! The rules of the template, and how often they were asked.

use campanile_rules::Version;
use campanile_rules::template::Action;
use serde::Serialize;
use utoipa::ToSchema;

use super::event::{Event, Outcome, RuleVerdict};
use crate::rulebook::{BookRule, RuleBook};

/// The rules of the template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Rules {
    /// The template's path.
    pub(in crate::web) template: String,
    /// How many of the latest events the counts are of.
    pub(in crate::web) counted: usize,
    /// In the template's order.
    pub(in crate::web) rules: Vec<Rule>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Rule {
    /// The resource's name in the template.
    pub(in crate::web) logical_id: String,
    /// What it is called when it is deployed.
    pub(in crate::web) name: String,
    /// Its statement.
    pub(in crate::web) sql: String,
    /// The version of the dialect.
    pub(in crate::web) sql_version: String,
    /// The topics that it listens to; none if its statement can't be read, or it is called by Basic Ingest alone.
    pub(in crate::web) topics: Option<String>,
    /// Why it does not run; none if it does.
    pub(in crate::web) off: Option<String>,
    /// What it does, in the spelling of the API, and the resource that it goes to.
    pub(in crate::web) actions: Vec<String>,
    /// What it does if one of them fails.
    pub(in crate::web) error_action: Option<String>,
    /// What it made of the latest events.
    pub(in crate::web) counts: RuleCounts,
}

/// What a rule made of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct RuleCounts {
    /// It has selected them.
    pub(in crate::web) selected: usize,
    /// Its condition was not true.
    pub(in crate::web) not_true: usize,
    /// They were on other topics.
    pub(in crate::web) other_topic: usize,
    /// They took too many steps, or an action failed.
    pub(in crate::web) failed: usize,
}

pub(in crate::web) fn rules(book: &RuleBook, latest: &[Event]) -> Rules {
    let rules = book.rules.iter().map(|rule| of(rule, latest)).collect();
    Rules { template: book.template.clone(), counted: latest.len(), rules }
}

fn of(rule: &BookRule, latest: &[Event]) -> Rule {
    let stated = &rule.topic_rule;
    let target = |(index, action): (usize, &Action)| match rule.target(index) {
        name if name == action.kind => action.kind.clone(),
        name => format!("{} {name}", action.kind),
    };
    let verdicts = latest.iter().flat_map(|event| &event.verdicts);
    let own = verdicts.filter(|verdict| verdict.rule == stated.logical_id);
    Rule {
        logical_id: stated.logical_id.clone(),
        name: stated.name.value.clone(),
        sql: stated.sql.value.clone(),
        sql_version: stated
            .sql_version
            .as_ref()
            .map_or(Version::V2015.name(), |version| &version.value)
            .to_owned(),
        topics: rule.rule.as_ref().and_then(|rule| rule.topic_filter()).map(ToString::to_string),
        off: rule.off.clone(),
        actions: stated.actions.iter().enumerate().map(target).collect(),
        error_action: stated.error_action.as_ref().map(|action| target((stated.actions.len(), action))),
        counts: own.fold(RuleCounts::default(), count),
    }
}

fn count(mut counts: RuleCounts, verdict: &RuleVerdict) -> RuleCounts {
    match verdict.outcome {
        Outcome::Selected => counts.selected += 1,
        Outcome::NotTrue => counts.not_true += 1,
        Outcome::OtherTopic => counts.other_topic += 1,
        Outcome::Exceeded => counts.failed += 1,
        Outcome::Off | Outcome::Refused => {}
    }
    if verdict.actions.iter().any(|action| action.state == "failed") {
        counts.failed += 1;
    }
    counts
}
