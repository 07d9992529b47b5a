//! Parameters in moto's server, or in any other that takes these credentials. Tests of several crates use this file.

use aws_sdk_ssm::Client;
use aws_sdk_ssm::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_ssm::types::ParameterType;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

/// A client for the region in which the emulator's functions run.
pub(crate) fn client(endpoint: &str) -> Client {
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .endpoint_url(endpoint)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("AKIATEST", "SECRETTEST", None, None, "test"));
    Client::from_conf(config.build())
}

/// Creates or replaces a parameter.
pub(crate) async fn put(client: &Client, name: &str, value: &str) {
    let request = client.put_parameter().name(name).value(value).overwrite(true);
    request.r#type(ParameterType::SecureString).send().await.unwrap();
}
