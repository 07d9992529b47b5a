//! Attempts that need more than one request, and what they leave to the next.

use campanile_channel::testing::ScriptedHost;
use campanile_channel::{
    Attempt, Channel, Failure, Host, Level, Notification, Reason, Receipt, ReferenceError, Request, Response,
    SendError, TextFormat,
};
use campanile_telegram::Telegram;
use serde_json::{Value, json};

use super::{SENT, chat_1, deliver, first, host, notification, parameters, settings};

const UPGRADED: &str = r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001}}"#;
const FLOOD: &str = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5","parameters":{"retry_after":5}}"#;
const BROKEN: &str = r#"{"ok":false,"error_code":500,"description":"Internal Server Error"}"#;
const BLOCKED: &str =
    r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#;
const NOT_MODIFIED: &str =
    r#"{"ok":false,"error_code":400,"description":"Bad Request: message is not modified"}"#;

fn sent(message_id: i64) -> String {
    json!({"ok": true, "result": {"message_id": message_id, "chat": {"id": 1}}}).to_string()
}

fn chats(host: &ScriptedHost) -> Vec<Value> {
    parameters(host).iter().map(|sent| sent["chat_id"].clone()).collect()
}

fn methods(host: &ScriptedHost) -> Vec<&str> {
    host.requests.iter().map(|request| request.url.rsplit('/').next().unwrap()).collect()
}

#[test]
fn tg_57_a_chat_that_has_moved_gets_the_message_once_at_its_new_id() {
    let mut host = host(&[(400, UPGRADED), (200, SENT)]);
    let receipt = deliver(&settings(json!({"chat-id": -5})), &first(), &mut host).unwrap();
    assert_eq!(chats(&host), [-5, -1001]);
    let warning = "chat -5 has become a supergroup: set `chat-id = -1001` in campanile.toml";
    assert_eq!(receipt.warnings, [warning]);

    let receipt = deliver(
        &settings(json!({"chat-id": "-5:9"})),
        &first(),
        &mut super::host(&[(400, UPGRADED), (200, SENT)]),
    )
    .unwrap();
    assert!(receipt.warnings[0].contains("`chat-id = \"-1001:9\"`"), "{:?}", receipt.warnings);
}

#[test]
fn tg_57_a_chat_that_moves_twice_is_given_up() {
    let mut host = host(&[(400, UPGRADED), (400, UPGRADED), (200, SENT)]);
    let failure = deliver(&chat_1(json!({})), &first(), &mut host).unwrap_err();
    assert_eq!((failure.reason, host.requests.len()), (Reason::Rejected, 2));
}

#[test]
fn tg_57_the_new_id_is_kept_for_the_next_attempt() {
    let mut before = host(&[(400, UPGRADED), (429, FLOOD)]);
    let failure = deliver(&chat_1(json!({})), &first(), &mut before).unwrap_err();
    assert_eq!(failure.reason, Reason::RateLimited(5_000));

    let mut after = host(&[(200, SENT)]);
    let receipt =
        deliver(&chat_1(json!({})), &Attempt { resume: failure.resume, ..first() }, &mut after).unwrap();
    assert_eq!(chats(&after), [-1001]);
    assert_eq!(receipt.warnings.len(), 1);
}

/// A text of three messages.
fn long() -> Notification {
    notification("T", &["a", "b", "c"].map(|letter| letter.repeat(3000)).join("\n"), TextFormat::Text)
}

fn deliver_long(resume: &str, host: &mut ScriptedHost) -> Result<Receipt, Failure> {
    let attempt = Attempt { resume: resume.to_owned(), ..first() };
    Telegram::deliver(&long(), &chat_1(json!({"overflow": "split"})), &attempt, host)
}

#[test]
fn the_next_attempt_goes_on_with_the_first_part_that_is_not_delivered() {
    let mut before = host(&[(200, &sent(7)), (200, &sent(8)), (429, FLOOD)]);
    let failure = deliver_long("", &mut before).unwrap_err();
    assert_eq!((before.requests.len(), failure.reason), (3, Reason::RateLimited(5_000)));

    let mut after = host(&[(200, &sent(9))]);
    let receipt = deliver_long(&failure.resume, &mut after).unwrap();
    assert_eq!(parameters(&after)[0]["text"], "c".repeat(3000));
    assert_eq!((after.requests.len(), receipt.message_id.as_str()), (1, "7"));
}

