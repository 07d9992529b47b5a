//! Slack's Web API: accepts, refuses and shows messages as the service does.
//!
//! Follows the pages of `chat.postMessage`, `chat.update` and Block Kit (<https://docs.slack.dev/reference/methods/chat.postMessage>,
//! <https://docs.slack.dev/reference/methods/chat.update>, <https://docs.slack.dev/reference/block-kit/blocks>). The documentation lists the
//! errors and not their details: those about blocks are what the API has been seen to answer. Modelled are these two methods; of Block Kit
//! what `block` says. Rate limits are not modelled here: a fault puts them in front of any fake.

mod arguments;
mod attachment;
mod block;
mod channel;
mod content;
mod message;
mod mrkdwn;
mod refusal;
mod token;

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use self::arguments::Arguments;
pub use self::channel::Channel;
use self::channel::Place;
use self::content::Content;
use self::message::{Message, Ts};
use self::refusal::Refusal;
pub use self::token::Token;
use super::{Answer, CaughtRequest, Fake, Shown};

/// Messages kept for editing; the oldest go first.
const KEPT: usize = 1000;

/// Slack, as far as bots that write go.
#[derive(Debug)]
pub struct SlackFake {
    clock: fn() -> Timestamp,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    channels: HashMap<String, Channel>,
    tokens: HashMap<String, Token>,
    /// From old to new.
    messages: VecDeque<Message>,
    last: Ts,
}

/// What a method gives back, and what people see because of it.
type Done = (Value, Shown);

impl SlackFake {
    /// A Slack whose messages are sent at the time that `clock` tells.
    #[must_use]
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Says what the channel is, by the id or the name that requests use.
    pub fn configure(&self, channel: impl Into<String>, what: Channel) {
        self.with(|state| state.channels.insert(channel.into(), what));
    }

    /// Says what the token is.
    pub fn configure_token(&self, token: impl Into<String>, what: Token) {
        self.with(|state| state.tokens.insert(token.into(), what));
    }

    fn with<T>(&self, use_state: impl FnOnce(&mut State) -> T) -> T {
        // A panic elsewhere leaves whole messages behind: the state is usable.
        use_state(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fake for SlackFake {
    fn answer(&self, request: &CaughtRequest) -> Answer {
        let path = request.url.path();
        let Some(method) = path.strip_prefix("/api/").filter(|method| !method.contains('/')) else {
            let headers = vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())];
            return Answer { status: 404, headers, body: b"Not Found".to_vec(), shown: None };
        };
        match self.with(|state| state.answer(request, method, (self.clock)())) {
            Ok((body, shown)) => answer(&body, Some(shown)),
            Err(refusal) => answer(&refusal.body(), None),
        }
    }

    /// Takes the request again, so that its message has the timestamp that it had, by which it is edited.
    fn remember(&self, request: &CaughtRequest, answer: &Answer) {
        let answered: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let ts = |path: &str| answered.pointer(path).and_then(Value::as_str).and_then(Ts::read);
        let method = request.url.path().trim_start_matches("/api/");
        let Some(sent) = ts("/ts").filter(|_| answered.get("ok") == Some(&json!(true))) else { return };
        self.with(|state| {
            let then = ts("/message/edited/ts").unwrap_or(sent);
            if method == "chat.postMessage" {
                state.last = sent.before();
            }
            drop(state.answer(request, method, then.time()));
        });
    }
}

/// Refusals are answers like others: the body tells.
fn answer(body: &Value, shown: Option<Shown>) -> Answer {
    let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    Answer { status: 200, headers, body: body.to_string().into_bytes(), shown }
}

impl State {
    fn answer(&mut self, request: &CaughtRequest, method: &str, now: Timestamp) -> Result<Done, Refusal> {
        let arguments = Arguments::read(request)?;
        let token = token::read(request, &arguments)?;
        self.tokens.get(&token).copied().unwrap_or_default().check()?;
        let (mut body, shown) = match method {
            "chat.postMessage" => self.post(&token, &arguments, now),
            "chat.update" => self.update(&token, &arguments, now),
            _ => Err(Refusal::unknown_method(method)),
        }?;
        arguments.warn(&mut body);
        Ok((body, shown))
    }

    fn post(&mut self, token: &str, arguments: &Arguments, now: Timestamp) -> Result<Done, Refusal> {
        let place = Place::read(arguments)?;
        let thread = arguments.text("thread_ts");
        self.channels.get(place.given.as_str()).copied().unwrap_or_default().check(thread.is_some())?;
        let thread =
            thread.map(|ts| Ts::read(ts).ok_or_else(|| Refusal::new("invalid_thread_ts"))).transpose()?;
        let content = Content::read(arguments)?.for_new()?;
        self.last = Ts::at(now).max(self.last.after());
        let username = arguments.text("username").map(str::to_owned);
        let message = Message::new(place, self.last, token, thread, username, content);
        let done = (message.posted(), message.shown());
        if self.messages.len() >= KEPT {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
        Ok(done)
    }

    fn update(&mut self, token: &str, arguments: &Arguments, now: Timestamp) -> Result<Done, Refusal> {
        let place = Place::read(arguments)?.with_id()?;
        let ts = arguments.required("ts")?;
        let content = Content::read(arguments)?.for_update()?;
        let same = |message: &&mut Message| Ts::read(ts) == Some(message.ts) && message.is_in(&place.id);
        let message = self.messages.iter_mut().find(same);
        let message = message.ok_or_else(|| Refusal::new("message_not_found"))?;
        if !message.is_of(token) {
            return Err(Refusal::new("cant_update_message"));
        }
        if !message.edit(content, Ts::at(now)) {
            return Err(Refusal::new("no_text"));
        }
        Ok((message.updated(), message.shown()))
    }
}
