//! `campanile redrive`: deliveries that ended without success are tried again.

mod choose;
mod follow;
mod show;

use std::time::Duration;

use campanile_core::config::StoreConfig;
use campanile_store::{AnyLedger, Entry};
use jiff::Timestamp;

use crate::args::RedriveArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::Progress;
use crate::project::Project;
use crate::project::ready::Ready;
use crate::send::stage::{Setting, Stage};
use crate::store;
use follow::Followed;

/// A wait that is no longer is waited for here. Those that fit into an invocation the function has waited for itself.
const PATIENCE: Duration = Duration::from_secs(15);

/// Between two ticks, and between two looks at what the function does.
const BEAT: Duration = Duration::from_millis(250);

/// Ticks in a row that change nothing, though something is due, before it is left to others.
const IDLE: u32 = 5;

/// How long `--wait` waits: the deployed function's schedule comes each minute, and an invocation takes up to one.
const SCHEDULE: Duration = Duration::from_secs(5 * 60);

/// Between two looks into a table.
const TABLE_BEAT: Duration = Duration::from_secs(2);

pub(crate) async fn run(arguments: &RedriveArguments) -> Result<Exit, CliError> {
    let store = store::locate(&arguments.store)?;
    let ledger = store::open(&store).await?;
    let chosen = choose::deliveries(&ledger, arguments).await?;
    let letters = if arguments.id.is_none() { choose::letters(&ledger).await? } else { Vec::new() };
    if arguments.dry_run || chosen.is_empty() {
        show::plan(&chosen, &letters, arguments);
        return Ok(Exit::Success);
    }
    let followed = match &store {
        StoreConfig::Dynamodb(_) => by_schedule(&ledger, chosen, arguments).await?,
        StoreConfig::Sqlite(_) | StoreConfig::Memory => here(&ledger, chosen, &store, arguments).await?,
    };
    show::ended(&followed, &letters, arguments);
    Ok(match store {
        StoreConfig::Dynamodb(_) if !arguments.wait => Exit::Success,
        _ => followed.exit(),
    })
}

/// With a function of our own. Nothing is reopened before it is known that it can run.
async fn here<'l>(
    ledger: &'l AnyLedger,
    chosen: Vec<Entry>,
    store: &StoreConfig,
    arguments: &RedriveArguments,
) -> Result<Followed<'l>, CliError> {
    let project = Project::find(&arguments.store.project)?;
    let sending = &arguments.sending;
    let Ready { plugins, config, .. } = Ready::make(&project, sending.live).await?;
    show::setting(&chosen, &plugins, arguments);
    let setting = Setting { project: &project, config: &config, only: None, store, sending };
    let stage = Stage::set(setting).await?;
    let mut followed = Followed::reopen(ledger, chosen).await?;
    let done = tick(&stage, &mut followed).await;
    stage.strike().await;
    done.map(|()| followed)
}

/// Ticks until all have ended, or wait for longer than anybody wants to watch.
async fn tick(stage: &Stage, followed: &mut Followed<'_>) -> Result<(), CliError> {
    let mut progress = Progress::new("redriving", followed.len());
    let mut idle = 0;
    while idle < IDLE {
        let before = followed.attempts();
        let mut ticking = std::pin::pin!(stage.tick());
        loop {
            tokio::select! {
                done = &mut ticking => break done?,
                () = tokio::time::sleep(BEAT) => progress.show(followed.look().await?),
            }
        }
        progress.show(followed.look().await?);
        let Some(due) = followed.due() else { return Ok(()) };
        let wait = Duration::try_from(due.duration_since(Timestamp::now())).unwrap_or_default();
        if wait > PATIENCE {
            return Ok(());
        }
        idle = if followed.attempts() > before { 0 } else { idle + 1 };
        tokio::time::sleep(wait.max(BEAT)).await;
    }
    Ok(())
}

/// With the deployed function, which looks at the table each minute.
async fn by_schedule<'l>(
    ledger: &'l AnyLedger,
    chosen: Vec<Entry>,
    arguments: &RedriveArguments,
) -> Result<Followed<'l>, CliError> {
    let mut followed = Followed::reopen(ledger, chosen).await?;
    let mut progress = Progress::new("redriving", followed.len());
    let end = tokio::time::Instant::now() + SCHEDULE;
    while followed.look().await? < followed.len() && arguments.wait && tokio::time::Instant::now() < end {
        progress.show(followed.ended());
        tokio::time::sleep(TABLE_BEAT).await;
    }
    Ok(followed)
}
