//! Reads secrets from where `campanile.toml` says they are. The only code that sees them before the sandbox does.

mod parameters;

use std::collections::{BTreeMap, BTreeSet};

use campanile_core::config::SecretSource;
use campanile_core::resolve::{ChannelName, ResolvedSecret};
use campanile_core::secret_pattern::{SecretError as FormError, SecretPattern};
use campanile_sandbox::secrets::Secret;
use zeroize::Zeroizing;

pub use self::parameters::{ParameterError, Parameters};

/// Where the values come from that channels get.
#[derive(Clone, Debug)]
pub enum SecretReader {
    /// The plugins' examples: while requests are caught no real secret is even read.
    Examples,
    /// The sources in `campanile.toml`.
    Sources(Parameters),
    /// The sources for these channels, which really send, and examples for all others.
    SourcesOf(BTreeSet<String>, Parameters),
}

/// Why a channel lacks a secret. Never holds a value.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum SecretError {
    #[error(
        "the secret `{name}` has no source; write `{name} = {{ env = \"VARIABLE\" }}` in the channel's secrets"
    )]
    NoSource { name: String },
    #[error("the secret `{name}` can't be read: {error}")]
    Unread { name: String, error: SourceError },
    #[error("`{name}`: {error}")]
    Form { name: String, error: FormError },
    #[error("the plugin's pattern for the secret `{name}` is not a regular expression")]
    Pattern { name: String },
}

impl SecretError {
    /// Whether it may work later without any change.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unread { error: SourceError::Parameter(error), .. } => error.is_passing(),
            _ => false,
        }
    }
}

/// Why a source has no value.
#[derive(Clone, Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum SourceError {
    #[error("the environment variable `{0}` is not set")]
    Unset(String),
    #[error("the file `{file}`: {reason}")]
    File { file: String, reason: String },
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

/// What sources hold, as it was read together.
#[derive(Default)]
pub(crate) struct Texts(BTreeMap<SecretSource, Result<Zeroizing<String>, SourceError>>);

impl SecretReader {
    /// What reads for one channel: its own secrets, or examples.
    pub(crate) fn of(&self, channel: &ChannelName) -> Self {
        match self {
            Self::SourcesOf(channels, parameters) if channels.contains(channel.channel()) => {
                Self::Sources(parameters.clone())
            }
            Self::SourcesOf(..) => Self::Examples,
            all => all.clone(),
        }
    }

    /// Reads the sources of these secrets, each of them once.
    pub(crate) async fn read(&self, secrets: impl IntoIterator<Item = &ResolvedSecret>) -> Texts {
        let (Self::Sources(parameters) | Self::SourcesOf(_, parameters)) = self else {
            return Texts::default();
        };
        let sources: BTreeSet<_> = secrets.into_iter().filter_map(|secret| secret.source.clone()).collect();
        let (mut texts, mut names) = (BTreeMap::new(), Vec::new());
        for source in sources {
            let text = match &source {
                SecretSource::Env(variable) => variable_text(variable),
                SecretSource::File(file) => file_text(file).await,
                SecretSource::Ssm(name) => {
                    names.push(name.clone());
                    continue;
                }
            };
            texts.insert(source, text);
        }
        let parameters = parameters.read(names).await;
        texts.extend(
            parameters.into_iter().map(|(name, text)| (SecretSource::Ssm(name), text.map_err(Into::into))),
        );
        Texts(texts)
    }

    /// The secrets of a channel; one that is optional and has no source is left out.
    pub(crate) fn secrets(
        &self,
        secrets: &[ResolvedSecret],
        texts: &Texts,
    ) -> Result<Vec<Secret>, SecretError> {
        secrets.iter().filter_map(|secret| self.secret(secret, texts).transpose()).collect()
    }

