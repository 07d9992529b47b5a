//! The fields of a message that somebody wants to send or edit, and what Discord refuses about them
//! (discord-api-docs `resources/webhook`, "Execute Webhook" and "Edit Webhook Message").

use serde_json::Value;

use super::embed::{self, Embed, Reader};
use super::errors::{FormErrors, Refusal};
use super::form::{File, Form};
use super::mentions::Allowed;

/// Most characters of a message's text.
const CONTENT: usize = 2000;
/// Longest name that a message may appear under.
const USERNAME: usize = 80;
/// Longest name of a thread.
const THREAD_NAME: usize = 100;
/// Link previews and embeds are not shown.
pub(super) const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// No push notification, no sound.
pub(super) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
/// The message is made of components and nothing else.
const IS_COMPONENTS_V2: u64 = 1 << 15;
/// Flags that may be set on a new message.
const FLAGS: u64 = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2;

/// A message before it is accepted. `None` is a field that was not given: an edit leaves it as it is.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) content: Option<String>,
    pub(super) embeds: Option<Vec<Embed>>,
    pub(super) username: Option<String>,
    pub(super) thread_name: Option<String>,
    pub(super) flags: u64,
    pub(super) allowed: Allowed,
    pub(super) files: Vec<File>,
    has_components: bool,
}

impl Draft {
    /// Reads the form; `with_components` as in the query.
    pub(super) fn read(form: Form, with_components: bool) -> Result<Self, Refusal> {
        let mut errors = FormErrors::new();
        let fields = &form.fields;
        let given = |key: &str| fields.get(key).is_some();
        let listed =
            |key: &str| fields.get(key).and_then(Value::as_array).is_some_and(|items| !items.is_empty());
        let embeds = embed::read(fields.get("embeds"), &mut errors);
        let allowed = Allowed::read(fields.get("allowed_mentions"), &mut errors);
        let mut reader = Reader { object: fields, path: "", errors: &mut errors };
        let content = reader.text("content", CONTENT);
        reader.url("avatar_url");
        let username = username(&mut reader);
        let thread_name = bounded(&mut reader, "thread_name", THREAD_NAME);
        let flags = flags(fields.get("flags"), &mut errors);
        let draft = Self {
            content: content.or_else(|| given("content").then(String::new)),
            embeds: embeds.or_else(|| given("embeds").then(Vec::new)),
            username,
            thread_name,
            flags,
            allowed,
            has_components: with_components && listed("components"),
            files: form.files,
        };
        if draft.flags & IS_COMPONENTS_V2 != 0 && (draft.has_text() || !draft.files.is_empty()) {
            let message =
                "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2";
            errors.add("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message);
        }
        errors.into_result()?;
        Ok(draft)
    }

    /// Refuses a new message that would show nothing.
    pub(super) fn refuse_empty(&self) -> Result<(), Refusal> {
        if self.has_text() || self.has_components || !self.files.is_empty() {
            return Ok(());
        }
        Err(Refusal::new(400, 50006, "Cannot send an empty message"))
    }

    fn has_text(&self) -> bool {
        self.content.as_ref().is_some_and(|text| !text.is_empty())
            || self.embeds.iter().flatten().any(|embed| !embed.is_empty())
    }
}

fn username(reader: &mut Reader<'_>) -> Option<String> {
    let name = bounded(reader, "username", USERNAME)?;
    let lower = name.to_lowercase();
    if let Some(word) = ["clyde", "discord"].into_iter().find(|word| lower.contains(word)) {
        let message = format!("Username cannot contain \"{word}\"");
        reader.errors.add("username", "USERNAME_INVALID_CONTAINS", &message);
    } else if ["everyone", "here"].contains(&lower.as_str()) {
        reader.errors.add("username", "USERNAME_INVALID", &format!("Username cannot be \"{lower}\""));
    }
    Some(name)
}

/// Text of 1 to `max` characters, if it is given.
fn bounded(reader: &mut Reader<'_>, key: &str, max: usize) -> Option<String> {
    let text = reader.text(key, usize::MAX);
    let empty = text.is_none() && reader.object.get(key).is_some_and(Value::is_string);
    if empty || text.as_ref().is_some_and(|text| text.chars().count() > max) {
        reader.errors.bad_length(key, 1, max);
    }
    text
}

/// The documentation lists the flags that can be set and not what happens to others. They are refused here, because
/// a sender that sets one has made a mistake; the wording is that of other choices.
fn flags(value: Option<&Value>, errors: &mut FormErrors) -> u64 {
    let Some(value) = value.filter(|value| !value.is_null()) else { return 0 };
    let Some(flags) = value.as_u64().or_else(|| value.as_str()?.parse().ok()) else {
        errors.not_a("flags", value.as_str().unwrap_or(&value.to_string()), "int");
        return 0;
    };
    if flags & !FLAGS != 0 {
        let choices = format!(
            "Value must be one of ({SUPPRESS_EMBEDS}, {SUPPRESS_NOTIFICATIONS}, {IS_COMPONENTS_V2})."
        );
        errors.add("flags", "BASE_TYPE_CHOICES", &choices);
    }
    flags
}
