//! Where a message goes, and what the fake knows about it (<https://docs.slack.dev/reference/methods/chat.postMessage>, "Channels").

use super::arguments::Arguments;
use super::refusal::Refusal;

/// Most characters of a channel's name.
const NAME: usize = 80;
/// Fewest characters of an id.
const ID: usize = 9;

/// What the fake knows about a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Channel {
    /// The app may write there. So it may to all that nothing else is known about.
    #[default]
    Open,
    /// Does not exist, or the app may not know that it does.
    Unknown,
    /// The app is not a member.
    NotMember,
    /// Was archived.
    Archived,
    /// Only some people may write there.
    ReadOnly,
    /// Takes replies and nothing else.
    ThreadsOnly,
    /// Takes no replies.
    WithoutThreads,
}

impl Channel {
    /// Refuses what the channel does not take.
    pub(super) fn check(self, is_reply: bool) -> Result<(), Refusal> {
        let error = match self {
            Self::Unknown => "channel_not_found",
            Self::NotMember => "not_in_channel",
            Self::Archived => "is_archived",
            Self::ReadOnly => "restricted_action_read_only_channel",
            Self::ThreadsOnly if !is_reply => "restricted_action_thread_only_channel",
            Self::WithoutThreads if is_reply => "restricted_action_non_threadable_channel",
            Self::Open | Self::ThreadsOnly | Self::WithoutThreads => return Ok(()),
        };
        Err(Refusal::new(error))
    }
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// As the request names it.
    pub(super) given: String,
    /// As the API answers it: what is posted to a person is in a conversation with an id of its own.
    pub(super) id: String,
}

impl Place {
    /// Reads the argument `channel`: an id, or a name with or without `#`.
    pub(super) fn read(arguments: &Arguments) -> Result<Self, Refusal> {
        let given = arguments.required("channel")?;
        let id = id(given).ok_or_else(|| Refusal::new("channel_not_found"))?;
        Ok(Self { given: given.to_owned(), id })
    }

    /// The same conversation, which must be named by its id: `chat.update` takes neither names nor people.
    pub(super) fn with_id(self) -> Result<Self, Refusal> {
        if self.given == self.id { Ok(self) } else { Err(Refusal::new("channel_not_found")) }
    }
}

fn id(given: &str) -> Option<String> {
    let is_id = |kinds: &str| {
        given.len() >= ID
            && given.starts_with(|kind| kinds.contains(kind))
            && given.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    if is_id("CGD") {
        return Some(given.to_owned());
    }
    if is_id("UW") {
        return Some(format!("D{}", given.get(1..)?));
    }
    let name = given.strip_prefix('#').unwrap_or(given);
    let in_name =
        |letter: char| (letter.is_alphanumeric() && !letter.is_uppercase()) || "-_".contains(letter);
    let is_name = (1..=NAME).contains(&name.chars().count()) && name.chars().all(in_name);
    is_name.then(|| format!("C{}", code(name)))
}

/// Ten letters and digits that are the same for the same text (FNV-1a).
pub(super) fn code(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016X}").chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_ids_or_names() {
        for (given, expected) in [
            ("C0123456789", Some("C0123456789")),
            ("G0123456789", Some("G0123456789")),
            ("U0123456789", Some("D0123456789")),
            ("Alerts", None),
            ("a b", None),
            ("#", None),
            ("C012", None),
        ] {
            assert_eq!(id(given).as_deref(), expected, "{given}");
        }
        assert_eq!(id("#alerts"), id("alerts"));
        assert_ne!(id("#alerts"), id("#others"));
        assert_eq!(id(&"x".repeat(80)).map(|id| id.len()), Some(11));
        assert_eq!(id(&"x".repeat(81)), None);
    }
}
