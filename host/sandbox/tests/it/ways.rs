//! Two ways out, one set of rules: each row is sent by `http.send` and by `fetch`, and must end alike, with the same requests at the
//! server and the same words for the operator.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use campanile_core::description::SecretPlace;
use campanile_core::grant::Origin;
use campanile_core::outcome::{AttemptReport, OutcomeKind};
use campanile_sandbox::limits::AttemptLimits;
use campanile_sandbox::secrets::Secret;
use campanile_sandbox::{Channel, Plugin};
use serde_json::{Value, json};

use crate::server::{Behaviour, Server, ok};
use crate::support::{attempt, channel, fetcher, grant, private_grant};

const TOKEN: &str = "987654321:AAHsecretsecret-tokenvalue_0123456789";
const MIB: usize = 1024 * 1024;
/// What a forged header says.
const FORGED: &str = "api.telegram.org";

/// Headers that the engine of JavaScript adds by itself. They say nothing of where the request goes.
const ADDED_BY_FETCH: &[&str] = &["accept", "accept-language", "content-type", "user-agent"];

/// A request, a server, and what comes of it.
struct Row {
    what: &'static str,
    /// `{server}` stands for the origin of the row's server, `{closed}` for one where nobody listens.
    orders: Value,
    behaviour: Behaviour,
    /// Origins that are granted beside the server's own, which is granted as a private address.
    granted: Vec<String>,
    /// The places of the channel's secret, and whether it is bound to the server.
    secret: Option<(Vec<SecretPlace>, bool)>,
    ends: OutcomeKind,
    /// What the operator reads.
    says: &'static str,
    hits: usize,
    /// The rules of `fetch` itself may refuse it, or leave a header out, before the host is asked: then nothing of it leaves either.
    kept_by_fetch: bool,
}

/// A `POST` to the server, which is answered.
fn row(what: &'static str, orders: Value) -> Row {
    let (ends, says, hits) = (OutcomeKind::Delivered, "", 1);
    let behaviour = Behaviour::Answer(ok("hello"));
    Row { what, orders, behaviour, granted: vec![], secret: None, ends, says, hits, kept_by_fetch: false }
}

fn denied(what: &'static str, orders: Value, says: &'static str) -> Row {
    Row { ends: OutcomeKind::Denied, says, hits: 0, ..row(what, orders) }
}

fn answered(what: &'static str, behaviour: Behaviour, ends: OutcomeKind) -> Row {
    Row { behaviour, ends, ..row(what, json!({ "url": "{server}/x" })) }
}

fn secret(what: &'static str, orders: Value) -> Row {
    let places = vec![SecretPlace::Path, SecretPlace::Query, SecretPlace::Header, SecretPlace::Body];
    Row { behaviour: Behaviour::Echo, secret: Some((places, true)), ..row(what, orders) }
}

impl Row {
    fn granting(self, origin: &str) -> Self {
        Self { granted: vec![origin.to_owned()], ..self }
    }

    fn perhaps_kept_by_fetch(self) -> Self {
        Self { kept_by_fetch: true, ..self }
    }

    async fn run(&self, plugin: &Plugin, via: &str) -> (AttemptReport, Server) {
        let server = Server::start(self.behaviour.clone()).await;
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let closed = format!("http://{free}");
        let fill = |text: &str| text.replace("{server}", &server.origin()).replace("{closed}", &closed);
        let mut orders: Value = serde_json::from_str(&fill(&self.orders.to_string())).unwrap();
        orders["via"] = via.into();
        let granted = self.granted.iter().map(|origin| grant(&fill(origin)));
        let granted = granted.chain([private_grant(&server.origin()), private_grant(&closed)]).collect();
        let report = attempt(plugin, self.with_secret(channel(&orders, granted), &server)).await;
        (report, server)
    }

