//! The thread that makes rows of events and writes them: that takes processor time and waits for the disk, and the next events can be
//! read meanwhile. It is not waited for if the command stops: a reader of the standard output may be in no hurry.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::thread;

use campanile_export::{ExportError, Exporter, Format, Row};
use campanile_store::PastEvent;
use tokio::sync::{mpsc, oneshot};

use crate::error::CliError;

/// Parts that wait to be written: one, while another one is written and a third is read. Each has about a megabyte.
const WAITING: usize = 1;

/// Bytes that go to the file at once.
const BUFFER: usize = 256 * 1024;

enum Work {
    Rows(Vec<PastEvent>),
    Finish,
}

/// Writes as fast as it can.
#[derive(Debug)]
pub(super) struct Writer {
    works: mpsc::Sender<Work>,
    ended: oneshot::Receiver<Result<u64, ExportError>>,
}

impl Writer {
    pub(super) fn start(format: Format, file: File, query: String) -> Result<Self, CliError> {
        let (works, waiting) = mpsc::channel(WAITING);
        let (told, ended) = oneshot::channel();
        let run = move || {
            // Whoever no longer waits for it has stopped.
            drop(told.send(write(format, file, &query, waiting)));
        };
        thread::Builder::new()
            .name("export".to_owned())
            .spawn(run)
            .map_err(|error| CliError::Spawn { program: "a thread".to_owned(), error })?;
        Ok(Self { works, ended })
    }

    /// Hands over events. `false` if it has stopped, and [`Writer::finish`] tells why.
    pub(super) async fn write(&self, events: Vec<PastEvent>) -> bool {
        self.works.send(Work::Rows(events)).await.is_ok()
    }

    /// Waits until all is on the disk: so many bytes.
    pub(super) async fn finish(self) -> Result<u64, ExportError> {
        // If it has stopped, it has told why.
        drop(self.works.send(Work::Finish).await);
        self.ended.await.unwrap_or_else(|_| Err(io::Error::other("the thread that writes has ended").into()))
    }
}

fn write(
    format: Format,
    file: File,
    query: &str,
    mut works: mpsc::Receiver<Work>,
) -> Result<u64, ExportError> {
    let mut sink = BufWriter::with_capacity(BUFFER, Counted { file, bytes: 0 });
    let mut exporter = Exporter::start(format, &mut sink, query)?;
    while let Some(Work::Rows(events)) = works.blocking_recv() {
        for event in &events {
            exporter.write(&Row::of(event.item()))?;
        }
    }
    exporter.finish()?;
    let counted = sink.get_ref();
    // Only files can be synced.
    if counted.file.metadata()?.is_file() {
        counted.file.sync_all()?;
    }
    Ok(counted.bytes)
}

/// A file, and how much was written to it.
#[derive(Debug)]
struct Counted {
    file: File,
    bytes: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