    fn secret(&self, secret: &ResolvedSecret, Texts(texts): &Texts) -> Result<Option<Secret>, SecretError> {
        let name = secret.description.name.clone();
        let text = match (self, &secret.source) {
            (_, None) if secret.description.optional => return Ok(None),
            (Self::Examples, _) => Zeroizing::new(example(secret)),
            (Self::Sources(_) | Self::SourcesOf(..), None) => return Err(SecretError::NoSource { name }),
            (Self::Sources(_) | Self::SourcesOf(..), Some(source)) => match texts.get(source) {
                Some(Ok(text)) => text.clone(),
                Some(Err(error)) => return Err(SecretError::Unread { name, error: error.clone() }),
                None => return Err(SecretError::NoSource { name }),
            },
        };
        let pattern = SecretPattern::compile(secret.description.pattern.as_deref());
        let pattern = pattern.map_err(|_| SecretError::Pattern { name: name.clone() })?;
        let value = pattern.apply(&text).map_err(|error| SecretError::Form { name: name.clone(), error })?;
        Ok(Some(Secret::new(name, secret.description.places.clone(), value.value, value.parts)))
    }
}

fn variable_text(variable: &str) -> Result<Zeroizing<String>, SourceError> {
    std::env::var(variable).map(Zeroizing::new).map_err(|_| SourceError::Unset(variable.to_owned()))
}

async fn file_text(file: &str) -> Result<Zeroizing<String>, SourceError> {
    let text = tokio::fs::read_to_string(file).await;
    text.map(Zeroizing::new)
        .map_err(|error| SourceError::File { file: file.to_owned(), reason: error.to_string() })
}

fn example(secret: &ResolvedSecret) -> String {
    let made_up = || format!("example-of-{}", secret.description.name);
    secret.description.example.clone().unwrap_or_else(made_up)
}

#[cfg(test)]
mod tests {
    use campanile_core::description::{SecretDescription, SecretPlace};

    use super::*;

    fn secret(source: Option<SecretSource>, optional: bool) -> ResolvedSecret {
        let description = SecretDescription {
            name: "bot-token".into(),
            summary: "from @BotFather".into(),
            places: vec![SecretPlace::Path],
            pattern: Some("[0-9]+:[a-z]+".into()),
            optional,
            example: Some("123:abc".into()),
        };
        ResolvedSecret { description, source }
    }

    fn missing_file() -> Option<SecretSource> {
        Some(SecretSource::File("/nonexistent/token".into()))
    }

    async fn read(secret: ResolvedSecret, reader: SecretReader) -> Result<Vec<Secret>, SecretError> {
        let texts = reader.read([&secret]).await;
        reader.secrets(&[secret], &texts)
    }

    fn sources() -> SecretReader {
        SecretReader::Sources(Parameters::default())
    }

    #[tokio::test]
    async fn while_requests_are_caught_no_source_is_read() {
        let parameter = Some(SecretSource::Ssm("/campanile/never-asked-for".into()));
        for source in [missing_file(), parameter, None] {
            assert_eq!(read(secret(source, false), SecretReader::Examples).await.unwrap().len(), 1);
        }
    }

    #[tokio::test]
    async fn an_optional_secret_without_a_source_is_left_out() {
        for reader in [sources(), SecretReader::Examples] {
            assert_eq!(read(secret(None, true), reader).await.unwrap().len(), 0);
        }
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_secret_is_said_without_its_value() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "not a token\n").unwrap();
        let written = Some(SecretSource::File(file.path().display().to_string()));
        let cases = [
            (None, "the secret `bot-token` has no source; write `bot-token = { env = \"VARIABLE\" }`"),
            (
                missing_file(),
                "the secret `bot-token` can't be read: the file `/nonexistent/token`: No such file",
            ),
            (
                Some(SecretSource::Env("CAMPANILE_UNSET".into())),
                "the secret `bot-token` can't be read: the environment variable `CAMPANILE_UNSET` is not set",
            ),
            (written, "`bot-token`: the secret does not have the form that the plugin expects"),
        ];
        for (source, message) in cases {
            let error = read(secret(source, false), sources()).await.unwrap_err();
            assert!(error.to_string().starts_with(message), "{error}");
            assert!(!format!("{error} {error:?}").contains("not a token"), "{error:?}");
        }
    }
}
