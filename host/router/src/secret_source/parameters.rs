//! Parameters of SSM. Values are kept in memory alone, and nothing here logs or repeats one.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_ssm::Client;
use campanile_aws::Failure;
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

/// For all parameters of a configuration together. The init phase has ten seconds, and plugins are to be loaded too.
const TIME: Duration = Duration::from_secs(5);

/// Requests at a time: AWS takes 40 a second of an account unless told otherwise.
const AT_A_TIME: usize = 10;

/// Why a parameter has no value. Never holds one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum ParameterError {
    #[error("the parameter `{name}` is not there; create it in SSM as a SecureString")]
    Missing { name: String },
    #[error(
        "the parameter `{name}` may not be read ({message}); the function's role needs ssm:GetParameter for it, which \
         the template gives for names under `/STACK/`"
    )]
    Denied { name: String, message: String },
    #[error("SSM did not give the parameter `{name}`: {code}: {message}")]
    Refused { name: String, code: String, message: String },
    #[error("SSM did not give the parameter `{name}` in time")]
    TimedOut { name: String },
    #[error("SSM can't be asked for the parameter `{name}`: {reason}; it needs a region and credentials")]
    Unreachable { name: String, reason: String },
}

impl ParameterError {
    /// Whether it may work later without any change.
    pub(super) fn is_passing(&self) -> bool {
        !matches!(self, Self::Missing { .. } | Self::Denied { .. })
    }

    fn of(name: &str, failure: Failure) -> Self {
        let name = name.to_owned();
        match failure {
            Failure::Refused { code, .. } if code == "ParameterNotFound" => Self::Missing { name },
            Failure::Refused { code, message } if code == "AccessDeniedException" => {
                Self::Denied { name, message }
            }
            Failure::Refused { code, message } => Self::Refused { name, code, message },
            Failure::TimedOut => Self::TimedOut { name },
            Failure::Unreachable(reason) => Self::Unreachable { name, reason },
        }
    }
}

/// What was read of one parameter.
type Read = Result<Zeroizing<String>, ParameterError>;

/// SSM, asked only if a secret is there. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    client: Arc<OnceCell<Client>>,
}

impl Parameters {
    /// Asks through this client; by default it is made of the surroundings when it is needed.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client: Arc::new(OnceCell::new_with(Some(client))) }
    }

    /// Reads parameters, each for itself: one that may not be read, which would fail a request for several, keeps no other
    /// from its channel.
    pub(super) async fn read(&self, names: Vec<String>) -> Vec<(String, Read)> {
        let deadline = Instant::now() + TIME;
        let turns = Arc::new(Semaphore::new(AT_A_TIME));
        let mut reading = JoinSet::new();
        for name in names {
            let (this, turns) = (self.clone(), Arc::clone(&turns));
            reading.spawn(async move {
                let read = timeout_at(deadline, async {
                    let _turn = turns.acquire().await;
                    this.read_one(&name).await
                });
                let read =
                    read.await.unwrap_or_else(|_| Err(ParameterError::TimedOut { name: name.clone() }));
                (name, read)
            });
        }
        reading.join_all().await
    }

    async fn read_one(&self, name: &str) -> Read {
        let connect = || async { Client::new(&campanile_aws::config(None).await) };
        let client = self.client.get_or_init(connect).await;
        let request = client.get_parameter().name(name).with_decryption(true);
        let answer = request.send().await.map_err(|error| ParameterError::of(name, Failure::of(&error)))?;
        let value = answer.parameter.and_then(|parameter| parameter.value);
        value.map(Zeroizing::new).ok_or_else(|| ParameterError::Missing { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests;
