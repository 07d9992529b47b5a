//! The function between invocations: the router, and the plugins it is fed with.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use campanile_core::config::Config;
use campanile_router::{
    Channels, Invocation, RenewableChannel, Report, Router, SandboxRunner, SecretReader, TickReport,
};
use campanile_sandbox::Plugin;
use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::egress::Egress;
use campanile_store::AnyLedger;
use jiff::Timestamp;
use lambda_runtime::Context;
use tokio::sync::Mutex;

use crate::record::Records;

/// Everything that outlives an invocation.
#[derive(Debug)]
pub(crate) struct Function {
    config: Config,
    catalogue: Mutex<Catalogue>,
    secrets: SecretReader,
    router: Router<SandboxRunner, AnyLedger>,
    records: Option<Arc<Records>>,
    pace: Pace,
}

/// What a function is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) catalogue: Catalogue,
    pub(crate) egress: Egress,
    pub(crate) secrets: SecretReader,
    pub(crate) ledger: AnyLedger,
    /// None, if what happens becomes lines of the log.
    pub(crate) records: Option<Arc<Records>>,
}

impl Function {
    pub(crate) async fn new(parts: Parts) -> Self {
        let Parts { mut config, catalogue, egress, secrets, ledger, records } = parts;
        let channels = load(&config, &catalogue, &secrets, records.as_deref()).await;
        announce(&catalogue);
        let routes = std::mem::take(&mut config.routes);
        let runner = SandboxRunner::new(egress);
        let router = Router::new(runner, ledger, routes, channels, Timestamp::now);
        Self { config, catalogue: Mutex::new(catalogue), secrets, router, records, pace: Pace::default() }
    }

    /// The invocation that begins. The deadline is the platform's clock; the environment may have slept since the last one.
    pub(crate) fn invocation(&self, context: &Context) -> Invocation {
        let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
        let remaining = Duration::from_millis(context.deadline.saturating_sub(now));
        let invocation = Invocation::new(context.request_id.clone(), remaining);
        match &self.records {
            Some(records) => invocation.recorded_by(records.of(context)),
            None => invocation,
        }
    }

    /// Picks up plugins that were compiled, changed or removed since the last invocation.
    pub(crate) async fn refresh(&self) {
        let mut catalogue = self.catalogue.lock().await;
        match catalogue.refresh() {
            Ok(false) => {}
            Ok(true) => {
                let records = self.records.as_deref();
                self.router.replace_channels(load(&self.config, &catalogue, &self.secrets, records).await);
                announce(&catalogue);
            }
            Err(error) => tracing::error!("the plugins stay as they were: {error}"),
        }
    }

    pub(crate) async fn handle(&self, payload: &serde_json::Value, invocation: &Invocation) -> Report {
        self.router.handle(payload, invocation).await
    }

    /// Does what is due.
    pub(crate) async fn tick(&self, invocation: &Invocation) -> TickReport {
        self.pace.is_time(Duration::ZERO);
        self.router.tick(invocation).await
    }

    /// Whether the last tick of this process is at least so long ago; then the next one begins now.
    pub(crate) fn is_time_for_tick(&self, pace: Duration) -> bool {
        self.pace.is_time(pace)
    }
}

/// When the last tick began.
#[derive(Debug, Default)]
struct Pace(std::sync::Mutex<Option<Instant>>);

impl Pace {
    fn is_time(&self, pace: Duration) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = last.is_none_or(|last| last.elapsed() >= pace);
        if is_time {
            *last = Some(Instant::now());
        }
        is_time
    }
}

type PluginChannels = Channels<(Plugin, RenewableChannel)>;

async fn load(
    config: &Config,
    catalogue: &Catalogue,
    secrets: &SecretReader,
    records: Option<&Records>,
) -> PluginChannels {
    let channels = Channels::load(config, catalogue, secrets).await;
    let mut broken = Vec::new();
    for (name, channel) in channels.iter() {
        if let Some(reason) = channel.problem() {
            tracing::error!(channel = name, "the channel `{name}` can't deliver: {reason}");
            broken.push(format!("{name}: {reason}"));
        }
    }
    if let Some(records) = records {
        records.channels(channels.iter().count(), &broken);
    }
    channels
}

fn announce(catalogue: &Catalogue) {
    for plugin in catalogue.loaded().map(Plugin::description) {
        tracing::info!(plugin.name = %plugin.name, plugin.version = %plugin.version, "plugin {} is loaded", plugin.name);
    }
    for problem in catalogue.problems() {
        tracing::error!("{problem}");
    }
}
