//! Fetching from a server that may be anything.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

/// What the server says of each path.
fn answer(path: &str) -> String {
    let moved = |to: &str| format!("302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
    match path {
        "/pager.wasm" => "200 OK\r\ncontent-length: 9\r\n\r\ncomponent".into(),
        "/pager.wasm.minisig" => "200 OK\r\ncontent-length: 9\r\n\r\nsignature".into(),
        "/moved.wasm" => moved("/pager.wasm"),
        "/down.wasm" => moved("http://localhost/pager.wasm"),
        "/elsewhere.wasm" => moved("file:///etc/passwd"),
        "/round.wasm" => moved("/round.wasm"),
        "/large.wasm" => format!("200 OK\r\ncontent-length: {}\r\n\r\n", COMPONENT_BYTES + 1),
        "/large.wasm.minisig" => format!("200 OK\r\nconnection: close\r\n\r\n{}", "x".repeat(5000)),
        "/cut.wasm" => "200 OK\r\ncontent-length: 99\r\nconnection: close\r\n\r\ncomponent".into(),
        "/broken.wasm.minisig" => "500 Oh\r\ncontent-length: 0\r\n\r\n".into(),
        _ => "404 Not Found\r\ncontent-length: 0\r\n\r\n".into(),
    }
}

/// A server on this machine, and what fetches from it.
async fn server() -> (Fetcher, impl Fn(&str) -> Url) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(socket).await else { continue };
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n")
                && stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0)
            {}
            let asked = String::from_utf8_lossy(&asked).into_owned();
            let path = asked.split(' ').nth(1).and_then(|path| path.split('?').next()).unwrap_or_default();
            let answer = format!("HTTP/1.1 {}", answer(path));
            stream.write_all(answer.as_bytes()).await.ok();
            stream.shutdown().await.ok();
        }
    });
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let fetcher = Fetcher::build(Client::builder().no_proxy(), roots).unwrap();
    (fetcher, move |path| Url::parse(&format!("https://localhost:{port}{path}")).unwrap())
}

#[tokio::test]
async fn a_component_comes_with_its_signature_also_from_where_it_was_moved_to() {
    let (fetcher, url) = server().await;
    let at = url("/pager.wasm?key=secret");
    assert_eq!(fetcher.component(&at).await.unwrap(), b"component");
    assert_eq!(fetcher.signature(&at).await.unwrap().unwrap(), "signature");
    assert_eq!(fetcher.component(&url("/moved.wasm")).await.unwrap(), b"component");
    assert_eq!(fetcher.signature(&url("/moved.wasm")).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_not_whole_not_small_or_not_over_https_is_not_taken() {
    let (fetcher, url) = server().await;
    for (path, said) in [
        ("/missing.wasm?key=secret", "the server answered 404"),
        ("/down.wasm", "something else than https"),
        ("/elsewhere.wasm", ""),
        ("/round.wasm", "it leads on and on"),
        ("/cut.wasm", ""),
        ("/large.wasm", "has more than 67108864 bytes"),
    ] {
        let error = fetcher.component(&url(path)).await.unwrap_err().to_string();
        assert!(error.contains(said) && !error.contains("secret"), "{path}: {error}");
    }
    assert!(matches!(fetcher.signature(&url("/large.wasm")).await, Err(TrustError::TooLarge(_))));
    assert!(matches!(fetcher.signature(&url("/broken.wasm")).await, Err(TrustError::Fetch { .. })));
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_not_asked() {
    let (_, url) = server().await;
    let stranger = Fetcher::new().unwrap();
    let error = stranger.component(&url("/pager.wasm")).await.unwrap_err();
    assert!(matches!(error, TrustError::Fetch { .. }), "{error}");
}

#[test]
fn progress_is_in_megabytes() {
    assert_eq!(progress(3_100_000, Some(12_000_000)), "3.1 of 12.0 MB");
    assert_eq!(progress(3_100_000, None), "3.1 MB");
}
