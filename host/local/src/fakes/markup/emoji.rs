//! Emoji by the names that GitHub gives them, which ntfy's tags and Slack's colons use too.

/// Tags that ntfy has by names of its own, which are older ones of GitHub's.
const OLDER: [(&str, &str); 2] = [("information_source", "ℹ️"), ("skull_and_crossbones", "☠️")];

/// The emoji with this name, if there is one.
pub(in crate::fakes) fn named(name: &str) -> Option<&'static str> {
    let older = OLDER.iter().find(|(known, _)| *known == name).map(|(_, emoji)| *emoji);
    older.or_else(|| emojis::get_by_shortcode(name).map(emojis::Emoji::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_ntfys_tags() {
        for (name, emoji) in [
            ("warning", Some("⚠️")),
            ("rotating_light", Some("🚨")),
            ("white_check_mark", Some("✅")),
            ("boiler", None),
        ] {
            assert_eq!(named(name), emoji, "{name}");
        }
    }
}
