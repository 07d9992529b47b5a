//! What markup looks like.

use super::*;

/// The text, and each styled range with its kind in short.
fn shown(source: &str) -> (String, Vec<String>) {
    let read = read(source);
    let style = |style: &crate::fakes::Style| {
        let range = &read.text[style.start..style.end];
        match &style.kind {
            StyleKind::Link { url } => format!("link {range} -> {url}"),
            StyleKind::Mention { name } => format!("mention {range} of {name}"),
            kind => format!("{kind:?} {range}").to_lowercase(),
        }
    };
    let styles = read.styles.iter().map(style).collect();
    (read.text, styles)
}

#[test]
fn markup_is_shown_as_the_client_does() {
    for (source, text, styles) in [
        ("*a* _b_ ~c~ `d`", "a b c d", vec!["bold a", "italic b", "strike c", "code d"]),
        ("*a _b_*", "a b", vec!["bold a b", "italic b"]),
        ("(*a*), *b*!", "(a), b!", vec!["bold a", "bold b"]),
        ("2*3*4 a_b_c", "2*3*4 a_b_c", vec![]),
        ("* a * *a *b", "* a * *a *b", vec![]),
        ("**a**", "**a**", vec![]),
        ("*a\nb*", "*a\nb*", vec![]),
        ("`*a*` &amp;amp;", "*a* &amp;", vec!["code *a*"]),
        ("```\n<a>\n```x", "<a>x", vec!["pre { language: none } <a>"]),
        ("&gt; a *b*\n> c\nd", "a b\nc\nd", vec!["quote a b\nc", "bold b"]),
        ("a &gt; b", "a > b", vec![]),
        ("<https://a.b/?c=1&amp;d=2|see>", "see", vec!["link see -> https://a.b/?c=1&d=2"]),
        ("<mailto:a@b.c>", "a@b.c", vec!["link a@b.c -> mailto:a@b.c"]),
        ("at https://a.b/c.", "at https://a.b/c.", vec!["link https://a.b/c -> https://a.b/c"]),
        (
            "<!here> <@U12|ann> <#C34|ops>",
            "@here @ann #ops",
            vec!["mention @here of here", "mention @ann of U12", "mention #ops of C34"],
        ),
        ("<!date^1700000000^{date}|noon>", "noon", vec![]),
        ("<b>x</b> a < b", "<b>x</b> a < b", vec![]),
        ("&lt;!channel&gt;", "<!channel>", vec![]),
        (":warning: :boiler: 10:30:15", "⚠️ :boiler: 10:30:15", vec![]),
    ] {
        let (shown, found) = shown(source);
        assert_eq!(shown, text, "{source}");
        assert_eq!(found, styles, "{source}");
    }
}

#[test]
fn plain_text_has_entities_and_emoji_and_nothing_else() {
    let plain = plain("*a* &lt;!here&gt; <!here> :bell:");
    assert_eq!((plain.text.as_str(), plain.styles.len()), ("*a* <!here> <!here> 🔔", 0));
}

#[test]
fn deep_nesting_ends() {
    let (text, _) = shown(&format!("{}a{}", "*_".repeat(500), "_*".repeat(500)));
    assert!(text.contains('a'));
}
