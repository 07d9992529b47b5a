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

    /// What `name` says, as [`Display`](fmt::Display) writes it: a channel's name has no `/`, an item may.
    #[must_use]
    pub fn read(name: &str) -> Self {
        match name.split_once('/') {
            Some((channel, item)) => Self::new(channel, Some(item.to_owned())),
            None => Self::new(name, None),
        }
    }

    /// The name in `campanile.toml`, which routes use.
    #[must_use]
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// The item of the list, if it was spread over one.
    #[must_use]
    pub fn item(&self) -> Option<&str> {
        self.item.as_deref()
    }
}

impl fmt::Display for ChannelName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.channel)?;
        self.item.as_ref().map_or(Ok(()), |item| write!(formatter, "/{item}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for name in ["family", "family/-1001234567890", "house/https://example.com/a"] {
            assert_eq!(ChannelName::read(name).to_string(), name);
        }
        let item = ChannelName::read("house/https://example.com/a");
        assert_eq!((item.channel(), item.item()), ("house", Some("https://example.com/a")));
    }
}
