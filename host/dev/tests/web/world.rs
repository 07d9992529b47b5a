//! A system with a page, and what a function would have left in it.

use std::sync::Arc;
use std::time::Duration;

use campanile_core::ledger::{AttemptRecord, Brief, DeliveryKey, DeliveryState, Progress};
use campanile_core::notification::{Notification, Presentation, Receipt, Severity, TextFormat};
use campanile_core::outcome::OutcomeKind;
use campanile_dev::System;
use campanile_dev::data::DataDir;
use campanile_dev::plugins::PluginStatus;
use campanile_dev::rulebook::RuleBook;
use campanile_dev::system::SystemConfig;
use campanile_dev::web::{About, Web, WebConfig};
use campanile_rules::template::{Settings, Template};
use campanile_store::Ledger as _;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// Text that does harm wherever it is taken for markup.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&";

/// The topic that the template's rules listen to.
pub(crate) const TOPIC: &str = "home/heating/status";

/// A system and its page.
pub(crate) struct World {
    pub(crate) system: Arc<System>,
    pub(crate) web: Web,
    client: Client,
}

/// An answer that has been read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) status: StatusCode,
    pub(crate) kind: String,
    pub(crate) text: String,
}

/// A request with JSON in it.
pub(crate) trait WithJson {
    fn json(self, body: &Value) -> Self;
}

