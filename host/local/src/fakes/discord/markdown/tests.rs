use super::*;

fn shown(source: &str) -> String {
    let text = read(source, &Allowed::of_webhooks());
    let styles: Vec<String> = text
        .styles
        .iter()
        .map(|style| format!("{:?} on {:?}", style.kind, &text.text[style.start..style.end]))
        .collect();
    format!("{:?} {}", text.text, styles.join(", ")).trim_end().to_owned()
}

#[test]
fn markup_looks_as_in_the_client() {
    for (source, expected) in [
        ("plain", r#""plain""#),
        ("**b**", r#""b" Bold on "b""#),
        ("a *i* _i_", r#""a i i" Italic on "i", Italic on "i""#),
        ("__u__ ~~s~~ ||h||", r#""u s h" Underline on "u", Strike on "s", Spoiler on "h""#),
        ("***both***", r#""both" Bold on "both", Italic on "both""#),
        ("___both___", r#""both" Italic on "both", Underline on "both""#),
        ("**a _b_ c**", r#""a b c" Bold on "a b c", Italic on "b""#),
        ("`a*b*` ``a`b`` `` `x` ``", r#""a*b* a`b `x`" Code on "a*b*", Code on "a`b", Code on "`x`""#),
        ("```rs\nlet x;\n```", r#""let x;" Pre { language: Some("rs") } on "let x;""#),
        ("```no language```", r#""no language" Pre { language: None } on "no language""#),
        ("# Big\nsmall", "\"Big\\nsmall\" Heading on \"Big\""),
        ("#no ####no", r##""#no ####no""##),
        ("> a\n> b\nc", "\"a\\nb\\nc\" Quote on \"a\\nb\""),
        (">>> a\nb", "\"a\\nb\" Quote on \"a\\nb\""),
        ("- a\n* b", "\"• a\\n• b\""),
        ("[t](https://e.org/x)", r#""t" Link { url: "https://e.org/x" } on "t""#),
        (
            "[t](ftp://e.org) [https://a.org](https://b.org)",
            r#""[t](ftp://e.org) [https://a.org](https://b.org)" Link { url: "https://a.org](https://b.org" } on "https://a.org](https://b.org""#,
        ),
        (
            "see https://e.org/a_b_c.",
            r#""see https://e.org/a_b_c." Link { url: "https://e.org/a_b_c" } on "https://e.org/a_b_c""#,
        ),
    ] {
        assert_eq!(shown(source), expected, "{source}");
    }
}

#[test]
fn what_is_not_markup_is_text() {
    for source in
        ["2 * 3 * 4", "snake_case_name", "a * b*", "**open", "`open", "a_b_c", "****", "~~~~", "[a] (b)"]
    {
        assert_eq!(
            read(source, &Allowed::of_webhooks()),
            StyledText { text: source.into(), styles: vec![] },
            "{source}"
        );
    }
}

#[test]
fn a_backslash_makes_plain() {
    for (source, expected) in [
        (r"\*a\* \_b\_ \~\~ \`c\` \|\|", "*a* _b_ ~~ `c` ||"),
        (r"\<@12345\> \@everyone", "<@12345> @everyone"),
        (r"\# no heading", "# no heading"),
        (r"C:\dir\\x \", r"C:\dir\x \"),
    ] {
        assert_eq!(
            read(source, &Allowed::of_webhooks()),
            StyledText { text: expected.into(), styles: vec![] },
            "{source}"
        );
    }
}

#[test]
fn a_mention_is_highlighted_only_if_it_pings() {
    assert_eq!(shown("<@12345>"), r#""@12345" Mention { name: "12345" } on "@12345""#);
    assert_eq!(shown("<@&12345> @everyone"), r#""@&12345 @everyone""#);
    assert!(read("<@12345>", &Allowed::nobody()).styles.is_empty());
}

proptest::proptest! {
    #[test]
    fn ranges_lie_in_the_text(source in r"[a *_~`|<>@#\[\]()\\\n-]{0,60}") {
        let text = read(&source, &Allowed::of_webhooks());
        for style in &text.styles {
            proptest::prop_assert!(text.text.get(style.start..style.end).is_some());
        }
    }
}
