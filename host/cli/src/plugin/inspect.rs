//! `campanile plugin inspect`: one component, from the outside and in its own words.

use campanile_sandbox::folder;
use serde_json::Value;

use super::candidate::Candidate;
use super::portrait;
use super::signature::{self, PublisherKey, Signed};
use super::trust::TrustError;
use crate::args::ProjectArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output;
use crate::plugins::path_of;
use crate::project::Project;
use crate::project::lock::Lock;
use crate::wants::Wants;

pub(crate) async fn run(plugin: &str, json: bool, arguments: &ProjectArguments) -> Result<Exit, CliError> {
    let folder = Project::plugins(arguments).unwrap_or_else(|_| "plugins".into());
    let lock = Lock::of_folder(arguments)?;
    let path = path_of(plugin, &folder, lock.as_ref()).await?;
    let place = path.display().to_string();
    let candidate = Candidate::of(folder::read_anywhere(&path).map_err(TrustError::File)?, &place).await?;
    let pin = lock.as_ref().and_then(|lock| lock.pin(candidate.name()));
    let key = pin.and_then(|pin| PublisherKey::parse(pin.publisher_key.as_deref()?));
    // Nothing is installed here, so one that is not signed is no failure: it is told.
    let signed = match signature::beside(&path) {
        Some(signature) => Signed::of(&candidate.wasm, Some(&signature), key)
            .map_err(|error| TrustError::Signature { name: candidate.name().to_owned(), error })?,
        None => Signed::Not,
    };
    if json {
        output::json(&portrait::to_json(&candidate, &place, &signed));
    } else {
        for line in portrait::lines(&candidate, &place, &signed, &Wants::default()) {
            output::line(line);
        }
        output::line(format!("  schema\n{}", schema(&candidate.description.settings)));
    }
    Ok(Exit::Success)
}

/// The schema of the settings. JSON escapes what would control the terminal, but for what turns words around.
fn schema(settings: &Value) -> String {
    let text = serde_json::to_string_pretty(settings).unwrap_or_default();
    text.lines().map(|line| format!("    {}", output::visible(line))).collect::<Vec<_>>().join("\n")
}
