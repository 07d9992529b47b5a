//! Secrets that change in a file, on paused time.

use std::path::Path;
use std::time::Duration;

use campanile_core::config::{Limits, SecretSource};
use campanile_core::description::{SecretDescription, SecretPlace};
use campanile_core::outcome::Outcome;
use campanile_core::resolve::{ChannelName, ResolvedChannel, ResolvedSecret};
use campanile_core::retry::OnUnknown;
use tokio::time::{Instant, sleep};

use super::{REFUSED_PAUSE, RenewableChannel, UNREAD_PAUSE};
use crate::secret_source::{Parameters, SecretReader};

fn resolved(source: SecretSource) -> ResolvedChannel {
    let description = SecretDescription {
        name: "token".into(),
        summary: "from the provider".into(),
        places: vec![SecretPlace::Header],
        pattern: Some("[a-z]+".into()),
        optional: false,
        example: None,
    };
    ResolvedChannel {
        name: ChannelName::new("family", None),
        plugin: "messenger".into(),
        settings_json: "{}".into(),
        secrets: vec![ResolvedSecret { description, source: Some(source) }],
        allow: Vec::new(),
        hosts: Vec::new(),
        on_unknown: OnUnknown::Resend,
        fallback: None,
        limits: Limits::default(),
    }
}

async fn channel(source: SecretSource) -> Result<RenewableChannel, String> {
    let (resolved, reader) = (resolved(source), SecretReader::Sources(Parameters::default()));
    let texts = reader.read(&resolved.secrets).await;
    let secrets = reader.secrets(&resolved.secrets, &texts);
    RenewableChannel::new(resolved, reader, secrets).map_err(|error| error.to_string())
}

fn file(path: &Path) -> SecretSource {
    SecretSource::File(path.display().to_string())
}

#[tokio::test(start_paused = true)]
async fn another_value_is_found_once_a_minute_and_by_all_who_were_refused() {
    let written = tempfile::NamedTempFile::new().unwrap();
    let write = |value: &str| std::fs::write(written.path(), value).unwrap();
    write("first");
    let channel = channel(file(written.path())).await.unwrap();
    let before = channel.ready().await.unwrap();
    assert!(!channel.renew(Instant::now()).await, "it is the same");
    write("second");
    assert!(!channel.renew(Instant::now()).await, "it was read a moment ago");
    sleep(REFUSED_PAUSE).await;
    let tried = Instant::now();
    sleep(Duration::from_millis(5)).await;
    let (one, other) = tokio::join!(channel.renew(tried), channel.renew(tried));
    assert!(one && other, "two that were refused together are both tried again");
    let after = channel.ready().await.unwrap();
    assert!(!std::sync::Arc::ptr_eq(&before, &after));
    assert!(!channel.renew(Instant::now() + Duration::from_millis(1)).await, "who had the second is not");
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_read_is_tried_again_and_a_good_value_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let channel = channel(file(&path)).await.unwrap();
    assert!(channel.problem().unwrap().contains("No such file"));
    assert_eq!(channel.ready().await.unwrap_err().outcome, Outcome::Misconfigured);
    std::fs::write(&path, "first").unwrap();
    assert!(channel.ready().await.is_err(), "it was tried a moment ago");
    sleep(UNREAD_PAUSE).await;
    assert!(channel.ready().await.is_ok());
    assert_eq!(channel.problem(), None);
    std::fs::write(&path, "NOT OF THE FORM").unwrap();
    sleep(REFUSED_PAUSE).await;
    assert!(!channel.renew(Instant::now()).await);
    assert!(channel.ready().await.is_ok(), "a value that was good may be good again");
}

#[tokio::test(start_paused = true)]
async fn a_variable_stays_what_it_is() {
    let error = channel(SecretSource::Env("CAMPANILE_UNSET".into())).await.unwrap_err();
    assert!(error.contains("`CAMPANILE_UNSET` is not set"), "{error}");
    let path = std::env::var("PATH").unwrap();
    assert!(!path.is_empty());
    let error = channel(SecretSource::Env("PATH".into())).await.unwrap_err();
    assert!(error.contains("does not have the form") && !error.contains(&path), "{error}");
}
