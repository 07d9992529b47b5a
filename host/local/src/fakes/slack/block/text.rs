//! Text objects (<https://docs.slack.dev/reference/block-kit/composition-objects/text-object>).

use serde_json::Value;

use super::check::{Checker, Object};
use crate::fakes::StyledText;
use crate::fakes::slack::mrkdwn;

/// A text.
#[derive(Clone, Debug)]
pub(super) struct Text {
    text: String,
    is_mrkdwn: bool,
}

impl Text {
    /// What people see.
    pub(super) fn shown(&self) -> StyledText {
        if self.is_mrkdwn { mrkdwn::read(&self.text) } else { mrkdwn::plain(&self.text) }
    }
}

/// The field `name`, which is `plain_text`.
pub(super) fn plain(object: &Object<'_>, name: &str, max: usize, checker: &mut Checker) -> Option<Text> {
    let (pointer, value) = field(object, name, checker)?;
    of_kinds(&["plain_text"], &pointer, value, max, checker)
}

/// The field `name`, which is `plain_text` or `mrkdwn`.
pub(super) fn any(object: &Object<'_>, name: &str, max: usize, checker: &mut Checker) -> Option<Text> {
    let (pointer, value) = field(object, name, checker)?;
    read(&pointer, value, max, checker)
}

/// A text that is `plain_text` or `mrkdwn`.
pub(super) fn read(pointer: &str, value: &Value, max: usize, checker: &mut Checker) -> Option<Text> {
    let before = checker.problems();
    let text = of_kinds(&["plain_text", "mrkdwn"], pointer, value, max, checker);
    // Where there is a choice, the API says first that none of it fits.
    if checker.problems() > before {
        checker.insert(before, pointer, "failed to match all allowed schemas");
    }
    text
}

fn field<'v>(object: &Object<'v>, name: &str, checker: &mut Checker) -> Option<(String, &'v Value)> {
    let found = object.child(name);
    if found.is_none() {
        checker.add(object.pointer(), &format!("missing required field: {name}"));
    }
    found
}

fn of_kinds(kinds: &[&str], pointer: &str, value: &Value, max: usize, checker: &mut Checker) -> Option<Text> {
    let object = checker.object(pointer, value)?;
    let kind = object.kind(checker)?;
    if !kinds.contains(&kind) {
        checker.add(&format!("{pointer}/type"), &format!("unsupported type: {kind}"));
        return None;
    }
    let text = object.required("text", 1, max, checker)?;
    Some(Text { text: text.to_owned(), is_mrkdwn: kind == "mrkdwn" })
}
