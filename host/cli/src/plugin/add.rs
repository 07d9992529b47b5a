//! `campanile plugin add`: a component from a file or a URL becomes a plugin, once somebody has seen what it wants and agreed.
//!
//! Nothing is changed before that. Then the file comes first, the lock that pins it second and the channel last, so that a running
//! system has the last good one until the new one is pinned.

mod channel;
mod fetch;
mod offer;
mod place;
mod source;
#[cfg(test)]
mod tests;

use std::io::IsTerminal as _;

use serde_json::{Value, json};

use super::candidate::Candidate;
use super::portrait;
use super::signature::{PublisherKey, Signed};
use super::trust::TrustError;
use crate::args::AddArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, CARE, GOOD, styled};
use crate::plugins::Plugins;
use crate::project::Project;
use crate::project::lock::{self, Lock, Pin};
use crate::whole;
use channel::Addition;
use offer::{Change, Consent, consent};
use source::{Given, Source};

/// All that is decided before anybody is asked.
#[derive(Debug)]
struct Offer {
    source: Source,
    candidate: Candidate,
    signed: Signed,
    change: Change,
    /// The file of the folder that it becomes.
    file: String,
    addition: Option<Addition>,
    /// What is pinned afterwards.
    lock: Lock,
    /// Plugins that are pinned as they are, as there was no lock.
    pinned: Vec<String>,
}

pub(crate) async fn run(arguments: AddArguments) -> Result<Exit, CliError> {
    let project = Project::find(&arguments.project)?;
    let offer = Offer::make(&project, &arguments).await?;
    offer.show(arguments.json);
    let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let agreed = match consent(&offer.change, offer.candidate.name(), arguments.yes, is_terminal) {
        Ok(Consent::Given) => Ok(()),
        Ok(Consent::Ask(question)) => output::ask(&question).then_some(()).ok_or(TrustError::Declined),
        Err(refused) => Err(refused),
    };
    if agreed.is_ok() {
        offer.install(&project)?;
    }
    if arguments.json {
        output::json(&offer.to_json(agreed.is_ok()));
    } else if agreed.is_ok() {
        offer.lines(&project).into_iter().for_each(output::line);
    }
    agreed?;
    Ok(Exit::Success)
}

impl Offer {
    /// Reads and looks at everything, and changes nothing.
    async fn make(project: &Project, arguments: &AddArguments) -> Result<Self, CliError> {
        let given_key = arguments.publisher_key.as_deref().map(PublisherKey::given).transpose()?;
        let before = Lock::read(project)?;
        let source = Source::parse(&arguments.source)?;
        let Given { wasm, signature } = source.read().await?;
        let candidate = Candidate::of(wasm, &source.shown()).await?;
        let name = candidate.name();
        let pin = before.as_ref().and_then(|lock| lock.pin(name));
        let key = key(name, given_key, pin)?;
        let signed = Signed::of(&candidate.wasm, signature.as_deref(), key)
            .map_err(|error| TrustError::Signature { name: name.to_owned(), error })?;
        let present = Plugins::compile(&project.plugins, before.as_ref(), None).await?;
        let there = present.named(name);
        let known = pin.map(|pin| pin.file.as_str()).or(there.map(|there| there.file.as_str()));
        let file = place::file(&project.plugins, source.file(), name, known, &present)?;
        let change = Change::of(&candidate, pin, there.and_then(|there| there.description()));
        let addition = arguments.channel.as_ref();
        let addition =
            addition.map(|channel| Addition::of(project, channel, &candidate.description)).transpose()?;
        let pinned = newly_pinned(before.as_ref(), &present, name);
        let lock = match before {
            Some(lock) => lock,
            None => Lock::of(&present, None)?,
        };
        let mut offer = Self { source, candidate, signed, change, file, addition, lock, pinned };
        offer.pin();
        Ok(offer)
    }

