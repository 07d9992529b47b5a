//! A saved message: as the API returns it, and as people see it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::draft::{Draft, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS};
use super::embed::{Embed, Field};
use super::form::File;
use super::markdown;
use super::mentions::Allowed;
use super::route::Target;
use crate::fakes::{EmbedField, Part, Shown, StyledText};

/// A message that the channel holds.
#[derive(Clone, Debug)]
pub(super) struct Message {
    id: u64,
    /// Where it was posted; a thread if the sender chose or made one.
    channel: String,
    webhook: String,
    username: Option<String>,
    content: String,
    embeds: Vec<Embed>,
    files: Vec<File>,
    flags: u64,
    allowed: Allowed,
    sent: Timestamp,
    edited: Option<Timestamp>,
}

impl Message {
    /// The message that `draft` becomes.
    pub(super) fn new(id: u64, target: &Target, channel: String, draft: Draft, sent: Timestamp) -> Self {
        Self {
            id,
            channel,
            webhook: target.webhook.clone(),
            username: draft.username,
            content: draft.content.unwrap_or_default(),
            embeds: visible(draft.embeds.unwrap_or_default()),
            files: draft.files,
            flags: draft.flags,
            allowed: draft.allowed,
            sent,
            edited: None,
        }
    }

    /// Whether `target` may read and edit it: same webhook, and the thread is named if it is in one.
    pub(super) fn belongs_to(&self, target: &Target) -> bool {
        let channel = target.thread.as_deref().unwrap_or(&target.webhook);
        self.webhook == target.webhook && self.channel == channel
    }

    /// Changes what `draft` gives; `false` if nothing would be left to see.
    pub(super) fn edit(&mut self, draft: Draft, now: Timestamp) -> bool {
        let content = draft.content.unwrap_or_else(|| self.content.clone());
        let embeds = draft.embeds.map_or_else(|| self.embeds.clone(), visible);
        if content.is_empty() && embeds.is_empty() && self.files.is_empty() && draft.files.is_empty() {
            return false;
        }
        self.content = content;
        self.embeds = embeds;
        self.files.extend(draft.files);
        self.allowed = draft.allowed;
        self.edited = Some(now);
        true
    }

    /// The message object (discord-api-docs `resources/message`).
    pub(super) fn to_json(&self) -> Value {
        let attachments: Vec<Value> = self.files.iter().enumerate().map(attachment).collect();
        json!({
            "id": self.id.to_string(),
            "type": 0,
            "channel_id": self.channel,
            "webhook_id": self.webhook,
            "author": {
                "id": self.webhook,
                "username": self.username.as_deref().unwrap_or("Webhook"),
                "avatar": null,
                "discriminator": "0000",
                "bot": true,
            },
            "content": self.content,
            "embeds": self.embeds,
            "attachments": attachments,
            "components": [],
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": false,
            "pinned": false,
            "tts": false,
            "flags": self.flags,
            "timestamp": self.sent,
            "edited_timestamp": self.edited,
        })
    }

    /// What people see.
    pub(super) fn shown(&self) -> Shown {
        let mut parts = Vec::new();
        if !self.content.is_empty() {
            parts.push(Part::Text(markdown::read(&self.content, &self.allowed)));
        }
        if self.flags & SUPPRESS_EMBEDS == 0 {
            parts.extend(self.embeds.iter().map(card));
        }
        parts.extend(self.files.iter().map(|file| {
            let text = format!("📎 {} ({} bytes)", file.name, file.size);
            Part::Text(StyledText { text, styles: Vec::new() })
        }));
        let place =
            if self.channel == self.webhook { String::new() } else { format!(", thread {}", self.channel) };
        Shown {
            message_id: self.id.to_string(),
            to: format!("webhook {}{place}", self.webhook),
            author: self.username.clone(),
            silent: self.flags & SUPPRESS_NOTIFICATIONS != 0,
            parts,
        }
    }
}

fn visible(mut embeds: Vec<Embed>) -> Vec<Embed> {
    embeds.retain(|embed| !embed.is_empty());
    embeds
}

fn attachment((index, file): (usize, &File)) -> Value {
    let url = format!("https://cdn.discordapp.com/attachments/0/{index}/{}", file.name);
    json!({ "id": index.to_string(), "filename": file.name, "size": file.size, "url": url, "proxy_url": url })
}

fn card(embed: &Embed) -> Part {
    let read = |text: &String| markdown::read(text, &Allowed::nobody());
    let field = |field: &Field| EmbedField {
        name: read(&field.name).text,
        value: read(&field.value),
        inline: field.inline,
    };
    Part::Embed {
        color: embed.color,
        title: embed.title.as_ref().map(read),
        description: embed.description.as_ref().map(read),
        fields: embed.fields.iter().map(field).collect(),
        footer: embed.footer.as_ref().map(|footer| footer.text.clone()),
        timestamp: embed.timestamp.clone(),
    }
}
