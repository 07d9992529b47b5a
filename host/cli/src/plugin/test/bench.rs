//! Where attempts are made: the real sandbox, and a catcher on this machine that plays the provider as a script says.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use campanile_core::description::SecretPlace;
use campanile_core::grant::{Grant, Origin};
use campanile_local::catcher::{Catcher, CatcherConfig, Selector};
use campanile_local::fakes;
use campanile_local::fakes::script::ScriptFake;
use campanile_local::inbox::{Caught, Inbox};
use campanile_sandbox::egress::Egress;
use campanile_sandbox::secrets::Secret;
use campanile_sandbox::secrets::scrub::Scrubber;
use campanile_sandbox::{Channel, Plugin};

use super::golden::GoldenRequest;
use super::trial::{Exchange, Observed, Trial};
use crate::error::CliError;
use crate::plugins::sample;

/// Requests that are kept: what one attempt may make, for all that run at a time.
const INBOX: usize = 3 * campanile_sandbox::limits::REQUESTS as usize;

/// What an answer shows of itself, in bytes.
const ANSWER_BYTES: usize = 300;

/// Beyond the attempt's own limit, so that this is what ends it.
const SPARE: Duration = Duration::from_secs(10);

/// A plugin, and what it talks to.
pub(super) struct Bench {
    plugin: Plugin,
    catcher: Catcher,
    fake: Arc<ScriptFake>,
    egress: Egress,
}

impl Bench {
    pub(super) async fn set(plugin: Plugin) -> Result<Self, CliError> {
        let fake = Arc::new(ScriptFake::new(fakes::all));
        let catcher = Catcher::start(CatcherConfig {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            fakes: vec![(Selector::Any, Arc::clone(&fake) as Arc<dyn fakes::Fake>)],
            inbox: Arc::new(Inbox::new(INBOX)),
            seed: 0,
        });
        let catcher = catcher.await?;
        let egress = Egress::caught(&catcher.url())?;
        Ok(Self { plugin, catcher, fake, egress })
    }

    pub(super) fn plugin(&self) -> &Plugin {
        &self.plugin
    }

    /// Makes the attempt.
    pub(super) async fn attempt(&self, trial: Trial) -> Observed {
        let secrets = self.secrets(&trial);
        let marks = Scrubber::with_masks(&secrets, |name| format!("{{{{secret:{name}}}}}"));
        let signs = secrets.iter().any(|secret| self.is_for_signing(secret.name()));
        let channel = Arc::new(self.channel(&trial, secrets));
        let before = self.catcher.inbox().list(None).last().map(|caught| caught.id);
        self.fake.play(&trial.name, trial.script);
        let remaining = trial.limits.wall + SPARE;
        let report =
            self.plugin.attempt(&channel, &self.egress, &trial.notification, &trial.attempt, remaining).await;
        let left = self.fake.take(&trial.name);
        let caught = self.catcher.inbox().list(before);
        let own = caught.iter().filter(|caught| is_of(caught, &trial.name));
        let exchanges = own.map(|caught| exchange(caught, &marks, signs)).collect();
        let mut observed = Observed::new(trial.attempt.presentation, report, exchanges, &left);
        let told: Vec<String> = observed.said().map(|(_, text)| text.to_owned()).collect();
        let is_told = |value: &str| value.len() >= SHORTEST && told.iter().any(|text| text.contains(value));
        let leaked = trial.secrets.iter().filter(|(_, secret)| is_told(&secret.value));
        observed.leaked = leaked.map(|(name, _)| name.clone()).collect();
        observed
    }

    /// Ends it all.
    pub(super) async fn strike(self) {
        self.catcher.shutdown().await;
    }

    fn secrets(&self, trial: &Trial) -> Vec<Secret> {
        let described = self.plugin.description().secrets.iter();
        let secret = described.filter_map(|secret| {
            let value = trial.secrets.get(&secret.name)?.clone();
            Some(Secret::new(secret.name.clone(), secret.places.clone(), value.value, value.parts))
        });
        secret.collect()
    }

    fn is_for_signing(&self, name: &str) -> bool {
        let mut secrets = self.plugin.description().secrets.iter();
        secrets.any(|secret| secret.name == name && secret.places.contains(&SecretPlace::StandardWebhooks))
    }

    fn channel(&self, trial: &Trial, secrets: Vec<Secret>) -> Channel {
        let description = self.plugin.description();
        let hosts = sample::hosts(description, &trial.settings);
        // Nothing leaves this machine, so an example may also be an address at home.
        let grant = |origin: &Origin| Grant { origin: origin.clone(), private: true };
        let allow = if trial.granted { hosts.iter().map(grant).collect() } else { Vec::new() };
        let settings = serde_json::Value::Object(trial.settings.clone()).to_string();
        let declared = description.secrets.iter().map(|secret| secret.name.clone()).collect();
        Channel::new(&trial.name, settings, allow)
            .with_secrets(secrets, declared, hosts)
            .with_limits(trial.limits)
    }
}

/// A value that is shorter may stand in any text.
const SHORTEST: usize = 6;

fn is_of(caught: &Caught, channel: &str) -> bool {
    caught.request.headers.iter().any(|(name, value)| name == "campanile-channel" && value == channel)
}

fn exchange(caught: &Caught, marks: &Scrubber, signs: bool) -> Exchange {
    let body = caught.answer.as_ref().map(|answer| String::from_utf8_lossy(&answer.body)).unwrap_or_default();
    let end = body.floor_char_boundary(ANSWER_BYTES);
    Exchange {
        request: GoldenRequest::of(&caught.request, marks, signs),
        status: caught.answer.as_ref().map(|answer| answer.status),
        answer: body.get(..end).unwrap_or_default().to_owned(),
        defect: super::golden::defect(&caught.request),
    }
}
