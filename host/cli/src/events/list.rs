//! `campanile events`: a line each, newest first.

use campanile_store::{EventFilter, History as _, PastEvent};

use super::{Event, said};
use crate::args::EventListArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::listing::{Wanted, newest};
use crate::output::{self, Cell, QUIET, STRONG, columns};
use crate::store;

pub(crate) async fn run(arguments: &EventListArguments) -> Result<Exit, CliError> {
    let history = store::history(&arguments.store).await?;
    let filter = EventFilter {
        device: arguments.device.clone(),
        since: arguments.since.map(|since| since.0),
        until: arguments.until.map(|until| until.0),
    };
    let page = async |after, size| history.list(&filter, after, size).await;
    let reading = newest(arguments.limit, arguments.after.clone(), |_| Wanted::Yes, page);
    let found = output::with_patience("reading the events", reading).await?;
    if arguments.json {
        output::json(&found.entries.iter().map(Event::from).collect::<Vec<_>>());
    } else {
        let rows: Vec<_> = found.entries.iter().map(row).collect();
        columns(&rows).into_iter().for_each(output::line);
    }
    found.note();
    Ok(Exit::Success)
}

fn row(event: &PastEvent) -> [Cell; 6] {
    let received = event.received_at().map(|at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string());
    let status = match (event.payload(), said(event, "status")) {
        (_, Some(status)) => Cell::styled(STRONG, status),
        (None, None) => Cell::styled(QUIET, "not JSON"),
        (Some(_), None) => Cell::styled(QUIET, "no status"),
    };
    let previous = said(event, "previous").map(|previous| format!("was {previous}"));
    [
        Cell::new(received.as_deref().unwrap_or("no time")),
        Cell::new(event.client_id()),
        status,
        Cell::new(previous.unwrap_or_default()),
        Cell::new(event.topic().unwrap_or_default()),
        Cell::styled(QUIET, event),
    ]
}
