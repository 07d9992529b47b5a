//! Retained messages: the last one of each topic, for those who subscribe later.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::time::Instant;

use crate::session::Published;
use crate::topic::Filter;

/// Topics with a retained message: with the largest payload that is 128 MiB. AWS IoT Core keeps 500,000 for an account.
pub(super) const MAX_MESSAGES: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct Retained(HashMap<String, Arc<Published>>);

impl Retained {
    /// Keeps a message in place of the one before; an empty one ends that. Tells if there was room.
    pub(super) fn keep(&mut self, published: &Arc<Published>) -> bool {
        let topic = &published.message.topic;
        if published.message.payload.is_empty() {
            self.0.remove(topic);
            return true;
        }
        if self.0.len() >= MAX_MESSAGES && !self.0.contains_key(topic) {
            return false;
        }
        self.0.insert(topic.clone(), Arc::clone(published));
        true
    }

    /// The message for a new subscription, none if the filter has a wildcard: "When a client subscribes to a wildcard topic
    /// filter, it doesn't receive retained messages" (AWS IoT's developer guide).
    pub(super) fn get(&self, filter: &Filter) -> Option<Arc<Published>> {
        let fresh =
            |published: &&Arc<Published>| published.expires.is_none_or(|expires| expires > Instant::now());
        if filter.has_wildcard() {
            return None;
        }
        self.0.get(filter.as_str()).filter(fresh).cloned()
    }
}
