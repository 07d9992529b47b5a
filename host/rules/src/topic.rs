//! Topics and topic filters, with the ways in which AWS IoT differs from MQTT.

use std::fmt;

use crate::limits::{TOPIC_BYTES, TOPIC_SLASHES};

/// What a topic begins with that calls a rule directly (developer guide, "Basic Ingest").
const BASIC_INGEST: &str = "$aws/rules/";

/// A valid topic filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicFilter {
    text: String,
    /// Whether it has no wildcard, so that it can be compared as it is.
    exact: bool,
}

/// Why a text is no topic, or no topic filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicError {
    /// It is empty.
    Empty,
    /// It is longer than AWS takes.
    Long,
    /// It has more levels than AWS takes.
    Deep,
    /// `#` is not its last level.
    Hash,
    /// `+` or `#` share a level with other characters.
    Wildcard,
    /// It has a zero byte.
    Zero,
    /// It is to be published to and has a wildcard.
    Published,
}

impl TopicFilter {
    /// Checks a filter.
    ///
    /// # Errors
    ///
    /// If AWS IoT would not take it.
    pub fn parse(text: &str) -> Result<Self, TopicError> {
        check_size(text)?;
        let levels = || text.split('/');
        let last = levels().count().saturating_sub(1);
        if levels().any(|level| level.len() > 1 && level.contains(['+', '#'])) {
            Err(TopicError::Wildcard)
        } else if levels().take(last).any(|level| level == "#") {
            Err(TopicError::Hash)
        } else {
            Ok(Self { text: text.to_owned(), exact: !text.contains(['+', '#']) })
        }
    }

    /// Whether messages on `topic` are meant.
    ///
    /// As in MQTT, wildcards in the first level don't reach topics that begin with `$`. Other than in MQTT, `sensor/#` does
    /// not match `sensor` (developer guide, "MQTT", differences from the specification).
    #[must_use]
    pub fn matches(&self, topic: &str) -> bool {
        if self.exact {
            return self.text == topic;
        }
        if topic.starts_with('$') && self.text.starts_with(['+', '#']) {
            return false;
        }
        let mut levels = topic.split('/');
        for wanted in self.text.split('/') {
            match (wanted, levels.next()) {
                ("#", rest) => return rest.is_some(),
                (_, None) => return false,
                ("+", Some(_)) => {}
                (wanted, Some(level)) if wanted == level => {}
                _ => return false,
            }
        }
        levels.next().is_none()
    }
}

/// Checks a topic that somebody publishes to.
///
/// # Errors
///
/// If AWS IoT would not take it.
pub fn check_topic(topic: &str) -> Result<(), TopicError> {
    check_size(topic)?;
    if topic.contains(['+', '#']) { Err(TopicError::Published) } else { Ok(()) }
}

/// What holds for topics and for filters. The prefix of Basic Ingest does not count.
fn check_size(text: &str) -> Result<(), TopicError> {
    let counted = text.strip_prefix(BASIC_INGEST).and_then(|rest| rest.split_once('/'));
    let counted = counted.map_or(text, |(_, rest)| rest);
    if text.is_empty() {
        Err(TopicError::Empty)
    } else if text.contains('\0') {
        Err(TopicError::Zero)
    } else if counted.len() > TOPIC_BYTES {
        Err(TopicError::Long)
    } else if counted.matches('/').count() > TOPIC_SLASHES {
        Err(TopicError::Deep)
    } else {
        Ok(())
    }
}

impl fmt::Display for TopicFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Display for TopicError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("is empty"),
            Self::Long => write!(formatter, "is longer than {TOPIC_BYTES} bytes"),
            Self::Deep => write!(formatter, "has more than {TOPIC_SLASHES} slashes"),
            Self::Hash => formatter.write_str("has `#` before its last level"),
            Self::Wildcard => {
                formatter.write_str("has `+` or `#` together with other characters in one level")
            }
            Self::Zero => formatter.write_str("has a zero byte"),
            Self::Published => formatter.write_str("has `+` or `#`, which only filters can have"),
        }
    }
}

impl std::error::Error for TopicError {}

/// A topic of Basic Ingest: the rule that it calls, and the topic that the rule sees.
#[must_use]
pub fn basic_ingest(topic: &str) -> Option<(&str, &str)> {
    let rest = topic.strip_prefix(BASIC_INGEST)?;
    let (rule, topic) = rest.split_once('/').unwrap_or((rest, ""));
    (!rule.is_empty()).then_some((rule, topic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_as_aws_matches() {
        for (filter, topic, matches) in [
            ("a/b", "a/b", true),
            ("a/b", "a/B", false),
            ("a/+", "a/b", true),
            ("a/+", "a/", true),
            ("a/+", "a", false),
            ("a/+", "a/b/c", false),
            ("+/b", "/b", true),
            ("a/#", "a", false),
            ("a/#", "a/", true),
            ("a/#", "a/b/c", true),
            ("#", "a", true),
            ("#", "$aws/events/presence/connected/x", false),
            ("+/events/#", "$aws/events/x", false),
            ("$aws/events/presence/connected/+", "$aws/events/presence/connected/x", true),
            ("a/+/c", "a/b/c", true),
            ("a/b", "a/b/", false),
        ] {
            assert_eq!(TopicFilter::parse(filter).unwrap().matches(topic), matches, "{filter} {topic}");
        }
    }

    #[test]
    fn filters_that_aws_refuses_are_refused() {
        for (filter, error) in [
            ("", TopicError::Empty),
            ("a/#/b", TopicError::Hash),
            ("a/b#", TopicError::Wildcard),
            ("a+/b", TopicError::Wildcard),
            ("a/b/c/d/e/f/g/h/i", TopicError::Deep),
            (&"a".repeat(257), TopicError::Long),
            ("a\0", TopicError::Zero),
        ] {
            assert_eq!(TopicFilter::parse(filter), Err(error), "{filter}");
        }
        assert!(TopicFilter::parse("$aws/rules/r/a/b/c/d/e/f/g/h").is_ok());
    }

    #[test]
    fn topics_have_no_wildcards() {
        assert_eq!(check_topic("home/heating/status"), Ok(()));
        assert_eq!(check_topic("home/+/status"), Err(TopicError::Published));
        assert_eq!(check_topic("a/b/c/d/e/f/g/h/i"), Err(TopicError::Deep));
        assert_eq!(check_topic("$aws/rules/Hot/a/b/c/d/e/f/g/h"), Ok(()));
    }

    #[test]
    fn basic_ingest_names_the_rule() {
        assert_eq!(basic_ingest("$aws/rules/Hot/a/b"), Some(("Hot", "a/b")));
        assert_eq!(basic_ingest("$aws/rules/Hot"), Some(("Hot", "")));
        assert_eq!(basic_ingest("$aws/rules/"), None);
        assert_eq!(basic_ingest("a/$aws/rules/x/y"), None);
    }
}
