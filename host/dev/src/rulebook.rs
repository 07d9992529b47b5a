//! The rules of the template, as they are now.

use campanile_rules::review::load;
use campanile_rules::template::{Action, Template, TopicRule};
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

    /// The rule that keeps what it selects, the first that runs.
    #[must_use]
    pub fn keeping(&self) -> Option<&BookRule> {
        let keeps = |rule: &&BookRule| {
            rule.topic_rule.actions.iter().any(|action| action.kind == "dynamoDBv2") && !rule.is_undeployed()
        };
        self.rules.iter().find(keeps)
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

    /// Whether the template leaves it out, or has it off.
    fn is_undeployed(&self) -> bool {
        let is_left_out = self.topic_rule.condition.as_ref().is_some_and(|(_, holds)| !holds);
        is_left_out || self.topic_rule.disabled
    }

    /// The resource that an action goes to, or what the action is called.
    #[must_use]
    pub fn target(&self, action: usize) -> &str {
        self.targets.get(action).map_or("", String::as_str)
    }
}

fn target(action: &Action, template: &Template) -> String {
    let resource = action.fields.iter().find_map(|(_, field)| template.logical_id(&field.value));
    resource.unwrap_or(&action.kind).to_owned()
}
