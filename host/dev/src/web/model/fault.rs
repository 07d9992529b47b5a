//! The faults that are set, and those that people like to set.

use campanile_local::catcher::{Faults, Selector, SelectorError};
use campanile_local::fault::{Fault, FaultParseError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A fault that is set, or is to be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::web) struct SetFault {
    /// Which requests: `*`, a host such as `discord.com`, a path such as `/bot*/*`, or a service: `telegram`, `discord`,
    /// `slack`, `ntfy`, `pagerduty`, `resend`.
    #[schema(example = "telegram")]
    pub(in crate::web) selector: String,
    /// What happens to them, for example `429:retry-after=3:times=1`, `500:probability=0.3`, `429:rate=1/s:burst=2`,
    /// `slow:latency=2s`, `reset`, `lost`, `hang` or `garbage`. Of a set one, with the times that it has left.
    #[schema(example = "500:times=2")]
    pub(in crate::web) fault: String,
}

/// Why a fault can't be set.
#[derive(Debug, thiserror::Error)]
pub(in crate::web) enum FaultError {
    #[error(transparent)]
    Selector(#[from] SelectorError),
    #[error(transparent)]
    Fault(#[from] FaultParseError),
}

/// Faults that people like to set: their name, and the text.
pub(in crate::web) const PRESETS: [(&str, &str); 8] = [
    ("Two bad answers, then well", "500:times=2"),
    ("Asked to wait once, 3 s", "429:retry-after=3:times=1"),
    ("One message a second", "429:rate=1/s:burst=1"),
    ("Every third request fails", "500:probability=0.33"),
    ("Slow, 2 s", "slow:latency=2s"),
    ("Connection reset once", "reset:times=1"),
    ("Answer lost once", "lost:times=1"),
    ("Secrets refused", r#"401:body={"ok":false,"error_code":401,"description":"Unauthorized"}"#),
];

pub(in crate::web) fn list(faults: &Faults) -> Vec<SetFault> {
    let named = |(selector, fault): (Selector, Fault)| SetFault {
        selector: selector.to_string(),
        fault: fault.to_string(),
    };
    faults.list().into_iter().map(named).collect()
}

pub(in crate::web) fn set(faults: &Faults, wanted: &SetFault) -> Result<(), FaultError> {
    faults.set(selector(&wanted.selector)?, wanted.fault.trim().parse()?);
    Ok(())
}

/// The selector that a text means.
pub(in crate::web) fn selector(text: &str) -> Result<Selector, SelectorError> {
    text.trim().parse()
}
