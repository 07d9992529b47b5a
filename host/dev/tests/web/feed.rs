//! What happens, as it happens.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::world::World;

/// An open feed.
struct Feed {
    response: Response,
    read: String,
}

impl Feed {
    async fn open(world: &World, last: Option<&str>) -> Self {
        let mut request = world.request(Method::GET, "/api/feed");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, read: String::new() }
    }

    /// The next item of a kind, with its id.
    async fn next(&mut self, kind: &str) -> (String, Value) {
        let next = async {
            loop {
                while let Some((event, rest)) = self.read.split_once("\n\n") {
                    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
                    let item = field("data: ").map(|data| serde_json::from_str::<Value>(data).unwrap());
                    let id = field("id: ").unwrap_or_default().to_owned();
                    self.read = rest.to_owned();
                    match item {
                        Some(item) if item["kind"] == kind => return (id, item),
                        _ => {}
                    }
                }
                let chunk = self.response.chunk().await.unwrap().expect("the feed goes on");
                self.read.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        };
        tokio::time::timeout(Duration::from_secs(10), next).await.unwrap_or_else(|_| panic!("no {kind}"))
    }
}

#[tokio::test]
async fn it_tells_what_changes() {
    let world = World::start().await;
    let mut feed = Feed::open(&world, None).await;
    let event = world.publish("heater", "INACTIVE").await;
    assert_eq!(feed.next("received").await.1["event"], event);
    assert_eq!(feed.next("progressed").await.1["event"], event);
    let caught = world.telegram("sendMessage", None, &json!({ "chat_id": "-1001", "text": "x" })).await;
    assert_eq!(feed.next("caught").await.1["caught"], caught);
    world.send(Method::PUT, "/api/faults", &json!({ "selector": "*", "fault": "reset" })).await;
    feed.next("faults").await;
    world.stop().await;
}

#[tokio::test]
async fn who_comes_back_hears_what_was_missed() {
    let world = World::start().await;
    let mut feed = Feed::open(&world, None).await;
    world.publish("heater", "INACTIVE").await;
    let (id, _) = feed.next("received").await;
    drop(feed);
    let event = world.publish("heater", "ACTIVE").await;
    let mut again = Feed::open(&world, Some(&id)).await;
    assert_eq!(again.next("received").await.1["event"], event);
    let mut stranger = Feed::open(&world, Some("5-5")).await;
    stranger.next("missed").await;
    world.stop().await;
}

#[tokio::test]
async fn too_many_are_refused_and_a_place_is_free_again() {
    let world = World::start().await;
    let mut feeds = Vec::new();
    for _ in 0..32 {
        feeds.push(Feed::open(&world, None).await);
    }
    let refused = world.get("/api/feed").await;
    assert_eq!(refused.status, 503);
    assert!(refused.problem().contains("close a window"));
    drop(feeds);
    let free =
        async { while world.request(Method::GET, "/api/feed").send().await.unwrap().status() != 200 {} };
    tokio::time::timeout(Duration::from_secs(10), free).await.expect("a place is free");
    world.stop().await;
}

#[tokio::test]
async fn stopping_ends_the_feeds() {
    let world = World::start().await;
    let mut feed = Feed::open(&world, None).await;
    let started = std::time::Instant::now();
    world.stop().await;
    let end = async { while let Ok(Some(_)) = feed.response.chunk().await {} };
    tokio::time::timeout(Duration::from_secs(10), end).await.expect("it ends");
    assert!(started.elapsed() < Duration::from_secs(3), "nobody had to wait for the grace");
}
