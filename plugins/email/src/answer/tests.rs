use super::*;

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Response { status, headers, body: body.as_bytes().to_vec() }
}

fn failure(status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
    read(&response(status, headers, body)).unwrap_err()
}

/// The body of an error as the API writes it.
fn error(status: u16, name: &str, message: &str) -> String {
    format!(r#"{{"statusCode":{status},"message":"{message}","name":"{name}"}}"#)
}

#[test]
fn success_gives_the_id_if_there_is_one() {
    let sent = |body: &str| read(&response(200, &[], body)).unwrap();
    let id = "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794";
    assert_eq!(sent(&format!(r#"{{"id":"{id}"}}"#)), Answer::Sent(id.into()));
    for body in ["", "[]", "<html>"] {
        assert_eq!(sent(body), Answer::Sent(String::new()), "{body}");
    }
}

#[test]
fn an_email_that_an_earlier_attempt_has_sent_is_sent() {
    let body = error(409, "invalid_idempotent_request", "This idempotency key has been used with …");
    assert_eq!(read(&response(409, &[], &body)), Ok(Answer::SentBefore));
}

/// All that a sender can get of <https://resend.com/docs/api-reference/errors>.
#[test]
fn every_documented_error_has_its_reason() {
    use Reason::{ContentRefused, Misconfigured, RateLimited, Rejected, Transient};
    let domain = "The `domain.com` domain is not verified. Please, add and verify your domain.";
    let own = "You can only send testing emails to your own email address (`youremail@domain.com`).";
    for (status, name, message, reason) in [
        (400, "invalid_idempotency_key", "Idempotency keys, if present, must have …", Rejected),
        (
            400,
            "validation_error",
            "An error was found with one or more fields in the request.",
            ContentRefused,
        ),
        (400, "validation_error", "API key is invalid", Misconfigured),
        (401, "missing_api_key", "Missing API key in the authorization header.", Misconfigured),
        (401, "restricted_api_key", "This API key is restricted to only send emails.", Misconfigured),
        (401, "validation_error", "API key is invalid", Misconfigured),
        (403, "invalid_api_key", "API key is invalid.", Misconfigured),
        (403, "invalid_permission", "Access token is missing required scopes.", Misconfigured),
        (403, "restricted_api_key", "API key is not active", Misconfigured),
        (403, "suspended_api_key", "This API key is suspended", Misconfigured),
        (403, "validation_error", own, Misconfigured),
        (403, "validation_error", domain, Misconfigured),
        (404, "not_found", "The requested endpoint does not exist.", Misconfigured),
        (405, "method_not_allowed", "Method is not allowed for the requested path.", Misconfigured),
        (409, "concurrent_idempotent_requests", "There is another request in progress …", Transient),
        (409, "resource_locked", "Another request is already updating this resource.", Transient),
        (422, "invalid_attachment", "Attachment must have either a `content` or `path`.", ContentRefused),
        (422, "invalid_from_address", "Invalid sender.", Misconfigured),
        (422, "invalid_parameter", "The `parameter` must be a valid UUID.", ContentRefused),
        (422, "missing_required_field", "Missing `html` or `text` field.", ContentRefused),
        (422, "validation_error", "Invalid `to` field. The email address needs to follow …", Misconfigured),
        (422, "validation_error", "Invalid `from` field.", Misconfigured),
        (422, "validation_error", r"The \\n is not allowed in the `subject` field.", ContentRefused),
        (429, "daily_quota_exceeded", "You have exceeded your daily email sending quota.", Misconfigured),
        (429, "monthly_quota_exceeded", "You have exceeded your monthly email sending quota.", Misconfigured),
        (429, "rate_limit_exceeded", "Too many requests.", RateLimited(0)),
        (500, "application_error", "An unexpected error occurred.", Transient),
        (503, "service_unavailable", "API is temporarily unavailable", Transient),
    ] {
        let failure = failure(status, &[], &error(status, name, message));
        assert_eq!(failure.reason, reason, "{status} {name} {message}");
        assert!(failure.detail.starts_with(&format!("Resend answered {status}: ")), "{}", failure.detail);
        assert!(failure.detail.contains(name), "{}", failure.detail);
    }
}

#[test]
fn a_rate_limit_is_waited_for_as_long_as_told() {
    let body = error(429, "rate_limit_exceeded", "Too many requests.");
    let wait = |headers: &[(&str, &str)]| failure(429, headers, &body).reason;
    assert_eq!(wait(&[("retry-after", "1"), ("ratelimit-reset", "2")]), Reason::RateLimited(1000));
    assert_eq!(wait(&[("retry-after", "soon"), ("ratelimit-reset", "2")]), Reason::RateLimited(2000));
    assert_eq!(wait(&[("ratelimit-reset", "4294968")]), Reason::RateLimited(0));
    assert_eq!(wait(&[]), Reason::RateLimited(0));
}

#[test]
fn what_stands_between_us_and_resend_is_understood_too() {
    for status in [408, 425, 500, 502, 503, 504, 599] {
        assert_eq!(failure(status, &[], "<html>").reason, Reason::Transient, "{status}");
    }
    for status in [301, 302, 307, 308, 401, 403, 404, 405] {
        assert_eq!(failure(status, &[], "error code: 1010").reason, Reason::Misconfigured, "{status}");
    }
    for status in [402, 406, 410, 418, 451] {
        assert_eq!(failure(status, &[], "").reason, Reason::Rejected, "{status}");
    }
    assert_eq!(failure(413, &[], "").reason, Reason::ContentRefused);
    assert_eq!(failure(503, &[("retry-after", "2")], "").reason, Reason::RateLimited(2000));
}

#[test]
fn the_detail_is_one_bounded_line() {
    let detail =
        failure(422, &[], &error(422, "validation_error", &format!("a\\nb {}", "x".repeat(5000)))).detail;
    assert!(detail.starts_with("Resend answered 422: a b x") && detail.chars().count() <= WORDS, "{detail}");
    assert_eq!(failure(400, &[], "<html>").detail, "Resend answered 400");
}
