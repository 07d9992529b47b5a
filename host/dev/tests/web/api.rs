//! What the API tells and does.

use std::time::{Duration, Instant};

use campanile_core::ledger::DeliveryState;
use campanile_core::outcome::OutcomeKind;
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{HOSTILE, TOPIC, World, delivered, key};

fn ids(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn an_event_tells_what_each_rule_made_of_it() {
    let world = World::start().await;
    let id = world.publish("heater", "ACTIVE").await;
    let event = world.json(&format!("/api/events/{id}")).await;
    assert_eq!(
        (&event["topic"], &event["device"], &event["status"]),
        (&json!(TOPIC), &json!("heater"), &json!("ACTIVE"))
    );
    let verdicts = event["verdicts"].as_array().unwrap();
    let of = |rule: &str| verdicts.iter().find(|verdict| verdict["rule"] == rule).unwrap();
    assert_eq!(of("HotRule")["outcome"], "not-true");
    assert!(of("HotRule")["reason"].as_str().unwrap().contains("status"));
    assert_eq!(of("ColdRule")["outcome"], "selected");
    assert_eq!(of("ColdRule")["actions"][0]["state"], "done");
    assert_eq!(of("RecoveryRule")["outcome"], "off");
    world.stop().await;
}

#[tokio::test]
async fn a_payload_that_lies_about_its_device_is_a_concern() {
    let world = World::start().await;
    let payload = json!({ "device_id": "somebody-else", "status": "INACTIVE" });
    let body = json!({ "topic": TOPIC, "client-id": "heater", "payload": payload });
    let id = world.send(Method::POST, "/api/events", &body).await.json()["event"].as_u64().unwrap();
    let event = world.judged(id).await;
    assert!(event["concerns"][0].as_str().unwrap().contains("somebody-else"), "{event}");
    world.stop().await;
}

#[tokio::test]
async fn events_are_filtered_and_paged() {
    let world = World::start().await;
    let mut all = Vec::new();
    for (device, status) in [("a", "INACTIVE"), ("b", "ACTIVE"), ("a", "ACTIVE")] {
        all.insert(0, world.publish(device, status).await);
    }
    let list = async |query: &str| ids(&world.json(&format!("/api/events{query}")).await["events"]);
    let of_rule = list("?rule=HotRule").await;
    assert_eq!(of_rule, [all[2]]);
    assert_eq!(list("?device=a").await, [all[0], all[2]]);
    assert_eq!(list("?text=INACTIVE&device=b").await, [0; 0]);
    assert!(!list("?selected=false").await.contains(&all[0]));
    let page = world.json("/api/events?limit=2").await;
    assert_eq!(ids(&page["events"]), all[..2]);
    let rest = world.json(&format!("/api/events?limit=2&before={}", page["next"])).await;
    assert_eq!(ids(&rest["events"]), all[2..]);
    assert_eq!(rest["next"], Value::Null);
    world.stop().await;
}

#[tokio::test]
async fn bytes_are_published_as_they_are() {
    let world = World::start().await;
    let publish = async |body: Value| {
        let published = world.send(Method::POST, "/api/events", &body).await;
        assert_eq!(published.status, 201, "{published:?}");
        world.json(&format!("/api/events/{}", published.json()["event"])).await["payload"].clone()
    };
    let number = r#"{"n":1.50,"big":12345678901234567890123}"#;
    let json: Value =
        serde_json::from_str(&format!(r#"{{"topic":"a","payload-text":{}}}"#, json!(number))).unwrap();
    assert_eq!(publish(json).await["text"], number);
    let bytes = publish(json!({ "topic": "a", "payload-base64": "/wD+" })).await;
    assert_eq!(bytes, json!({ "size": 3, "base64": "/wD+" }));
    for body in [json!({ "topic": "a" }), json!({ "topic": "a", "payload": 1, "payload-text": "1" })] {
        let refused = world.send(Method::POST, "/api/events", &body).await;
        assert_eq!(refused.status, 422);
        assert!(refused.problem().contains("exactly one"));
    }
    world.stop().await;
}

#[tokio::test]
async fn a_replay_says_what_it_repeats() {
    let world = World::start().await;
    let id = world.publish("heater", "INACTIVE").await;
    let replayed = world.send(Method::POST, &format!("/api/events/{id}/replay"), &json!({})).await;
    let again = world.json(&format!("/api/events/{}", replayed.json()["event"])).await;
    assert_eq!((&again["source"], &again["comes-from"]), (&json!("replay"), &json!(id)));
    assert_eq!(again["payload"], world.json(&format!("/api/events/{id}")).await["payload"]);
    world.stop().await;
}

#[tokio::test]
async fn what_failed_is_in_a_queue() {
    let world = World::start().await;
    let id = world.publish("heater", "INACTIVE").await;
    // Nobody plays the function here, so the hot rule's action fails.
    let event = world.json(&format!("/api/events/{id}")).await;
    assert!(event.to_string().contains("\"failed\""), "{event}");
    let queued = world.json("/api/queues").await;
    assert_eq!(queued["messages"][0]["event"], id);
    assert_eq!(queued["messages"][0]["queue"], "RuleErrorQueue");
    world.stop().await;
}

#[tokio::test]
async fn deliveries_are_filtered_and_paged() {
    let world = World::start().await;
    let keys = [key("a", "1", "family"), key("a", "1", "ops"), key("b", "2", "family")];
    for key in &keys {
        world.delivery(key, &[OutcomeKind::Transient, OutcomeKind::Delivered], delivered()).await;
    }
    let rejected = DeliveryState::Rejected { reason: "no".into() };
    world.delivery(&key("b", "3", "ops"), &[OutcomeKind::Rejected], rejected).await;
    let list = async |query: &str| {
        let page = world.json(&format!("/api/deliveries{query}")).await;
        let ids =
            page["deliveries"].as_array().unwrap().iter().map(|of| of["id"].as_str().unwrap().to_owned());
        (ids.collect::<Vec<_>>(), page["next"].as_str().map(str::to_owned))
    };
    assert_eq!(list("?status=rejected").await.0, ["b:3:ops"]);
    assert_eq!(list("?channel=family").await.0, ["b:2:family", "a:1:family"]);
    assert_eq!(list("?device=a&channel=ops").await.0, ["a:1:ops"]);
    let (first, next) = list("?limit=3").await;
    let (rest, end) = list(&format!("?limit=3&after={}", next.unwrap())).await;
    assert_eq!((first.len(), rest, end), (3, vec!["a:1:family".to_owned()], None));
    let about = world.json("/api/about").await;
    let counts = about["counts"]["deliveries"].as_array().unwrap();
    assert!(
        counts.contains(&json!({ "channel": "family", "status": "delivered", "count": 2 })),
        "{counts:?}"
    );
    world.stop().await;
}

#[tokio::test]
async fn a_delivery_names_the_requests_of_its_attempts() {
    let world = World::start().await;
    let key = key("a:b", "ü/%", "family");
    let caught = world.telegram("sendMessage", Some(&key), &json!({ "chat_id": "-1001", "text": "x" })).await;
    world.delivery(&key, &[OutcomeKind::Delivered], delivered()).await;
    let id = key.to_string().replace('%', "%25");
    let delivery = world.json(&format!("/api/deliveries/{id}")).await;
    assert_eq!(delivery["attempts"][0]["requests"], json!([caught]));
    assert_eq!(delivery["device"], "a:b");
    let message = world.json(&format!("/api/inbox/{caught}")).await;
    assert_eq!((&message["delivery"], &message["attempt"]), (&json!(key.to_string()), &json!(1)));
    world.stop().await;
}

#[tokio::test]
async fn what_was_given_up_is_sent_again() {
    let world = World::start().await;
    let key = key("a", "1", "family");
    let reason = "given up".to_owned();
    world.delivery(&key, &[OutcomeKind::Transient], DeliveryState::DeadLetter { reason }).await;
    let resend = async || world.send(Method::POST, "/api/deliveries/a:1:family/resend", &json!({})).await;
    assert_eq!(resend().await.status, 202);
    let delivery = world.json("/api/deliveries/a:1:family").await;
    assert_eq!((&delivery["status"], &delivery["reopened-after"]), (&json!("retry"), &json!(1)));
    let refused = resend().await;
    assert_eq!(refused.status, 422);
    assert!(refused.problem().contains("Replay its event"));
    world.stop().await;
}

#[tokio::test]
async fn the_inbox_waits_for_what_comes() {
    let world = World::start().await;
    let text = json!({ "chat_id": "-1001", "text": HOSTILE });
    let first = world.telegram("sendMessage", None, &text).await;
    let started = Instant::now();
    let nothing = world.json(&format!("/api/inbox?after={first}&wait=1s")).await;
    assert_eq!((&nothing["messages"], &nothing["last"]), (&json!([]), &json!(first)));
    let path = format!("/api/inbox?after={first}&wait=10s&channel=family");
    let wait = world.json(&path);
    let come = async {
        world.discord(&json!({ "content": "not this one" })).await;
        world.telegram("sendMessage", None, &text).await
    };
    let (waited, second) = tokio::join!(wait, come);
    assert_eq!(ids(&waited["messages"]), [second]);
    assert_eq!(waited["messages"][0]["shown"]["text"], HOSTILE);
    assert!(started.elapsed() < Duration::from_secs(8), "it did not wait for the end");
    world.stop().await;
}

#[tokio::test]
async fn the_inbox_is_cleared_and_ids_go_on() {
    let world = World::start().await;
    let text = json!({ "chat_id": "-1001", "text": "x" });
    let first = world.telegram("sendMessage", None, &text).await;
    let cleared = world.send(Method::DELETE, "/api/inbox", &json!({})).await;
    assert_eq!(cleared.json(), json!({ "cleared": 1 }));
    assert_eq!(world.json("/api/inbox").await["messages"], json!([]));
    assert_eq!(world.telegram("sendMessage", None, &text).await, first + 1);
    world.stop().await;
}

#[tokio::test]
async fn an_edit_names_what_it_edits_and_no_token_is_told() {
    let world = World::start().await;
    let sent = world.telegram("sendMessage", None, &json!({ "chat_id": "-1001", "text": "bad" })).await;
    let answer = world.json(&format!("/api/inbox/{sent}")).await;
    let message_id = answer["shown"]["message-id"].as_str().unwrap().parse::<u64>().unwrap();
    let edit = json!({ "chat_id": "-1001", "message_id": message_id, "text": "good" });
    let edit = world.telegram("editMessageText", None, &edit).await;
    let (before, after) =
        (world.json(&format!("/api/inbox/{sent}")).await, world.json(&format!("/api/inbox/{edit}")).await);
    assert_eq!((&before["edited-by"], &after["edits"]), (&json!(edit), &json!(sent)));
    let discord = world.discord(&json!({ "content": "x" })).await;
    for id in [sent, edit, discord] {
        let text = world.get(&format!("/api/inbox/{id}")).await.text;
        assert!(!text.contains("EXAMPLE-TOKEN"), "{text}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_device_is_known_by_its_history() {
    let world = World::start().await;
    world.publish("heater", "INACTIVE").await;
    world.publish("heater", "ACTIVE").await;
    let device = world.json("/api/devices/heater").await;
    assert_eq!(device["status"], "ACTIVE");
    let history = world.json("/api/devices/heater/history?limit=1").await;
    assert_eq!(history["events"][0]["status"], "ACTIVE");
    let next = history["next"].as_str().unwrap().replace(':', "%3A");
    let older = world.json(&format!("/api/devices/heater/history?limit=1&after={next}")).await;
    assert_eq!((&older["events"][0]["status"], &older["next"]), (&json!("INACTIVE"), &Value::Null));
    world.stop().await;
}

#[tokio::test]
async fn statements_are_tried() {
    let world = World::start().await;
    let evaluate = async |question: Value| world.send(Method::POST, "/api/rules/evaluate", &question).await;
    let ask = async |sql: &str, payload: &str| {
        evaluate(json!({ "sql": sql, "topic": "a/b", "payload": payload })).await.json()
    };
    let selected = ask("SELECT n FROM 'a/+' WHERE n > 1", r#"{"n":1.50}"#).await;
    assert_eq!(
        (&selected["outcome"], &selected["output"]["text"]),
        (&json!("selected"), &json!(r#"{"n":1.50}"#))
    );
    let not_true = ask("SELECT n FROM 'a/+' WHERE n > 1", r#"{"n":1}"#).await;
    assert_eq!(not_true["outcome"], "not-true");
    assert_eq!(not_true["condition"]["because"][0]["expression"], "n");
    assert_eq!(ask("SELECT n FROM 'x'", "{}").await["outcome"], "other-topic");
    let refused = ask("SELECT n FRM 'x'", "{}").await;
    let finding = &refused["findings"][0];
    assert_eq!(
        (&refused["outcome"], &finding["line"], &finding["column"]),
        (&json!("refused"), &json!(1), &json!(10))
    );
    let hot =
        evaluate(json!({ "rule": "HotRule", "topic": TOPIC, "payload": r#"{"status":"INACTIVE"}"# })).await;
    assert_eq!(hot.json()["outcome"], "selected");
    for (question, part) in [
        (json!({ "rule": "Nobody", "topic": "a", "payload": "" }), "no rule `Nobody`"),
        (
            json!({ "sql": "SELECT *", "rule": "HotRule", "topic": "a", "payload": "" }),
            "either `sql` or `rule`",
        ),
        (json!({ "sql": "SELECT *", "topic": "a/#", "payload": "" }), "topic"),
        (json!({ "sql": "SELECT *", "sql-version": "1", "topic": "a", "payload": "" }), "2016-03-23"),
    ] {
        let refused = evaluate(question).await;
        assert_eq!(refused.status, 422);
        let problem = refused.problem();
        assert!(problem.contains(part), "{problem}");
    }
    world.stop().await;
}

#[tokio::test]
async fn faults_are_set_seen_and_taken_back() {
    let world = World::start().await;
    let set = json!({ "selector": "telegram", "fault": "500:times=2" });
    assert_eq!(world.send(Method::PUT, "/api/faults", &set).await.json(), json!([set]));
    let text = json!({ "chat_id": "-1001", "text": "x" });
    let struck = world.telegram("sendMessage", None, &text).await;
    let message = world.json(&format!("/api/inbox/{struck}")).await;
    assert_eq!((&message["answer"]["status"], &message["shown"]), (&json!(500), &Value::Null));
    assert_eq!(world.json("/api/faults").await, json!([{ "selector": "telegram", "fault": "500:times=1" }]));
    world.send(Method::PUT, "/api/faults", &json!({ "selector": "discord", "fault": "404:times=1" })).await;
    // The address that the plugin makes of any webhook's.
    let url = "https://discord.com/api/v10/webhooks/1/EXAMPLE-TOKEN?wait=true";
    let struck = world.caught(url, "ops", None, &json!({ "content": "x" })).await;
    assert_eq!(world.json(&format!("/api/inbox/{struck}")).await["answer"]["status"], 404);
    let cleared = world.send(Method::DELETE, "/api/faults?selector=telegram", &json!({})).await;
    assert_eq!(cleared.json(), json!([]));
    let refused = world.send(Method::PUT, "/api/faults", &json!({ "selector": "*", "fault": "tired" })).await;
    assert!(refused.problem().contains("`tired` is no fault"));
    world.stop().await;
}

#[tokio::test]
async fn what_is_not_there_says_where_to_look() {
    let world = World::start().await;
    for path in
        ["/api/nowhere", "/api/events/999", "/api/deliveries/x", "/api/inbox/x", "/api/devices/nobody"]
    {
        let read = world.get(path).await;
        assert_eq!(read.status, 404, "{path}");
        assert!(!read.problem().is_empty());
    }
    let wrong = world.send(Method::POST, "/api/health", &json!({})).await;
    assert_eq!(wrong.status, 405);
    assert!(wrong.problem().contains("openapi"));
    world.stop().await;
}
