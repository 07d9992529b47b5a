//! The catcher over real HTTP, with a fake that repeats what it was asked.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use campanile_local::catcher::{Catcher, CatcherConfig, CatcherError, ORIGINAL_URL, Selector};
use campanile_local::fakes::{Answer, CaughtRequest, Fake, Shown};
use campanile_local::inbox::{Caught, Inbox};
use reqwest::{Client, Method, Response};

const TELEGRAM: &str = "https://api.telegram.org/bot1:example/sendMessage?a=%20b";
const DISCORD: &str = "https://discord.com/api/v10/webhooks/1/example?wait=true";

/// Answers with its name and the request.
#[derive(Debug)]
struct Repeats(&'static str);

impl Fake for Repeats {
    fn answer(&self, request: &CaughtRequest) -> Answer {
        let name = self.0;
        let text =
            format!("{name} {} {} {}", request.method, request.url, String::from_utf8_lossy(&request.body));
        let shown =
            Shown { message_id: "1".into(), to: name.into(), author: None, silent: false, parts: Vec::new() };
        let headers = vec![("x-fake".to_owned(), name.to_owned())];
        Answer { status: 201, headers, body: text.into_bytes(), shown: Some(shown) }
    }
}

async fn start() -> Catcher {
    let fake = |selector: &str, name| (selector.parse().unwrap(), Arc::new(Repeats(name)) as Arc<dyn Fake>);
    let config = CatcherConfig {
        address: ([127, 0, 0, 1], 0).into(),
        fakes: vec![fake("/bot*/*", "telegram"), fake("discord.com", "discord"), fake("*", "any")],
        inbox: Arc::new(Inbox::default()),
        seed: 7,
    };
    Catcher::start(config).await.unwrap()
}

fn client() -> Client {
    // The client wants a provider even for plain HTTP; an error means that another test has installed it.
    rustls::crypto::ring::default_provider().install_default().ok();
    Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap()
}

/// Sends what the sandbox sends when a plugin posts `body` to `url`.
async fn post(catcher: &Catcher, url: &str, body: impl Into<reqwest::Body>) -> reqwest::Result<Response> {
    let parsed = reqwest::Url::parse(url).unwrap();
    let here = format!("{}{}", catcher.url(), &parsed[url::Position::BeforePath..url::Position::AfterQuery]);
    client()
        .request(Method::POST, here)
        .header(ORIGINAL_URL, url)
        .header("X-Mine", "1")
        .body(body)
        .send()
        .await
}

fn set(catcher: &Catcher, selector: &str, fault: &str) {
    catcher.faults().set(selector.parse().unwrap(), fault.parse().unwrap());
}

fn last(catcher: &Catcher) -> Arc<Caught> {
    catcher.inbox().list(None).pop().unwrap()
}

#[tokio::test]
async fn a_request_reaches_the_first_fake_that_matches_and_the_inbox() {
    let catcher = start().await;
    for (url, fake) in [(TELEGRAM, "telegram"), (DISCORD, "discord"), ("http://example.com:8080/hook", "any")]
    {
        let response = post(&catcher, url, "text").await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["x-fake"]),
            (201, &fake.parse().unwrap())
        );
        assert_eq!(response.text().await.unwrap(), format!("{fake} POST {url} text"));
        let caught = last(&catcher);
        assert_eq!(caught.request.url.as_str(), url);
        assert_eq!(caught.request.body, b"text");
        assert_eq!(caught.answer.as_ref().unwrap().status, 201);
        assert_eq!(caught.shown().unwrap().to, fake);
        assert_eq!(caught.fault, None);
    }
    assert_eq!(catcher.inbox().list(None).len(), 3);
}

