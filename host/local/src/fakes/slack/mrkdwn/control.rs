//! What stands between `<` and `>`: links, mentions and dates.

use crate::fakes::StyleKind;

/// What is shown in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// None for a date, which looks like other text.
    pub(super) kind: Option<StyleKind>,
    pub(super) text: String,
}

/// Reads what is between the brackets; `None` if it means nothing, so that it is text.
pub(super) fn read(inner: &str) -> Option<Shown> {
    let (target, label) =
        inner.split_once('|').map_or((inner, None), |(target, label)| (target, Some(label)));
    let label = label.filter(|label| !label.is_empty());
    match (target.chars().next()?, target.get(1..)) {
        ('@', Some(id)) => Some(mention(id, "@", label)),
        ('#', Some(id)) => Some(mention(id, "#", label)),
        ('!', Some(name)) => special(name, label),
        _ => link(target, label),
    }
}

fn mention(id: &str, mark: &str, label: Option<&str>) -> Shown {
    let name = label.unwrap_or(id);
    let text = format!("{mark}{}", name.trim_start_matches(mark));
    Shown { kind: Some(StyleKind::Mention { name: id.to_owned() }), text }
}

/// `here`, `channel`, `everyone`, a group, a date.
fn special(target: &str, label: Option<&str>) -> Option<Shown> {
    let mut parts = target.split('^');
    match (parts.next()?, parts.next()) {
        (name @ ("here" | "channel" | "everyone"), None) => Some(mention(name, "@", None)),
        ("subteam", Some(id)) => Some(mention(id, "@", label)),
        // The client writes it in its own zone and language; the label is for who can't.
        ("date", Some(_)) => Some(Shown { kind: None, text: label?.to_owned() }),
        _ => None,
    }
}

fn link(target: &str, label: Option<&str>) -> Option<Shown> {
    let is_link = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| target.starts_with(scheme));
    let text = label.unwrap_or_else(|| target.strip_prefix("mailto:").unwrap_or(target));
    let url = super::unescaped(target);
    is_link.then(|| Shown { kind: Some(StyleKind::Link { url }), text: text.to_owned() })
}
