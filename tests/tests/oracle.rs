//! Whatever a device or a template writes, the fake that validates like Telegram takes it and shows all of it.
//!
//! Discord's half is with its plugin. Rows are those of the conformance table for Telegram.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use campanile_channel::{
    Attempt, Channel as _, Failure, Field, Host, Level, Notification, Presentation, ReferenceError, Request,
    Response, SendError, Severity, TextFormat,
};
use campanile_local::fakes::telegram::TelegramFake;
use campanile_local::fakes::{CaughtRequest, Fake as _, Part, StyleKind, StyledText};
use campanile_telegram::{Settings, Telegram};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

const MODES: [&str; 3] = ["HTML", "MarkdownV2", "none"];

/// A host whose requests go to the fake.
struct Oracle {
    telegram: TelegramFake,
    shown: Vec<StyledText>,
    refusals: Vec<String>,
}

impl Host for Oracle {
    fn send(&mut self, request: Request) -> Result<Response, SendError> {
        let Request { method, url, headers, body, .. } = request;
        let asked = CaughtRequest { method, url: url.parse().unwrap(), headers, body };
        let answer = self.telegram.answer(&asked);
        if answer.status != 200 {
            let (asked, said) = (String::from_utf8_lossy(&asked.body), String::from_utf8_lossy(&answer.body));
            self.refusals.push(format!("{said} to {asked}"));
        }
        for part in answer.shown.into_iter().flat_map(|shown| shown.parts) {
            let Part::Text(text) = part else { panic!("Telegram shows text: {part:?}") };
            self.shown.push(text);
        }
        Ok(Response { status: answer.status, headers: answer.headers, body: answer.body })
    }

    fn reference(&mut self, _: &str) -> Result<String, ReferenceError> {
        Ok("1:example-token".to_owned())
    }

    fn log(&mut self, _: Level, _: &str) {}
}

fn notification(title: &str, body: &str, body_format: TextFormat) -> Notification {
    Notification {
        event_id: "e".to_owned(),
        device_id: "home_heating".to_owned(),
        status: "INACTIVE".to_owned(),
        severity: Severity::Error,
        title: title.to_owned(),
        body: body.to_owned(),
        body_format,
        occurred_at: "2026-11-23T04:05:06Z".to_owned(),
        fields: Vec::new(),
        event_json: "{}".to_owned(),
    }
}

/// The messages that people see, and what the plugin answered; the fake must not have refused anything.
fn shown(
    notification: &Notification,
    parse_mode: &str,
    overflow: &str,
) -> Result<(Vec<StyledText>, Option<Failure>), TestCaseError> {
    let settings = json!({ "chat-id": 1, "parse-mode": parse_mode, "overflow": overflow });
    let settings: Settings = serde_json::from_value(settings).unwrap();
    let attempt = Attempt {
        delivery_id: "d".to_owned(),
        number: 1,
        presentation: Presentation::Rich,
        remaining_ms: 1000,
        resume: String::new(),
        earlier: None,
    };
    let telegram = TelegramFake::new(|| Timestamp::UNIX_EPOCH);
    let mut oracle = Oracle { telegram, shown: Vec::new(), refusals: Vec::new() };
    let failure = Telegram::deliver(notification, &settings, &attempt, &mut oracle).err();
    // 32 KiB with the markup: a template can pass that, and its event then goes without.
    if oracle.refusals.iter().any(|refusal| refusal.contains("Bad Request: text is too long")) {
        return Err(TestCaseError::reject("more markup than Telegram takes"));
    }
    prop_assert!(oracle.refusals.is_empty(), "{} refused: {:?}", parse_mode, oracle.refusals);
    Ok((oracle.shown, failure))
}

/// The same, of a notification that has something to read.
fn taken(notification: &Notification, parse_mode: &str, overflow: &str) -> Vec<StyledText> {
    let (shown, failure) = shown(notification, parse_mode, overflow).unwrap();
    assert_eq!(failure, None, "{parse_mode} {overflow}");
    shown
}

