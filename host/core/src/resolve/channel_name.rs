//! The name of a resolved channel.

use std::fmt;

/// The name of a channel in `campanile.toml`, and the item of the list that it was spread over: `family`,
/// `family/-1001234567890`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelName {
    channel: String,
    item: Option<String>,
}

impl ChannelName {
    /// The name of `channel`, or of one of its items.
    #[must_use]
    pub fn new(channel: impl Into<String>, item: Option<String>) -> Self {
        Self { channel: channel.into(), item }
    }

    /// The name in `campanile.toml`, which routes use.
    #[must_use]
    pub fn channel(&self) -> &str {
        &self.channel
    }
}

impl fmt::Display for ChannelName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.channel)?;
        self.item.as_ref().map_or(Ok(()), |item| write!(formatter, "/{item}"))
    }
}
