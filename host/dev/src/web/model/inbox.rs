//! What was caught on its way to a provider.

use std::sync::Arc;

use campanile_local::fakes::{CaughtRequest, Service};
use campanile_local::inbox::{Caught, Inbox};
use serde::Serialize;
use utoipa::ToSchema;

use super::Bytes;
use super::shown::ShownMessage;

/// What stands where a secret was.
const MASK: &str = "…";

/// Headers whose value is or holds a secret.
const SECRET_HEADERS: [&str; 5] =
    ["authorization", "proxy-authorization", "cookie", "x-api-key", "webhook-signature"];

/// A caught request and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct CaughtMessage {
    /// Counted from 1; never given twice.
    pub(in crate::web) id: u64,
    /// When it was caught.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::web) at: jiff::Timestamp,
    /// Which service it was for.
    pub(in crate::web) provider: Provider,
    /// The channel that it is from.
    pub(in crate::web) channel: Option<String>,
    /// The delivery that it is from.
    pub(in crate::web) delivery: Option<String>,
    /// The number of the attempt.
    pub(in crate::web) attempt: Option<u32>,
    /// What was sent.
    pub(in crate::web) request: Sent,
    /// What it was answered; none if a fault let the provider answer nothing.
    pub(in crate::web) answer: Option<Answered>,
    /// The fault that struck.
    pub(in crate::web) fault: Option<String>,
    /// What people see, if it shows something.
    pub(in crate::web) shown: Option<ShownMessage>,
    /// The one before it that shows the same message: this one edits it.
    pub(in crate::web) edits: Option<u64>,
    /// The one after it that edits its message.
    pub(in crate::web) edited_by: Option<u64>,
}

/// A service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) enum Provider {
    /// The Bot API.
    Telegram,
    /// Webhooks of Discord.
    Discord,
    /// The Web API of Slack.
    Slack,
    /// An ntfy server.
    Ntfy,
    /// The Events API v2 of PagerDuty.
    #[serde(rename = "pagerduty")]
    PagerDuty,
    /// E-mail over Resend's API.
    Resend,
    /// Any other.
    Other,
}