impl WithJson for RequestBuilder {
    fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::about(About {
            version: "0.1.0".into(),
            mqtt: Some("mqtt://127.0.0.1:1883".into()),
            persistence: "Everything is lost when it stops.".into(),
            topic: TOPIC.into(),
            device: "home-heating".into(),
            ..About::default()
        })
        .await
    }

    pub(crate) async fn about(about: About) -> Self {
        let text = include_str!("../../../../deploy/template.yaml");
        let template = Template::read(text, &Settings::default()).unwrap();
        let system = System::start(SystemConfig {
            data: DataDir::open(None).unwrap(),
            function: None,
            rules: RuleBook::of("deploy/template.yaml", &template),
            plugins: vec![plugin("telegram", None), plugin("broken", Some("it is no component"))],
            faults: Vec::new(),
        })
        .await
        .unwrap();
        let address = "127.0.0.1:0".parse().unwrap();
        let web = Web::start(WebConfig { address, system: Arc::clone(&system), about }).await.unwrap();
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        Self { system, web, client }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.web.url()))
    }

    pub(crate) async fn get(&self, path: &str) -> Read {
        Read::of(self.request(Method::GET, path)).await
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let read = self.get(path).await;
        assert_eq!(read.status, 200, "{path}: {}", read.text);
        read.json()
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Read {
        Read::of(self.request(method, path).json(body)).await
    }

    /// Publishes a heating's status and waits until the rules have judged it and no action is under way.
    pub(crate) async fn publish(&self, device: &str, status: &str) -> u64 {
        let payload = json!({
            "event_id": format!("e-{device}"), "device_id": device, "status": status, "previous": "ACTIVE",
            "occurred_at": "2026-11-23T04:05:06Z", "note": HOSTILE,
        });
        let body = json!({ "topic": TOPIC, "client-id": device, "payload": payload });
        let published = self.send(Method::POST, "/api/events", &body).await;
        assert_eq!(published.status, 201, "{published:?}");
        let id = published.json()["event"].as_u64().unwrap();
        self.judged(id).await;
        id
    }

    /// The event once the rules have judged it and no action is under way.
    pub(crate) async fn judged(&self, id: u64) -> Value {
        let judged = async {
            loop {
                let event = self.json(&format!("/api/events/{id}")).await;
                let verdicts = event["verdicts"].as_array().unwrap();
                let mut actions = verdicts.iter().flat_map(|verdict| verdict["actions"].as_array().unwrap());
                if !verdicts.is_empty() && actions.all(|action| action["state"] != "pending") {
                    return event;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), judged).await.expect("the rules judge it")
    }

    /// Catches a message that a plugin might have sent; its id in the inbox.
    pub(crate) async fn caught(
        &self,
        url: &str,
        channel: &str,
        delivery: Option<&DeliveryKey>,
        body: &Value,
    ) -> u64 {
        let mut request = self.client.post(self.system.catcher.url() + path_of(url));
        request =
            request.header("campanile-original-url", url).header("campanile-channel", channel).json(body);
        if let Some(key) = delivery {
            request = request.header("campanile-delivery", key.to_string()).header("campanile-attempt", "1");
        }
        // A fault may end the connection.
        request.send().await.ok();
        *self.system.catcher.inbox().subscribe().borrow()
    }

    /// Sends to the example bot.
    pub(crate) async fn telegram(&self, method: &str, delivery: Option<&DeliveryKey>, body: &Value) -> u64 {
        let url = format!("https://api.telegram.org/bot123456:EXAMPLE-TOKEN/{method}");
        self.caught(&url, "family", delivery, body).await
    }

    /// Sends through the example webhook.
    pub(crate) async fn discord(&self, body: &Value) -> u64 {
        self.caught("https://discord.com/api/webhooks/1/EXAMPLE-TOKEN?wait=true", "ops", None, body).await
    }

    /// A delivery with these attempts, in this state.
    pub(crate) async fn delivery(&self, key: &DeliveryKey, outcomes: &[OutcomeKind], state: DeliveryState) {
        let (ledger, now) = (&self.system.ledger, Timestamp::now());
        let lease = now + SignedDuration::from_secs(60);
        ledger.claim(key, &brief(key), "test", lease, now).await.unwrap();
        for (number, outcome) in (1..).zip(outcomes) {
            let attempt = AttemptRecord {
                number,
                started_at: now + SignedDuration::from_millis(1500 * i64::from(number)),
                duration_ms: 40 + u64::from(number),
                presentation: Presentation::Rich,
                outcome: *outcome,
                detail: if *outcome == OutcomeKind::Delivered { String::new() } else { HOSTILE.to_owned() },
                guest_log: vec![format!("info: {HOSTILE}")],
            };
            ledger.record(key, "test", attempt, Progress::default()).await.unwrap();
        }
        if !matches!(state, DeliveryState::Claimed { .. }) {
            ledger.settle(key, "test", state).await.unwrap();
        }
    }

    pub(crate) async fn stop(self) {
        self.web.shutdown().await;
    }
}

impl Read {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let status = response.status();
        let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        Self { status, kind: kind.unwrap_or_default(), text: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The sentence of a problem.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        problem["detail"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn key(device: &str, event: &str, channel: &str) -> DeliveryKey {
    DeliveryKey { device: device.into(), event: event.into(), channel: channel.into() }
}

pub(crate) fn delivered() -> DeliveryState {
    let receipt =
        Receipt { message_id: "17".into(), target: "-100".into(), warnings: vec![HOSTILE.to_owned()] };
    DeliveryState::Delivered { receipt }
}

fn brief(key: &DeliveryKey) -> Brief {
    let notification = Notification {
        event_id: key.event.clone(),
        device_id: key.device.clone(),
        status: "INACTIVE".into(),
        severity: Severity::Critical,
        title: format!("{} is INACTIVE {HOSTILE}", key.device),
        body: HOSTILE.into(),
        body_format: TextFormat::Text,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: Vec::new(),
        event_json: json!({ "device_id": key.device, "status": "INACTIVE", "note": HOSTILE }).to_string(),
    };
    Brief {
        notification,
        route: "inactive".into(),
        tells: Vec::new(),
        earlier: None,
        after: None,
        received_at: None,
    }
}

fn plugin(name: &str, problem: Option<&str>) -> PluginStatus {
    PluginStatus {
        file: format!("plugins/{name}.wasm"),
        name: Some(name.to_owned()),
        version: Some("0.1.0".into()),
        summary: Some(HOSTILE.into()),
        digest: Some("ab".repeat(32)),
        size: 123_456,
        compiled_in: Some(812),
        problem: problem.map(str::to_owned),
        channels: vec!["family".into()],
        wants: vec!["allow = [\"https://api.telegram.org\"]".into()],
    }
}

fn path_of(url: &str) -> &str {
    url.splitn(4, '/').nth(3).map_or("", |path| &url[url.len() - path.len() - 1..])
}
