//! How far a delivery has come: kept from one attempt to the next, so that no part is sent twice.

use campanile_channel::Receipt;
use serde::{Deserialize, Serialize};

use crate::answer::Sent;
use crate::settings::{Address, Chat};

/// What has been done, and where the rest goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// How many messages are delivered.
    pub(crate) sent: usize,
    /// Whether the earlier message of the alert shows the new state.
    pub(crate) edited: bool,
    /// The chat that the configured one has become.
    pub(crate) moved_to: Option<i64>,
    message_id: String,
    chat_id: String,
}

impl Progress {
    /// What the attempt before left; from the beginning if it left nothing.
    pub(crate) fn resume(token: &str) -> Self {
        serde_json::from_str(token).unwrap_or_default()
    }

    /// For the next attempt; empty if there is nothing to remember.
    pub(crate) fn token(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The chat to send to.
    pub(crate) fn chat(&self, configured: &Address) -> Chat {
        self.moved_to.map_or_else(|| configured.chat.clone(), Chat::Id)
    }

    /// Counts a message; the first one stands for all of them.
    pub(crate) fn add(&mut self, message: Sent) {
        if self.sent == 0 {
            self.message_id = message.message_id;
            self.chat_id = message.chat_id;
        }
        self.sent += 1;
    }

    /// The receipt of everything that was sent.
    pub(crate) fn receipt(self, configured: &Address) -> Receipt {
        let moved = self.moved_to.map(|new| {
            let line = match configured.topic {
                Some(topic) => format!("chat-id = \"{new}:{topic}\""),
                None => format!("chat-id = {new}"),
            };
            format!("chat {} has become a supergroup: set `{line}` in campanile.toml", configured.chat)
        });
        Receipt { message_id: self.message_id, target: self.chat_id, warnings: moved.into_iter().collect() }
    }
}
