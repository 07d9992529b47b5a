//! Data as markup. Everything is escaped by the templates; what has no template is an attribute or text.

pub(super) mod bits;
pub(super) mod discord;
pub(super) mod email;
pub(super) mod history;
pub(super) mod json;
pub(super) mod latency;
pub(super) mod ntfy;
pub(super) mod pagerduty;
mod rows;
pub(super) mod slack;
pub(super) mod sql;
pub(super) mod styled;
pub(super) mod telegram;
pub(super) mod timeline;
