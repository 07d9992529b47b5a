//! The version of stored state: state that a newer release wrote is refused, never half understood.

use serde::{Deserialize, Serialize};

/// Raised when older releases could no longer read what is written.
const CURRENT: u32 = 1;

/// Marks stored state as written in this release's form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub(super) struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        if version == CURRENT {
            Ok(Self)
        } else {
            Err(format!("the state has version {version}; this release reads version {CURRENT}"))
        }
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        CURRENT
    }
}
