//! Who may ask, and what the browser is told.

use campanile_dev::web::{About, Web, WebConfig, WebError};
use reqwest::Method;
use serde_json::json;

use crate::world::{Read, WithJson as _, World};

#[tokio::test]
async fn names_that_are_not_ours_are_refused() {
    let world = World::start().await;
    let port = world.web.url().rsplit(':').next().unwrap().to_owned();
    for (host, status) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("LocalHost:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        ("evil.example".to_owned(), 421),
        (format!("evil.example:{port}"), 421),
        (format!("localhost.evil.example:{port}"), 421),
        (format!("127.0.0.1.nip.io:{port}"), 421),
        ("127.0.0.1:1".to_owned(), 421),
        ("localhost".to_owned(), 421),
        (String::new(), 421),
    ] {
        for path in ["/", "/api/health", "/api/feed", "/assets/main.js"] {
            let response = world.request(Method::GET, path).header("host", &host).send().await.unwrap();
            assert_eq!(response.status(), status, "{host} {path}");
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    let world = World::start().await;
    let own = world.web.url();
    let body = json!({ "selector": "telegram", "fault": "500" });
    let put = || world.request(Method::PUT, "/api/faults").json(&body);
    for (name, value, status) in [
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("origin", "http://localhost:1", 403),
        ("origin", &own.replace("http:", "https:"), 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", &own, 200),
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "none", 200),
    ] {
        let read = Read::of(put().header(name, value)).await;
        assert_eq!(read.status, status, "{name}: {value}");
        if status == 403 {
            assert!(read.problem().contains("another site"));
        }
    }
    assert_eq!(Read::of(put()).await.status, 200, "a script has no origin");
    let clear = world.request(Method::DELETE, "/api/inbox").header("origin", "https://evil.example");
    assert_eq!(Read::of(clear).await.status, 403);
    let identity = json!({ "device": "home-heating", "csr": "" });
    let identity = world.request(Method::POST, "/api/identities").json(&identity);
    assert_eq!(Read::of(identity.header("origin", "https://evil.example")).await.status, 403);
    world.stop().await;
}

#[tokio::test]
async fn forms_of_other_sites_have_no_type_that_is_taken() {
    let world = World::start().await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let request =
            world.request(Method::POST, "/api/events/sample").header("content-type", kind).body("{}");
        let read = Read::of(request).await;
        assert_eq!(read.status, 415, "{kind}");
        assert!(read.problem().contains("application/json"));
    }
    let request = world.request(Method::POST, "/api/events/sample");
    let request = request.header("content-type", "application/json; charset=utf-8").body("{}");
    assert_eq!(Read::of(request).await.status, 201);
    world.stop().await;
}

#[tokio::test]
async fn other_sites_read_nothing_but_may_link_to_pages() {
    let world = World::start().await;
    for (path, status) in [("/api/about", 403), ("/api/feed", 403), ("/inbox", 200)] {
        let request = world.request(Method::GET, path).header("sec-fetch-site", "cross-site");
        assert_eq!(request.send().await.unwrap().status(), status, "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn every_answer_binds_the_browser() {
    let world = World::start().await;
    for path in ["/", "/api/health", "/assets/style.css", "/nowhere", "/api/nowhere"] {
        let response = world.request(Method::GET, path).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert!(!response.headers().contains_key("access-control-allow-origin"));
    }
    let refused = world.request(Method::GET, "/").header("host", "evil.example").send().await.unwrap();
    assert!(refused.headers().contains_key("content-security-policy"));
    world.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let world = World::start().await;
    let body = json!({ "topic": "a", "payload-text": "x".repeat(300 * 1024) });
    assert_eq!(world.send(Method::POST, "/api/events", &body).await.status, 413);
    world.stop().await;
}

#[tokio::test]
async fn it_listens_on_this_machine_alone() {
    let world = World::start().await;
    let start = async |address: &str| {
        let (address, system) = (address.parse().unwrap(), world.system.clone());
        Web::start(WebConfig { address, system, about: About::default() }).await
    };
    assert!(matches!(start("0.0.0.0:0").await, Err(WebError::NotLoopback(_))));
    let taken = world.web.url().replace("http://", "");
    let error = start(&taken).await.unwrap_err().to_string();
    assert!(error.contains(&taken) && error.contains("another port"), "{error}");
    world.stop().await;
}
