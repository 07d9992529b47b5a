//! A fake with its clock at a known time, and requests to it.

use campanile_local::fakes::telegram::TelegramFake;
use campanile_local::fakes::{CaughtRequest, Fake, Part, Shown, StyledText};
use jiff::Timestamp;
use serde_json::Value;

/// A token of the right form that belongs to nobody.
pub(crate) const TOKEN: &str = "123456789:AAH-obviously_fake-token-for-tests";

/// The time that the fake's clock shows.
pub(crate) const NOW: i64 = 1_795_000_000;

/// A fake that was told nothing.
pub(crate) fn fake() -> TelegramFake {
    TelegramFake::new(|| Timestamp::from_second(NOW).unwrap())
}

/// Posts JSON to a method.
pub(crate) fn post(method: &str, body: &Value) -> CaughtRequest {
    request("POST", &format!("/bot{TOKEN}/{method}"), "application/json", body.to_string().as_bytes())
}

/// Any request.
pub(crate) fn request(method: &str, path: &str, content_type: &str, body: &[u8]) -> CaughtRequest {
    CaughtRequest {
        method: method.to_owned(),
        url: format!("https://api.telegram.org{path}").parse().unwrap(),
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body: body.to_vec(),
    }
}

/// Status, JSON body and what is shown.
pub(crate) fn ask(fake: &TelegramFake, request: &CaughtRequest) -> (u16, Value, Option<Shown>) {
    let answer = fake.answer(request);
    (answer.status, serde_json::from_slice(&answer.body).unwrap(), answer.shown)
}

/// The only text of a shown message.
pub(crate) fn shown_text(shown: Option<Shown>) -> StyledText {
    match shown.unwrap().parts.as_slice() {
        [Part::Text(text)] => text.clone(),
        other => panic!("not one text: {other:?}"),
    }
}
