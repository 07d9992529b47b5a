//! `campanile dev` signs: `POST /api/identities` (docs/local-mode.md).

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use ureq::Agent;

use super::{ProvisionError, Signed};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Deserialize)]
struct Identity {
    certificate: String,
    ca: String,
    /// `mqtts://HOST:PORT`.
    mqtts: String,
}

/// RFC 9457.
#[derive(Debug, Deserialize)]
struct Problem {
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
}

pub(super) fn sign(url: &str, id: &str, csr: &str) -> Result<Signed, ProvisionError> {
    let config = Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).build();
    let unreachable = |error| ProvisionError::Unreachable { url: url.to_owned(), error };
    let address = format!("{}/api/identities", url.trim_end_matches('/'));
    let mut answer = Agent::new_with_config(config)
        .post(&address)
        .send_json(json!({ "device": id, "csr": csr }))
        .map_err(unreachable)?;
    if !answer.status().is_success() {
        let problem: Problem = answer.body_mut().read_json().map_err(unreachable)?;
        let why = if problem.detail.is_empty() { problem.title } else { problem.detail };
        return Err(ProvisionError::Refused { url: url.to_owned(), why });
    }
    let identity: Identity = answer.body_mut().read_json().map_err(unreachable)?;
    let broker = identity.mqtts.strip_prefix("mqtts://").and_then(|broker| broker.rsplit_once(':'));
    let broker = broker.and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)));
    Ok(Signed { certificate: identity.certificate, ca: identity.ca, broker })
}
