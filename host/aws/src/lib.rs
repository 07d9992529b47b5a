//! The SDK of AWS as Campanile uses it: rustls with ring, bounds that fit into an invocation, and failures in words.
//!
//! Knows no service: clients are made from [`config`] by those who use them.

mod failure;

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

pub use aws_config::SdkConfig;
pub use failure::Failure;

/// For a connection. Inside a region it takes milliseconds; a lost packet is sent again after a second.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// For one try. Services answer in milliseconds; what takes seconds has met a bad host, and the next try meets another.
const TRY_TIMEOUT: Duration = Duration::from_secs(3);

/// For a request with all its tries. A delivery makes three or more of them within an invocation of less than a minute (the
/// function's `Timeout`), and most of that is the channels'.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(8);

/// Tries of a request that was throttled, timed out or met an error of the server: with the waits between them, as many as
/// `REQUEST_TIMEOUT` has room for.
const TRIES: u32 = 4;

/// The first wait is at most this long, each further one at most twice as long; the SDK adds jitter.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// No wait is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Region and credentials of the surroundings, as every AWS tool finds them; `endpoint` is for another server than AWS's.
/// No service is asked yet.
pub async fn config(endpoint: Option<&str>) -> SdkConfig {
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(TRY_TIMEOUT)
        .operation_timeout(REQUEST_TIMEOUT)
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(TRIES)
        .with_initial_backoff(FIRST_WAIT)
        .with_max_backoff(LONGEST_WAIT);
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .timeout_config(timeouts)
        .retry_config(retries);
    if let Some(endpoint) = endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}
