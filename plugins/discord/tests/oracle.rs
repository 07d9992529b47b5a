//! Whatever a device or a template writes, the fake that validates like Discord accepts the messages and shows the text.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

use campanile_channel::{
    Attempt, Channel, Field, Host, Level, Notification, Presentation, ReferenceError, Request, Response,
    SendError, Severity, TextFormat,
};
use campanile_discord::Discord;
use campanile_local::fakes::discord::DiscordFake;
use campanile_local::fakes::{CaughtRequest, Fake, Part, Shown, StyleKind, StyledText};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A host whose requests go to the fake.
struct Fakes {
    discord: DiscordFake,
    shown: Vec<Shown>,
}

impl Host for Fakes {
    fn send(&mut self, request: Request) -> Result<Response, SendError> {
        let Request { method, url, headers, body, .. } = request;
        let answer = self.discord.answer(&CaughtRequest { method, url: url.parse().unwrap(), headers, body });
        self.shown.extend(answer.shown);
        Ok(Response { status: answer.status, headers: answer.headers, body: answer.body })
    }

    fn reference(&mut self, name: &str) -> Result<String, ReferenceError> {
        if name == "webhook-url" { Ok("111/token".into()) } else { Err(ReferenceError::Unset) }
    }

    fn log(&mut self, _: Level, _: &str) {}
}

fn shown(notification: &Notification, settings: Value, presentation: Presentation) -> Vec<Shown> {
    let mut host = Fakes { discord: DiscordFake::new(|| jiff::Timestamp::UNIX_EPOCH), shown: Vec::new() };
    let attempt = Attempt {
        delivery_id: "d".into(),
        number: 1,
        presentation,
        remaining_ms: 1000,
        resume: String::new(),
        earlier: None,
    };
    let settings = serde_json::from_value(settings).unwrap();
    Discord::deliver(notification, &settings, &attempt, &mut host).unwrap();
    host.shown
}

fn notification(title: &str, body: &str, body_format: TextFormat) -> Notification {
    Notification {
        event_id: "e".into(),
        device_id: "home_heating".into(),
        status: "INACTIVE".into(),
        severity: Severity::Error,
        title: title.into(),
        body: body.into(),
        body_format,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: vec![Field { name: "Name_1".into(), value: body.into() }],
        event_json: "{}".into(),
    }
}

fn embed(shown: &[Shown]) -> (StyledText, StyledText, (String, StyledText)) {
    let [Shown { parts, .. }] = shown else { panic!("{shown:?}") };
    let [Part::Embed { title, description, fields, .. }] = parts.as_slice() else { panic!("{parts:?}") };
    (title.clone().unwrap(), description.clone().unwrap(), (fields[0].name.clone(), fields[0].value.clone()))
}

/// Text as people compare it: without what keeps delimiters apart, and without white space at the ends of lines.
fn read(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    lines.join("\n").replace('\u{200B}', "").trim().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn device_text_reads_as_it_was_sent(text in r"x[ a1*_~`|<>@#\[\]()\\:/.\n-]{0,40}x") {
        let (title, description, (name, value)) =
            embed(&shown(&notification(&text, &text, TextFormat::Text), json!({}), Presentation::Rich));
        prop_assert_eq!(title.text, text.split_whitespace().collect::<Vec<_>>().join(" "));
        prop_assert_eq!(title.styles, vec![]);
        for body in [description, value] {
            prop_assert_eq!(read(&body.text), read(&text));
            let only_links = body.styles.iter().all(|style| matches!(style.kind, StyleKind::Link { .. }));
            prop_assert!(only_links, "{:?}", body.styles);
        }
        prop_assert_eq!(name, "Name_1");
    }

    #[test]
    fn addresses_in_device_text_can_be_followed(path in r"[a-z_*~|]{1,20}") {
        let text = format!("see https://example.com/{path}/x for more");
        let (_, description, _) =
            embed(&shown(&notification("t", &text, TextFormat::Text), json!({}), Presentation::Rich));
        prop_assert_eq!(&description.text, &text);
        let url = format!("https://example.com/{path}/x");
        prop_assert_eq!(&description.styles[0].kind, &StyleKind::Link { url });
    }

    #[test]
    fn every_message_is_accepted_and_no_text_is_lost(
        text in r"x[ a*_~`|<>@#\[\]()\\:/.\n-]{0,60}x",
        times in 1_usize..150,
        style in prop_oneof![Just("embed"), Just("text")],
        split in any::<bool>(),
        presentation in prop_oneof![Just(Presentation::Rich), Just(Presentation::Plain), Just(Presentation::Minimal)],
    ) {
        let overflow = if split { "split" } else { "truncate" };
        let settings = json!({ "style": style, "overflow": overflow, "mention-users": ["321"], "attach-event": true });
        let long = text.repeat(times);
        let shown = shown(&notification(&text, &long, TextFormat::Text), settings, presentation);
        prop_assert!(split || shown.len() == 1);
        if split && presentation != Presentation::Minimal {
            let letters: usize = shown.iter().flat_map(|message| &message.parts).map(letters).sum();
            let title = text.matches('a').count();
            prop_assert!(letters >= 2 * long.matches('a').count() + title, "{letters}");
        }
    }

    #[test]
    fn markup_leaves_no_delimiters_behind(html in markup(), style in prop_oneof![Just("embed"), Just("text")]) {
        let (html, text) = html;
        let mut notification = notification("t", &html, TextFormat::Html);
        notification.fields.clear();
        let shown = shown(&notification, json!({ "style": style }), Presentation::Rich);
        let all = match &shown[0].parts[0] {
            Part::Embed { description, .. } => description.clone().unwrap().text,
            Part::Text(text) => text.text.strip_prefix("t\n").unwrap().to_owned(),
        };
        prop_assert_eq!(read(&all), read(&text), "{}", html);
    }
}

/// The letters `a` in what people see, which no markup contains.
fn letters(part: &Part) -> usize {
    let count = |text: &StyledText| text.text.matches('a').count();
    match part {
        Part::Text(text) if text.text.starts_with('📎') => 0,
        Part::Text(text) => count(text),
        Part::Embed { title, description, fields, .. } => {
            let fields: usize = fields.iter().map(|field| count(&field.value)).sum();
            title.as_ref().map_or(0, count) + description.as_ref().map_or(0, count) + fields
        }
    }
}

/// HTML of inline tags in each other and beside each other, and the text in it.
fn markup() -> impl Strategy<Value = (String, String)> {
    let leaf = r"[ab*_~|`\\:1.#-]{1,6}".prop_map(|text| (text.clone(), text));
    leaf.prop_recursive(4, 24, 4, |inner| {
        let tag = prop_oneof![Just("b"), Just("i"), Just("u"), Just("s"), Just("tg-spoiler"), Just("code")];
        (tag, prop::collection::vec(inner, 1..4)).prop_map(|(tag, parts)| {
            let (html, text): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
            (format!("<{tag}>{}</{tag}>", html.concat()), text.concat())
        })
    })
}
