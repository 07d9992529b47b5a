//! In place of `schema` in the deployed function: its settings were checked when the package was made, and a plugin says itself what it
//! can't work with. The validator is an eighth of the function's code.

use super::fan_out::Item;
use crate::config::ChannelConfig;
use crate::description::Description;
use crate::diagnostic::Diagnostic;

/// Takes any settings.
pub(super) struct Schema;

impl Schema {
    pub(super) fn of(_: &Description, _: &ChannelConfig, _: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(Self)
    }

    pub(super) fn check(&self, _: &Item, _: &ChannelConfig, _: &mut Vec<Diagnostic>) {}
}
