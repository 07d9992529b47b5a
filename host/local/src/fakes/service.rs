//! Which service a request is for: known by the host, and on a server of one's own by the shape of the request.

use std::fmt;

use super::{CaughtRequest, ntfy};

/// A service that a fake plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// The Bot API.
    Telegram,
    /// Webhooks of Discord.
    Discord,
    /// The Web API of Slack.
    Slack,
    /// An ntfy server.
    Ntfy,
    /// The Events API v2 of PagerDuty.
    PagerDuty,
    /// E-mail over Resend's API.
    Resend,
    /// None of these: an endpoint of somebody's own.
    Other,
}

/// Those that have a name, with it.
const NAMES: [(Service, &str); 6] = [
    (Service::Telegram, "telegram"),
    (Service::Discord, "discord"),
    (Service::Slack, "slack"),
    (Service::Ntfy, "ntfy"),
    (Service::PagerDuty, "pagerduty"),
    (Service::Resend, "resend"),
];

impl Service {
    /// The service with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(service, _)| *service)
    }

    /// The service that `request` is for.
    #[must_use]
    pub fn of(request: &CaughtRequest) -> Self {
        let host = request.url.host_str().unwrap_or_default();
        by_host(host).or_else(|| by_path(request)).unwrap_or(Self::Other)
    }
}

fn by_host(host: &str) -> Option<Service> {
    match host {
        "api.telegram.org" => Some(Service::Telegram),
        "discord.com" | "discordapp.com" | "canary.discord.com" | "ptb.discord.com" => Some(Service::Discord),
        "slack.com" => Some(Service::Slack),
        "events.pagerduty.com" | "events.eu.pagerduty.com" => Some(Service::PagerDuty),
        "api.resend.com" => Some(Service::Resend),
        // Who runs ntfy calls it so, and its paths alone tell nothing: a topic may have any name.
        _ if host == "ntfy.sh" || host.starts_with("ntfy.") => Some(Service::Ntfy),
        _ => None,
    }
}

/// By what no endpoint of somebody's own is likely to have. A webhook carries the header of Standard Webhooks and so is never taken
/// for a topic or an e-mail, wherever it goes.
fn by_path(request: &CaughtRequest) -> Option<Service> {
    let path: Vec<&str> = request.url.path_segments().into_iter().flatten().collect();
    match path.as_slice() {
        [bot, _] if bot.starts_with("bot") => Some(Service::Telegram),
        ["api", "webhooks", _, ..] => Some(Service::Discord),
        ["api", version, "webhooks", _, ..] if version.starts_with('v') => Some(Service::Discord),
        _ if request.header("webhook-id").is_some() => None,
        ["api", method] if method.starts_with("chat.") => Some(Service::Slack),
        ["v2", "enqueue"] => Some(Service::PagerDuty),
        ["emails"] => Some(Service::Resend),
        _ if ntfy::is_publication(request) => Some(Service::Ntfy),
        _ => None,
    }
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(service, _)| service == self).map_or("other", |(_, name)| name);
        formatter.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(url: &str, headers: &[(&str, &str)], body: &str) -> Service {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let url = url.parse().unwrap();
        Service::of(&CaughtRequest { method: "POST".into(), url, headers, body: body.into() })
    }

    #[test]
    fn a_service_is_known_by_its_host() {
        for (url, expected) in [
            ("https://api.telegram.org/bot1:a/getMe", Service::Telegram),
            ("https://canary.discord.com/api/webhooks/1/a", Service::Discord),
            ("https://slack.com/api/chat.postMessage", Service::Slack),
            ("https://ntfy.sh/topic", Service::Ntfy),
            ("https://ntfy.example.com:8080/", Service::Ntfy),
            ("https://events.eu.pagerduty.com/v2/enqueue", Service::PagerDuty),
            ("https://api.resend.com/emails", Service::Resend),
            ("https://hooks.slack.com/services/T/B/X", Service::Other),
            ("https://notntfy.sh/topic", Service::Other),
        ] {
            assert_eq!(service(url, &[], ""), expected, "{url}");
        }
    }

    #[test]
    fn on_a_server_of_ones_own_it_is_known_by_the_shape_of_the_request() {
        let topic = r#"{"topic":"alerts","message":"down","priority":4}"#;
        for (path, headers, body, expected) in [
            ("/bot1:a/sendMessage", &[][..], "", Service::Telegram),
            ("/api/v10/webhooks/1/a", &[], "", Service::Discord),
            ("/api/chat.update", &[], "", Service::Slack),
            ("/v2/enqueue", &[], "", Service::PagerDuty),
            ("/emails", &[], "", Service::Resend),
            ("/", &[], topic, Service::Ntfy),
            ("/alerts", &[("x-title", "Boiler")], "down", Service::Ntfy),
            ("/alerts/boiler", &[("x-priority", "4")], "down", Service::Ntfy),
        ] {
            assert_eq!(service(&format!("http://192.168.1.5:8080{path}"), headers, body), expected, "{path}");
        }
    }

    #[test]
    fn a_webhook_of_somebodys_own_is_no_service() {
        let topic = r#"{"topic":"alerts","message":"down"}"#;
        let event = r#"{"topic":"home/boiler","device":"boiler"}"#;
        for (path, headers, body) in [
            ("/", &[("webhook-id", "evt")][..], topic),
            ("/", &[], event),
            ("/", &[], r#"{"topic":7}"#),
            ("/emails", &[("webhook-id", "evt")], "{}"),
            ("/v2/enqueue", &[("webhook-id", "evt")], "{}"),
            ("/hook", &[("content-type", "application/json")], "{}"),
            ("/hook", &[("webhook-id", "evt"), ("title", "Boiler")], "{}"),
            ("/deep/path/hook", &[("title", "Boiler")], "{}"),
            ("/not a topic", &[("title", "Boiler")], "{}"),
        ] {
            assert_eq!(
                service(&format!("https://example.com{path}"), headers, body),
                Service::Other,
                "{path} {body}"
            );
        }
    }

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for (service, name) in NAMES {
            assert_eq!((Service::named(name), service.to_string().as_str()), (Some(service), name));
        }
        assert_eq!(Service::named("other"), None);
    }
}
