//! The description of the API is true: what is described answers so, and what answers is described.

use std::collections::BTreeSet;

use campanile_core::ledger::DeliveryState;
use campanile_core::outcome::OutcomeKind;
use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::identities;
use crate::world::{Read, WithJson as _, World, delivered, key};

/// Checks answers against the description, and remembers what was asked.
struct Description {
    document: Value,
    asked: BTreeSet<(String, String, String)>,
}

impl Description {
    async fn of(world: &World) -> Self {
        let document = world.json("/api/openapi.json").await;
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
        Self { document, asked: BTreeSet::new() }
    }

    /// Every operation: its path, method and what is described of it.
    fn operations(&self) -> Vec<(String, String, Value)> {
        let paths = self.document["paths"].as_object().unwrap();
        let of = |(path, item): (&String, &Value)| {
            let operations = item.as_object().unwrap().iter();
            operations
                .map(|(method, of)| (path.clone(), method.to_uppercase(), of.clone()))
                .collect::<Vec<_>>()
        };
        paths.iter().flat_map(of).collect()
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut root = schema.clone();
        root["components"] = self.document["components"].clone();
        jsonschema::draft202012::new(&root).unwrap()
    }

    /// Asks, and checks that the answer is as it is described.
    async fn ask(
        &mut self,
        world: &World,
        method: Method,
        template: &str,
        path: &str,
        body: Option<Value>,
    ) -> Read {
        let mut request = world.request(method.clone(), path);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let read = Read::of(request).await;
        let name = method.as_str().to_lowercase();
        let operation = &self.document["paths"][template][&name];
        assert!(operation.is_object(), "{method} {template} is not described");
        if let (Some(body), true) = (&body, read.status.is_success()) {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            if schema.is_object() {
                assert_valid(&self.validator(schema), body, template);
            }
        }
        let status = read.status.as_str().to_owned();
        let described = &operation["responses"][&status];
        assert!(
            described.is_object(),
            "{method} {path} answers {status}, which is not described: {}",
            read.text
        );
        match described["content"].as_object().and_then(|content| content.iter().next()) {
            Some((kind, content)) => {
                assert_eq!(*kind, read.kind, "{method} {path}");
                assert_valid(&self.validator(&content["schema"]), &read.json(), path);
            }
            None => assert_eq!(read.text, "", "{method} {path}"),
        }
        self.asked.insert((template.to_owned(), method.as_str().to_owned(), status));
        read
    }
}

fn assert_valid(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}\n{value:#}");
}

