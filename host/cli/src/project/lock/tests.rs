//! What is read as a lock, and what it refuses.

use campanile_core::description::Description;
use serde_json::json;

use super::*;

fn description(version: &str) -> Description {
    let description = json!({
        "describe-version": 1, "name": "pager", "version": version, "summary": "Pages.",
        "settings": { "type": "object" }, "hosts": ["https://api.example.com"],
        "secrets": [{ "name": "api-key", "summary": "The key.", "places": ["header"] }],
    });
    Description::parse(&description.to_string()).unwrap()
}

fn entry(wasm: &[u8]) -> Entry {
    let digest = Digest::of(wasm);
    Entry { wasm: digest.clone(), code: digest, compiler: "c".into(), description: description("1.0.0") }
}

fn lock() -> Lock {
    let pin = Pin {
        source: Some("https://example.com/pager.wasm".into()),
        publisher_key: Some("RWQ".into()),
        ..Pin::of("pager.wasm", &Digest::of(b"one"), &description("1.0.0"))
    };
    Lock { plugins: BTreeMap::from([("pager".to_owned(), pin)]) }
}

#[test]
fn all_of_it_is_written_and_read() {
    let text = lock().to_toml().unwrap();
    insta::assert_snapshot!(text, @r#"
    # Which plugins are meant: the digests of their components, and what they want. `campanile plugin add` writes it.

    [plugins.pager]
    version = "1.0.0"
    file = "pager.wasm"
    sha256 = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    source = "https://example.com/pager.wasm"
    publisher-key = "RWQ"

    [plugins.pager.wants]
    hosts = ["https://api.example.com"]

    [plugins.pager.wants.secrets]
    api-key = ["header"]
    "#);
    assert_eq!(Lock::parse(&text).unwrap(), lock());
}

#[test]
fn a_lock_of_before_there_were_wants_is_read() {
    let digest = "0".repeat(64);
    let text = format!("[plugins.pager]\nversion = \"1\"\nfile = \"pager.wasm\"\nsha256 = \"{digest}\"\n");
    assert!(Lock::parse(&text).unwrap().pin("pager").unwrap().wants.is_empty());
    let elsewhere = text.replace("pager.wasm", "../pager.wasm");
    assert!(Lock::parse(&elsewhere).unwrap_err().contains("`../pager.wasm` is no file directly in"));
}

#[test]
fn what_is_not_pinned_is_refused_with_what_would_accept_it() {
    let (lock, folder) = (lock(), Path::new("plugins"));
    assert_eq!(lock.refusal(folder, "pager.wasm", &Digest::of(b"one")), None);
    // The digest counts, not the name of the file.
    assert_eq!(lock.refusal(folder, "renamed.wasm", &Digest::of(b"one")), None);
    assert_eq!(
        lock.refusal(folder, "pager.wasm", &Digest::of(b"two")).unwrap(),
        "`pager.wasm` has the digest 3fc4ccfe7458, and plugins.lock pins 7692c3ad3540 (pager 1.0.0); \
         if that is meant: campanile plugin add plugins/pager.wasm"
    );
    assert_eq!(
        Lock::default().refusal(folder, "x.wasm", &Digest::of(b"two")).unwrap(),
        "`x.wasm` (digest 3fc4ccfe7458) is not in plugins.lock; if that is meant: campanile plugin add plugins/x.wasm"
    );
}

#[test]
fn pinning_all_that_is_there_keeps_what_is_known_and_takes_nothing_without_its_signature() {
    let plugins = |wasm: &[u8]| Plugins {
        files: vec![crate::plugins::PluginFile {
            file: "pager.wasm".into(),
            size: 3,
            state: Ok(campanile_sandbox::compile::Compiled {
                entry: entry(wasm),
                code_size: 1,
                duration: None,
            }),
        }],
        target: "t".into(),
    };
    assert_eq!(Lock::of(&plugins(b"one"), Some(&lock())).unwrap(), lock());
    assert!(matches!(Lock::of(&plugins(b"two"), Some(&lock())), Err(TrustError::HasKey { .. })));
    let fresh = Lock::of(&plugins(b"two"), None).unwrap();
    assert!(fresh.pins(&Digest::of(b"two")) && fresh.pin("pager").unwrap().source.is_none());
}
