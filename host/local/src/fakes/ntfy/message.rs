//! A notification: as the server answers it, and as people see it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::actions::Action;
use super::delay;
use super::parameters::{MESSAGE, Parameters};
use super::refusal::Refusal;
use crate::fakes::markup::{commonmark, emoji};
use crate::fakes::{EmbedField, Part, Shown, StyledText};

/// How long the server keeps a notification (page "Publishing", "Message caching").
const KEPT: SignedDuration = SignedDuration::from_hours(12);

/// A published notification.
#[derive(Clone, Debug)]
pub(super) struct Message {
    id: String,
    topic: String,
    sequence: Option<String>,
    /// When it is delivered.
    at: Timestamp,
    text: String,
    attachment: Option<Attachment>,
    said: Said,
}

/// What the sender said, and the server only hands on.
#[derive(Clone, Debug)]
struct Said {
    title: Option<String>,
    priority: u8,
    tags: Vec<String>,
    click: Option<String>,
    icon: Option<String>,
    actions: Vec<Action>,
    markdown: bool,
    delayed: bool,
}

/// A file beside the message.
#[derive(Clone, Debug)]
struct Attachment {
    name: String,
    url: String,
    /// In bytes; not known of a file elsewhere.
    size: Option<usize>,
}

impl Message {
    /// The notification that the parameters become. `attachment` is how large one may be, none if the server takes none.
    pub(super) fn new(
        topic: &str,
        parameters: Parameters,
        id: String,
        now: Timestamp,
        attachment: Option<usize>,
    ) -> Result<Self, Refusal> {
        let at = parameters.delay.as_ref().map_or(Ok(now), |delay| delay::read(delay, now))?;
        let (text, attachment) = content(&parameters, &id, attachment)?;
        Ok(Self {
            id,
            topic: topic.to_owned(),
            sequence: parameters.sequence,
            at,
            text,
            attachment,
            said: Said {
                title: parameters.title,
                priority: parameters.priority,
                tags: parameters.tags,
                click: parameters.click,
                icon: parameters.icon,
                actions: parameters.actions,
                markdown: parameters.markdown,
                delayed: at > now,
            },
        })
    }

    /// Whether `other` replaces it: it is of the same sequence, or names this one's id as its sequence.
    pub(super) fn is_in_sequence(&self, other: &Self) -> bool {
        let Some(sequence) = &other.sequence else { return false };
        self.topic == other.topic && (self.sequence.as_ref() == Some(sequence) || self.id == *sequence)
    }

    /// What the notification is known by as long as it is updated.
    pub(super) fn name(&self) -> &str {
        self.sequence.as_ref().unwrap_or(&self.id)
    }