/// Something to ask for: method, described path, path, and body.
type Ask = (Method, &'static str, String, Option<Value>);

/// One for each answer that is described.
fn questions(event: u64, caught: u64, dead: &str, told: &str) -> Vec<Ask> {
    let question = json!({ "sql": "SELECT * FROM 'a' WHERE b = 1 AND NOT (c = 2)", "topic": "a", "payload": "{\"b\":2}" });
    let fault = json!({ "selector": "telegram", "fault": "500:times=2" });
    let [get, post, put, delete] =
        [Method::GET, Method::POST, Method::PUT, Method::DELETE].map(|method| move || method.clone());
    vec![
        (get(), "/api/health", "/api/health".to_owned(), None),
        (get(), "/api/about", "/api/about".to_owned(), None),
        (get(), "/api/plugins", "/api/plugins".to_owned(), None),
        (get(), "/api/latency", "/api/latency".to_owned(), None),
        (get(), "/api/events", "/api/events?limit=5&selected=true".to_owned(), None),
        (get(), "/api/events", "/api/events?limit=x".to_owned(), None),
        (post(), "/api/events", "/api/events".to_owned(), Some(json!({ "topic": "a", "payload-text": "x" }))),
        (
            post(),
            "/api/events",
            "/api/events".to_owned(),
            Some(json!({ "topic": "a/#", "payload-text": "x" })),
        ),
        (post(), "/api/events/sample", "/api/events/sample".to_owned(), Some(json!({ "status": "ACTIVE" }))),
        (post(), "/api/events/sample", "/api/events/sample".to_owned(), Some(json!({ "device": "" }))),
        (get(), "/api/events/{id}", format!("/api/events/{event}"), None),
        (get(), "/api/events/{id}", "/api/events/999".to_owned(), None),
        (post(), "/api/events/{id}/replay", format!("/api/events/{event}/replay"), Some(json!({}))),
        (post(), "/api/events/{id}/replay", "/api/events/999/replay".to_owned(), Some(json!({}))),
        (get(), "/api/deliveries", "/api/deliveries?status=delivered&limit=1".to_owned(), None),
        (get(), "/api/deliveries", "/api/deliveries?after=nonsense".to_owned(), None),
        (get(), "/api/deliveries/{id}", format!("/api/deliveries/{dead}"), None),
        (get(), "/api/deliveries/{id}", "/api/deliveries/a:b:c".to_owned(), None),
        (post(), "/api/deliveries/{id}/resend", format!("/api/deliveries/{dead}/resend"), Some(json!({}))),
        (post(), "/api/deliveries/{id}/resend", format!("/api/deliveries/{told}/resend"), Some(json!({}))),
        (post(), "/api/deliveries/{id}/resend", "/api/deliveries/a:b:c/resend".to_owned(), Some(json!({}))),
        (get(), "/api/letters", "/api/letters".to_owned(), None),
        (get(), "/api/letters", "/api/letters?after=nonsense".to_owned(), None),
        (get(), "/api/queues", "/api/queues?limit=5".to_owned(), None),
        (get(), "/api/queues", "/api/queues?before=x".to_owned(), None),
        (get(), "/api/inbox", "/api/inbox?after=0&wait=1s".to_owned(), None),
        (get(), "/api/inbox", "/api/inbox?wait=1h".to_owned(), None),
        (get(), "/api/inbox/{id}", format!("/api/inbox/{caught}"), None),
        (get(), "/api/inbox/{id}", "/api/inbox/999".to_owned(), None),
        (get(), "/api/devices", "/api/devices".to_owned(), None),
        (get(), "/api/devices/{device}", "/api/devices/heater".to_owned(), None),
        (get(), "/api/devices/{device}", "/api/devices/nobody".to_owned(), None),
        (get(), "/api/devices/{device}/history", "/api/devices/heater/history".to_owned(), None),
        (get(), "/api/devices/{device}/history", "/api/devices/heater/history?after=x".to_owned(), None),
        (get(), "/api/rules", "/api/rules".to_owned(), None),
        (post(), "/api/rules/evaluate", "/api/rules/evaluate".to_owned(), Some(question)),
        (
            post(),
            "/api/rules/evaluate",
            "/api/rules/evaluate".to_owned(),
            Some(json!({ "topic": "a", "payload": "" })),
        ),
        (put(), "/api/faults", "/api/faults".to_owned(), Some(fault)),
        (put(), "/api/faults", "/api/faults".to_owned(), Some(json!({ "selector": "*", "fault": "tired" }))),
        (get(), "/api/faults", "/api/faults".to_owned(), None),
        (delete(), "/api/faults", "/api/faults?selector=discord".to_owned(), None),
        (delete(), "/api/faults", "/api/faults?selector=a%20b".to_owned(), None),
        (delete(), "/api/faults", "/api/faults".to_owned(), None),
        (delete(), "/api/inbox", "/api/inbox".to_owned(), None),
    ]
}

/// Before there is an own broker, and then well and badly.
async fn ask_for_identities(description: &mut Description, world: &World) {
    let csr = identities::request(&rcgen::KeyPair::generate().unwrap());
    let mut statuses = Vec::new();
    for device in ["heater", "heater", "a/b"] {
        let body = Some(json!({ "device": device, "csr": csr }));
        let read = description.ask(world, Method::POST, "/api/identities", "/api/identities", body).await;
        statuses.push(read.status.as_u16());
        if statuses.len() == 1 {
            identities::listen(world).await;
        }
    }
    assert_eq!(statuses, [404, 201, 422]);
}

#[tokio::test]
async fn every_described_answer_is_given_so() {
    let world = World::start().await;
    let mut description = Description::of(&world).await;
    let dead = key("heater", "e-1", "family");
    let reason = "it was given up".to_owned();
    world.delivery(&dead, &[OutcomeKind::Transient], DeliveryState::DeadLetter { reason }).await;
    world.delivery(&key("heater", "e-2", "ops"), &[OutcomeKind::Delivered], delivered()).await;
    let event = world.publish("heater", "INACTIVE").await;
    let text = json!({ "chat_id": "-1001", "text": "hello" });
    let caught = world.telegram("sendMessage", Some(&dead), &text).await;
    let _ = world
        .discord(&json!({ "embeds": [{ "title": "x", "fields": [{ "name": "a", "value": "b" }] }] }))
        .await;
    let (dead, told) = (encoded(&dead.to_string()), encoded(&key("heater", "e-2", "ops").to_string()));
    for (method, template, path, body) in questions(event, caught, &dead, &told) {
        description.ask(&world, method, template, &path, body).await;
    }
    ask_for_identities(&mut description, &world).await;
    // The feed has no end, so tests of its own read it.
    let described = description.operations().into_iter().flat_map(|(path, method, operation)| {
        let statuses: Vec<String> = operation["responses"].as_object().unwrap().keys().cloned().collect();
        statuses.into_iter().map(move |status| (path.clone(), method.clone(), status))
    });
    let described: BTreeSet<_> = described.filter(|(path, ..)| path != "/api/feed").collect();
    assert_eq!(described, description.asked, "every described answer was seen, and no other");
    world.stop().await;
}

#[tokio::test]
async fn parameters_are_the_described_ones() {
    let world = World::start().await;
    let description = Description::of(&world).await;
    for (path, method, operation) in description.operations() {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for parameter in &parameters {
            assert!(parameter["description"].is_string(), "{method} {path}: {parameter}");
        }
        let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path").count();
        assert_eq!(in_path, path.matches('{').count(), "{method} {path}");
        let takes_query = parameters.iter().any(|parameter| parameter["in"] == "query");
        if takes_query && method == "GET" {
            let address = path.replace("{device}", "heater");
            let read = world.get(&format!("{address}?no-such-parameter=1")).await;
            assert_eq!(read.status, 400, "{path} takes only what is described");
            for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
                let name = parameter["name"].as_str().unwrap();
                let read = world.get(&format!("{address}?{name}=")).await;
                assert!(!read.text.contains("unknown field"), "{path} does not know {name}: {}", read.text);
            }
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn everything_described_has_a_sentence() {
    let world = World::start().await;
    let description = Description::of(&world).await;
    for (path, method, operation) in description.operations() {
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{method} {path}");
    }
    let schemas = description.document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        assert!(schema["description"].is_string(), "{name}");
        for (property, of) in schema["properties"].as_object().into_iter().flatten() {
            let is_described =
                of["description"].is_string() || of["$ref"].is_string() || of["oneOf"].is_array();
            assert!(is_described, "{name}.{property}: {of}");
        }
    }
    world.stop().await;
}

fn encoded(text: &str) -> String {
    text.replace('%', "%25")
}
