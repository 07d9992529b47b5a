//! Reads secrets from where `campanile.toml` says they are. The only code that sees them before the sandbox does.

use campanile_core::config::SecretSource;
use campanile_core::resolve::ResolvedSecret;
use campanile_core::secret_pattern::{SecretError as FormError, SecretPattern};
use campanile_sandbox::secrets::Secret;

/// Which values channels get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretMode {
    /// The real ones.
    Real,
    /// The plugins' examples: while requests are caught no real secret is even read.
    Examples,
}

/// Why a channel lacks a secret. Never holds a value.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum SecretError {
    #[error(
        "the secret `{name}` has no source; write `{name} = {{ env = \"VARIABLE\" }}` in the channel's secrets"
    )]
    NoSource { name: String },
    #[error("the secret `{name}` is not there: the environment variable `{variable}` is not set")]
    Unset { name: String, variable: String },
    #[error("the secret `{name}` can't be read from `{file}`: {error}")]
    File { name: String, file: String, error: std::io::Error },
    #[error("`{name}`: {error}")]
    Form { name: String, error: FormError },
    #[error("the plugin's pattern for the secret `{name}` is not a regular expression")]
    Pattern { name: String },
}

/// The secret's value; `None` if it is optional and has no source.
pub(crate) fn read(secret: &ResolvedSecret, mode: SecretMode) -> Result<Option<Secret>, SecretError> {
    let name = secret.description.name.clone();
    let text = match (mode, &secret.source) {
        (_, None) if secret.description.optional => return Ok(None),
        (SecretMode::Examples, _) => example(secret),
        (SecretMode::Real, Some(source)) => from(source, &name)?,
        (SecretMode::Real, None) => return Err(SecretError::NoSource { name }),
    };
    let pattern = SecretPattern::compile(secret.description.pattern.as_deref());
    let pattern = pattern.map_err(|_| SecretError::Pattern { name: name.clone() })?;
    let value = pattern.apply(&text).map_err(|error| SecretError::Form { name: name.clone(), error })?;
    Ok(Some(Secret::new(name, secret.description.places.clone(), value.value, value.parts)))
}

fn from(source: &SecretSource, name: &str) -> Result<String, SecretError> {
    match source {
        SecretSource::Env(variable) => std::env::var(variable)
            .map_err(|_| SecretError::Unset { name: name.to_owned(), variable: variable.clone() }),
        SecretSource::File(file) => std::fs::read_to_string(file).map_err(|error| SecretError::File {
            name: name.to_owned(),
            file: file.clone(),
            error,
        }),
    }
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

    #[test]
    fn while_requests_are_caught_no_source_is_read() {
        assert!(read(&secret(missing_file(), false), SecretMode::Examples).unwrap().is_some());
        assert!(read(&secret(None, false), SecretMode::Examples).unwrap().is_some());
    }

    #[test]
    fn an_optional_secret_without_a_source_is_left_out() {
        for mode in [SecretMode::Real, SecretMode::Examples] {
            assert!(read(&secret(None, true), mode).unwrap().is_none(), "{mode:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_secret_is_said_without_its_value() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "not a token\n").unwrap();
        let written = Some(SecretSource::File(file.path().display().to_string()));
        let cases = [
            (None, "the secret `bot-token` has no source; write `bot-token = { env = \"VARIABLE\" }`"),
            (missing_file(), "the secret `bot-token` can't be read from `/nonexistent/token`: No such file"),
            (
                Some(SecretSource::Env("CAMPANILE_UNSET".into())),
                "the secret `bot-token` is not there: the environment",
            ),
            (written, "`bot-token`: the secret does not have the form that the plugin expects"),
        ];
        for (source, message) in cases {
            let error = read(&secret(source, false), SecretMode::Real).unwrap_err();
            assert!(error.to_string().starts_with(message), "{error}");
            assert!(!format!("{error} {error:?}").contains("not a token"), "{error:?}");
        }
    }
}
