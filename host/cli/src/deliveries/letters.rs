//! `campanile deliveries letters`: what was handed in and is no event.

use campanile_store::Ledger as _;

use crate::args::StoreArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, BAD, QUIET, styled, visible};
use crate::store;

/// Characters of a payload that fit into a line.
const SHOWN: usize = 200;

pub(crate) async fn run(limit: usize, json: bool, arguments: &StoreArguments) -> Result<Exit, CliError> {
    let ledger = store::open(&store::locate(arguments)?).await?;
    let (mut letters, mut after) = (Vec::new(), None);
    while letters.len() < limit {
        let page = ledger.letters(after, limit - letters.len()).await?;
        letters.extend(page.entries);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if json {
        output::json(&letters);
        return Ok(Exit::Success);
    }
    for letter in &letters {
        let at = letter.at.strftime("%Y-%m-%d %H:%M:%SZ");
        output::line(format!("{at}  {}", styled(BAD, visible(&letter.reason))));
        let shown: String = letter.payload.chars().take(SHOWN).collect();
        output::line(format!("  {}", styled(QUIET, visible(&shown))));
    }
    if letters.is_empty() {
        output::note("no dead letters");
    }
    Ok(Exit::Success)
}
