//! `campanile deliveries`: what became of each event on each channel.

mod letters;
pub(crate) mod list;
pub(crate) mod show;

use crate::args::{DeliveriesArguments, DeliveriesVerb};
use crate::error::CliError;
use crate::exit::Exit;

pub(crate) async fn run(arguments: DeliveriesArguments) -> Result<Exit, CliError> {
    match arguments.verb {
        None => list::run(&arguments.list).await,
        Some(DeliveriesVerb::Show { id, json, store }) => show::run(&id, json, &store).await,
        Some(DeliveriesVerb::Letters { limit, json, store }) => letters::run(limit, json, &store).await,
    }
}