#[tokio::test]
async fn the_inbox_has_the_headers_that_the_plugin_sent() {
    let catcher = start().await;
    post(&catcher, "http://example.com:8080/hook", "").await.unwrap();
    let headers = &last(&catcher).request.headers;
    let has = |name: &str, value: &str| headers.contains(&(name.to_owned(), value.to_owned()));
    assert!(has("host", "example.com:8080") && has("x-mine", "1"));
    assert!(!headers.iter().any(|(name, _)| name == ORIGINAL_URL));
}

#[tokio::test]
async fn only_redirected_requests_are_taken() {
    let catcher = start().await;
    let send = async |headers: &[(&str, &str)]| {
        let mut request = client().post(format!("{}/x", catcher.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        format!("{} {}", response.status().as_u16(), response.text().await.unwrap())
    };
    for (headers, expected) in [
        (vec![], "400 the header campanile-original-url is missing"),
        (
            vec![(ORIGINAL_URL, "nowhere")],
            "400 campanile-original-url is not a URL: relative URL without a base",
        ),
        (vec![(ORIGINAL_URL, "file:///etc/passwd")], "400 campanile-original-url is not an http URL"),
        (
            vec![(ORIGINAL_URL, TELEGRAM), ("host", "evil.example")],
            "421 this server answers to the host 127.0.0.1:",
        ),
    ] {
        let answer = send(&headers).await;
        assert!(answer.starts_with(expected), "{answer}");
    }
    assert!(catcher.inbox().list(None).is_empty());
}

#[tokio::test]
async fn a_body_of_more_than_2_mib_is_refused() {
    let catcher = start().await;
    assert_eq!(post(&catcher, TELEGRAM, vec![b'x'; 2 << 20]).await.unwrap().status(), 201);
    match post(&catcher, TELEGRAM, vec![b'x'; (2 << 20) + 1]).await {
        Ok(response) => assert_eq!(response.status(), 413),
        // The server may close before the client has written everything.
        Err(error) => assert!(error.is_request(), "{error:?}"),
    }
    assert_eq!(catcher.inbox().list(None).len(), 1);
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused() {
    let config = CatcherConfig {
        address: ([0, 0, 0, 0], 0).into(),
        fakes: Vec::new(),
        inbox: Arc::new(Inbox::default()),
        seed: 0,
    };
    assert!(matches!(Catcher::start(config).await, Err(CatcherError::NotLoopback(_))));
}

#[tokio::test]
async fn a_status_fault_answers_in_place_of_the_fake_as_often_as_it_says() {
    let catcher = start().await;
    set(&catcher, "api.telegram.org", "503:times=1:header=retry-after=5:body={\"ok\":false}");
    assert_eq!(post(&catcher, DISCORD, "").await.unwrap().status(), 201);
    let response = post(&catcher, TELEGRAM, "").await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (503, &"5".parse().unwrap())
    );
    assert_eq!(response.text().await.unwrap(), "{\"ok\":false}");
    let caught = last(&catcher);
    assert_eq!(caught.fault.as_deref(), Some("503:times=1:header=retry-after=5:body={\"ok\":false}"));
    assert!(caught.shown().is_none());
    assert_eq!(post(&catcher, TELEGRAM, "").await.unwrap().status(), 201);
    assert!(catcher.faults().list().is_empty());
}

#[tokio::test]
async fn a_rate_limit_is_worded_as_the_provider_does() {
    let catcher = start().await;
    set(&catcher, "*", "429:retry-after=1.5");
    let response = post(&catcher, TELEGRAM, "").await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (429, &"2".parse().unwrap())
    );
    assert!(response.text().await.unwrap().contains("\"parameters\":{\"retry_after\":2}"));
    let response = post(&catcher, DISCORD, "").await.unwrap();
    assert_eq!(response.headers()["x-ratelimit-remaining"], "0");
    assert!(response.text().await.unwrap().contains("\"retry_after\":1.5"));
}

#[tokio::test]
async fn a_token_bucket_refuses_what_comes_too_fast() {
    let catcher = start().await;
    set(&catcher, "*", "429:rate=1/h:burst=2");
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(post(&catcher, TELEGRAM, "").await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [201, 201, 429]);
}

#[tokio::test]
async fn a_reset_closes_the_connection_without_an_answer() {
    let catcher = start().await;
    set(&catcher, "*", "reset:times=1");
    let error = post(&catcher, TELEGRAM, "text").await.unwrap_err();
    assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
    let caught = last(&catcher);
    assert_eq!(caught.request.body, b"text");
    assert!(caught.answer.is_none());
    assert_eq!(caught.fault.as_deref(), Some("reset:times=1"));
    assert_eq!(post(&catcher, TELEGRAM, "").await.unwrap().status(), 201);
}

#[tokio::test]
async fn what_is_lost_was_accepted_without_an_answer() {
    let catcher = start().await;
    set(&catcher, "*", "lost:times=1");
    let error = post(&catcher, TELEGRAM, "text").await.unwrap_err();
    assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
    let caught = last(&catcher);
    assert!(caught.shown().is_some());
    assert_eq!(caught.fault.as_deref(), Some("lost:times=1"));
}

#[tokio::test]
async fn garbage_is_an_answer_that_nobody_can_read() {
    let catcher = start().await;
    set(&catcher, "*", "garbage");
    let response = post(&catcher, TELEGRAM, "").await.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.bytes().await.unwrap();
    assert!(std::str::from_utf8(&body).is_err(), "{body:?}");
    assert_eq!(last(&catcher).answer.as_ref().unwrap().body, body);
}

#[tokio::test]
async fn latency_comes_before_the_answer() {
    let catcher = start().await;
    set(&catcher, "*", "slow:latency=300ms");
    let begun = Instant::now();
    assert_eq!(post(&catcher, TELEGRAM, "").await.unwrap().status(), 201);
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_provider_goes_on_when_the_client_has_lost_patience() {
    let catcher = start().await;
    set(&catcher, "*", "slow:latency=300ms");
    let request = client().post(format!("{}/x", catcher.url())).header(ORIGINAL_URL, TELEGRAM);
    let error = request.timeout(Duration::from_millis(100)).send().await.unwrap_err();
    assert!(error.is_timeout());
    let caught = catcher.inbox().wait_for(None, |_| true, Duration::from_secs(5)).await.unwrap();
    assert!(caught.shown().is_some());
}

#[tokio::test]
async fn a_hanging_request_is_caught_at_once_and_ends_with_the_catcher() {
    let catcher = start().await;
    set(&catcher, "*", "hang");
    let url = catcher.url();
    let request = client().post(format!("{url}/x")).header(ORIGINAL_URL, TELEGRAM).send();
    let request = tokio::spawn(request);
    let caught = catcher.inbox().wait_for(None, |_| true, Duration::from_secs(5)).await.unwrap();
    assert!(caught.answer.is_none() && !request.is_finished());
    tokio::time::timeout(Duration::from_secs(2), catcher.shutdown()).await.unwrap();
    assert!(!request.await.unwrap().unwrap_err().is_timeout());
    assert!(client().get(url).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_dropped_catcher_stops() {
    let catcher = start().await;
    let url = catcher.url();
    drop(catcher);
    for _ in 0..100 {
        if client().get(&url).send().await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the catcher still listens");
}

#[tokio::test]
async fn a_fault_can_be_replaced_and_taken_back() {
    let catcher = start().await;
    let selector: Selector = "discord.com".parse().unwrap();
    set(&catcher, "discord.com", "500");
    set(&catcher, "discord.com", "502");
    assert_eq!(catcher.faults().list(), [(selector.clone(), "502".parse().unwrap())]);
    assert_eq!(post(&catcher, DISCORD, "").await.unwrap().text().await.unwrap(), "Bad Gateway");
    assert!(catcher.faults().clear(&selector));
    assert!(!catcher.faults().clear(&selector));
    assert_eq!(post(&catcher, DISCORD, "").await.unwrap().status(), 201);
}
