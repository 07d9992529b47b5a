//! A refusal with status 429 in the words of the provider that was asked.
//!
//! Telegram: tdlib/telegram-bot-api `telegram-bot-api/Query.cpp` (`set_retry_after_error`). Discord: the page "Rate Limits"
//! of discord/discord-api-docs; without a hint, what it sends to blocked addresses (issue 5810 there). Slack:
//! <https://docs.slack.dev/apis/web-api/rate-limits>. ntfy: `server/errors.go` of binwiederhier/ntfy; the server gives no hint, so one that a
//! fault asks for is a proxy's. PagerDuty: the page "Events API v2 Overview", which documents no hint and no body; the words are
//! ours. Resend: <https://resend.com/docs/api-reference/rate-limit>.

use serde_json::{Value, json};

use crate::fakes::{Answer, CaughtRequest, Service};

/// The provider's answer to `request`, asking to wait `retry_after` seconds, or not saying how long. `now` is what a
/// reset time is counted from.
#[must_use]
pub fn rate_limited(request: &CaughtRequest, retry_after: Option<f64>, now: jiff::Timestamp) -> Answer {
    match Service::of(request) {
        Service::Telegram => telegram(retry_after),
        Service::Discord => discord(retry_after, now),
        Service::Slack => hinted(retry_after, &json!({"ok": false, "error": "ratelimited"})),
        Service::Ntfy => hinted(
            retry_after,
            &json!({
                "code": 42901,
                "http": 429,
                "error": "limit reached: too many requests",
                "link": "https://ntfy.sh/docs/publish/#limitations",
            }),
        ),
        Service::PagerDuty => hinted(
            retry_after,
            &json!({
                "status": "throttle exceeded",
                "message": "Requests for this service are arriving too quickly.  Please retry later.",
            }),
        ),
        Service::Resend => resend(retry_after),
        Service::Other => {
            let mut headers = vec![("content-type".to_owned(), "text/plain".to_owned())];
            headers.extend(retry_after.map(whole_seconds));
            Answer { status: 429, headers, body: b"Too Many Requests".to_vec(), shown: None }
        }
    }
}

fn telegram(retry_after: Option<f64>) -> Answer {
    let Some(seconds) = retry_after.map(f64::ceil) else {
        let body = json!({"ok": false, "error_code": 429, "description": "Too Many Requests"});
        return answer(Vec::new(), &body);
    };
    let body = json!({
        "ok": false,
        "error_code": 429,
        "description": format!("Too Many Requests: retry after {seconds}"),
        "parameters": {"retry_after": whole(seconds)},
    });
    answer(vec![whole_seconds(seconds)], &body)
}

fn discord(retry_after: Option<f64>, now: jiff::Timestamp) -> Answer {
    let Some(seconds) = retry_after else {
        let message = "You are being blocked from accessing our API temporarily due to exceeding our rate limits \
                       frequently. Please read our docs at https://discord.com/developers/docs/topics/rate-limits to \
                       prevent this moving forward.";
        return answer(Vec::new(), &json!({"message": message, "code": 0}));
    };
    let reset = now.as_duration().as_secs_f64() + seconds;
    let headers = [
        ("x-ratelimit-limit", "5".to_owned()),
        ("x-ratelimit-remaining", "0".to_owned()),
        ("x-ratelimit-reset", format!("{reset:.3}")),
        ("x-ratelimit-reset-after", format!("{seconds:.3}")),
        ("x-ratelimit-bucket", "campanile-fault".to_owned()),
        ("x-ratelimit-scope", "user".to_owned()),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value)).into_iter();
    let body = json!({"message": "You are being rate limited.", "retry_after": seconds, "global": false});
    answer(headers.chain([whole_seconds(seconds)]).collect(), &body)
}

fn resend(retry_after: Option<f64>) -> Answer {
    let mut headers = vec![("ratelimit-limit", "5".to_owned()), ("ratelimit-remaining", "0".to_owned())];
    headers.extend(retry_after.map(|seconds| ("ratelimit-reset", seconds.ceil().to_string())));
    let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value));
    let message = "Too many requests. Please limit the number of requests per second. Or contact support to increase rate limit.";
    let body = json!({"statusCode": 429, "name": "rate_limit_exceeded", "message": message});
    answer(headers.chain(retry_after.map(whole_seconds)).collect(), &body)
}

/// A body, and the header if there is a hint.
fn hinted(retry_after: Option<f64>, body: &Value) -> Answer {
    answer(retry_after.map(whole_seconds).into_iter().collect(), body)
}

