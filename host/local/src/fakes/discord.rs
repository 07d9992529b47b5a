//! Discord's webhooks: accepts, refuses and shows messages as the service does.
//!
//! Follows discord-api-docs (`resources/webhook`, `resources/message`, `reference`); limits are counted as it counts them.
//! Rate limits are not modelled here: a fault puts them in front of any fake.

mod draft;
mod embed;
mod errors;
mod form;
mod markdown;
mod mentions;
mod message;
mod route;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::Value;

use self::draft::Draft;
use self::errors::Refusal;
use self::message::Message;
use self::route::Target;
use super::{Answer, CaughtRequest, Fake, Shown};

/// Messages kept for editing; the oldest go first.
const KEPT: usize = 1000;
/// First millisecond of 2015, from which snowflakes count (discord-api-docs `reference`, "Snowflakes").
const EPOCH_MS: i64 = 1_420_070_400_000;

/// What the fake knows about a webhook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Webhook {
    /// Posts into a text channel. So do all that nothing else is known about, whatever their token.
    #[default]
    Text,
    /// Posts into a forum, where each message needs a thread.
    Forum,
    /// Was deleted, or never existed.
    Unknown,
    /// Exists, with another token.
    WrongToken,
    /// Exists, but the thread that a request names does not.
    WithoutThreads,
}

/// Discord, as far as webhooks go.
#[derive(Debug)]
pub struct DiscordFake {
    clock: fn() -> Timestamp,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    webhooks: HashMap<String, Webhook>,
    /// By id, so from old to new.
    messages: BTreeMap<u64, Message>,
    last_id: u64,
}

impl DiscordFake {
    /// A Discord whose messages are sent at the time that `clock` tells.
    #[must_use]
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Says what the webhook with this id is.
    pub fn configure(&self, id: impl Into<String>, webhook: Webhook) {
        self.with(|state| state.webhooks.insert(id.into(), webhook));
    }

    fn with<T>(&self, use_state: impl FnOnce(&mut State) -> T) -> T {
        // A panic elsewhere leaves whole messages behind: the state is usable.
        use_state(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fake for DiscordFake {
    fn answer(&self, request: &CaughtRequest) -> Answer {
        let now = (self.clock)();
        self.with(|state| state.answer(request, now))
            .unwrap_or_else(|refusal| Answer::json(refusal.status, &refusal.body, None))
    }

    /// Takes the request again, so that its message has the id that it had, which tells its time. A message whose answer did not
    /// tell an id can't be edited by anybody.
    fn remember(&self, request: &CaughtRequest, answer: &Answer) {
        let answered: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let id = answered.get("id").and_then(Value::as_str).and_then(|id| id.parse::<u64>().ok());
        let Some(id) = id.filter(|_| answer.status == 200) else { return };
        let milliseconds = i64::try_from(id >> 22).unwrap_or_default() + EPOCH_MS;
        let then = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
        self.with(|state| {
            if request.method == "POST" {
                state.last_id = id.saturating_sub(1);
            }
            drop(state.answer(request, then));
        });
    }
}

impl State {
    fn answer(&mut self, request: &CaughtRequest, now: Timestamp) -> Result<Answer, Refusal> {
        let target = Target::read(&request.method, &request.url)?;
        let webhook = self.webhooks.get(&target.webhook).copied().unwrap_or_default();
        match webhook {
            Webhook::Unknown => return Err(Refusal::new(404, 10015, "Unknown Webhook")),
            Webhook::WrongToken => return Err(Refusal::new(401, 50027, "Invalid Webhook Token")),
            Webhook::WithoutThreads if target.thread.is_some() => {
                return Err(Refusal::new(400, 10003, "Unknown Channel"));
            }
            Webhook::Text | Webhook::Forum | Webhook::WithoutThreads => {}
        }
        match (request.method.as_str(), target.message) {
            ("PATCH", Some(id)) => self.edit(id, &target, request, now),
            (_, Some(id)) => Ok(Answer::json(200, &self.message(id, &target)?.to_json(), None)),
            (_, None) => self.post(&target, webhook, request, now),
        }
    }

    fn post(
        &mut self,
        target: &Target,
        webhook: Webhook,
        request: &CaughtRequest,
        now: Timestamp,
    ) -> Result<Answer, Refusal> {
        let form = form::read(request.header("content-type").unwrap_or_default(), &request.body)?;
        let saved = Draft::read(form, target.with_components)
            .and_then(|draft| draft.refuse_empty().map(|()| draft))
            .and_then(|draft| self.save(target, webhook, draft, now));
        match saved {
            Ok(message) if target.wait => Ok(Answer::json(200, &message.to_json(), Some(message.shown()))),
            Ok(message) => Ok(no_content(Some(message.shown()))),
            // "When false a message that is not saved does not return an error."
            Err(_) if !target.wait => Ok(no_content(None)),
            Err(refusal) => Err(refusal),
        }
    }

    fn save(
        &mut self,
        target: &Target,
        webhook: Webhook,
        draft: Draft,
        now: Timestamp,
    ) -> Result<&Message, Refusal> {
        let id = self.next_id(now);
        let channel = match (webhook, &target.thread, &draft.thread_name) {
            (Webhook::Forum, Some(_), Some(_)) => {
                let message =
                    "Webhooks posted to forum channels cannot have both a thread_name and thread_id";
                return Err(Refusal::new(400, 220_002, message));
            }
            (Webhook::Forum, None, None) => {
                let message = "Webhooks posted to forum channels must have a thread_name or thread_id";
                return Err(Refusal::new(400, 220_001, message));
            }
            // A thread in a forum has the id of its first message.
            (Webhook::Forum, None, Some(_)) => id.to_string(),
            (_, _, Some(_)) => {
                return Err(Refusal::new(400, 220_003, "Webhooks can only create threads in forum channels"));
            }
            (_, Some(thread), None) => thread.clone(),
            // The fake's channels have the ids of their webhooks.
            (_, None, None) => target.webhook.clone(),
        };
        if self.messages.len() >= KEPT {
            self.messages.pop_first();
        }
        Ok(self.messages.entry(id).or_insert(Message::new(id, target, channel, draft, now)))
    }

    fn edit(
        &mut self,
        id: u64,
        target: &Target,
        request: &CaughtRequest,
        now: Timestamp,
    ) -> Result<Answer, Refusal> {
        let form = form::read(request.header("content-type").unwrap_or_default(), &request.body)?;
        let draft = Draft::read(form, target.with_components)?;
        let message = self.message(id, target)?;
        if !message.edit(draft, now) {
            return Err(Refusal::new(400, 50006, "Cannot send an empty message"));
        }
        Ok(Answer::json(200, &message.to_json(), Some(message.shown())))
    }

    fn message(&mut self, id: u64, target: &Target) -> Result<&mut Message, Refusal> {
        let found = self.messages.get_mut(&id).filter(|message| message.belongs_to(target));
        found.ok_or_else(|| Refusal::new(404, 10008, "Unknown Message"))
    }

    /// A snowflake: the time in its upper bits, and never the same twice.
    fn next_id(&mut self, now: Timestamp) -> u64 {
        let milliseconds = u64::try_from(now.as_millisecond() - EPOCH_MS).unwrap_or(0);
        self.last_id = (milliseconds << 22).max(self.last_id + 1);
        self.last_id
    }
}

/// Whether `text` has the form of Discord's ids: a 64-bit number.
fn is_snowflake(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok()
}

fn no_content(shown: Option<Shown>) -> Answer {
    Answer { status: 204, headers: Vec::new(), body: Vec::new(), shown }
}
