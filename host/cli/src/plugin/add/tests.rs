//! What `plugin add` shows, asks and pins.

use campanile_core::description::Description;
use campanile_sandbox::digest::Digest;
use campanile_sandbox::inspect::{Inspection, Producers};

use super::*;

fn description(version: &str, hosts: &[&str], places: &[&str]) -> Description {
    let description = json!({
        "describe-version": 1, "name": "night-pager", "version": version, "summary": "Pages.\u{202e}",
        "settings": {
            "type": "object", "required": ["url"], "properties": { "url": {}, "level": {} },
        },
        "hosts": hosts, "hosts-from-settings": ["url"],
        "secrets": [{ "name": "api-key", "summary": "The key of the account.", "places": places }],
    });
    Description::parse(&description.to_string()).unwrap()
}

fn candidate(description: Description) -> Candidate {
    let wasm = vec![0; 4096];
    let inspection = Inspection {
        imports: vec!["campanile:channel/http@0.1.0".into(), "wasi:io/streams@0.2.6".into()],
        exports: vec!["campanile:channel/plugin@0.1.0".into()],
        contract: "0.1.0".into(),
        producers: Producers {
            languages: vec!["Rust".into()],
            tools: vec!["rustc 1.95.0".into(), "wit-component 0.258.3".into()],
        },
    };
    Candidate { digest: Digest::of(&wasm), wasm, inspection, description }
}

fn pin(digest: &Digest) -> Pin {
    Pin::of("night-pager.wasm", digest, &description("1.0.0", &["https://api.example.com"], &["header"]))
}

fn shown(candidate: &Candidate, change: &Change) -> String {
    let mut lines = portrait::lines(candidate, "night-pager.wasm", &Signed::Not, &change.more());
    lines.push(change.words(candidate.name()));
    anstream::adapter::strip_str(&lines.join("\n")).to_string()
}

#[test]
fn a_new_plugin_is_shown_with_all_that_it_wants() {
    let candidate = candidate(description("1.0.0", &["https://api.example.com"], &["header", "body"]));
    let change = Change::of(&candidate, None, None);
    insta::assert_snapshot!(shown(&candidate, &change), @r"
    night-pager 1.0.0  night-pager.wasm
      Pages.\u{202e}
      sha256    ad7facb2586fc6e966c004d7d1d16b024f5805ff7cb47c7a85dabd8b48892ca7
      size      4 KiB
      signature none
      contract  campanile:channel@0.1.0
      language  Rust
      made with rustc 1.95.0, wit-component 0.258.3
      imports   campanile:channel/http@0.1.0
                wasi:io/streams@0.2.6
      exports   campanile:channel/plugin@0.1.0
      hosts     https://api.example.com
                the host of the setting url
      secrets   api-key in header, body: The key of the account.
      settings  level, url*
    night-pager is new here
    ");
}

#[test]
fn what_an_update_wants_more_is_marked() {
    let hosts = ["https://api.example.com", "https://stats.example.net"];
    let candidate = candidate(description("2.0.0", &hosts, &["header", "body"]));
    let change = Change::of(&candidate, Some(&pin(&Digest::of(b"1"))), None);
    let shown = shown(&candidate, &change);
    let marked: Vec<&str> = shown.lines().filter(|line| line.contains("(new)")).map(str::trim).collect();
    assert_eq!(
        marked,
        [
            "https://stats.example.net (new)",
            "secrets   api-key in header, body (new): The key of the account."
        ]
    );
    assert_eq!(
        shown.lines().last().unwrap(),
        "night-pager 1.0.0 is there, and this also wants: https://stats.example.net; the secret api-key in body"
    );
}

#[test]
fn a_flag_agrees_to_what_somebody_has_chosen_and_to_no_more() {
    let candidate = |hosts: &[&str]| candidate(description("2.0.0", hosts, &["header"]));
    let (same, more) = (candidate(&["https://api.example.com"]), candidate(&["https://evil.example"]));
    let (old, this) = (pin(&Digest::of(b"1")), pin(&same.digest));
    let ask = |change: &Change, yes, terminal| match consent(change, "p", yes, terminal) {
        Ok(Consent::Given) => "given",
        Ok(Consent::Ask(_)) => "ask",
        Err(TrustError::WantsMore { .. }) => "wants more",
        Err(_) => "nobody to ask",
    };
    // With --yes or without, on a terminal or not.
    let cases = [(true, true), (true, false), (false, true), (false, false)];
    let all = |change: Change| cases.map(|(yes, terminal)| ask(&change, yes, terminal));
    assert_eq!(all(Change::of(&same, None, None)), ["given", "given", "ask", "nobody to ask"]);
    assert_eq!(all(Change::of(&same, Some(&this), None)), ["given"; 4]);
    assert_eq!(all(Change::of(&same, Some(&old), None)), ["given", "given", "ask", "nobody to ask"]);
    assert_eq!(all(Change::of(&more, Some(&old), None)), ["ask", "wants more", "ask", "nobody to ask"]);
    // Without a lock, what is there counts as agreed to.
    let there = description("1.0.0", &["https://api.example.com"], &["header"]);
    assert!(Change::of(&same, None, Some(&there)).more().is_empty());
    assert!(!Change::of(&more, None, Some(&there)).more().is_empty());
}

#[test]
fn a_pinned_key_stays_the_key() {
    let keys = || minisign::KeyPair::generate_unencrypted_keypair().unwrap().pk.to_base64();
    let (one, two) = (PublisherKey::parse(&keys()).unwrap(), PublisherKey::parse(&keys()).unwrap());
    let mut pin = pin(&Digest::of(b"1"));
    assert_eq!(key("p", Some(one.clone()), Some(&pin)).unwrap(), Some(one.clone()));
    assert_eq!(key("p", None, None).unwrap(), None);
    pin.publisher_key = Some(one.as_str().to_owned());
    assert_eq!(key("p", None, Some(&pin)).unwrap(), Some(one.clone()));
    assert_eq!(key("p", Some(one.clone()), Some(&pin)).unwrap(), Some(one));
    assert!(matches!(key("p", Some(two), Some(&pin)), Err(TrustError::OtherKey { .. })));
    pin.publisher_key = Some("nonsense".into());
    assert!(key("p", None, Some(&pin)).is_err());
}
