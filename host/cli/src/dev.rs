//! `campanile dev`: everything on one machine, from the broker to the messages that people would read.

pub(crate) mod author;
mod banner;
mod course;
mod keys;
mod lines;
mod objects;
mod page;
pub(crate) mod publish;
pub(crate) mod sample;
mod told;
mod watch;
mod workshop;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use campanile_broker::{Authority, Identity, StartError};
use campanile_core::config::DeploymentConfig;
use campanile_dev::System;
use campanile_dev::broker::{Addresses, Listen, Outside};
use campanile_dev::data::DataDir;
use campanile_dev::feed::Feed;
use campanile_dev::system::SystemConfig;
use campanile_dev::web::Web;

use crate::args::DevArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::function;
use crate::output;
use crate::project::{Project, lock};
use crate::template;
use banner::Banner;
use course::Course;
use watch::{Watch, Watched};
use workshop::{Made, Workshop};

/// The function's, as the template has it.
const TIMEOUT: Duration = Duration::from_secs(55);

/// The schedule's, as the template has it.
const TICK: Duration = Duration::from_secs(60);

/// Processes of the function: AWS starts as many as it needs, one machine has only so many processors.
const CONCURRENCY: usize = 4;

pub(crate) async fn run(arguments: DevArguments) -> Result<Exit, CliError> {
    serve(arguments, None).await
}

/// Runs the system; `authored` is the project of the plugin that somebody works on, if there is one.
async fn serve(arguments: DevArguments, authored: Option<PathBuf>) -> Result<Exit, CliError> {
    on_this_machine(&arguments)?;
    let project = Project::find(&arguments.project)?;
    let data = DataDir::open(arguments.data_dir.as_deref())?;
    let workshop = Workshop::open(project, &arguments.live, data.path(), authored)?;
    workshop.build_all().await?;
    let made = workshop.make(&[]).await?;
    workshop.keep(&made.text)?;
    let watch = watch(&workshop, &made)?;
    let text = made.text.clone();
    let identities = data.identities();
    let feed = Feed::default();
    let happenings = feed.listen();
    let system = start(&arguments, &workshop, made, data, feed).await?;
    let (listen, authority, identities) = listen(&arguments, &identities)?;
    let addresses = match &arguments.broker {
        Some(broker) => {
            let outside = Outside { url: broker.to_string(), ca_file: arguments.broker_ca.clone() };
            system.listen_outside(outside)?;
            Addresses::default()
        }
        None => system.listen(listen).await.map_err(|error| taken(error, &arguments))?,
    };
    let page = page::start(&system, &arguments, addresses).await?;
    let banner = Banner {
        system: &system,
        addresses,
        broker: arguments.broker.as_ref(),
        page: page.as_ref().map(Web::url),
        live: workshop.live.iter().cloned().collect(),
        identities,
        authority,
        tool: if workshop.checkout.is_some() { "cargo campanile" } else { "campanile" },
    };
    if arguments.json {
        output::json_line(&banner.to_json());
    } else {
        banner.show();
    }
    Course { system: &system, workshop, watch, text, arguments: &arguments, page, shown: 0 }
        .run(happenings)
        .await
}

async fn start(
    arguments: &DevArguments,
    workshop: &Workshop,
    made: Made,
    data: DataDir,
    feed: Feed,
) -> Result<Arc<System>, CliError> {
    let faults = arguments.fault.iter().map(|given| function::fault(given)).collect::<Result<_, _>>()?;
    let function = Some(workshop.function(&made)?);
    let Made { plugins, rules, .. } = made;
    Ok(System::start_telling(SystemConfig { data, function, rules, plugins, faults }, feed).await?)
}

/// Where devices connect to, and the certificates that were asked for.
type Doors = (Listen, Option<PathBuf>, Vec<Identity>);

fn listen(arguments: &DevArguments, folder: &Path) -> Result<Doors, CliError> {
    if arguments.broker.is_some() {
        return Ok((Listen::default(), None, Vec::new()));
    }
    let authority = Arc::new(Authority::open(folder)?);
    let identities = arguments.identity.iter().map(|device| authority.issue(device));
    let identities = identities.collect::<Result<Vec<_>, _>>()?;
    let ca = authority.ca_file();
    let listen = Listen { mqtt: Some(arguments.mqtt), mqtts: Some((arguments.mqtts, authority)) };
    Ok((listen, Some(ca), identities))
}

fn watch(workshop: &Workshop, made: &Made) -> Result<Watch, CliError> {
    let deployment: &DeploymentConfig = &made.config.deployment;
    Watch::start(&Watched {
        config: workshop.project.config.clone(),
        template: template::path(&workshop.project, deployment),
        lock: lock::path(&workshop.project),
        plugins: workshop.project.plugins.clone(),
        sources: workshop.sources(),
    })
}

/// Whoever reaches a port could publish as any device and read every message.
fn on_this_machine(arguments: &DevArguments) -> Result<(), CliError> {
    let flags = [("--mqtt", arguments.mqtt), ("--mqtts", arguments.mqtts), ("--ui", arguments.ui)];
    match flags.into_iter().find(|(_, address)| !address.ip().is_loopback()) {
        Some((flag, address)) => Err(CliError::NotLoopback { flag, address }),
        None => Ok(()),
    }
}

/// A port that is taken, by the flag that chooses another one.
fn taken(error: StartError, arguments: &DevArguments) -> CliError {
    let StartError::Listen { address, source } = error;
    let flags: [(&'static str, SocketAddr); 2] = [("--mqtt", arguments.mqtt), ("--mqtts", arguments.mqtts)];
    let flag = flags.into_iter().find(|(_, asked)| *asked == address).map_or("--mqtt", |(flag, _)| flag);
    CliError::Taken { flag, address, error: source }
}