impl From<Service> for Provider {
    fn from(service: Service) -> Self {
        match service {
            Service::Telegram => Self::Telegram,
            Service::Discord => Self::Discord,
            Service::Slack => Self::Slack,
            Service::Ntfy => Self::Ntfy,
            Service::PagerDuty => Self::PagerDuty,
            Service::Resend => Self::Resend,
            Service::Other => Self::Other,
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Sent {
    /// Upper case.
    pub(in crate::web) method: String,
    /// Where to; places of secrets are masked.
    pub(in crate::web) url: String,
    /// Names in lower case, and values; those of secrets are masked.
    pub(in crate::web) headers: Vec<(String, String)>,
    /// As it was sent.
    pub(in crate::web) body: Bytes,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Answered {
    /// HTTP status.
    pub(in crate::web) status: u16,
    /// Names in lower case, and values.
    pub(in crate::web) headers: Vec<(String, String)>,
    /// As it was answered.
    pub(in crate::web) body: Bytes,
}

impl CaughtMessage {
    /// One of the inbox, with its neighbours that show the same message.
    pub(in crate::web) fn of(caught: &Caught, all: &[Arc<Caught>]) -> Self {
        let same = |other: &&Arc<Caught>| other.id != caught.id && is_same_message(other, caught);
        let header = |name| header(&caught.request, name);
        Self {
            id: caught.id,
            at: caught.at,
            provider: provider(&caught.request),
            channel: header("campanile-channel").map(str::to_owned),
            delivery: header("campanile-delivery").map(str::to_owned),
            attempt: header("campanile-attempt").and_then(|number| number.parse().ok()),
            request: sent(&caught.request),
            answer: caught.answer.as_ref().map(|answer| Answered {
                status: answer.status,
                headers: answer.headers.clone(),
                body: answer.body.as_slice().into(),
            }),
            fault: caught.fault.clone(),
            shown: caught.shown().map(ShownMessage::from),
            edits: all.iter().filter(same).filter(|other| other.id < caught.id).map(|other| other.id).max(),
            edited_by: all
                .iter()
                .filter(same)
                .filter(|other| other.id > caught.id)
                .map(|other| other.id)
                .min(),
        }
    }
}

/// Everything in the inbox that is of `channel`, newest first.
pub(in crate::web) fn newest(inbox: &Inbox, channel: Option<&str>) -> Vec<Arc<Caught>> {
    let mut all = inbox.list(None);
    all.retain(|caught| channel.is_none_or(|channel| is_of(caught, channel)));
    all.reverse();
    all
}

/// Whether it is of `channel`, or of an item of it: a fan-out has the item after a dot.
pub(in crate::web) fn is_of(caught: &Caught, channel: &str) -> bool {
    header(&caught.request, "campanile-channel") == Some(channel)
}

/// The channels that something was caught of, by name.
pub(in crate::web) fn channels(inbox: &Inbox) -> Vec<String> {
    let all = inbox.list(None);
    let mut names: Vec<String> = all
        .iter()
        .filter_map(|caught| header(&caught.request, "campanile-channel"))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

pub(in crate::web) fn header<'r>(request: &'r CaughtRequest, name: &str) -> Option<&'r str> {
    request.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

pub(in crate::web) fn provider(request: &CaughtRequest) -> Provider {
    Service::of(request).into()
}

/// Whether both show the same message of the same chat.
fn is_same_message(one: &Caught, other: &Caught) -> bool {
    let named = |caught: &Caught| {
        let shown = caught.shown()?;
        let id = (shown.to.clone(), shown.message_id.clone());
        (!shown.message_id.is_empty()).then(|| (provider(&caught.request), id))
    };
    named(one).is_some_and(|name| named(other) == Some(name))
}

fn sent(request: &CaughtRequest) -> Sent {
    let headers = request.headers.iter().map(|(name, value)| {
        let value = if SECRET_HEADERS.contains(&name.as_str()) { MASK } else { value };
        (name.clone(), value.to_owned())
    });
    Sent {
        method: request.method.clone(),
        url: masked(request),
        headers: headers.collect(),
        body: request.body.as_slice().into(),
    }
}

/// The URL without what is secret in it: a bot's token, a webhook's token, a topic that only those know who may read it, a password.
fn masked(request: &CaughtRequest) -> String {
    let mut url = request.url.clone();
    // Fails only where there can be no password.
    url.set_password(None).ok();
    let secret = match provider(request) {
        Provider::Telegram => Some((1, "bot…")).filter(|_| url.path().starts_with("/bot")),
        Provider::Discord => {
            let webhooks = url.path().split('/').position(|segment| segment == "webhooks");
            webhooks.map(|at| (at + 2, MASK))
        }
        Provider::Ntfy => Some((1, MASK)).filter(|_| url.path() != "/"),
        Provider::Slack | Provider::PagerDuty | Provider::Resend | Provider::Other => None,
    };
    let segments = url.path().split('/').enumerate();
    let segments = segments.map(|(at, segment)| match secret {
        Some((place, mask)) if place == at => mask,
        _ => segment,
    });
    let path = segments.collect::<Vec<_>>().join("/");
    format!("{}{path}{}", &url[..url::Position::BeforePath], &url[url::Position::AfterPath..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> String {
        let url = text.parse().unwrap();
        masked(&CaughtRequest { method: "POST".into(), url, headers: Vec::new(), body: Vec::new() })
    }

    #[test]
    fn places_of_secrets_are_masked() {
        for (given, shown) in [
            ("https://api.telegram.org/bot12:abc/sendMessage", "https://api.telegram.org/bot…/sendMessage"),
            (
                "https://discord.com/api/webhooks/1/tok?wait=true",
                "https://discord.com/api/webhooks/1/…?wait=true",
            ),
            (
                "https://discord.com/api/v10/webhooks/1/tok/messages/2",
                "https://discord.com/api/v10/webhooks/1/…/messages/2",
            ),
            ("https://ntfy.sh/topic/boiler", "https://ntfy.sh/…/boiler"),
            ("https://ntfy.sh/", "https://ntfy.sh/"),
            ("https://user:secret@example.com/a?b=c", "https://user@example.com/a?b=c"),
        ] {
            assert_eq!(url(given), shown);
        }
    }

    #[test]
    fn headers_that_hold_secrets_are_masked() {
        let headers = vec![("authorization".into(), "Bearer x".into()), ("accept".into(), "*/*".into())];
        let url = "https://example.com/".parse().unwrap();
        let request = CaughtRequest { method: "POST".into(), url, headers, body: Vec::new() };
        let shown: Vec<String> = sent(&request).headers.into_iter().map(|(_, value)| value).collect();
        assert_eq!(shown, [MASK, "*/*"]);
    }
}
