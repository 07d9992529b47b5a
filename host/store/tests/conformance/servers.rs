//! DynamoDB's API on this machine.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TableStatus,
};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::sync::OnceCell;

#[path = "../../../aws/tests/peers/server.rs"]
mod server;

pub(crate) use self::server::Server;

impl Server {
    /// dynalite, if there is a program for it: a second opinion. It does not tell what is there instead when it refuses a write.
    pub(crate) async fn dynalite() -> Option<&'static Self> {
        static DYNALITE: OnceCell<Option<Server>> = OnceCell::const_new();
        let arguments = ["--host", "127.0.0.1", "--createTableMs", "0", "--port"];
        DYNALITE.get_or_init(|| Self::find("CAMPANILE_DYNALITE", &arguments)).await.as_ref()
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
        // dynalite takes a moment.
        while !self.is_active(&name).await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        name
    }

    async fn is_active(&self, table: &str) -> bool {
        let described = self.client().describe_table().table_name(table).send().await.unwrap();
        described.table.and_then(|table| table.table_status) == Some(TableStatus::Active)
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
