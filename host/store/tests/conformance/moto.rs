//! moto's server, started once for each test process and ended with it.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::sync::OnceCell;

/// Ends the server when the test process does, however it ends: its end of the pipe is closed then.
const SCRIPT: &str = "\"$0\" -H 127.0.0.1 -p \"$1\" >/dev/null 2>&1 & server=$!; read -r _; kill \"$server\"";

/// Python starts slowly while everything else is tested as well.
const START: Duration = Duration::from_secs(60);

pub(crate) struct Moto {
    pub(crate) endpoint: String,
}

impl Moto {
    /// The server, if there is a program for it.
    pub(crate) async fn get() -> Option<&'static Self> {
        static MOTO: OnceCell<Option<Moto>> = OnceCell::const_new();
        MOTO.get_or_init(|| async {
            let Ok(program) = std::env::var("CAMPANILE_MOTO") else {
                let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
                assert!(!in_ci, "CI tests DynamoDB: set CAMPANILE_MOTO to the path of moto_server");
                eprintln!("not tested with DynamoDB: set CAMPANILE_MOTO to the path of moto_server");
                return None;
            };
            Some(Self::start(&program).await)
        })
        .await
        .as_ref()
    }

    async fn start(program: &str) -> Self {
        // Free now; whoever takes it before the server does makes the test fail, not pass.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, program, &port.to_string()]).stdin(Stdio::piped());
        // Never waited for and its pipe never closed: both last as long as the process.
        std::mem::forget(command.spawn().unwrap());
        let end = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < end, "{program} does not listen on port {port}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { endpoint: format!("http://127.0.0.1:{port}") }
    }

    pub(crate) fn client(&self) -> Client {
        client(&self.endpoint)
    }

    /// A new table with the keys and the index of `DispatchTable` in `deploy/template.yaml`.
    pub(crate) async fn create_table(&self) -> String {
        let name = format!("dispatch-{:016x}", getrandom::u64().unwrap());
        let mut request =
            self.client().create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
        let (text, number) = (ScalarAttributeType::S, ScalarAttributeType::N);
        for (key, kind) in
            [("pk", text.clone()), ("sk", text.clone()), ("due_shard", text), ("due_at", number)]
        {
            let attribute = AttributeDefinition::builder().attribute_name(key).attribute_type(kind);
            request = request.attribute_definitions(attribute.build().unwrap());
        }
        let projection =
            Projection::builder().projection_type(ProjectionType::Include).set_non_key_attributes(Some(
                ["device", "event", "channel", "route", "group"].map(Into::into).into(),
            ));
        let index = GlobalSecondaryIndex::builder()
            .index_name("due")
            .set_key_schema(Some(key_schema("due_shard", "due_at")))
            .projection(projection.build());
        let request = request.set_key_schema(Some(key_schema("pk", "sk")));
        let request = request.global_secondary_indexes(index.build().unwrap());
        request.send().await.unwrap();
        name
    }
}

fn key_schema(hash: &str, range: &str) -> Vec<KeySchemaElement> {
    let element = |name, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    vec![element(hash, KeyType::Hash).unwrap(), element(range, KeyType::Range).unwrap()]
}

/// A client for a server that takes any credentials.
pub(crate) fn client(endpoint: &str) -> Client {
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("AKIATEST", "SECRETTEST", None, None, "test"))
        .endpoint_url(endpoint);
    Client::from_conf(config.build())
}
