//! Requests to the Bot API: <https://core.telegram.org/bots/api#sendmessage>.

use campanile_channel::{Failure, Host, Request};
use serde::Serialize;

use crate::render::Message;
use crate::settings::{Chat, Settings};

/// The parameters of `sendMessage` and `editMessageText`. What is not set is left out.
#[derive(Serialize)]
struct Parameters<'a> {
    chat_id: &'a Chat,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<i64>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parse_mode: Option<&'static str>,
    link_preview_options: LinkPreview,
    #[serde(skip_serializing_if = "is_false")]
    disable_notification: bool,
    #[serde(skip_serializing_if = "is_false")]
    protect_content: bool,
}

#[derive(Serialize)]
struct LinkPreview {
    is_disabled: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A new message in `chat`.
pub(crate) fn send_message(
    settings: &Settings,
    chat: &Chat,
    message: &Message,
    silent: bool,
    host: &mut dyn Host,
) -> Result<Request, Failure> {
    let parameters = Parameters {
        message_thread_id: settings.topic(),
        disable_notification: silent,
        protect_content: settings.protect_content,
        ..edited(settings, chat, message)
    };
    call("sendMessage", &parameters, settings, host)
}

/// New text for message `id` in `chat`.
pub(crate) fn edit_message(
    settings: &Settings,
    chat: &Chat,
    id: i64,
    message: &Message,
    host: &mut dyn Host,
) -> Result<Request, Failure> {
    let parameters = Parameters { message_id: Some(id), ..edited(settings, chat, message) };
    call("editMessageText", &parameters, settings, host)
}

/// What both methods take.
fn edited<'a>(settings: &Settings, chat: &'a Chat, message: &'a Message) -> Parameters<'a> {
    Parameters {
        chat_id: chat,
        message_thread_id: None,
        message_id: None,
        text: &message.text,
        parse_mode: message.parse_mode,
        link_preview_options: LinkPreview { is_disabled: !settings.link_preview },
        disable_notification: false,
        protect_content: false,
    }
}

fn call(
    method: &str,
    parameters: &Parameters<'_>,
    settings: &Settings,
    host: &mut dyn Host,
) -> Result<Request, Failure> {
    let token = host.reference("bot-token")?;
    let body = serde_json::to_vec(parameters).map_err(|error| Failure::rejected(error.to_string()))?;
    Ok(Request {
        method: "POST".to_owned(),
        url: format!("{}/bot{token}/{method}", settings.api_url.trim_end_matches('/')),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body,
        timeout_ms: 0,
    })
}
