//! The function between invocations: the router, and the plugins it is fed with.

use campanile_core::config::Config;
use campanile_router::{Channels, Invocation, RenewableChannel, Report, Router, SandboxRunner, SecretReader};
use campanile_sandbox::Plugin;
use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::egress::Egress;
use campanile_store::AnyLedger;
use jiff::Timestamp;
use tokio::sync::Mutex;

/// Everything that outlives an invocation.
#[derive(Debug)]
pub(crate) struct Function {
    config: Config,
    catalogue: Mutex<Catalogue>,
    secrets: SecretReader,
    router: Router<SandboxRunner, AnyLedger>,
}

impl Function {
    pub(crate) async fn new(
        mut config: Config,
        catalogue: Catalogue,
        egress: Egress,
        secrets: SecretReader,
        ledger: AnyLedger,
    ) -> Self {
        announce(&catalogue);
        let channels = load(&config, &catalogue, &secrets).await;
        let routes = std::mem::take(&mut config.routes);
        let runner = SandboxRunner::new(egress);
        let router = Router::new(runner, ledger, routes, channels, Timestamp::now);
        Self { config, catalogue: Mutex::new(catalogue), secrets, router }
    }

    /// Picks up plugins that were compiled, changed or removed since the last invocation.
    pub(crate) async fn refresh(&self) {
        let mut catalogue = self.catalogue.lock().await;
        match catalogue.refresh() {
            Ok(false) => {}
            Ok(true) => {
                announce(&catalogue);
                self.router.replace_channels(load(&self.config, &catalogue, &self.secrets).await);
            }
            Err(error) => tracing::error!("the plugins stay as they were: {error}"),
        }
    }

    pub(crate) async fn handle(&self, payload: &serde_json::Value, invocation: &Invocation) -> Report {
        self.router.handle(payload, invocation).await
    }
}

type PluginChannels = Channels<(Plugin, RenewableChannel)>;

async fn load(config: &Config, catalogue: &Catalogue, secrets: &SecretReader) -> PluginChannels {
    let channels = Channels::load(config, catalogue, secrets).await;
    for (name, channel) in channels.iter() {
        if let Some(reason) = channel.problem() {
            tracing::error!(channel = name, "the channel `{name}` can't deliver: {reason}");
        }
    }
    channels
}

fn announce(catalogue: &Catalogue) {
    for plugin in catalogue.descriptions() {
        tracing::info!(plugin.name = %plugin.name, plugin.version = %plugin.version, "plugin {} is loaded", plugin.name);
    }
    for problem in catalogue.problems() {
        tracing::error!("{problem}");
    }
}
