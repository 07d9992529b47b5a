//! Telegram's Bot API: accepts, refuses and shows messages as the service does.
//!
//! Follows the Bot API server (tdlib/telegram-bot-api, `Client.cpp`): the order of its checks and its words. Modelled are
//! `sendMessage`, `editMessageText` and `getMe`; of their parameters not those for replies, keyboards, business
//! accounts and effects. Rate limits are not modelled here: a fault puts them in front of any fake.

mod chat;
pub mod entities;
mod json_object;
mod message;
mod parameters;
mod refusal;
mod text;
mod token;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use self::chat::{Access, ChatId};
use self::entities::lenient_i32;
use self::message::Message;
use self::parameters::Parameters;
use self::refusal::Refusal;
use self::token::Bot;
use super::{Answer, CaughtRequest, Fake, Shown};

pub use self::chat::Chat;

/// Messages kept for editing; the oldest go first.
const KEPT: usize = 1000;

/// Telegram, as far as bots that send text go.
#[derive(Debug)]
pub struct TelegramFake {
    clock: fn() -> Timestamp,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    chats: HashMap<ChatId, Chat>,
    revoked: HashSet<String>,
    last_ids: HashMap<ChatId, i32>,
    messages: VecDeque<Message>,
}

/// What a method gives back, and what people see because of it.
type Done = (Value, Option<Shown>);

impl TelegramFake {
    /// A Telegram whose messages are sent at the time that `clock` tells.
    #[must_use]
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Says what the chat with this id, a number or `@name`, is. Ids of no form that Telegram knows are ignored.
    pub fn configure(&self, chat_id: &str, chat: Chat) {
        if let Ok(id) = ChatId::read(chat_id) {
            self.with(|state| state.chats.insert(id, chat));
        }
    }

    /// Says that this token is not valid any more.
    pub fn revoke(&self, token: impl Into<String>) {
        self.with(|state| state.revoked.insert(token.into()));
    }

    fn with<T>(&self, use_state: impl FnOnce(&mut State) -> T) -> T {
        // A panic elsewhere leaves whole messages behind: the state is usable.
        use_state(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fake for TelegramFake {
    fn answer(&self, request: &CaughtRequest) -> Answer {
        let now = (self.clock)().as_second();
        let done = self.with(|state| state.answer(request, now));
        let (status, body, shown) = match done {
            Ok((result, shown)) => (200, json!({ "ok": true, "result": result }), shown),
            Err(refusal) => (refusal.code, refusal.body(), None),
        };
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Answer { status, headers, body: body.to_string().into_bytes(), shown }
    }

    /// Takes the request again, so that its message has the id and the time that it had.
    fn remember(&self, request: &CaughtRequest, answer: &Answer) {
        let answered: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let number = |path: &str| answered.pointer(path).and_then(Value::as_i64);
        let id = number("/result/message_id").and_then(|id| i32::try_from(id).ok());
        let chat = Parameters::read(request)
            .ok()
            .and_then(|parameters| ChatId::read(parameters.get("chat_id")).ok());
        let (Some(id), Some(chat), Some(then)) = (id, chat, number("/result/date")) else { return };
        self.with(|state| {
            if answered.pointer("/result/edit_date").is_none() {
                state.last_ids.insert(chat, id.wrapping_sub(1));
            }
            drop(state.answer(request, number("/result/edit_date").unwrap_or(then)));
        });
    }
}

impl State {
    fn answer(&mut self, request: &CaughtRequest, now: i64) -> Result<Done, Refusal> {
        if !matches!(request.method.as_str(), "GET" | "POST") {
            return Err(Refusal::new(501, "Not Implemented"));
        }
        let (bot, method) = Bot::read(request.url.path())?;
        let parameters = Parameters::read(request)?;
        if self.revoked.contains(&bot.token) {
            return Err(Refusal::new(401, "Unauthorized"));
        }
        match method.to_ascii_lowercase().as_str() {
            "getme" => Ok((bot.to_json(), None)),
            "sendmessage" => self.send_message(&bot, &parameters, now),
            "editmessagetext" => self.edit_message_text(&bot, &parameters, now),
            _ => Err(Refusal::new(404, "Not Found: method not found")),
        }
    }

    fn send_message(&mut self, bot: &Bot, parameters: &Parameters, now: i64) -> Result<Done, Refusal> {
        let preview_disabled = text::preview_disabled(parameters)?;
        let text = text::read(parameters)?;
        let (chat, known) = self.chat(parameters, Access::Write)?;
        let thread =
            Some(lenient_i32(parameters.get("message_thread_id").trim())).filter(|thread| *thread > 0);
        known.check_thread(&chat, thread)?;
        let text = text?;
        let id = self.last_ids.entry(chat.clone()).and_modify(|id| *id = id.wrapping_add(1)).or_insert(1);
        let message = Message {
            id: *id,
            chat,
            thread,
            sent: now,
            edited: None,
            text,
            preview_disabled,
            silent: parameters.flag("disable_notification"),
        };
        let done = (message.to_json(bot), Some(message.shown()));
        self.messages.push_back(message);
        if self.messages.len() > KEPT {
            self.messages.pop_front();
        }
        Ok(done)
    }

    fn edit_message_text(&mut self, bot: &Bot, parameters: &Parameters, now: i64) -> Result<Done, Refusal> {
        let preview_disabled = text::preview_disabled(parameters)?;
        let text = text::read(parameters)?;
        let id = lenient_i32(parameters.get("message_id").trim());
        if parameters.get("chat_id").is_empty() && id <= 0 {
            return Err(Refusal::bad_request("Message identifier is not specified"));
        }
        let (chat, _) = self.chat(parameters, Access::Edit)?;
        let message = self.messages.iter_mut().find(|message| message.chat == chat && message.id == id);
        let message = message.ok_or_else(|| Refusal::bad_request("message to edit not found"))?;
        let text = text?;
        if message.text == text && message.preview_disabled == preview_disabled {
            return Err(Refusal::bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same as a \
                 current content and reply markup of the message",
            ));
        }
        message.text = text;
        message.preview_disabled = preview_disabled;
        message.edited = Some(now);
        Ok((message.to_json(bot), Some(message.shown())))
    }

    /// The chat that a request is for, unless it does not allow `access`.
    fn chat(&self, parameters: &Parameters, access: Access) -> Result<(ChatId, Chat), Refusal> {
        let id = ChatId::read(parameters.get("chat_id"))?;
        let chat = self.chats.get(&id).cloned().unwrap_or_default();
        chat.check(&id, access)?;
        Ok((id, chat))
    }
}