/// What is compared of a text: letters and digits, in order.
fn letters(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}

/// The messages one after the other.
fn joined(shown: &[StyledText]) -> String {
    shown.iter().map(|text| text.text.as_str()).collect()
}

fn all_letters(shown: &[StyledText]) -> String {
    letters(&joined(shown))
}

/// The styles of each character that is not white space.
fn styled(text: &StyledText) -> Vec<(char, Vec<StyleKind>)> {
    let kinds = |at: usize| -> Vec<StyleKind> {
        let here = text.styles.iter().filter(|style| style.start <= at && at < style.end);
        let mut kinds: Vec<StyleKind> = here.map(|style| style.kind.clone()).collect();
        kinds.sort_by_key(|kind| format!("{kind:?}"));
        kinds.dedup();
        kinds
    };
    let visible = text.text.char_indices().filter(|(_, character)| !character.is_whitespace());
    visible.map(|(at, character)| (character, kinds(at))).collect()
}

#[test]
fn tg_35_a_style_that_is_split_goes_on_and_ends_where_it_should() {
    let body = format!("<b>{}</b>TAIL_SHOULD_NOT_BE_BOLD", "x".repeat(4990));
    for mode in ["HTML", "MarkdownV2"] {
        let shown = taken(&notification("T", &body, TextFormat::Html), mode, "split");
        let [first, second] = shown.as_slice() else { panic!("{} messages", shown.len()) };
        let bold = |text: &StyledText, wanted: char| {
            let all = styled(text).into_iter().filter(|(character, _)| *character == wanted);
            all.map(|(_, kinds)| kinds == [StyleKind::Bold]).collect::<Vec<bool>>()
        };
        assert!(bold(first, 'x').into_iter().chain(bold(second, 'x')).all(|is_bold| is_bold), "{mode}");
        assert!(bold(second, 'D').iter().all(|is_bold| !is_bold), "{mode}");
        assert_eq!(bold(first, 'x').len() + bold(second, 'x').len(), 4990, "{mode}");
        assert!(first.styles.iter().chain(&second.styles).all(|style| style.start < style.end), "{mode}");
    }
}

#[test]
fn tg_36_every_part_of_a_split_text_can_be_read_alone() {
    let code = "line.with.dots-and-dashes_under ".repeat(200);
    let words = "w ".repeat(5000);
    let rows = [
        format!("<a href=\"https://example.com/{}\">x</a>", "u".repeat(4970)),
        format!("<a href=\"https://example.com/{}\">{words}</a>", "u".repeat(1900)),
        format!("<pre>{code}</pre>"),
        "<blockquote>q `\\ _x_\n</blockquote><i><u>zz</u></i>".repeat(900),
    ];
    for body in rows {
        let notification = notification("T", &body, TextFormat::Html);
        let plain = all_letters(&taken(&notification, "none", "split"));
        for mode in MODES {
            assert_eq!(all_letters(&taken(&notification, mode, "split")), plain, "{mode}");
        }
    }
}

#[test]
fn tg_37_a_style_at_the_very_end_of_a_message_is_closed() {
    let body = format!("{}<b>a</b>", "A".repeat(4089));
    for mode in MODES {
        let shown = taken(&notification("", &body, TextFormat::Html), mode, "truncate");
        assert!(joined(&shown).ends_with("AAAa"), "{mode}");
    }
}

#[test]
fn tg_38_the_limit_counts_code_points_and_not_bytes() {
    // Symbol and space come before the body, and no title.
    let room = 4096 - 2;
    let rows = [("😀", room, room), ("😀", room + 1, room - 1), ("я", 3000, 3000)];
    for mode in MODES {
        for (character, sent, kept) in rows {
            let body = character.repeat(sent);
            let shown = taken(&notification("", &body, TextFormat::Text), mode, "truncate");
            let [text] = shown.as_slice() else { panic!("{} messages", shown.len()) };
            assert_eq!(text.text.matches(character).count(), kept, "{mode} {character}");
            assert_eq!(text.text.ends_with('…'), sent > kept, "{mode} {character}");
        }
    }
}

