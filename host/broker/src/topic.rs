//! Topics: what may be published to, and which filters match. It knows no connection.

/// The longest topic or filter in bytes, a Basic Ingest prefix not counted: "Topic size" of AWS IoT Core's quotas.
pub(crate) const MAX_BYTES: usize = 256;
/// The most slashes in a topic or filter, a Basic Ingest prefix not counted: "Maximum number of slashes in topic and topic
/// filter".
pub(crate) const MAX_SLASHES: usize = 7;
/// What a message begins with that goes to one rule and to no subscriber (Basic Ingest): `$aws/rules/NAME/`.
const RULES: &str = "$aws/rules/";

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// To rules and subscribers.
    Everybody,
    /// To one rule only.
    Rule,
}

/// Why a topic can't be published to, or a filter not be subscribed to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TopicError {
    #[error("is empty")]
    Empty,
    #[error("has {0} bytes; AWS IoT allows {MAX_BYTES}")]
    TooLong(usize),
    #[error("has {0} slashes; AWS IoT allows {MAX_SLASHES}")]
    TooDeep(usize),
    #[error("has `+` or `#` in it, which only filters may have")]
    Wildcard,
    #[error("has a NUL character in it")]
    Nul,
    #[error("begins with `$`, which is reserved; devices may publish to $aws/rules/NAME/... only")]
    Reserved,
    #[error("names no rule and topic: $aws/rules/NAME/TOPIC")]
    NoRule,
    #[error("has a `+` or `#` that is not a level of its own, or a `#` that is not the last one")]
    MisplacedWildcard,
    #[error("is a shared subscription, which this broker does not have")]
    Shared,
}

/// Whether a client may publish to `topic`, and where that leads.
pub(crate) fn scope(topic: &str) -> Result<Scope, TopicError> {
    if topic.contains(['+', '#']) {
        return Err(TopicError::Wildcard);
    }
    if let Some(rest) = topic.strip_prefix(RULES) {
        let (_, topic) =
            rest.split_once('/').filter(|(rule, _)| !rule.is_empty()).ok_or(TopicError::NoRule)?;
        measure(topic)?;
        return Ok(Scope::Rule);
    }
    if topic.starts_with('$') {
        return Err(TopicError::Reserved);
    }
    measure(topic).map(|()| Scope::Everybody)
}

fn measure(topic: &str) -> Result<(), TopicError> {
    if topic.is_empty() {
        return Err(TopicError::Empty);
    }
    if topic.len() > MAX_BYTES {
        return Err(TopicError::TooLong(topic.len()));
    }
    let slashes = topic.matches('/').count();
    if slashes > MAX_SLASHES {
        return Err(TopicError::TooDeep(slashes));
    }
    if topic.contains('\0') { Err(TopicError::Nul) } else { Ok(()) }
}

/// What a client subscribes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter(String);

impl Filter {
    pub(crate) fn parse(text: &str) -> Result<Self, TopicError> {
        measure(text)?;
        if text.starts_with("$share/") {
            return Err(TopicError::Shared);
        }
        let last = text.matches('/').count();
        let misplaced = text.split('/').enumerate().any(|(index, level)| match level {
            "#" => index != last,
            "+" => false,
            level => level.contains(['+', '#']),
        });
        if misplaced { Err(TopicError::MisplacedWildcard) } else { Ok(Self(text.to_owned())) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn has_wildcard(&self) -> bool {
        self.0.contains(['+', '#'])
    }

    /// Whether messages on `topic` are meant. Unlike in the standard, `sensor/#` does not match `sensor` ("AWS IoT differences
    /// from MQTT specifications"). As in the standard, a wildcard at the beginning does not match topics that begin with `$`.
    pub(crate) fn matches(&self, topic: &str) -> bool {
        if topic.starts_with('$') && self.0.starts_with(['+', '#']) {
            return false;
        }
        let mut levels = topic.split('/');
        for wanted in self.0.split('/') {
            match (wanted, levels.next()) {
                ("#", level) => return level.is_some(),
                ("+", Some(_)) => {}
                (wanted, Some(level)) if wanted == level => {}
                _ => return false,
            }
        }
        levels.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn topics_are_bounded_as_in_aws() {
        for (topic, expected) in [
            ("home/heating/status", Ok(Scope::Everybody)),
            ("/", Ok(Scope::Everybody)),
            ("1/2/3/4/5/6/7/8", Ok(Scope::Everybody)),
            ("1/2/3/4/5/6/7/8/9", Err(TopicError::TooDeep(8))),
            ("", Err(TopicError::Empty)),
            ("a/+/b", Err(TopicError::Wildcard)),
            ("a#", Err(TopicError::Wildcard)),
            ("a\0b", Err(TopicError::Nul)),
            ("$SYS/x", Err(TopicError::Reserved)),
            ("$aws/things/heating/shadow/update", Err(TopicError::Reserved)),
            ("$aws/rules/hot/1/2/3/4/5/6/7/8", Ok(Scope::Rule)),
            ("$aws/rules/hot/1/2/3/4/5/6/7/8/9", Err(TopicError::TooDeep(8))),
            ("$aws/rules/hot", Err(TopicError::NoRule)),
            ("$aws/rules//x", Err(TopicError::NoRule)),
            ("$aws/rules/hot/", Err(TopicError::Empty)),
        ] {
            assert_eq!(scope(topic), expected, "{topic}");
        }
        assert_eq!(scope(&"ü".repeat(128)), Ok(Scope::Everybody));
        assert_eq!(scope(&"ü".repeat(129)), Err(TopicError::TooLong(258)));
    }

    #[test]
    fn filters_match_as_in_aws() {
        for (filter, topic, expected) in [
            ("sensor/#", "sensor", false),
            ("sensor/#", "sensor/", true),
            ("sensor/#", "sensor/a/b", true),
            ("#", "a/b", true),
            ("#", "$aws/events/presence/connected/x", false),
            ("+/x", "$aws/x", false),
            ("$aws/events/presence/+/x", "$aws/events/presence/connected/x", true),
            ("+", "a", true),
            ("+", "a/b", false),
            ("+/+", "/a", true),
            ("/+", "/a", true),
            ("a/+/c", "a//c", true),
            ("a/b", "a/B", false),
            ("a/b", "a", false),
            ("a", "a/b", false),
        ] {
            assert_eq!(Filter::parse(filter).unwrap().matches(topic), expected, "{filter} {topic}");
        }
    }

    #[test]
    fn filters_are_checked() {
        for filter in ["a#", "a/#/b", "a+/b", "#/", "", "$share/group/a", "1/2/3/4/5/6/7/8/9", "a\0"] {
            assert!(Filter::parse(filter).is_err(), "{filter}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_topic_or_refused(text in "[a$+#/\0ü]{0,20}", topic in "[a$/ü]{0,20}") {
            if let Ok(filter) = Filter::parse(&text) {
                filter.matches(&topic);
                prop_assert!(filter.has_wildcard() || filter.matches(&text));
            }
            prop_assert!(scope(&text).is_err() || !text.contains(['+', '#', '\0']));
        }
    }
}
