//! What pages and the API show, as data: each thing as it is read from the running system, in words of its own.
//!
//! Pages and the API show the same, so that whatever is on a page can be asked for by a script.

pub(super) mod about;
pub(super) mod delivery;
pub(super) mod device;
pub(super) mod event;
pub(super) mod fault;
pub(super) mod happening;
pub(super) mod inbox;
pub(super) mod latency;
pub(super) mod lookup;
pub(super) mod playground;
pub(super) mod plugin;
pub(super) mod queue;
pub(super) mod rule;
pub(super) mod shown;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

/// Things in a list, unless another number is asked for.
pub(super) const LISTED: usize = 50;

/// The most things in a list.
pub(super) const MOST: usize = 500;

/// Bytes, as text if they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Bytes {
    /// How many there are.
    pub(super) size: usize,
    /// They, if they are UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    /// They in base64, if not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) base64: Option<String>,
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).ok().map(str::to_owned);
        let base64 = text.is_none().then(|| STANDARD.encode(bytes));
        Self { size: bytes.len(), text, base64 }
    }
}