    fn with_secret(&self, channel: Channel, server: &Server) -> Channel {
        // An engine of JavaScript takes its time on a busy machine; these rows are about requests.
        let limits = AttemptLimits {
            cpu: Duration::from_secs(10),
            wall: Duration::from_millis(2500),
            ..AttemptLimits::default()
        };
        let channel = channel.with_limits(limits);
        let Some((places, bound)) = &self.secret else { return channel };
        let secret = Secret::new("token", places.clone(), TOKEN.into(), BTreeMap::new());
        let hosts = if *bound { vec![Origin::parse(&server.origin()).unwrap()] } else { Vec::new() };
        channel.with_secrets(vec![secret], vec!["token".into()], hosts)
    }
}

fn rows() -> Vec<Row> {
    [
        allow_list(),
        addresses(),
        headers_and_methods(),
        sizes(),
        answers(),
        secrets_that_leave(),
        secrets_that_do_not(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn allow_list() -> Vec<Row> {
    let url = |url: &str| json!({ "url": url });
    let telegram = "https://api.telegram.org";
    vec![
        row("granted", url("{server}/x?a=b")),
        row("granted, GET", json!({ "url": "{server}/x", "method": "GET" })),
        row("granted, other methods", json!({ "url": "{server}/x", "method": "PATCH", "body": "{}" })),
        denied("not granted", url("https://evil.example/"), "`https://evil.example` is not in"),
        denied("another port", url("https://api.telegram.org:8443/"), "org:8443` is not in")
            .granting(telegram),
        denied("another scheme", url("http://api.telegram.org/"), "`http://api.telegram.org` is not")
            .granting(telegram),
        denied("a host below", url("https://a.api.telegram.org/"), "`https://a.api.telegram.org` is not in")
            .granting(telegram),
        denied(
            "a host that begins alike",
            url("https://api.telegram.org.evil.example/"),
            "evil.example` is not in",
        )
        .granting(telegram),
        denied(
            "a backslash",
            url("https://evil.example\\@api.telegram.org/"),
            "`https://evil.example` is not in",
        )
        .granting(telegram),
        denied("a user before the host", url("https://api.telegram.org@evil.example/"), "user@host")
            .granting("https://evil.example")
            .perhaps_kept_by_fetch(),
        denied("a scheme that is no way out", url("ftp://evil.example/"), "scheme").perhaps_kept_by_fetch(),
        denied("a file", url("file:///etc/passwd"), "scheme").perhaps_kept_by_fetch(),
    ]
}

fn addresses() -> Vec<Row> {
    let private = |host: &'static str| {
        let origin = format!("http://{host}:9");
        denied(host, json!({ "url": format!("{origin}/") }), "private = true").granting(&origin)
    };
    let spellings = [
        "127.0.0.1",
        "2130706433",
        "0x7f.0.0.1",
        "017700000001",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "10.0.0.1",
        "localhost",
    ];
    let metadata = ["169.254.169.254", "[fd00:ec2::254]", "0.0.0.0"].map(|host| {
        let url = format!("http://{host}");
        denied(host, json!({ "url": format!("{url}/latest/meta-data/") }), "no channel may reach")
            .granting(&url)
    });
    spellings.map(private).into_iter().chain(metadata).collect()
}

fn headers_and_methods() -> Vec<Row> {
    let header = |name: &'static str| {
        denied(name, json!({ "url": "{server}/x", "headers": [[name, FORGED]] }), "belongs to the connection")
            .perhaps_kept_by_fetch()
    };
    let forged = [
        "Host",
        "Connection",
        "Transfer-Encoding",
        "TE",
        "Upgrade",
        "Trailer",
        "Expect",
        "Keep-Alive",
        "Proxy-Authorization",
        "Campanile-Channel",
        "Campanile-Original-Url",
    ];
    let method = |name: &'static str| Row {
        ends: OutcomeKind::Transient,
        hits: 0,
        ..row(name, json!({ "url": "{server}/x", "method": name }))
    };
    let refused = ["HEAD", "OPTIONS", "CONNECT", "TRACE", "PROPFIND"];
    let own = row(
        "headers of its own",
        json!({ "url": "{server}/x", "headers": [["X-One", "1"], ["X-Two", "2"]] }),
    );
    forged.map(header).into_iter().chain(refused.map(method)).chain([own]).collect()
}

