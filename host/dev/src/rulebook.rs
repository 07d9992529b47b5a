//! The rules of the template, as they are now.

use campanile_rules::Rule;
use campanile_rules::template::TopicRule;

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
}
