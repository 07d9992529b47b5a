//! `campanile send`: an event through the real function, and the messages that come out of it.

mod caught;
mod cold;
mod only;
pub(crate) mod show;
pub(crate) mod stage;

use std::io::Read as _;
use std::path::Path;

use campanile_router::{DeliveryStatus, EventResult, Report};
use serde_json::Value;

use crate::args::SendArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output;
use crate::project::Project;
use crate::project::ready::Ready;
use crate::store;
use stage::{Played, Setting, Stage};

pub(crate) async fn run(arguments: SendArguments) -> Result<Exit, CliError> {
    let event = read_event(&arguments.event)?;
    let project = Project::find(&arguments.project)?;
    let Ready { plugins, config, text } = Ready::make(&project, arguments.sending.live).await?;
    let only = match &arguments.channel {
        Some(channel) => Some((channel.as_str(), only::config(&text, channel, &config)?)),
        None => None,
    };
    if !arguments.json {
        show::setting(&plugins, arguments.sending.live);
    }
    let here = std::env::current_dir().map_err(CliError::file("."))?;
    let store = store::absolute(&arguments.store, &here);
    let setting =
        Setting { project: &project, config: &config, only, store: &store, sending: &arguments.sending };
    let stage = Stage::set(setting).await?;
    cold::keep(&event, &project, &config, &store).await?;
    let played = stage.play(event).await?;
    if arguments.json {
        output::json(&show::to_json(&played));
    } else {
        show::played(&played);
    }
    Ok(exit(&played.report))
}

fn read_event(path: &Path) -> Result<Value, CliError> {
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map_err(CliError::file("standard input"))?;
    } else {
        text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
    }
    serde_json::from_str(&text).map_err(|error| CliError::NotJson { path: path.to_owned(), error })
}

/// The worst that happened.
fn exit(report: &Report) -> Exit {
    let any = |status: DeliveryStatus| report.deliveries.iter().any(|delivery| delivery.status == status);
    match report.result {
        EventResult::Delivered => Exit::Success,
        EventResult::Unmatched | EventResult::Silent => Exit::Unmatched,
        EventResult::Invalid => Exit::Rejected,
        EventResult::Retrying => Exit::Undelivered,
        EventResult::Undelivered if broke(report) => Exit::Plugin,
        EventResult::Undelivered if any(DeliveryStatus::Rejected) => Exit::Rejected,
        EventResult::Undelivered => Exit::Undelivered,
    }
}

/// Whether a plugin broke on a delivery that did not end well.
fn broke(report: &Report) -> bool {
    let undelivered =
        report.deliveries.iter().filter(|delivery| delivery.status != DeliveryStatus::Delivered);
    let mut last = undelivered.filter_map(|delivery| delivery.attempts.last());
    last.any(|attempt| attempt.outcome == campanile_core::outcome::OutcomeKind::Trapped)
}

impl Played {
    /// The messages that `channel` made, in order.
    pub(crate) fn of<'a>(&'a self, channel: &'a str) -> impl Iterator<Item = &'a caught::Message> {
        self.messages.iter().filter(move |message| message.channel == channel)
    }
}