fn sizes() -> Vec<Row> {
    let sent = |what, size: usize, ends, hits| Row {
        ends,
        hits,
        ..row(what, json!({ "url": "{server}/x", "size": size }))
    };
    let announced = |bytes: usize| Behaviour::Answer(ok(&"x".repeat(bytes)));
    let unannounced = |bytes: usize| {
        Behaviour::Answer(format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", "x".repeat(bytes)))
    };
    vec![
        sent("a body of 1 MiB", MIB, OutcomeKind::Delivered, 1),
        sent("a body of 1 MiB and a byte", MIB + 1, OutcomeKind::Transient, 0),
        answered("an answer of 1 MiB", announced(MIB), OutcomeKind::Delivered),
        answered("an answer of 1 MiB and a byte", announced(MIB + 1), OutcomeKind::Unknown),
        answered("the same without its length", unannounced(MIB + 1), OutcomeKind::Unknown),
        answered("an answer of a gigabyte", Behaviour::Gigabyte, OutcomeKind::Unknown),
        answered("an answer without end", Behaviour::Endless, OutcomeKind::Unknown),
        Row {
            ends: OutcomeKind::Denied,
            says: "more than 48 requests in one attempt",
            hits: 48,
            ..row("60 requests", json!({ "url": "{server}/x", "count": 60 }))
        },
    ]
}

fn answers() -> Vec<Row> {
    let text = |text: &str| Behaviour::Answer(text.to_owned());
    let unreached = "http://169.254.169.254/latest/meta-data/";
    let redirect = |status: &str| {
        text(&format!("HTTP/1.1 {status}\r\nlocation: {unreached}\r\ncontent-length: 0\r\n\r\n"))
    };
    vec![
        answered("a redirect is an answer", redirect("302 Found"), OutcomeKind::Delivered),
        answered("one that repeats the body too", redirect("307 Temporary Redirect"), OutcomeKind::Delivered),
        answered(
            "an error is an answer",
            text("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"),
            OutcomeKind::Delivered,
        ),
        answered("a trickle", Behaviour::Trickle, OutcomeKind::Unknown),
        answered("silence", Behaviour::Silence, OutcomeKind::Unknown),
        answered("closed without an answer", Behaviour::Close, OutcomeKind::Unknown),
        answered("broken off without an answer", Behaviour::Reset, OutcomeKind::Unknown),
        answered(
            "closed within an answer",
            text("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
            OutcomeKind::Unknown,
        ),
        answered("no HTTP at all", text("SSH-2.0-OpenSSH_9.9\r\n\r\n"), OutcomeKind::Unknown),
        Row {
            ends: OutcomeKind::Transient,
            hits: 0,
            ..row("nobody listens", json!({ "url": "{closed}/x" }))
        },
    ]
}

fn secrets_that_leave() -> Vec<Row> {
    let with = |what, headers: Value, body: &str| {
        secret(what, json!({ "url": "{server}/x", "headers": headers, "body": body }))
    };
    let thief = "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";
    vec![
        secret("in the path", json!({ "url": "{server}/bot{secret}/send" })),
        secret("in the query", json!({ "url": "{server}/send?key={secret}" })),
        with("in a header", json!([["Authorization", "Bearer {secret}"]]), ""),
        with("in the body", json!([["Content-Type", "application/json"]]), "{\"key\":\"{secret}\"}"),
        with(
            "with compression asked for",
            json!([["Authorization", "{secret}"], ["Accept-Encoding", "gzip"]]),
            "",
        ),
        Row {
            behaviour: Behaviour::Answer(thief.into()),
            ..secret("a redirect", json!({ "url": "{server}/bot{secret}/x" }))
        },
    ]
}

fn secrets_that_do_not() -> Vec<Row> {
    let refused = |row: Row, says, hits| Row { ends: OutcomeKind::Denied, says, hits, ..row };
    let path = || secret("at another host", json!({ "url": "{server}/bot{secret}/x" }));
    let places = vec![SecretPlace::Header];
    let gzip = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc";
    vec![
        refused(
            Row { secret: path().secret.map(|(places, _)| (places, false)), ..path() },
            "bound to the hosts",
            0,
        ),
        refused(
            Row { what: "in another place", secret: Some((places, true)), ..path() },
            "may not stand in the URL's path",
            0,
        ),
        refused(
            secret("twice", json!({ "url": "{server}/bot{secret}/x", "count": 2, "reuse": true })),
            "was used before",
            1,
        ),
        refused(
            secret(
                "with a range",
                json!({ "url": "{server}/bot{secret}/x", "headers": [["Range", "bytes=0-9"]] }),
            ),
            "range",
            0,
        ),
        Row {
            what: "a compressed answer",
            behaviour: Behaviour::Answer(gzip.into()),
            ends: OutcomeKind::Unknown,
            ..path()
        },
    ]
}

/// Method, path, headers and body, without what depends on the row's server or on the engine.
fn requests(server: &Server) -> Vec<(String, BTreeSet<String>, String)> {
    let port = server.port.to_string();
    let plain = |request: String| {
        let request = request.replace(&port, "PORT");
        let (head, body) = request.split_once("\r\n\r\n").unwrap_or((&request, ""));
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default().to_owned();
        let added = |line: &str| ADDED_BY_FETCH.iter().any(|name| line.starts_with(&format!("{name}:")));
        (first, lines.filter(|line| !added(line)).map(str::to_owned).collect(), body.to_owned())
    };
    server.received().into_iter().map(plain).collect()
}

fn ends_as_told(row: &Row, via: &str, report: &AttemptReport, server: &Server) {
    let what = row.what;
    let text = format!("{report:?}");
    assert_eq!(report.outcome.kind(), row.ends, "{what}, by {via}: {text}");
    assert!(report.detail.contains(row.says), "{what}, by {via}: {text}");
    assert_eq!(server.hits(), row.hits, "{what}, by {via}: {text}");
    assert!(
        !text.contains(TOKEN) && !text.contains("tokenvalue"),
        "{what}, by {via}, shows the secret: {text}"
    );
    let delivered = row.ends == OutcomeKind::Delivered && row.secret.is_some();
    if delivered {
        let received = server.received().concat();
        // A query has its colon encoded.
        assert!(
            received.contains("AAHsecretsecret-tokenvalue_0123456789"),
            "{what}, by {via}: the secret arrives: {received}"
        );
        if matches!(row.behaviour, Behaviour::Echo) {
            assert!(text.contains("[secret token]"), "{what}, by {via}: the echo is masked: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fetch_obeys_the_rules_of_send() {
    let plugin = fetcher().await;
    for row in rows() {
        let (sent, server) = row.run(&plugin, "http").await;
        ends_as_told(&row, "http.send", &sent, &server);
        let (fetched, beside) = row.run(&plugin, "fetch").await;
        if row.kept_by_fetch && fetched.outcome.kind() != OutcomeKind::Denied {
            let received = beside.received().concat();
            assert!(!received.contains(FORGED), "{}: {received}", row.what);
            let refused = fetched.outcome.kind() == OutcomeKind::Transient && beside.hits() == 0;
            assert!(refused || received.contains("POST /x"), "{}: {fetched:?}", row.what);
            continue;
        }
        ends_as_told(&row, "fetch", &fetched, &beside);
        assert_eq!(requests(&server), requests(&beside), "{}", row.what);
        if row.ends == OutcomeKind::Denied {
            let plain = |report: &AttemptReport, server: &Server| {
                report.detail.replace(&server.port.to_string(), "PORT")
            };
            assert_eq!(plain(&sent, &server), plain(&fetched, &beside), "{}", row.what);
        }
    }
}
