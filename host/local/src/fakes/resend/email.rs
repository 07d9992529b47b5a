//! An e-mail as it is sent, what Resend refuses about it (page "Send Email"), and how people see it.
//!
//! The words about a missing field, the form of an address and line breaks are those that the service has been seen to use; the documentation does
//! not list them. Nothing limits the size: the catcher takes less than the 40 MB that the service does.

use serde_json::{Map, Value};

use super::address::{self, Address};
use super::refusal::Refusal;
use crate::fakes::markup::html;
use crate::fakes::{EmbedField, Part, Shown, StyledText};

/// Most addresses in `to`.
const RECIPIENTS: usize = 50;
/// Most characters of a tag's name and of its value.
const TAG: usize = 256;

/// An e-mail.
#[derive(Debug)]
pub(super) struct Email {
    pub(super) from: Address,
    to: Vec<Address>,
    cc: Vec<Address>,
    bcc: Vec<Address>,
    reply_to: Vec<Address>,
    subject: String,
    html: Option<String>,
    text: Option<String>,
    /// Names of the files.
    attachments: Vec<String>,
    scheduled_at: Option<String>,
}

impl Email {
    /// Reads the body of a request.
    pub(super) fn read(body: &Value) -> Result<Self, Refusal> {
        let object = body.as_object().ok_or_else(Refusal::not_json)?;
        let from = match string(object, "from")? {
            Some(from) => Address::read(&from).ok_or_else(|| address::invalid("from"))?,
            None => return Err(Refusal::missing("`from`")),
        };
        let to = address::read(body, "to")?;
        if to.is_empty() {
            return Err(Refusal::missing("`to`"));
        }
        if to.len() > RECIPIENTS {
            return Err(Refusal::invalid(&format!(
                "The `to` field must have at most {RECIPIENTS} recipients."
            )));
        }
        let subject = string(object, "subject")?.ok_or_else(|| Refusal::missing("`subject`"))?;
        if subject.contains('\n') {
            return Err(Refusal::invalid("The `\\n` is not allowed in the `subject` field."));
        }
        let (html, text) = (string(object, "html")?, string(object, "text")?);
        if html.is_none() && text.is_none() {
            return Err(Refusal::missing("`html` or `text`"));
        }
        check_headers(object)?;
        check_tags(object)?;
        Ok(Self {
            from,
            to,
            cc: address::read(body, "cc")?,
            bcc: address::read(body, "bcc")?,
            reply_to: address::read(body, "reply_to")?,
            subject,
            html,
            text,
            attachments: attachments(object)?,
            scheduled_at: string(object, "scheduled_at")?,
        })
    }

    /// Everybody who gets it.
    pub(super) fn recipients(&self) -> impl Iterator<Item = &Address> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }

    /// What people see: mail programs prefer HTML.
    pub(super) fn shown(&self, id: &str) -> Shown {
        let body = match &self.html {
            Some(html) => html::read(html),
            None => StyledText::plain(self.text.as_deref().unwrap_or_default().trim_end()),
        };
        let rows = [
            ("From", std::slice::from_ref(&self.from)),
            ("To", &self.to),
            ("Cc", &self.cc),
            ("Bcc", &self.bcc),
            ("Reply to", &self.reply_to),
        ];
        let rows = rows.into_iter().filter(|(_, addresses)| !addresses.is_empty());
        let fields = rows.map(|(name, addresses)| EmbedField {
            name: name.to_owned(),
            value: StyledText::plain(&listed(addresses)),
            inline: false,
        });
        let files = self.attachments.iter().map(|name| format!("📎 {name}"));
        let scheduled = self.scheduled_at.iter().map(|time| format!("scheduled for {time}"));
        let footer = scheduled.chain(files).collect::<Vec<_>>().join(", ");
        Shown {
            message_id: id.to_owned(),
            to: listed(&self.to),
            author: Some(self.from.name.clone().unwrap_or_else(|| self.from.address.clone())),
            silent: false,
            parts: vec![Part::Embed {
                color: None,
                title: Some(StyledText::plain(&self.subject)),
                description: Some(body),
                fields: fields.collect(),
                footer: Some(footer).filter(|footer| !footer.is_empty()),
                timestamp: None,
            }],
        }
    }
}

fn listed(addresses: &[Address]) -> String {
    addresses.iter().map(Address::in_words).collect::<Vec<_>>().join(", ")
}

fn string(object: &Map<String, Value>, field: &str) -> Result<Option<String>, Refusal> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::invalid(&format!("The `{field}` field must be a `string`."))),
    }
}

fn check_headers(object: &Map<String, Value>) -> Result<(), Refusal> {
    let is_header = |(name, value): (&String, &Value)| {
        let value = value.as_str();
        !name.is_empty()
            && value.is_some_and(|value| !value.contains(['\r', '\n']))
            && !name.contains([':', '\r', '\n', ' '])
    };
    match object.get("headers") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Object(headers)) if headers.iter().all(is_header) => Ok(()),
        Some(_) => Err(Refusal::invalid("The `headers` field must be an object of strings.")),
    }
}

fn check_tags(object: &Map<String, Value>) -> Result<(), Refusal> {
    let is_word = |text: &str| {
        (1..=TAG).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    let is_tag = |tag: &Value| {
        let field = |name: &str| tag.get(name).and_then(Value::as_str);
        field("name").is_some_and(is_word) && field("value").is_some_and(is_word)
    };
    match object.get("tags") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Array(tags)) if tags.iter().all(is_tag) => Ok(()),
        Some(_) => {
            let message = "Tags should only contain ASCII letters, numbers, underscores, or dashes.";
            Err(Refusal::invalid(message))
        }
    }
}

fn attachments(object: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let items = object.get("attachments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let name = |item: &Value| {
        let field = |name: &str| item.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if field("content").or_else(|| field("path")).is_none()
            && item.get("content").is_none_or(|content| !content.is_object())
        {
            let message = "Attachment must have either a `content` or `path`.";
            return Err(Refusal::new(422, "invalid_attachment", message));
        }
        let last = field("path").and_then(|path| path.rsplit('/').next());
        Ok(field("filename").or(last).unwrap_or("attachment").to_owned())
    };
    items.iter().map(name).collect()
}
