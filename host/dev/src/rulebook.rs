//! The rules of the template, as they are now.

use std::collections::BTreeSet;

use campanile_rules::review::load;
use campanile_rules::template::{Action, Located, Template, TopicRule};
use campanile_rules::{Rule, Stubs};

/// All rules of a template.
#[derive(Debug, Default)]
pub struct RuleBook {
    /// The template's path, as people know it.
    pub template: String,
    /// In the template's order.
    pub rules: Vec<BookRule>,
}

/// A rule of the template.
#[derive(Debug)]
pub struct BookRule {
    /// What the template says.
    pub topic_rule: TopicRule,
    /// Why it does not run, if it does not: its condition does not hold, it is disabled, or its SQL can't be read.
    pub off: Option<String>,
    /// Its statement, if it can be read.
    pub rule: Option<Rule>,
    /// The resources that its actions go to, as the template calls them; its error action's last, if it has one.
    pub targets: Vec<String>,
}

impl RuleBook {
    /// The rules of a template that was read from the file `name`.
    #[must_use]
    pub fn of(name: &str, template: &Template) -> Self {
        let rules = template.rules.iter().map(|rule| BookRule::of(rule, template)).collect();
        Self { template: name.to_owned(), rules }
    }

    /// The topics that rules which run listen to, each once.
    #[must_use]
    pub fn filters(&self) -> Vec<String> {
        let running = self.rules.iter().filter(|rule| rule.off.is_none());
        let filters = running.filter_map(|rule| rule.rule.as_ref()?.topic_filter());
        let filters: BTreeSet<String> = filters.map(ToString::to_string).collect();
        filters.into_iter().collect()
    }

    /// Whether both are the same rules, wherever in the template they are written.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let same = |(one, two): (&BookRule, &BookRule)| {
            let (one_rule, two_rule) = (&one.topic_rule, &two.topic_rule);
            let text = |field: &Option<Located<String>>| field.as_ref().map(|text| text.value.clone());
            one_rule.logical_id == two_rule.logical_id
                && one_rule.name.value == two_rule.name.value
                && one_rule.sql.value == two_rule.sql.value
                && text(&one_rule.sql_version) == text(&two_rule.sql_version)
                && one.off == two.off
                && actions(one_rule).eq(actions(two_rule))
        };
        let (mine, theirs) = (&self.rules, &other.rules);
        self.template == other.template && mine.len() == theirs.len() && mine.iter().zip(theirs).all(same)
    }
}

impl BookRule {
    fn of(topic_rule: &TopicRule, template: &Template) -> Self {
        let rule = load(topic_rule, &Stubs::default());
        let off = match (&topic_rule.condition, &rule) {
            (Some((condition, false)), _) => {
                Some(format!("not deployed: the condition {condition} does not hold"))
            }
            _ if topic_rule.disabled => Some("disabled".to_owned()),
            (_, Err(findings)) => {
                let why = findings.first().map(|found| found.message.clone()).unwrap_or_default();
                Some(format!("its SQL can't be read: {why}"))
            }
            (_, Ok(_)) => None,
        };
        let actions = topic_rule.actions.iter().chain(&topic_rule.error_action);
        let targets = actions.map(|action| target(action, template)).collect();
        Self { topic_rule: topic_rule.clone(), off, rule: rule.ok(), targets }
    }

    /// Whether it is deployed, and keeps what it selects.
    #[must_use]
    pub fn keeps(&self) -> bool {
        let is_left_out = self.topic_rule.condition.as_ref().is_some_and(|(_, holds)| !holds);
        let keeps = self.topic_rule.actions.iter().any(|action| action.kind == "dynamoDBv2");
        keeps && !is_left_out && !self.topic_rule.disabled
    }

    /// The resource that an action goes to, or what the action is called.
    #[must_use]
    pub fn target(&self, action: usize) -> &str {
        self.targets.get(action).map_or("", String::as_str)
    }
}

/// What a rule's actions say, the error action last.
fn actions(rule: &TopicRule) -> impl Iterator<Item = (&str, Vec<(&str, &str)>, bool)> {
    let all = rule.actions.iter().map(|action| (action, false));
    let all = all.chain(rule.error_action.iter().map(|action| (action, true)));
    all.map(|(action, on_error)| {
        let fields = action.fields.iter().map(|(path, field)| (path.as_str(), field.value.as_str()));
        (action.kind.as_str(), fields.collect(), on_error)
    })
}

fn target(action: &Action, template: &Template) -> String {
    let resource = action.fields.iter().find_map(|(_, field)| template.logical_id(&field.value));
    resource.unwrap_or(&action.kind).to_owned()
}
