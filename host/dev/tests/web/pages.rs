//! The pages: what is on them, and that text of others stays text.

use campanile_core::ledger::DeliveryState;
use campanile_core::outcome::OutcomeKind;
use campanile_dev::web::About;
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{HOSTILE, World, delivered, key};

/// Everything that others can write is full of markup.
async fn hostile() -> (World, Vec<String>) {
    let world = World::start().await;
    let event = world.publish("heater", "INACTIVE").await;
    let evil = json!({ "topic": format!("home/{}", HOSTILE.replace('/', "")), "client-id": "<b>x", "payload-text": HOSTILE });
    let other = world.send(Method::POST, "/api/events", &evil).await.json()["event"].clone();
    let dead = key("heater", "<i>e", "family");
    let reason = HOSTILE.to_owned();
    world.delivery(&dead, &[OutcomeKind::Transient], DeliveryState::DeadLetter { reason }).await;
    world
        .delivery(&key(HOSTILE, "e", "ops"), &[OutcomeKind::Unknown, OutcomeKind::Delivered], delivered())
        .await;
    let text =
        world.telegram("sendMessage", Some(&dead), &json!({ "chat_id": "-1001", "text": HOSTILE })).await;
    let embed = json!({
        "username": "<b>name", "content": HOSTILE,
        "embeds": [{ "title": HOSTILE, "description": HOSTILE, "footer": { "text": HOSTILE }, "fields": [{ "name": HOSTILE, "value": HOSTILE }] }],
    });
    let card = world.discord(&embed).await;
    let hook =
        world.caught("https://example.com/a?b=<script>", "<b>hook", None, &json!({ HOSTILE: HOSTILE })).await;
    let dead = format!("/deliveries/{}", dead.to_string().replace('%', "%25"));
    let mut pages: Vec<String> = [
        "/",
        "/inbox",
        "/events",
        "/deliveries",
        "/devices",
        "/devices/heater",
        "/rules",
        "/rules/playground",
        "/faults",
        "/plugins",
        "/queues",
        "/latency",
        "/deliveries?status=dead-letter&device=heater",
        "/events?q=%3Cscript%3E&show=selected",
        "/nowhere",
        "/devices/%3Cscript%3E",
        "/inbox?channel=%3Cb%3Ehook",
    ]
    .map(str::to_owned)
    .to_vec();
    pages.extend([
        format!("/events/{event}"),
        format!("/events/{other}"),
        format!("/rules/playground?event={other}"),
        dead,
    ]);
    for id in [text, card, hook] {
        for tab in ["rendered", "request", "answer", "event", "log"] {
            pages.push(format!("/inbox/{id}?tab={tab}"));
        }
    }
    (world, pages)
}

#[tokio::test]
async fn text_of_others_stays_text_on_every_page() {
    let (world, pages) = hostile().await;
    for path in pages {
        let read = world.get(&path).await;
        assert!(read.kind.starts_with("text/html"), "{path}: {}", read.kind);
        assert!(!read.status.is_server_error(), "{path}: {}", read.text);
        for markup in [
            "<script>alert",
            "<img",
            "<b>x",
            "<i>e",
            "<b>hook",
            "<b>name",
            " style=",
            "javascript:",
            " onerror=alert(2)>",
        ] {
            assert!(!read.text.contains(markup), "{path} contains {markup}");
        }
        assert!(!read.text.contains("EXAMPLE-TOKEN"), "{path} tells a token");
    }
    world.stop().await;
}

#[tokio::test]
async fn the_playground_answers_with_text() {
    let world = World::start().await;
    let ask = async |question: Value| world.send(Method::POST, "/fragments/playground", &question).await;
    let refused = ask(json!({ "sql": format!("SELECT {HOSTILE}"), "topic": "a", "payload": "" })).await;
    assert_eq!(refused.status, 200);
    assert!(
        refused.text.contains("<mark")
            && !refused.text.contains("<script>")
            && !refused.text.contains("<img")
    );
    let selected = ask(
        json!({ "sql": "SELECT * FROM 'a'", "topic": "a", "payload": json!({ HOSTILE: 1 }).to_string() }),
    )
    .await;
    assert!(selected.text.contains("selected") && !selected.text.contains("<script>"));
    assert_eq!(ask(json!({ "topic": "a", "payload": "" })).await.status, 422);
    world.stop().await;
}

#[tokio::test]
async fn what_is_empty_says_what_to_do() {
    let world = World::start().await;
    for path in ["/", "/events", "/deliveries", "/devices", "/latency"] {
        let text = world.get(path).await.text;
        assert!(text.contains("Publish a sample") && text.contains("mosquitto_pub -p 1883"), "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_a_page_too() {
    let world = World::start().await;
    for (path, status) in [
        ("/nowhere", 404),
        ("/inbox/999", 404),
        ("/inbox/x", 404),
        ("/events/999", 404),
        ("/events/x", 404),
        ("/deliveries/x", 404),
        ("/devices/nobody", 404),
        ("/deliveries?status=lost", 400),
        ("/events?before=x", 400),
    ] {
        let read = world.get(path).await;
        assert_eq!(read.status, status, "{path}");
        assert!(read.kind.starts_with("text/html") && read.text.contains("Back to the inbox"), "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn channels_that_really_send_are_marked() {
    let world = World::start().await;
    let text = world.get("/").await.text;
    assert!(text.contains("caught, not sent") && !text.contains("badge live"));
    world.stop().await;
    let world = World::about(About { live: vec!["family".into()], ..About::default() }).await;
    let text = world.get("/").await.text;
    assert!(text.contains("live: family") && !text.contains("caught, not sent"));
    world.stop().await;
}

#[tokio::test]
async fn a_message_is_shown_as_the_service_shows_it() {
    let world = World::start().await;
    let html = "<b>bold</b> <i>it</i> <u>un</u> <s>st</s> <tg-spoiler>hidden</tg-spoiler> <code>c</code>\n\
        <pre><code class=\"language-sql\">SELECT</code></pre><blockquote>said</blockquote> <a href=\"https://example.com/\">link</a>";
    let id = world
        .telegram(
            "sendMessage",
            None,
            &json!({ "chat_id": "-1001", "parse_mode": "HTML", "text": html, "disable_notification": true }),
        )
        .await;
    insta::assert_snapshot!("telegram", panel(&world.get(&format!("/inbox/{id}")).await.text));
    let card = json!({
        "username": "Heating", "content": "**bold** ||hidden|| `c` [link](https://example.com/)",
        "embeds": [{
            "title": "INACTIVE", "description": "> said", "color": 15_548_997, "footer": { "text": "critical" },
            "timestamp": "2026-11-23T04:05:06Z",
            "fields": [{ "name": "Previous", "value": "ACTIVE", "inline": true }, { "name": "Note", "value": "long" }],
        }],
    });
    let id = world.discord(&card).await;
    insta::assert_snapshot!("discord", panel(&world.get(&format!("/inbox/{id}")).await.text));
    world.stop().await;
}

/// The shown message of a page, an element a line, without its moment.
fn panel(page: &str) -> String {
    let from = page.find("<div class=\"panel\"").unwrap();
    let to = page.find("</section></div></main>").unwrap();
    let mut text = page[from..to].replace("><", ">\n<");
    while let Some(at) =
        text.find(" datetime=\"20").filter(|at| !text[*at..].starts_with(" datetime=\"2026-11-23"))
    {
        let end = at + text[at..].find("</time>").unwrap();
        text.replace_range(at..end, ">…");
    }
    text
}