#[test]
fn tg_41_names_with_marks_in_them_are_names() {
    for name in
        ["boiler_1", r"C:\_dir", "x`y", "a*b*c", "1. x", "[x](y)", "#t > q", "||s|| ~~k~~", "<b>&amp;"]
    {
        for mode in MODES {
            let shown = taken(&notification(name, name, TextFormat::Text), mode, "truncate");
            assert_eq!(joined(&shown), format!("🔴 {name}\n{name}"), "{mode}");
        }
    }
}

/// Pieces of markup in any order: tags that do not match, references, marks of the other mode, and text.
const TAG_SOUP: &str = r#"(<b>|</b>|<i>|</i>|<u>|</u>|<s>|</s>|<tg-spoiler>|</tg-spoiler>|<code>|</code>|<pre>|</pre>|<pre><code class=language-x>|<blockquote>|</blockquote>|<a href="https://h/(x)_\\">|</a>|<h1>|</h1>|<p>|<br>|<li>|<td>|<tr>|<hr>|[a-c_*~|`>\\\[\]()!. \n]|\n|&lt;|&amp;|&gt;|&#x1F600;|😀|\PC){0,30}"#;

/// Text as the worst device sends it: every category of characters, and all marks of MarkdownV2.
const DEVICE_TEXT: &str = r"(\PC|\p{Cc}|\p{Cf}|\p{M}|[_*\[\]()~`>#+\-=|{}.!\\\n<&]){0,40}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_of_a_device_arrives_whole_in_every_mode(
        title in DEVICE_TEXT,
        body in DEVICE_TEXT,
        value in DEVICE_TEXT,
        times in 1_usize..300,
    ) {
        let mut notification = notification(&title, &body.repeat(times), TextFormat::Text);
        notification.fields.push(Field { name: "Name_1".to_owned(), value: value.clone() });
        let expected = format!("{}{}Name1{}", letters(&title), letters(&body).repeat(times), letters(&value));
        let (plain, failure) = shown(&notification, "none", "split")?;
        prop_assert_eq!(failure, None);
        prop_assert_eq!(all_letters(&plain), expected);
        for mode in ["HTML", "MarkdownV2"] {
            let (marked, failure) = shown(&notification, mode, "split")?;
            prop_assert_eq!(failure, None);
            prop_assert_eq!(joined(&marked), joined(&plain), "{}", mode);
        }
    }

    #[test]
    fn no_device_text_is_too_much_for_one_message(title in DEVICE_TEXT, body in DEVICE_TEXT, times in 1_usize..2000) {
        let notification = notification(&title.repeat(times), &body.repeat(times), TextFormat::Text);
        for mode in MODES {
            let (shown, failure) = shown(&notification, mode, "truncate")?;
            prop_assert_eq!(shown.len(), usize::from(failure.is_none()), "{} {:?}", mode, failure);
        }
    }

    #[test]
    fn markup_looks_the_same_in_both_modes(body in TAG_SOUP, times in 1_usize..100, split in any::<bool>()) {
        let notification = notification("T_*", &body.repeat(times), TextFormat::Html);
        let overflow = if split { "split" } else { "truncate" };
        let (html, _) = shown(&notification, "HTML", overflow)?;
        let (markdown, _) = shown(&notification, "MarkdownV2", overflow)?;
        let (plain, _) = shown(&notification, "none", overflow)?;
        prop_assert_eq!(joined(&html), joined(&plain));
        let looks = |shown: &[StyledText]| shown.iter().map(styled).collect::<Vec<_>>();
        prop_assert_eq!(looks(&html), looks(&markdown));
    }
}
