//! The broker against clients: real ones (rumqttc, Mosquitto's tools, paho) and bytes that no client would send.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

#[path = "it/acknowledgements.rs"]
mod acknowledgements;
#[path = "it/bridge.rs"]
mod bridge;
#[path = "it/crowd.rs"]
mod crowd;
#[path = "it/identities.rs"]
mod identities;
#[path = "it/limits.rs"]
mod limits;
#[path = "it/malformed.rs"]
mod malformed;
#[path = "it/presence.rs"]
mod presence;
#[path = "it/raw.rs"]
mod raw;
#[path = "it/requests.rs"]
mod requests;
#[path = "it/rumqtt.rs"]
mod rumqtt;
#[path = "it/sessions.rs"]
mod sessions;
#[path = "it/subscriptions.rs"]
mod subscriptions;
#[path = "it/support.rs"]
mod support;
#[path = "it/tools.rs"]
mod tools;
#[path = "it/wills.rs"]
mod wills;
