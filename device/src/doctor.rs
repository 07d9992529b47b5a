//! `campanile-device doctor`: goes the way of a transition step by step, and says of each what it found and what to do.
//!
//! It looks and changes nothing: what is published is asked for. The sentences are for people who know neither TLS nor MQTT.

mod broker;
mod check;
mod clock;
mod identity;
mod network;
mod tls;
mod trouble;

use std::time::Duration;

use jiff::Timestamp;

pub use self::check::{Check, Outcome};
use crate::config::Config;
use crate::spool::Figures;

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What else to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose clock ours is compared with: `HOST` or `HOST:PORT`.
    pub time_server: String,
    /// Whether to publish an event.
    pub publishes: bool,
    /// Whether to connect also if `run` is connected, which ends its connection for a moment.
    pub takes_over: bool,
}

/// All steps, each handed to `tell` when it is done. A step that needs one which has failed is not tried.
pub async fn examine(config: &Config, options: &Options, mut tell: impl FnMut(Check)) {
    tell(destination(config));
    let is_known = config.broker.tls.as_ref().is_none_or(|tls| {
        let checks = identity::examine(tls, &config.device.id, Timestamp::now());
        let is_known = !checks.iter().any(Check::is_failed);
        checks.into_iter().for_each(&mut tell);
        is_known
    });
    tell(clock::examine(&options.time_server).await);
    let mut way = true;
    for name in ["dns", "tcp", "tls", "connect", "publish"] {
        let outcome = match name {
            "publish" if !options.publishes => {
                Outcome::not_tried("--publish sends an event with the status TEST")
            }
            _ if !way => Outcome::not_tried("a step before has failed"),
            "dns" => network::dns(&config.broker).await,
            "tcp" => network::tcp(&config.broker).await,
            "tls" if !is_known => Outcome::not_tried("the certificate or its key can't be used"),
            "tls" => tls::examine(&config.broker).await,
            "connect" => connect(config, options).await,
            _ => broker::publish(config).await,
        };
        way &= !matches!(outcome, Outcome::Failed { .. }) && (name != "tls" || is_known);
        tell(Check { name, outcome });
    }
}

fn destination(config: &Config) -> Check {
    let broker = &config.broker;
    let scheme = if broker.tls.is_some() { "mqtts" } else { "mqtt" };
    let what = format!(
        "{} reports to {scheme}://{}:{}, {}",
        config.device.id,
        broker.host,
        broker.port(),
        config.device.topic
    );
    let outcome = if broker.tls.is_none() && !network::is_loopback(&broker.host) {
        Outcome::warning(
            what,
            "without [broker.tls] everybody on the way can read and change what is published",
        )
    } else {
        Outcome::ok(what)
    };
    Check { name: "destination", outcome }
}

/// Two connections with one client id end each other, so whoever is connected is left alone.
async fn connect(config: &Config, options: &Options) -> Outcome {
    if !options.takes_over
        && let Ok((Figures { link, .. }, true)) = Figures::of_file(&config.spool.path)
    {
        return match (link.connected_since, link.trouble) {
            (Some(since), _) => Outcome::ok(format!("`run` is connected since {since:.0}")),
            (None, Some(trouble)) => Outcome::failed(
                format!("`run` is not connected: {trouble}"),
                "it tries on; --take-over connects once in its place, and tells more",
            ),
            (None, None) => Outcome::not_tried("`run` is connecting; --take-over connects in its place"),
        };
    }
    broker::connect(config).await
}
