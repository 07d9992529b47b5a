//! What all requests share.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use super::About;
use super::feed::Recorder;
use crate::system::System;

/// Feeds that are followed at once: some windows and some scripts, but no leak.
const FOLLOWERS: usize = 32;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) system: Arc<System>,
    pub(super) about: About,
    pub(super) port: u16,
    pub(super) recorder: Recorder,
    pub(super) followers: Arc<Semaphore>,
    pub(super) stopped: watch::Receiver<bool>,
}

impl Site {
    pub(super) fn new(system: Arc<System>, about: About, port: u16, stopped: watch::Receiver<bool>) -> Self {
        let recorder = Recorder::default();
        Self { system, about, port, recorder, followers: Arc::new(Semaphore::new(FOLLOWERS)), stopped }
    }

    /// The names that this server answers to. Any other is a page that came by a name of its own (DNS rebinding).
    pub(super) fn is_own_name(&self, authority: &str) -> bool {
        let authority = authority.to_ascii_lowercase();
        ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
            authority.strip_prefix(name).is_some_and(|rest| {
                rest.strip_prefix(':')
                    .map_or(rest.is_empty() && self.port == 80, |port| port.parse() == Ok(self.port))
            })
        })
    }
}
