//! Routes: which events go to which channels.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::event::Event;
use crate::notification::{Severity, TextFormat};
use crate::template::{Condition, Template, context};

/// How old an event may be and still be news.
pub const DEFAULT_MAX_AGE: Duration = Duration::from_secs(15 * 60);

/// Which events go to which channels, and what people read of them.
#[derive(Debug)]
pub struct Route {
    /// For logs and messages.
    pub name: String,
    /// Which events; all if there is no condition.
    pub when: Option<Condition>,
    /// Names of channels in the configuration.
    pub channels: Vec<String>,
    /// How urgent; chosen by the event's status if it is not set.
    pub severity: Option<Severity>,
    /// The title; a built-in one if there is no template.
    pub title: Option<Template>,
    /// The body; a built-in one if there is no template.
    pub body: Option<Template>,
    /// How the template of the body is written.
    pub format: TextFormat,
    /// How old an event may be and still be news.
    pub max_age: Duration,
}

/// The routes in the order of the configuration.
#[derive(Debug, Default)]
pub struct Routes(Vec<Route>);

/// A route that an event takes.
#[derive(Clone, Debug)]
pub struct Match<'r> {
    /// The route.
    pub route: &'r Route,
    /// Those of its channels that no earlier route of the event leads to: one event rings a bell once.
    pub channels: Vec<&'r str>,
    /// Why the condition could not be told, if so; it counts as true then.
    pub problem: Option<String>,
}

impl Route {
    /// The route of a configuration without routes: every event to all channels.
    #[must_use]
    pub fn to_all(channels: Vec<String>) -> Self {
        Self {
            name: "default".to_owned(),
            when: None,
            channels,
            severity: None,
            title: None,
            body: None,
            format: TextFormat::Text,
            max_age: DEFAULT_MAX_AGE,
        }
    }
}

impl Routes {
    /// Routes in this order.
    #[must_use]
    pub fn new(routes: Vec<Route>) -> Self {
        Self(routes)
    }

    /// The routes, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Route> {
        self.0.iter()
    }

    /// The routes that `event` takes, in order, as far as they lead to a channel of their own.
    ///
    /// A condition that can't be told counts as true: rather a message too many than an alert too few.
    #[must_use]
    pub fn matching(&self, event: &Event, now: Timestamp) -> Vec<Match<'_>> {
        let context = LazyCell::new(|| context(event, now));
        let mut taken = BTreeSet::new();
        let mut matching = Vec::new();
        for route in &self.0 {
            let held = route.when.as_ref().map_or(Ok(true), |when| when.holds(&context));
            let problem = held.as_ref().err().map(|error| format!("route `{}`: when: {error}", route.name));
            if held == Ok(false) {
                continue;
            }
            let channels = route.channels.iter().map(String::as_str).filter(|channel| taken.insert(*channel));
            let channels: Vec<&str> = channels.collect();
            if !channels.is_empty() {
                matching.push(Match { route, channels, problem });
            }
        }
        matching
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