    /// The message object (<https://docs.ntfy.sh/subscribe/api/#json-message-format>).
    pub(super) fn to_json(&self) -> Value {
        let said = &self.said;
        let mut message = json!({
            "id": self.id,
            "time": self.at.as_second(),
            "expires": (self.at + KEPT).as_second(),
            "event": "message",
            "topic": self.topic,
            "message": self.text,
        });
        let actions: Vec<Value> = said.actions.iter().map(|action| action.to_json(&self.id)).collect();
        let attachment = self
            .attachment
            .as_ref()
            .map(|file| json!({ "name": file.name, "url": file.url, "size": file.size }));
        let optional = [
            ("sequence_id", self.sequence.as_ref().map(|sequence| json!(sequence))),
            ("title", said.title.as_ref().map(|title| json!(title))),
            ("priority", (said.priority != 3).then(|| json!(said.priority))),
            ("tags", (!said.tags.is_empty()).then(|| json!(said.tags))),
            ("click", said.click.as_ref().map(|click| json!(click))),
            ("icon", said.icon.as_ref().map(|icon| json!(icon))),
            ("actions", (!actions.is_empty()).then(|| json!(actions))),
            ("attachment", attachment),
            ("content_type", said.markdown.then(|| json!("text/markdown"))),
        ];
        if let Some(object) = message.as_object_mut() {
            object.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        message
    }

    /// What people see; `first` is the name of the sequence that it goes on.
    pub(super) fn shown(&self, first: Option<&str>) -> Shown {
        let (emojis, words): (Vec<&String>, Vec<&String>) =
            self.said.tags.iter().partition(|tag| emoji::named(tag).is_some());
        let icons: String =
            emojis.iter().filter_map(|tag| emoji::named(tag)).map(|emoji| format!("{emoji} ")).collect();
        // Emoji go before the title, or before the message if there is none.
        let (title, prefix) = match &self.said.title {
            Some(title) => (Some(StyledText::plain(&format!("{icons}{title}"))), ""),
            None => (None, icons.as_str()),
        };
        let text =
            if self.said.markdown { commonmark::read(&self.text) } else { StyledText::plain(&self.text) };
        let tags = words.iter().map(|tag| tag.as_str()).collect::<Vec<_>>().join(", ");
        Shown {
            message_id: first.unwrap_or_else(|| self.name()).to_owned(),
            to: self.topic.clone(),
            author: None,
            // Below the default there is neither a sound nor a vibration.
            silent: self.said.priority < 3,
            parts: vec![Part::Embed {
                color: color(self.said.priority),
                title,
                description: Some(StyledText::joined("", [StyledText::plain(prefix), text])),
                fields: self.fields(),
                footer: Some(format!("Tags: {tags}")).filter(|_| !tags.is_empty()),
                timestamp: self.said.delayed.then(|| self.at.to_string()),
            }],
        }
    }

    fn fields(&self) -> Vec<EmbedField> {
        let mut fields = Vec::new();
        let mut add = |name: &str, value: StyledText| {
            fields.push(EmbedField { name: name.to_owned(), value, inline: false });
        };
        match self.said.priority {
            4 => add("Priority", StyledText::plain("high")),
            5 => add("Priority", StyledText::plain("max")),
            _ => {}
        }
        if let Some(file) = &self.attachment {
            let size = file.size.map_or_else(String::new, |size| format!(" ({size} bytes)"));
            add("Attachment", StyledText::link(&format!("{}{size}", file.name), &file.url));
        }
        if let Some(click) = &self.said.click {
            add("Opens", StyledText::link(click, click));
        }
        for action in &self.said.actions {
            add(
                "Button",
                action.link().map_or_else(
                    || StyledText::plain(&action.label),
                    |url| StyledText::link(&action.label, url),
                ),
            );
        }
        fields
    }
}

/// An event about a notification that is there already.
pub(super) fn event(event: &str, id: &str, topic: &str, sequence: &str, now: Timestamp) -> Value {
    json!({ "id": id, "time": now.as_second(), "event": event, "topic": topic, "sequence_id": sequence })
}

/// The text, and the file that the body is if it is none (`handlePublishBody`).
fn content(
    parameters: &Parameters,
    id: &str,
    max: Option<usize>,
) -> Result<(String, Option<Attachment>), Refusal> {
    let said = parameters.message.clone().unwrap_or_default();
    let body = std::str::from_utf8(&parameters.body).ok();
    let (text, attachment) = match (&parameters.attach, &parameters.filename, body) {
        (Some(url), name, Some(body)) => {
            let last =
                url.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
            let name = name.as_deref().or(Some(last).filter(|last| !last.is_empty())).unwrap_or("attachment");
            (body, Some(Attachment { name: name.to_owned(), url: url.clone(), size: None }))
        }
        (Some(_), _, None) => {
            return Err(Refusal::new(40011, "invalid message: message must be UTF-8 encoded", ""));
        }
        (None, None, Some(body)) if body.len() <= MESSAGE => (body, None),
        (None, name, body) => {
            let extension = if body.is_some() { "txt" } else { "bin" };
            ("", Some(file(name.clone(), parameters.body.len(), id, extension, max)?))
        }
    };
    // An empty body leaves the message of the header, and a long one of an external file is cut.
    let text = if text.is_empty() { said } else { cut(text).trim().to_owned() };
    let text = match (&attachment, text.is_empty()) {
        (Some(file), true) => format!("You received a file: {}", file.name),
        (None, true) => "triggered".to_owned(),
        (_, false) => text,
    };
    Ok((text, attachment))
}

fn file(
    name: Option<String>,
    size: usize,
    id: &str,
    extension: &str,
    max: Option<usize>,
) -> Result<Attachment, Refusal> {
    let Some(max) = max else {
        let error = "invalid request: attachments not allowed";
        return Err(Refusal::new(40014, error, "/config/#attachments"));
    };
    if size > max {
        let error = "attachment too large, or bandwidth limit reached";
        return Err(Refusal::new(41301, error, "/publish/#limitations"));
    }
    let name = name.unwrap_or_else(|| format!("attachment.{extension}"));
    Ok(Attachment { name, url: format!("https://ntfy.sh/file/{id}.{extension}"), size: Some(size) })
}

/// The first bytes of a message, in whole characters.
fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MESSAGE)).unwrap_or(text)
}

fn color(priority: u8) -> Option<u32> {
    match priority {
        4 => Some(0xe5_8b_1a),
        5 => Some(0xd0_30_3a),
        _ => None,
    }
}
