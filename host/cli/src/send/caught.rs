//! The messages in the inbox, as the rest of the command needs them.

use campanile_local::fakes::Shown;
use campanile_local::inbox::Caught;
use serde::Serialize;

/// The header by which the sandbox says whose request it was.
const CHANNEL: &str = "campanile-channel";

/// A caught request and what people would see.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Message {
    /// The channel that sent it.
    pub(crate) channel: String,
    /// Upper case.
    pub(crate) method: String,
    /// Where it was going; the secrets in it are the plugin's examples.
    pub(crate) url: String,
    /// What the fake answered; none if a fault kept it back.
    pub(crate) status: Option<u16>,
    /// The fault that struck.
    pub(crate) fault: Option<String>,
    /// The request's body, as JSON if it is.
    pub(crate) body: serde_json::Value,
    /// What people see, if the provider took it.
    pub(crate) shown: Option<Shown>,
}

impl Message {
    pub(crate) fn of(caught: &Caught) -> Self {
        let request = &caught.request;
        let channel = request.headers.iter().find(|(name, _)| name == CHANNEL);
        let text = || String::from_utf8_lossy(&request.body).into_owned().into();
        Self {
            channel: channel.map(|(_, value)| value.clone()).unwrap_or_default(),
            method: request.method.clone(),
            url: request.url.to_string(),
            status: caught.answer.as_ref().map(|answer| answer.status),
            fault: caught.fault.clone(),
            body: serde_json::from_slice(&request.body).unwrap_or_else(|_| text()),
            shown: caught.shown().cloned(),
        }
    }
}
