//! The course of an attempt: edit the earlier message of the alert if there is one, then send what is not sent yet.

use campanile_channel::{Attempt, Failure, Host, Notification, Reason, Receipt, Request};

use crate::answer::{self, Answer, Sent};
use crate::progress::Progress;
use crate::render::{self, Message};
use crate::request;
use crate::settings::{Chat, Overflow, Settings};

/// A bot at work for one delivery.
pub(crate) struct Bot<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) host: &'a mut dyn Host,
    /// Right at any time, also after a failure.
    pub(crate) progress: Progress,
}

impl Bot<'_> {
    /// Goes on until everything is sent.
    pub(crate) fn attempt(&mut self, notification: &Notification, attempt: &Attempt) -> Result<(), Failure> {
        let render = |overflow| {
            render::messages(notification, attempt.presentation, self.settings.parse_mode, overflow)
        };
        let messages = render(self.settings.overflow);
        if messages.is_empty() {
            return Err(Failure::rejected("empty: there is nothing to read in title, body and fields"));
        }
        if let (Some(earlier), false) = (&attempt.earlier, self.progress.edited)
            && let Some(shown) = render(Overflow::Truncate).first()
        {
            self.progress.edited = self.edit(earlier, shown)?;
        }
        // Parts are the same in every presentation but the minimal one, which the first part has said already.
        for message in messages.iter().skip(self.progress.sent) {
            let sent = self.send(message)?;
            self.progress.add(sent);
        }
        Ok(())
    }

    /// Shows the new state in the earlier message; `false` if that can not be done.
    fn edit(&mut self, earlier: &Receipt, message: &Message) -> Result<bool, Failure> {
        let Ok(id) = earlier.message_id.parse() else { return Ok(false) };
        let chat = Chat::parse(&earlier.target).unwrap_or_else(|| self.chat());
        let request = request::edit_message(self.settings, &chat, id, message, self.host)?;
        match self.ask(request) {
            Answer::Sent(_) => Ok(true),
            Answer::Failed(failure)
                if matches!(failure.reason, Reason::Transient | Reason::RateLimited(_)) =>
            {
                Err(failure)
            }
            Answer::Moved(_) | Answer::Failed(_) => Ok(false),
        }
    }

    /// Sends a message, once more if the chat has moved.
    fn send(&mut self, message: &Message) -> Result<Sent, Failure> {
        let mut answer = self.send_to_chat(message)?;
        if let Answer::Moved(chat) = answer {
            self.progress.moved_to = Some(chat);
            answer = self.send_to_chat(message)?;
        }
        match answer {
            Answer::Sent(sent) => Ok(sent),
            Answer::Failed(failure) => Err(failure),
            Answer::Moved(chat) => {
                Err(Failure::rejected(format!("the chat has moved twice, at last to {chat}")))
            }
        }
    }

    fn send_to_chat(&mut self, message: &Message) -> Result<Answer, Failure> {
        // The earlier message says it already: no second sound.
        let silent = self.settings.silent || self.progress.edited;
        let chat = self.chat();
        let request = request::send_message(self.settings, &chat, message, silent, self.host)?;
        Ok(self.ask(request))
    }

    fn chat(&self) -> Chat {
        self.progress.chat(&self.settings.chat_id)
    }

    fn ask(&mut self, request: Request) -> Answer {
        match self.host.send(request) {
            Ok(response) => answer::read(&response),
            Err(error) => Answer::Failed(error.into()),
        }
    }
}
