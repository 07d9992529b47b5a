//! `campanile send`: an event through the real function, and the messages that come out of it.

mod caught;
mod only;
mod show;
mod stage;

use std::io::Read as _;
use std::path::Path;

use campanile_router::{DeliveryStatus, EventResult, Report};
use serde_json::Value;

use crate::args::SendArguments;
use crate::check::Checked;
use crate::checkout::Checkout;
use crate::error::CliError;
use crate::exit::Exit;
use crate::findings;
use crate::output;
use crate::plugins::Plugins;
use crate::project::Project;
use stage::{Played, Stage};

pub(crate) async fn run(arguments: SendArguments) -> Result<Exit, CliError> {
    let event = read_event(&arguments.event)?;
    let project = Project::find(&arguments.project)?;
    if let Some(checkout) = Checkout::find()? {
        let built = async {
            checkout.build_function().await?;
            checkout.build_plugins(&project.plugins).await
        };
        output::with_patience("building the function and the plugins", built).await?;
    }
    let plugins = Plugins::compile(&project.plugins, None).await?;
    let text = project.read_config()?;
    let checked = Checked::read(&text, &plugins);
    let found = if arguments.live { checked.findings.clone() } else { checked.of_caught() };
    findings::show(&project.config.display().to_string(), &text, &found);
    plugins.show_problems();
    let Some(config) = checked.config else { return Err(CliError::Configuration(findings::errors(&found))) };
    let only = match &arguments.channel {
        Some(channel) => Some(only::config(&text, channel, &config)?),
        None => None,
    };
    if !arguments.json {
        show::setting(&plugins, arguments.live);
    }
    let stage = Stage::set(&project, &config, only.as_deref(), &arguments).await?;
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
