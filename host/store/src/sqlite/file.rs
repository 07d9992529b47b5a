//! The thread that has the file open. SQLite blocks: on the disk, and for seconds while another process writes. A runtime's
//! worker must not, so a thread of its own does all of it. A pool would gain nothing: SQLite lets one writer in at a time, and
//! a ledger hardly ever only reads. With `spawn_blocking`, every waiting caller would hold a thread, and the connection would
//! need a lock.
//!
//! A write is acknowledged when it is on the disk, and that wait is most of what it costs. So writes that have come while the disk
//! was busy go into one transaction: the channels of an event wait once together and not once each.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::error::{Fault, SqliteError, SqliteTrouble};
use super::open;
use super::schema::Schema;
use super::together::{self, Queued, Write};
use crate::ledger::StoreError;

enum Work {
    Read(Box<dyn FnOnce(&mut Connection) + Send>),
    Write(Box<dyn Write>),
}

/// A SQLite file, or rather a handle to the thread that has it open, which ends with it.
#[derive(Debug)]
pub struct SqliteFile {
    path: Arc<Path>,
    queue: mpsc::Sender<Work>,
}

impl SqliteFile {
    /// Opens the file, makes it if there is none, and brings it up to date with `schema`. Its folder must exist.
    ///
    /// # Errors
    ///
    /// If the file can't be opened or made, is damaged, another program's or a newer version's.
    pub async fn open(path: &Path, schema: &'static Schema) -> Result<Self, SqliteError> {
        let path: Arc<Path> = path.into();
        let failed = |trouble| SqliteError { path: path.to_path_buf(), trouble };
        let (queue, works) = mpsc::channel::<Work>();
        let (opened, answer) = oneshot::channel();
        let file = Arc::clone(&path);
        let run = move || match open::open(&file, schema) {
            // Whoever no longer waits for the answer has dropped the queue as well.
            Ok(connection) => drop(opened.send(Ok(())).map(|()| serve(connection, &works))),
            Err(trouble) => drop(opened.send(Err(trouble))),
        };
        thread::Builder::new()
            .name("campanile-store".to_owned())
            .spawn(run)
            .map_err(|error| failed(SqliteTrouble::Thread(error)))?;
        answer.await.unwrap_or(Err(SqliteTrouble::Closed)).map_err(failed)?;
        Ok(Self { path, queue })
    }

    /// Does `work` in a transaction that nobody else can write during: what it reads is still so when it writes. Comes back when it
    /// is on the disk.
    ///
    /// # Errors
    ///
    /// What `work` says, or that the file can't be written.
    pub async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let (queued, answer) = Queued::new(work);
        self.answer(Work::Write(Box::new(queued)), answer).await
    }

    /// Does `work` in a transaction that sees one state of the file.
    ///
    /// # Errors
    ///
    /// What `work` says, or that the file can't be read.
    pub async fn read<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let (done, answer) = oneshot::channel();
        // A caller that was cancelled does not read the answer.
        let work = move |connection: &mut Connection| drop(done.send(look(connection, work)));
        self.answer(Work::Read(Box::new(work)), answer).await
    }

    async fn answer<T>(
        &self,
        work: Work,
        answer: oneshot::Receiver<Result<T, Fault>>,
    ) -> Result<T, StoreError> {
        let queued = self.queue.send(work).map_err(|_| SqliteTrouble::Closed);
        let answer = match queued {
            Ok(()) => answer.await.unwrap_or(Err(SqliteTrouble::Closed.into())),
            Err(closed) => Err(closed.into()),
        };
        answer.map_err(|fault| fault.of(&self.path))
    }
}

/// One piece of work after the other, but for writes that wait: those are done together.
fn serve(mut connection: Connection, works: &mpsc::Receiver<Work>) {
    while let Ok(first) = works.recv() {
        let mut writes = Vec::new();
        for work in std::iter::once(first).chain(works.try_iter()) {
            match work {
                Work::Write(write) => writes.push(write),
                Work::Read(read) => {
                    // What was asked for before is done before.
                    together::write(&mut connection, std::mem::take(&mut writes));
                    read(&mut connection);
                }
            }
            if writes.len() >= together::MOST {
                together::write(&mut connection, std::mem::take(&mut writes));
            }
        }
        together::write(&mut connection, writes);
    }
}

fn look<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let seen = work(&transaction)?;
    transaction.commit()?;
    Ok(seen)
}
