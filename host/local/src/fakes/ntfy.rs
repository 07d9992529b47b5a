//! ntfy: accepts, refuses and shows notifications as the server does.
//!
//! Follows the server (`server/server.go`, `server/actions.go`, `server/errors.go` of binwiederhier/ntfy) and the page "Publishing"
//! (<https://docs.ntfy.sh/publish/>): the order of its checks, its codes and its words. Modelled are publishing as JSON, by path and by GET,
//! and updating, clearing and deleting by sequence id; of the parameters not e-mail, calls, templates, UnifiedPush, times in words (`delay`
//! takes seconds, durations and Unix times) and actions in the short form of the header. Rate limits are not modelled here: a fault puts
//! them in front of any fake.

mod actions;
mod delay;
mod header;
mod message;
mod parameters;
mod refusal;
mod route;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::Value;

use self::message::Message;
use self::parameters::{Parameters, Publication};
use self::refusal::Refusal;
use self::route::Route;
use super::{Answer, CaughtRequest, Fake};
use crate::ids;

pub(super) use self::route::is_publication;

/// Notifications kept for updates; the oldest go first.
const KEPT: usize = 1000;
/// Largest attachment on ntfy.sh, in bytes (page "Publishing", "Limitations").
const ATTACHMENT: usize = 2 * 1024 * 1024;
/// Letters of an id.
const ID: usize = 12;

/// What the fake knows about a topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Topic {
    /// Anybody may publish. So may they to all that nothing else is known about.
    #[default]
    Open,
    /// Only who has a token may publish.
    Reserved,
    /// Nobody that the fake knows may publish.
    Forbidden,
}

/// An ntfy server.
#[derive(Debug)]
pub struct NtfyFake {
    clock: fn() -> Timestamp,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    topics: HashMap<String, Topic>,
    revoked: HashSet<String>,
    attachments_elsewhere: bool,
    /// From old to new.
    messages: VecDeque<Message>,
}

impl NtfyFake {
    /// A server whose notifications are published at the time that `clock` tells.
    #[must_use]
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Says what the topic is.
    pub fn configure(&self, topic: impl Into<String>, what: Topic) {
        self.with(|state| state.topics.insert(topic.into(), what));
    }

    /// Says that this token is not valid any more.
    pub fn revoke(&self, token: impl Into<String>) {
        self.with(|state| state.revoked.insert(token.into()));
    }

    /// Lets servers other than ntfy.sh take attachments, which they do not until somebody sets them up so.
    pub fn allow_attachments(&self) {
        self.with(|state| state.attachments_elsewhere = true);
    }

    fn with<T>(&self, use_state: impl FnOnce(&mut State) -> T) -> T {
        // A panic elsewhere leaves whole notifications behind: the state is usable.
        use_state(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fake for NtfyFake {
    fn answer(&self, request: &CaughtRequest) -> Answer {
        let id: String = ids::uuid().replace('-', "").chars().take(ID).collect();
        let answer = self.with(|state| state.answer(request, id, (self.clock)()));
        answer.unwrap_or_else(|refusal| Answer::json(refusal.status, &refusal.body(), None))
    }

    /// Takes the request again, so that its notification has the id and the time that it had.
    fn remember(&self, request: &CaughtRequest, answer: &Answer) {
        let answered: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let id = answered.get("id").and_then(Value::as_str);
        let then =
            answered.get("time").and_then(Value::as_i64).and_then(|time| Timestamp::from_second(time).ok());
        if let (200, Some(id), Some(then)) = (answer.status, id, then) {
            drop(self.with(|state| state.answer(request, id.to_owned(), then)));
        }
    }
}

impl State {
    fn answer(&mut self, request: &CaughtRequest, id: String, now: Timestamp) -> Result<Answer, Refusal> {
        let token = self.token(request)?;
        let event = |name, topic: &str, sequence: &str| {
            Answer::json(200, &message::event(name, &id, topic, sequence, now), None)
        };
        match Route::read(request)? {
            Route::Publish { topic, sequence } => {
                self.check_access(token.as_deref(), &topic)?;
                let mut parameters = Parameters::of_request(request)?;
                parameters.sequence = sequence.or(parameters.sequence);
                self.publish(&topic, parameters, id, now, self.max_attachment(request))
            }
            Route::PublishJson => {
                let publication = Publication::read(&request.body)?;
                self.check_access(token.as_deref(), &publication.topic)?;
                let topic = publication.topic.clone();
                self.publish(&topic, publication.parameters()?, id, now, self.max_attachment(request))
            }
            Route::Clear { topic, sequence } => {
                self.check_access(token.as_deref(), &topic)?;
                Ok(event("message_clear", &topic, &sequence))
            }
            Route::Delete { topic, sequence } => {
                self.check_access(token.as_deref(), &topic)?;
                Ok(event("message_delete", &topic, &sequence))
            }
        }
    }

    fn publish(
        &mut self,
        topic: &str,
        parameters: Parameters,
        id: String,
        now: Timestamp,
        max_attachment: Option<usize>,
    ) -> Result<Answer, Refusal> {
        let message = Message::new(topic, parameters, id, now, max_attachment)?;
        // A sequence may be named by the id of its first notification.
        let first = self.messages.iter().find(|known| known.is_in_sequence(&message)).map(Message::name);
        let answer = Answer::json(200, &message.to_json(), Some(message.shown(first)));
        if self.messages.len() >= KEPT {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
        Ok(answer)
    }

    fn max_attachment(&self, request: &CaughtRequest) -> Option<usize> {
        let is_ntfy_sh = request.url.host_str() == Some("ntfy.sh");
        (is_ntfy_sh || self.attachments_elsewhere).then_some(ATTACHMENT)
    }

    /// The token or password of the request, if it has one; it must be good before anything else counts.
    fn token(&self, request: &CaughtRequest) -> Result<Option<String>, Refusal> {
        let token = header::token(request)?;
        if token.as_ref().is_some_and(|token| self.revoked.contains(token)) {
            return Err(Refusal::unauthorized());
        }
        Ok(token)
    }

    fn check_access(&self, token: Option<&str>, topic: &str) -> Result<(), Refusal> {
        match self.topics.get(topic).copied().unwrap_or_default() {
            Topic::Open => route::check_topic(topic),
            Topic::Reserved if token.is_some() => route::check_topic(topic),
            Topic::Reserved | Topic::Forbidden => Err(Refusal::forbidden()),
        }
    }
}
