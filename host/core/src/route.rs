//! Routes: which events are alerts, whom they are told to, and what people read.

use jiff::Timestamp;

use crate::event::Event;
use crate::notification::TextFormat;
use crate::template::{Condition, Expression, Template, TemplateError, context, with_status};
use crate::text::{one_line, shorten};
use crate::transition::storm::StormPolicy;
use crate::transition::{Policy, Recoveries, Standing};

/// The status that a route without a condition alerts on.
const ALERT: &str = "INACTIVE";

/// Longest name of a group, in bytes. It comes from the device and becomes a key in the store.
const GROUP_BYTES: usize = 256;

/// A rule of alerts: which events are bad, what is told of them and when, to whom, and in which words.
#[derive(Debug)]
pub struct Route {
    /// For logs and messages, and the key of what is kept for it.
    pub name: String,
    /// Which events are alerts: those with the status INACTIVE if there is no condition. The device's next event that is
    /// none ends the alert.
    pub when: Option<Condition>,
    /// Names of channels in the configuration.
    pub channels: Vec<String>,
    /// The title of what is bad; a built-in one if there is no template.
    pub title: Option<Template>,
    /// The body of what is bad; a built-in one if there is no template.
    pub body: Option<Template>,
    /// How the template of the body is written.
    pub format: TextFormat,
    /// What is told of a device's transitions, and when; how urgent its alerts are.
    pub policy: Policy,
    /// When alerts of many devices become one message; `None` never.
    pub storm: Option<Storm>,
}

/// When alerts of many devices become one message.
#[derive(Debug, Default)]
pub struct Storm {
    /// What devices that fail together have in common: the first level of the topic if there is no expression.
    pub group: Option<Expression>,
    /// How many alerts, in how much time.
    pub policy: StormPolicy,
}

/// The routes in the order of the configuration.
#[derive(Debug, Default)]
pub struct Routes(Vec<Route>);

impl Route {
    /// The route of a configuration without routes: INACTIVE to all channels.
    #[must_use]
    pub fn to_all(channels: Vec<String>) -> Self {
        Self {
            name: "default".to_owned(),
            when: None,
            channels,
            title: None,
            body: None,
            format: TextFormat::Text,
            policy: Policy::default(),
            storm: Some(Storm::default()),
        }
    }

    /// How `event` stands to this route, and why its condition could not be told, if so.
    ///
    /// Such an event counts as an alert: rather a message too many than one too few.
    #[must_use]
    pub fn standing(&self, event: &Event, now: Timestamp) -> (Standing, Option<String>) {
        let previous = event.previous.as_deref();
        let Some(when) = &self.when else {
            let was_bad = previous.map(|previous| previous == ALERT);
            return (Standing { bad: event.status == ALERT, was_bad }, None);
        };
        let seen = context(event, now);
        let (bad, problem) = match when.holds(&seen) {
            Ok(bad) => (bad, None),
            Err(error) => (true, Some(self.problem("when", &error))),
        };
        let was_bad = previous.and_then(|previous| when.holds(&with_status(&seen, previous)).ok());
        (Standing { bad, was_bad }, problem)
    }

    /// The group whose storms `event` belongs to, and why it could not be told, if so. It is empty for events that have
    /// nothing in common with others.
    #[must_use]
    pub fn group(&self, event: &Event, now: Timestamp) -> (String, Option<String>) {
        let told = match self.storm.as_ref().and_then(|storm| storm.group.as_ref()) {
            Some(group) => group.text(&context(event, now)),
            None => Ok(first_level(event).to_owned()),
        };
        match told {
            Ok(group) => (shorten(&one_line(&group), GROUP_BYTES), None),
            Err(error) => (String::new(), Some(self.problem("storm.group", &error))),
        }
    }

    fn problem(&self, what: &str, error: &TemplateError) -> String {
        format!("route `{}`: {what}: {error}", self.name)
    }
}

/// `home` of the topic `home/heating/status`.
fn first_level(event: &Event) -> &str {
    event.topic.as_deref().and_then(|topic| topic.split('/').next()).unwrap_or_default()
}

impl Routes {
    /// Routes in this order.
    #[must_use]
    pub fn new(routes: Vec<Route>) -> Self {
        Self(routes)
    }

    /// The same routes where no event tells of a recovery, as the rule lets only bad statuses through.
    #[must_use]
    pub fn with_recoveries_unseen(mut self) -> Self {
        for route in &mut self.0 {
            route.policy.recoveries = Recoveries::Unseen;
        }
        self
    }

    /// The routes, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Route> {
        self.0.iter()
    }

    /// The route called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Route> {
        self.0.iter().find(|route| route.name == name)
    }
}

impl<'r> IntoIterator for &'r Routes {
    type Item = &'r Route;
    type IntoIter = std::slice::Iter<'r, Route>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests;
