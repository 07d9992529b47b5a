//! A file that others write. It is looked at, not listened to: the notices of the kernel do not come from `/sys`, `/proc` and file systems
//! of other machines.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Interval;

use super::{Heard, last_line, ticks};
use crate::signal::LINE_BYTES;

/// The file.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    ticks: Interval,
    /// What was told last: a line, or why there is none.
    told: Option<Result<String, String>>,
}

impl File {
    pub(super) fn new(path: &Path, every: Duration) -> Self {
        Self { path: path.to_owned(), ticks: ticks(every), told: None }
    }

    /// The last line, when it has changed.
    pub(super) async fn next(&mut self) -> Heard {
        loop {
            self.ticks.tick().await;
            let found = self.read();
            if self.told.as_ref() == Some(&found) {
                continue;
            }
            self.told = Some(found.clone());
            match found {
                Ok(line) => return Heard::Line(line),
                Err(why) => return Heard::Trouble(why),
            }
        }
    }

    fn read(&self) -> Result<String, String> {
        let path = self.path.display();
        let size = std::fs::metadata(&self.path).map_err(|error| format!("`{path}`: {error}"))?.len();
        if size > u64::try_from(LINE_BYTES).unwrap_or(u64::MAX) {
            return Err(format!("`{path}` has {size} bytes, and a line has at most {LINE_BYTES}"));
        }
        let text = std::fs::read_to_string(&self.path).map_err(|error| format!("`{path}`: {error}"))?;
        last_line(&text).map(str::to_owned).ok_or_else(|| format!("`{path}` is empty"))
    }
}
