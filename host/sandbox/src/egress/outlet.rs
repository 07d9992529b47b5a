//! The way out of one attempt: what `http.send` and `wasi:http` share, so that neither allows more than the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::denial::Denial;
use super::failure::SendFailure;
use super::traffic::Traffic;
use super::{Egress, Sender};
use crate::bindings::campanile::channel::http::{Request, Response};
use crate::limits;
use crate::secrets::reference::{ReferenceError, References};

/// The part of the outside that one attempt has.
pub(crate) struct Outlet {
    sender: Sender,
    egress: Egress,
    traffic: Arc<Traffic>,
    deadline: Instant,
    asked: Mutex<Asked>,
}

/// What the plugin has asked for so far.
#[derive(Default)]
struct Asked {
    references: References,
    requests: u32,
    /// The attempt is over.
    closed: bool,
    /// The first thing that was refused: it explains the attempt better than what the plugin makes of it.
    denial: Option<Denial>,
}

impl Outlet {
    /// Open until `deadline`.
    pub(crate) fn new(sender: Sender, egress: Egress, traffic: Arc<Traffic>, deadline: Instant) -> Self {
        Self { sender, egress, traffic, deadline, asked: Mutex::default() }
    }

    /// Sends a request, and reads the whole answer within `timeout`, the host's own limit and what is left of the attempt.
    pub(crate) async fn send(
        &self,
        request: Request,
        timeout: Option<Duration>,
    ) -> Result<Response, SendFailure> {
        let asked = timeout.unwrap_or(limits::REQUEST_TIMEOUT).min(limits::REQUEST_TIMEOUT);
        let answer = match self.prepare(request) {
            Ok(prepared) => {
                let left = self.deadline.saturating_duration_since(Instant::now());
                let channel = &self.sender.channel;
                self.egress.exchange(channel, prepared, asked.min(left), &self.traffic).await
            }
            Err(failure) => Err(failure),
        };
        if let Err(SendFailure::Denied(denial)) = &answer {
            self.asked().denial.get_or_insert_with(|| denial.clone());
        }
        answer
    }

    /// Counts the request, judges it and puts secrets in. What comes back is under way.
    fn prepare(&self, request: Request) -> Result<super::Prepared, SendFailure> {
        let mut asked = self.asked();
        if asked.closed {
            return Err(SendFailure::NotConnected("the attempt is over".into()));
        }
        asked.requests += 1;
        if asked.requests > limits::REQUESTS {
            return Err(Denial::Requests { limit: limits::REQUESTS }.into());
        }
        let prepared = self.egress.prepare(&self.sender, &mut asked.references, request)?;
        // Under the same lock as the look at `closed`: what is not counted by then never leaves.
        self.traffic.started();
        Ok(prepared)
    }

    /// Lets no more requests leave. `wasi:http` makes them beside the guest, and its end does not stop them at once.
    pub(crate) fn close(&self) {
        self.asked().closed = true;
    }

    /// A placeholder for a secret of the channel.
    pub(crate) fn reference(&self, name: &str) -> Result<String, ReferenceError> {
        let channel = &self.sender.channel;
        self.asked().references.issue(name, &channel.secrets, &channel.declared)
    }

    /// The first thing that was refused.
    pub(crate) fn denial(&self) -> Option<Denial> {
        self.asked().denial.clone()
    }

    /// How many requests were asked for, those that were refused included.
    pub(crate) fn requests(&self) -> u32 {
        self.asked().requests
    }

    /// The HTTP status of the last answer.
    pub(crate) fn status(&self) -> Option<u16> {
        self.traffic.status()
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use campanile_core::grant::{Grant, Origin};

    use super::*;
    use crate::attempt::Channel;

    /// The end of a guest does not stop a task at once: a request that begins later must not leave.
    #[tokio::test]
    async fn nothing_leaves_once_the_attempt_is_over() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let allow = vec![Grant { origin: Origin::parse(&url).unwrap(), private: true }];
        let channel = Arc::new(Channel::new("test", "{}", allow));
        let sender = Sender { channel, delivery: String::new(), attempt: 1 };
        let traffic = Arc::new(Traffic::default());
        let deadline = Instant::now() + Duration::from_secs(5);
        let outlet = Outlet::new(sender, Egress::live().unwrap(), Arc::clone(&traffic), deadline);
        outlet.close();
        let request =
            Request { method: "POST".into(), url, headers: Vec::new(), body: Vec::new(), timeout_ms: 0 };
        assert!(matches!(outlet.send(request, None).await, Err(SendFailure::NotConnected(_))));
        assert!(!traffic.is_written());
        let connected = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
        assert!(connected.is_err(), "somebody connected");
    }
}
