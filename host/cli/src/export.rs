//! `campanile export`: what devices sent, as a file for other tools.

mod destination;
mod summary;
mod unfinished;
mod writer;

use campanile_export::{ExportError, Format};
use campanile_store::{AnyHistory, EventFilter, EventReader as _, History as _};
use serde_json::json;

use self::destination::Destination;
use self::summary::Summary;
use self::writer::Writer;
use crate::args::ExportArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::Pace;
use crate::stops::Stops;
use crate::store;

pub(crate) async fn run(arguments: &ExportArguments) -> Result<Exit, CliError> {
    let format = format(arguments)?;
    let filter = filter(arguments)?;
    let history = store::history(&arguments.store).await?;
    // From here on, a half file goes with this value.
    let mut stops = Stops::listen()?;
    let destination = Destination::open(arguments, format)?;
    let exporting = export(&history, &filter, format, &destination);
    let exported = tokio::select! {
        exported = Box::pin(exporting) => exported,
        () = stops.asked() => return Err(CliError::Interrupted),
    };
    match exported {
        Ok(summary) => {
            destination.finish()?;
            summary.show(arguments);
            Ok(summary.exit())
        }
        // `| head` has seen enough.
        Err(CliError::Export { error, .. }) if arguments.is_to_stdout() && error.is_reader_gone() => {
            Ok(Exit::Success)
        }
        Err(error) => Err(error),
    }
}

/// What was asked for, else what the file's name says.
fn format(arguments: &ExportArguments) -> Result<Format, CliError> {
    if arguments.json && arguments.is_to_stdout() {
        return Err(CliError::StdoutTaken);
    }
    let named = arguments.format.or_else(|| Format::of(&arguments.out));
    named.ok_or_else(|| CliError::NoFormat(arguments.out.clone()))
}

fn filter(arguments: &ExportArguments) -> Result<EventFilter, CliError> {
    let (since, until) = (arguments.since.map(|since| since.0), arguments.until.map(|until| until.0));
    if since.zip(until).is_some_and(|(since, until)| since >= until) {
        return Err(CliError::NoTime);
    }
    Ok(EventFilter { device: arguments.device.clone(), since, until })
}

/// Reads and writes at once. Whoever drops this stops both.
async fn export(
    history: &AnyHistory,
    filter: &EventFilter,
    format: Format,
    destination: &Destination,
) -> Result<Summary, CliError> {
    let failed = |error: ExportError| CliError::Export { path: destination.path(), error };
    let query = json!({ "device": filter.device, "since": filter.since, "until": filter.until });
    let writer = Writer::start(format, destination.file()?, query.to_string())?;
    let (mut summary, mut pace) = (Summary::default(), Pace::new("exporting", "events"));
    let mut reader = history.read(filter);
    while let Some(batch) = reader.next().await? {
        summary.add(&batch);
        if !writer.write(batch.events).await {
            break;
        }
        pace.show(summary.rows);
    }
    summary.bytes = writer.finish().await.map_err(failed)?;
    Ok(summary)
}
