//! What the fake refuses, in the server's words, and how requests may be written.

use campanile_local::fakes::telegram::Chat;
use serde_json::{Value, json};

use crate::support::{TOKEN, ask, fake, post, request, shown_text};

#[test]
fn bad_requests_are_refused_in_the_words_of_the_server() {
    for line in include_str!("refusals.jsonl").lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let fake = fake();
        if let Some(chat) = row.get("chat") {
            let id = &row["body"]["chat_id"];
            fake.configure(id.as_str().unwrap_or(&id.to_string()), chat_state(chat.as_str().unwrap()));
        }
        let (status, body, shown) = ask(&fake, &post(row["method"].as_str().unwrap(), &row["body"]));
        let expected = json!({ "ok": false, "error_code": row["code"], "description": row["description"] });
        assert_eq!(body, expected, "{}", row["id"]);
        assert_eq!(Value::from(status), row["code"], "{}", row["id"]);
        assert!(shown.is_none(), "{}", row["id"]);
    }
}

fn chat_state(name: &str) -> Chat {
    match name {
        "Missing" => Chat::Missing,
        "Blocked" => Chat::Blocked,
        "Deactivated" => Chat::Deactivated,
        "Kicked" => Chat::Kicked,
        "NotAMember" => Chat::NotAMember,
        "Deleted" => Chat::Deleted,
        "ReadOnly" => Chat::ReadOnly,
        other => panic!("unknown chat {other}"),
    }
}

#[test]
fn an_upgraded_group_says_where_it_went() {
    let fake = fake();
    fake.configure("-5", Chat::Upgraded(-1_001_234_567_890));
    let (status, body, _) = ask(&fake, &post("sendMessage", &json!({ "chat_id": -5, "text": "x" })));
    assert_eq!(status, 400);
    assert_eq!(
        body,
        json!({
            "ok": false,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": { "migrate_to_chat_id": -1_001_234_567_890_i64 },
        })
    );
}

#[test]
fn a_topic_must_exist() {
    let fake = fake();
    fake.configure("-1001234567890", Chat::Topics(vec![7]));
    for (thread, status) in
        [(json!(7), 200), (json!("7"), 200), (json!(8), 400), (json!(0), 200), (json!(-8), 200)]
    {
        let body = json!({ "chat_id": -1_001_234_567_890_i64, "text": "x", "message_thread_id": thread });
        assert_eq!(ask(&fake, &post("sendMessage", &body)).0, status, "{thread}");
    }
}

#[test]
fn paths_that_are_no_bot_api_are_not_found() {
    for (path, code, description) in [
        ("/", 404, "Not Found"),
        ("/sendMessage", 404, "Not Found"),
        ("/bot/sendMessage", 404, "Not Found"),
        ("/botalpha:abc/getMe", 404, "Not Found"),
        ("/bot123/getMe", 404, "Not Found"),
        ("/bot123:/getMe", 404, "Not Found"),
        ("/bot123:abc", 404, "Not Found"),
        ("/bot123:a%20c/getMe", 404, "Not Found"),
        ("/bot0123:abc/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot99999999999999999999:abc/getMe", 401, "Unauthorized: invalid token specified"),
    ] {
        let (status, body, _) = ask(&fake(), &request("GET", path, "", b""));
        assert_eq!((status, &body["description"]), (code, &json!(description)), "{path}");
    }
}

#[test]
fn a_revoked_token_is_unauthorized() {
    let fake = fake();
    fake.revoke(TOKEN);
    let (status, body, _) = ask(&fake, &post("getMe", &json!({})));
    assert_eq!(status, 401);
    assert_eq!(body, json!({ "ok": false, "error_code": 401, "description": "Unauthorized" }));
}

#[test]
fn parameters_come_from_the_query_a_form_or_json() {
    let path = format!("/bot{TOKEN}/sendMessage");
    let query = format!("{path}?chat_id=1&text=5+%26+6%0A&disable_notification=True");
    let encoded = format!("/bot{}/SENDMESSAGE", TOKEN.replace(':', "%3A"));
    let form = b"chat_id=1&text=5+%26+6&disable_notification=1";
    let json = br#"{"chat_id": "1", "text": "5 & 6", "disable_notification": true}"#;
    for request in [
        request("GET", &query, "", b""),
        request("POST", &path, "application/x-www-form-urlencoded; charset=utf-8", form),
        request("POST", &encoded, "Application/JSON", json),
        request("GET", &path, "application/json", json),
    ] {
        let (status, body, shown) = ask(&fake(), &request);
        assert_eq!(status, 200, "{body}");
        let shown = shown.unwrap();
        assert!(shown.silent && shown.to == "1", "{shown:?}");
        assert_eq!(shown_text(Some(shown)).text, "5 & 6");
    }
}

#[test]
fn bodies_that_say_nothing_are_refused() {
    let path = format!("/bot{TOKEN}/sendMessage");
    let large = vec![b'x'; (1 << 20) + 1];
    for (method, content_type, body, status, words) in [
        ("POST", "application/json", b"[]".as_slice(), 400, "message text is empty"),
        ("POST", "application/json", br#"{"chat_id": 1, "text": "x""#, 400, "message text is empty"),
        ("POST", "text/plain", br#"{"chat_id": 1, "text": "x"}"#, 400, "message text is empty"),
        ("POST", "application/json", large.as_slice(), 413, "too much parameters"),
        ("DELETE", "application/json", b"{}", 501, "Not Implemented"),
    ] {
        let (answered, body, _) = ask(&fake(), &request(method, &path, content_type, body));
        assert_eq!(answered, status, "{body}");
        assert!(body["description"].as_str().unwrap().contains(words), "{body}");
    }
}
