//! Tables in moto's server.

#[path = "../../../aws/tests/moto/server.rs"]
mod server;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

pub(crate) use self::server::Moto;

impl Moto {
    pub(crate) fn client(&self) -> Client {
        client(&self.endpoint)
    }

    /// A new table with the keys of `DispatchTable` in `deploy/template.yaml`.
    pub(crate) async fn create_table(&self) -> String {
        let name = format!("dispatch-{:016x}", getrandom::u64().unwrap());
        let mut request =
            self.client().create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
        for (key, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
            let text = AttributeDefinition::builder()
                .attribute_name(key)
                .attribute_type(ScalarAttributeType::S)
                .build();
            let element = KeySchemaElement::builder().attribute_name(key).key_type(kind).build();
            request = request.attribute_definitions(text.unwrap()).key_schema(element.unwrap());
        }
        request.send().await.unwrap();
        name
    }
}

/// A client for a server that takes any credentials.
pub(crate) fn client(endpoint: &str) -> Client {
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(Credentials::new("AKIATEST", "SECRETTEST", None, None, "test"))
        .endpoint_url(endpoint);
    Client::from_conf(config.build())
}
