//! The thread that has the file open. SQLite blocks: on the disk, and for seconds while another process writes. A runtime's
//! worker must not, so a thread of its own does all of it, one piece of work after the other. A pool would gain nothing:
//! SQLite lets one writer in at a time, and a ledger hardly ever only reads. With `spawn_blocking`, every waiting caller would
//! hold a thread, and the connection would need a lock.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::error::{Fault, SqliteError, SqliteTrouble};
use super::open;
use crate::ledger::StoreError;

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle to the thread, which ends with it.
#[derive(Debug)]
pub(super) struct Worker {
    path: Arc<Path>,
    queue: mpsc::Sender<Work>,
}

impl Worker {
    /// Starts the thread; comes back when the file is open.
    pub(super) async fn start(path: &Path) -> Result<Self, SqliteError> {
        let path: Arc<Path> = path.into();
        let failed = |trouble| SqliteError { path: path.to_path_buf(), trouble };
        let (queue, works) = mpsc::channel::<Work>();
        let (opened, answer) = oneshot::channel();
        let file = Arc::clone(&path);
        let run = move || match open::open(&file) {
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

    /// Does `work` in a transaction that nobody else can write during: what it reads is still so when it writes.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    {
        self.run(TransactionBehavior::Immediate, work).await
    }

    /// Does `work` in a transaction that sees one state of the file.
    pub(super) async fn read<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    {
        self.run(TransactionBehavior::Deferred, work).await
    }

    async fn run<T, W>(&self, behavior: TransactionBehavior, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let (done, answer) = oneshot::channel();
        // A caller that was cancelled does not read the answer; what it asked for is done all the same.
        let work = move |connection: &mut Connection| drop(done.send(transact(connection, behavior, work)));
        let queued = self.queue.send(Box::new(work)).map_err(|_| SqliteTrouble::Closed);
        let answer = match queued {
            Ok(()) => answer.await.unwrap_or(Err(SqliteTrouble::Closed.into())),
            Err(closed) => Err(closed.into()),
        };
        answer.map_err(|fault| fault.of(&self.path))
    }
}

fn serve(mut connection: Connection, works: &mpsc::Receiver<Work>) {
    for work in works {
        work(&mut connection);
    }
}

fn transact<T>(
    connection: &mut Connection,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let transaction = connection.transaction_with_behavior(behavior)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}