    /// Pins it. What is known of the same bytes stays, unless it is known better now.
    fn pin(&mut self) {
        let Candidate { digest, description, .. } = &self.candidate;
        let before = self.lock.pin(&description.name).filter(|pin| pin.sha256 == *digest).cloned();
        let (source, key) = before.map(|pin| (pin.source, pin.publisher_key)).unwrap_or_default();
        let publisher_key = match &self.signed {
            Signed::By { key, .. } => Some(key.as_str().to_owned()),
            Signed::Not | Signed::Unchecked => key,
        };
        let source = self.source.pinned().or(source);
        let pin = Pin { source, publisher_key, ..Pin::of(&self.file, digest, description) };
        self.lock.insert(&description.name, pin);
    }

    /// Tells what it is and wants; with `json` whoever may be asked reads it on standard error.
    fn show(&self, json: bool) {
        let say = |line: String| if json { output::note(line) } else { output::line(line) };
        portrait::lines(&self.candidate, &self.source.shown(), &self.signed, &self.change.more())
            .into_iter()
            .for_each(say);
        say(String::new());
        say(self.change.words(self.candidate.name()));
    }

    fn install(&self, project: &Project) -> Result<(), CliError> {
        std::fs::create_dir_all(&project.plugins).map_err(CliError::file(&project.plugins))?;
        whole::put(&project.plugins.join(&self.file), &self.candidate.wasm)?;
        self.lock.write(project)?;
        self.addition.as_ref().map_or(Ok(()), |addition| addition.append(project))
    }

    /// What was done, and what is left to do.
    fn lines(&self, project: &Project) -> Vec<String> {
        let place = project.plugins.join(&self.file);
        let mut lines =
            vec![format!("{}  {}, pinned in {}", styled(GOOD, "installed"), place.display(), lock::FILE)];
        if !self.pinned.is_empty() {
            let names = self.pinned.join(", ");
            lines.push(format!("{} is new: it pins as they are {names}", lock::FILE));
        }
        if let Some(addition) = &self.addition {
            lines.push(format!("channel {}, in {}", addition.channel, project.config.display()));
            let open = addition.open.iter().map(|setting| format!("fill in settings.{setting}"));
            let variables = addition.variables.iter().map(|variable| format!("set {variable}"));
            lines.extend(open.chain(variables).map(|left| format!("  {}  {left}", styled(CARE, "to do"))));
            lines.push(format!("  {}  name it in a route", styled(CARE, "to do")));
        }
        lines
    }

    fn to_json(&self, is_installed: bool) -> Value {
        let mut object = portrait::to_json(&self.candidate, &self.source.shown(), &self.signed);
        let more = json!({
            "change": self.change.name(),
            "also-wants": self.change.more(),
            "installed": is_installed,
            "plugin-file": self.file,
            "channel": self.addition.as_ref().map(|addition| &addition.channel),
            "pinned": self.pinned,
        });
        if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
            object.extend(more);
        }
        object
    }
}

/// The key to check with: what was given, or what was pinned, which must not be another one.
fn key(
    name: &str,
    given: Option<PublisherKey>,
    pin: Option<&Pin>,
) -> Result<Option<PublisherKey>, TrustError> {
    let Some(pinned) = pin.and_then(|pin| pin.publisher_key.as_deref()) else { return Ok(given) };
    let other = || TrustError::OtherKey { name: name.to_owned(), pinned: output::visible(pinned) };
    // One that can't be read is not the same as none.
    let known = PublisherKey::parse(pinned).ok_or_else(other)?;
    match given {
        Some(given) if given != known => Err(other()),
        _ => Ok(Some(known)),
    }
}

/// The plugins beside `name` that the first lock of a project pins.
fn newly_pinned(before: Option<&Lock>, present: &Plugins, name: &str) -> Vec<String> {
    let names = present.descriptions().into_iter().map(|description| description.name.clone());
    if before.is_some() { Vec::new() } else { names.filter(|other| other != name).collect() }
}
