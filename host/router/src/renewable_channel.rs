//! A channel for the sandbox, whose secrets may become others while it lives.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use campanile_core::config::SecretSource;
use campanile_core::grant::Grant;
use campanile_core::outcome::Outcome;
use campanile_core::resolve::ResolvedChannel;
use campanile_sandbox::Channel;
use campanile_sandbox::limits::AttemptLimits;
use campanile_sandbox::secrets::Secret;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::secret_source::{SecretError, SecretReader};

/// How often secrets that a provider refuses are read again: a dead token must not become a flood of requests for it.
const REFUSED_PAUSE: Duration = Duration::from_secs(60);

/// How often secrets that could not be read are tried: more often, for nothing is delivered until then.
const UNREAD_PAUSE: Duration = Duration::from_secs(2);

/// A configured destination as the sandbox needs it, and where its secrets come from.
#[derive(Debug)]
pub struct RenewableChannel {
    resolved: ResolvedChannel,
    reader: SecretReader,
    current: RwLock<Current>,
    /// When the secrets were read last, after the first time; locked while they are read again.
    read_at: Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Current {
    channel: Result<Arc<Channel>, Unready>,
    since: Instant,
}

/// Why no attempt can be made for now.
#[derive(Clone, Debug)]
pub(crate) struct Unready {
    pub(crate) outcome: Outcome,
    pub(crate) detail: String,
}

impl From<SecretError> for Unready {
    fn from(error: SecretError) -> Self {
        let outcome = if error.is_passing() { Outcome::Transient } else { Outcome::Misconfigured };
        Self { outcome, detail: error.to_string() }
    }
}

impl RenewableChannel {
    /// The channel with these secrets, or without any yet.
    ///
    /// # Errors
    /// The secrets' error, if they will never be others.
    pub(crate) fn new(
        resolved: ResolvedChannel,
        reader: SecretReader,
        secrets: Result<Vec<Secret>, SecretError>,
    ) -> Result<Self, SecretError> {
        let may_change = may_change(&resolved, &reader);
        let channel = match secrets {
            Ok(secrets) => Ok(Arc::new(sandboxed(&resolved, &reader, secrets))),
            Err(error) if may_change => Err(error.into()),
            Err(error) => return Err(error),
        };
        let current = RwLock::new(Current { channel, since: Instant::now() });
        Ok(Self { resolved, reader, current, read_at: Mutex::default() })
    }

    /// Why it can't deliver now; none if it can.
    pub(crate) fn problem(&self) -> Option<String> {
        self.current().err().map(|unready| unready.detail)
    }

    /// The channel with its secrets; if they could not be read before, that is tried again.
    pub(crate) async fn ready(&self) -> Result<Arc<Channel>, Unready> {
        if let Ok(channel) = self.current() {
            return Ok(channel);
        }
        self.read_again(UNREAD_PAUSE).await;
        self.current()
    }

    /// Reads the secrets again, and says whether they are others than an attempt at `tried` had.
    pub(crate) async fn renew(&self, tried: Instant) -> bool {
        if !may_change(&self.resolved, &self.reader) {
            return false;
        }
        let pause = if self.current().is_ok() { REFUSED_PAUSE } else { UNREAD_PAUSE };
        self.read_again(pause).await;
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.channel.is_ok() && current.since > tried
    }

    fn current(&self) -> Result<Arc<Channel>, Unready> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).channel.clone()
    }

    /// One reads, and the others wait for it; what was read less than `pause` ago is not read again.
    async fn read_again(&self, pause: Duration) {
        let mut read_at = self.read_at.lock().await;
        if read_at.is_some_and(|at| at.elapsed() < pause) {
            return;
        }
        let texts = self.reader.read(&self.resolved.secrets).await;
        *read_at = Some(Instant::now());
        let secrets = self.reader.secrets(&self.resolved.secrets, &texts);
        let name = &self.resolved.name;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        match (secrets, &current.channel) {
            (Ok(secrets), Ok(channel)) if channel.has_secrets(&secrets) => {}
            (Ok(secrets), _) => {
                tracing::info!(channel = %name, "the channel `{name}` has other secrets now");
                let channel = Ok(Arc::new(sandboxed(&self.resolved, &self.reader, secrets)));
                *current = Current { channel, since: Instant::now() };
            }
            (Err(error), Ok(_)) => {
                tracing::warn!(channel = %name, "the channel `{name}` keeps its secrets: {error}");
            }
            (Err(error), Err(_)) => current.channel = Err(error.into()),
        }
    }
}

fn may_change(resolved: &ResolvedChannel, reader: &SecretReader) -> bool {
    let mut sources = resolved.secrets.iter().filter_map(|secret| secret.source.as_ref());
    matches!(reader, SecretReader::Sources(_)) && sources.any(SecretSource::may_change)
}

fn sandboxed(channel: &ResolvedChannel, reader: &SecretReader, secrets: Vec<Secret>) -> Channel {
    let declared = channel.secrets.iter().map(|secret| secret.description.name.clone()).collect();
    let limits = AttemptLimits {
        memory: usize::try_from(channel.limits.memory_mib).unwrap_or(usize::MAX).saturating_mul(1024 * 1024),
        cpu: channel.limits.cpu,
        wall: channel.limits.timeout,
    };
    let sandboxed =
        Channel::new(channel.name.to_string(), channel.settings_json.clone(), allow(channel, reader));
    let sandboxed = sandboxed.with_secrets(secrets, declared, channel.hosts.clone()).with_limits(limits);
    // With examples for secrets a message must not leave, whatever the egress would do.
    if matches!(reader, SecretReader::Examples) { sandboxed } else { sandboxed.live() }
}

/// What the file grants. While requests are caught, a channel without any grant gets what its plugin asks for: nothing
/// leaves, and `campanile check` says what to grant before deploying.
fn allow(channel: &ResolvedChannel, reader: &SecretReader) -> Vec<Grant> {
    if matches!(reader, SecretReader::Examples) && channel.allow.is_empty() {
        let asked = channel.hosts.iter().cloned();
        return asked.map(|origin| Grant { origin, private: true }).collect();
    }
    channel.allow.clone()
}

#[cfg(test)]
mod tests;