fn answer(mut headers: Vec<(String, String)>, body: &Value) -> Answer {
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    Answer { status: 429, headers, body: body.to_string().into_bytes(), shown: None }
}

/// The header, which has whole seconds at all providers: rounded up, for who comes early is refused again.
fn whole_seconds(seconds: f64) -> (String, String) {
    ("retry-after".to_owned(), seconds.ceil().to_string())
}

/// `seconds`, which has no fraction, as a JSON number without one.
fn whole(seconds: f64) -> Value {
    serde_json::from_str(&seconds.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str, retry_after: Option<f64>) -> String {
        let request = CaughtRequest {
            method: "POST".to_owned(),
            url: url.parse().unwrap(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        let answer = rate_limited(&request, retry_after, "2026-11-23T04:05:06Z".parse().unwrap());
        let headers: Vec<String> =
            answer.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        format!("{}\n{}\n{}", answer.status, headers.join("\n"), String::from_utf8(answer.body).unwrap())
    }

    #[test]
    fn telegram_asks_for_whole_seconds_in_header_and_body() {
        let expected = "429\nretry-after: 3\ncontent-type: application/json\n\
            {\"description\":\"Too Many Requests: retry after 3\",\"error_code\":429,\"ok\":false,\
            \"parameters\":{\"retry_after\":3}}";
        assert_eq!(refusal("https://api.telegram.org/bot1:a/sendMessage", Some(2.2)), expected);
        assert_eq!(refusal("http://192.168.1.5:8081/bot1:a/sendMessage", Some(3.0)), expected);
    }

    #[test]
    fn discord_asks_for_fractions_in_the_body_and_whole_seconds_in_the_header() {
        let expected = "429\nx-ratelimit-limit: 5\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 1795406706.376\n\
            x-ratelimit-reset-after: 0.376\nx-ratelimit-bucket: campanile-fault\nx-ratelimit-scope: user\n\
            retry-after: 1\ncontent-type: application/json\n\
            {\"global\":false,\"message\":\"You are being rate limited.\",\"retry_after\":0.376}";
        assert_eq!(refusal("https://discord.com/api/v10/webhooks/1/a", Some(0.376)), expected);
        assert_eq!(refusal("https://proxy.example/api/webhooks/1/a", Some(0.376)), expected);
    }

    #[test]
    fn those_who_ask_by_the_header_have_a_body_of_their_own() {
        for (url, body) in [
            ("https://slack.com/api/chat.postMessage", r#"{"error":"ratelimited","ok":false}"#),
            (
                "https://ntfy.sh/alerts",
                r#"{"code":42901,"error":"limit reached: too many requests","http":429,"link":"https://ntfy.sh/docs/publish/#limitations"}"#,
            ),
            (
                "https://events.pagerduty.com/v2/enqueue",
                r#"{"message":"Requests for this service are arriving too quickly.  Please retry later.","status":"throttle exceeded"}"#,
            ),
        ] {
            let expected = format!("429\nretry-after: 2\ncontent-type: application/json\n{body}");
            assert_eq!(refusal(url, Some(1.5)), expected, "{url}");
        }
    }

    #[test]
    fn resend_tells_its_limit_too() {
        let expected = "429\nratelimit-limit: 5\nratelimit-remaining: 0\nratelimit-reset: 1\nretry-after: 1\ncontent-type: application/json\n\
            {\"message\":\"Too many requests. Please limit the number of requests per second. Or contact support to increase rate limit.\",\
            \"name\":\"rate_limit_exceeded\",\"statusCode\":429}";
        assert_eq!(refusal("https://api.resend.com/emails", Some(1.0)), expected);
    }

    #[test]
    fn others_ask_by_the_header() {
        let text = refusal("https://example.com/hook", Some(1.5));
        assert_eq!(text, "429\ncontent-type: text/plain\nretry-after: 2\nToo Many Requests");
    }

    #[test]
    fn without_a_hint_nobody_says_how_long() {
        for url in [
            "https://api.telegram.org/bot1:a/getMe",
            "https://discord.com/api/webhooks/1/a",
            "https://slack.com/api/chat.update",
            "https://ntfy.sh/alerts",
            "https://events.pagerduty.com/v2/enqueue",
            "https://api.resend.com/emails",
            "https://a.b/",
        ] {
            let text = refusal(url, None);
            assert!(
                text.starts_with("429\n") && !text.contains("retry-after") && !text.contains("reset"),
                "{text}"
            );
        }
    }
}
