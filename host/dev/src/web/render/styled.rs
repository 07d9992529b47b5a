//! Styled text of messages as markup. The text is a device's, the styles are what the service makes of the plugin's markup.

use campanile_local::fakes::{Style, StyleKind, StyledText};
use maud::{Markup, html};

/// Schemes of links that may be clicked. Nothing is ever fetched on its own.
const SCHEMES: [&str; 3] = ["http", "https", "tg"];

/// The text with its styles.
pub(in crate::web) fn styled(text: &StyledText) -> Markup {
    piece(&text.text, 0, text.text.len(), &text.styles)
}

/// The text from `start` to `end`; `styles` are those that may begin in it, outer before inner.
fn piece(text: &str, start: usize, end: usize, styles: &[Style]) -> Markup {
    let Some((at, style)) =
        styles.iter().enumerate().find(|(_, style)| style.start < end && style.end > start)
    else {
        return html! { (text.get(start..end).unwrap_or_default()) };
    };
    // A style that reaches out of its outer one is cut: pages nest.
    let (from, to) = (style.start.max(start), style.end.min(end));
    let rest = styles.get(at + 1..).unwrap_or_default();
    html! {
        (text.get(start..from).unwrap_or_default())
        (dressed(&style.kind, text.get(from..to).unwrap_or_default(), &piece(text, from, to, rest)))
        (piece(text, after(&style.kind, text, to, end), end, rest))
    }
}

/// Where the text goes on. A block ends its line, so the line break after it makes no empty one.
fn after(kind: &StyleKind, text: &str, to: usize, end: usize) -> usize {
    let is_block = matches!(kind, StyleKind::Pre { .. } | StyleKind::Quote);
    let breaks = text.get(to..end).is_some_and(|rest| rest.starts_with('\n'));
    if is_block && breaks { to + 1 } else { to }
}

fn dressed(kind: &StyleKind, text: &str, inner: &Markup) -> Markup {
    html! {
        @match kind {
            StyleKind::Bold => { b { (inner) } }
            StyleKind::Italic => { i { (inner) } }
            StyleKind::Underline => { u { (inner) } }
            StyleKind::Strike => { s { (inner) } }
            StyleKind::Spoiler => { span.spoiler tabindex="0" role="button" aria-label="spoiler" { span { (inner) } } }
            StyleKind::Code => { code { (inner) } }
            StyleKind::Pre { language } => {
                pre { @if let Some(language) = language { span.language { (language) } } code { (inner) } }
            }
            StyleKind::Quote => { blockquote { (inner) } }
            StyleKind::Heading => { strong.heading { (inner) } }
            StyleKind::Link { url } => { (link(url, inner)) }
            StyleKind::Mention { name } => {
                span.mention title=(name) { @if text.is_empty() { "@" (name) } @else { (inner) } }
            }
        }
    }
}

/// A link, if it leads where links may lead; else its text.
fn link(url: &str, inner: &Markup) -> Markup {
    let is_allowed = url::Url::parse(url).is_ok_and(|url| SCHEMES.contains(&url.scheme()));
    html! {
        @if is_allowed {
            a href=(url) title=(url) target="_blank" rel="noopener noreferrer" { (inner) }
        } @else {
            span.dead-link title=(url) { (inner) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, styles: &[(usize, usize, StyleKind)]) -> String {
        let styles =
            styles.iter().map(|(start, end, kind)| Style { start: *start, end: *end, kind: kind.clone() });
        styled(&StyledText { text: text.to_owned(), styles: styles.collect() }).into_string()
    }

    #[test]
    fn styles_nest() {
        let html =
            shown("a bc d", &[(0, 6, StyleKind::Bold), (2, 4, StyleKind::Italic), (5, 6, StyleKind::Code)]);
        assert_eq!(html, "<b>a <i>bc</i> <code>d</code></b>");
    }

    #[test]
    fn styles_that_overlap_are_cut_and_nothing_is_lost() {
        assert_eq!(
            shown("abcd", &[(0, 2, StyleKind::Bold), (1, 4, StyleKind::Italic)]),
            "<b>a<i>b</i></b><i>cd</i>"
        );
        assert_eq!(shown("ab", &[(0, 9, StyleKind::Bold)]), "<b>ab</b>");
    }

    #[test]
    fn a_block_ends_its_line() {
        assert_eq!(shown("q\nx\n", &[(0, 1, StyleKind::Quote)]), "<blockquote>q</blockquote>x\n");
        assert_eq!(shown("q\nx", &[(0, 1, StyleKind::Code)]), "<code>q</code>\nx");
    }

    #[test]
    fn text_of_devices_stays_text() {
        let html = shown(
            "<script>alert(1)</script>",
            &[(0, 8, StyleKind::Pre { language: Some("\"><img>".into()) })],
        );
        assert!(!html.contains("<script>") && !html.contains("<img>"), "{html}");
    }

    #[test]
    fn links_lead_to_web_pages_and_chats_only() {
        let link = |url: &str| shown("x", &[(0, 1, StyleKind::Link { url: url.to_owned() })]);
        for url in ["https://example.com/?a=1", "http://example.com", "tg://user?id=1"] {
            assert!(link(url).contains("rel=\"noopener noreferrer\""), "{url}");
        }
        for url in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.com", " x"] {
            assert!(!link(url).contains("href"), "{url}");
        }
    }
}
