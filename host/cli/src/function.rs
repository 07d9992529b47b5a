//! What the function is started with, and how its providers misbehave: for whatever runs it here.

use std::path::Path;

use campanile_core::config::{Config, SecretEntry, SecretSource};
use campanile_local::catcher::{Selector, SelectorError};
use campanile_local::fault::{Fault, FaultParseError};

use crate::error::CliError;
use crate::project::Project;

/// The variables that it always has: the function runs in another folder, so paths are absolute.
pub(crate) fn environment(project: &Project, config: &Path) -> Result<Vec<(String, String)>, CliError> {
    Ok(vec![
        ("CAMPANILE_CONFIG".to_owned(), absolute(config)?),
        ("CAMPANILE_PLUGINS".to_owned(), absolute(&project.plugins)?),
    ])
}

/// The variables that secrets come from, of the channels that are meant: the function gets these and nothing else of ours.
pub(crate) fn secrets(config: &Config, is_meant: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let variable = |entry: &SecretEntry| match &entry.source {
        SecretSource::Env(variable) => Some((variable.clone(), std::env::var(variable).ok()?)),
        SecretSource::File(_) | SecretSource::Ssm(_) => None,
    };
    entries(config, is_meant).filter_map(variable).collect()
}

/// A variable that a channel which is meant needs and that is not set, with the channel's name.
pub(crate) fn unset(config: &Config, is_meant: impl Fn(&str) -> bool) -> Option<(String, String)> {
    let mut channels = config.channels.iter().filter(|(name, _)| is_meant(name));
    channels.find_map(|(name, channel)| {
        let mut variables = channel.secrets.values().filter_map(|entry| match &entry.source {
            SecretSource::Env(variable) => Some(variable),
            SecretSource::File(_) | SecretSource::Ssm(_) => None,
        });
        let variable = variables.find(|variable| std::env::var_os(variable).is_none())?;
        Some((name.clone(), variable.clone()))
    })
}

/// Whether any secret of the channels that are meant is in SSM.
pub(crate) fn has_parameters(config: &Config, is_meant: impl Fn(&str) -> bool) -> bool {
    entries(config, is_meant).any(|entry| matches!(entry.source, SecretSource::Ssm(_)))
}

fn entries(config: &Config, is_meant: impl Fn(&str) -> bool) -> impl Iterator<Item = &SecretEntry> {
    let channels = config.channels.iter().filter(move |(name, _)| is_meant(name));
    channels.flat_map(|(_, channel)| channel.secrets.values())
}

/// What the SDK of AWS needs to find a table or a parameter: the emulator's process has no other environment.
pub(crate) fn cloud() -> impl Iterator<Item = (String, String)> {
    const NAMES: [&str; 7] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_DYNAMODB",
        "AWS_ENDPOINT_URL_SSM",
    ];
    NAMES.into_iter().filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)))
}

/// Reads `WHO=FAULT`.
pub(crate) fn fault(given: &str) -> Result<(Selector, Fault), CliError> {
    let wrong = |reason: String| CliError::Fault { given: given.to_owned(), reason };
    let (who, fault) = given.split_once('=').ok_or_else(|| wrong("expected WHO=FAULT".into()))?;
    let selector = who.parse().map_err(|error: SelectorError| wrong(error.to_string()))?;
    let fault = fault.parse().map_err(|error: FaultParseError| wrong(error.to_string()))?;
    Ok((selector, fault))
}

fn absolute(path: &Path) -> Result<String, CliError> {
    let absolute = std::path::absolute(path).map_err(CliError::file(path))?;
    Ok(absolute.to_string_lossy().into_owned())
}