#[test]
fn what_is_not_a_token_of_this_plugin_starts_from_the_beginning() {
    for token in ["", "{}", "null", "garbage", "{\"sent\":-1}"] {
        let mut host = host(&[(200, SENT), (200, SENT), (200, SENT)]);
        deliver_long(token, &mut host).unwrap();
        assert_eq!(host.requests.len(), 3, "{token}");
    }
}

fn recovery() -> Attempt {
    let earlier = Receipt { message_id: "7".into(), target: "-30".into(), warnings: vec![] };
    Attempt { earlier: Some(earlier), ..first() }
}

#[test]
fn the_earlier_message_is_edited_and_a_silent_one_sent() {
    let mut host = host(&[(200, SENT), (200, &sent(8))]);
    let receipt = deliver(&chat_1(json!({})), &recovery(), &mut host).unwrap();
    assert_eq!(methods(&host), ["editMessageText", "sendMessage"]);
    let sent = parameters(&host);
    let text = "🔴 <b>Heating: INACTIVE</b>\nNo heat since 03:12";
    let edit = json!({"chat_id": -30, "message_id": 7, "text": text, "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": true}});
    assert_eq!(sent[0], edit);
    assert_eq!((&sent[1]["text"], &sent[1]["disable_notification"]), (&json!(text), &json!(true)));
    assert_eq!(receipt.message_id, "8");
}

#[test]
fn an_earlier_message_that_can_not_be_edited_leaves_just_the_new_one() {
    for answer in [NOT_MODIFIED, BLOCKED, UPGRADED] {
        let mut host = host(&[(400, answer), (200, SENT)]);
        deliver(&chat_1(json!({})), &recovery(), &mut host).unwrap();
        assert_eq!(methods(&host), ["editMessageText", "sendMessage"]);
        assert_eq!(parameters(&host)[1].get("disable_notification"), None, "{answer}");
    }
    let mut unknown = recovery();
    unknown.earlier.as_mut().unwrap().message_id.clear();
    let mut host = host(&[(200, SENT)]);
    deliver(&chat_1(json!({})), &unknown, &mut host).unwrap();
    assert_eq!(methods(&host), ["sendMessage"]);
}

#[test]
fn an_edit_that_may_work_later_is_tried_again_and_done_once() {
    for (answer, reason) in [(BROKEN, Reason::Transient), (FLOOD, Reason::RateLimited(5_000))] {
        let mut host = host(&[(200, answer)]);
        let failure = deliver(&chat_1(json!({})), &recovery(), &mut host).unwrap_err();
        assert_eq!((failure.reason, failure.resume.as_str(), host.requests.len()), (reason, "", 1));
    }
    let mut before = host(&[(200, SENT), (200, BROKEN)]);
    let failure = deliver(&chat_1(json!({})), &recovery(), &mut before).unwrap_err();
    let mut after = host(&[(200, SENT)]);
    deliver(&chat_1(json!({})), &Attempt { resume: failure.resume, ..recovery() }, &mut after).unwrap();
    assert_eq!(methods(&after), ["sendMessage"]);
    assert_eq!(parameters(&after)[0]["disable_notification"], true);
}

/// Gives a new placeholder each time, as the real host does.
struct Counting {
    script: ScriptedHost,
    references: usize,
}

impl Host for Counting {
    fn send(&mut self, request: Request) -> Result<Response, SendError> {
        self.script.send(request)
    }

    fn reference(&mut self, _: &str) -> Result<String, ReferenceError> {
        self.references += 1;
        Ok(format!("REFERENCE-{}", self.references))
    }

    fn log(&mut self, level: Level, message: &str) {
        self.script.log(level, message);
    }
}

#[test]
fn tg_62_every_request_has_its_own_reference_and_nothing_else_has_one() {
    let mut host = Counting { script: host(&[(200, SENT), (400, UPGRADED), (500, BROKEN)]), references: 0 };
    let notification = notification("T", "b", TextFormat::Text);
    let failure = Telegram::deliver(&notification, &chat_1(json!({})), &recovery(), &mut host).unwrap_err();
    let urls: Vec<&str> = host.script.requests.iter().map(|request| request.url.as_str()).collect();
    let expected = ["1/editMessageText", "2/sendMessage", "3/sendMessage"];
    assert_eq!(urls, expected.map(|end| format!("https://api.telegram.org/botREFERENCE-{end}")));
    let said = format!("{failure:?} {:?}", host.script.lines);
    assert!(!said.contains("REFERENCE") && !said.contains("api.telegram.org"), "{said}");
}
