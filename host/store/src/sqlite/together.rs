//! Several writes in one transaction. Each is whole or not at all, whatever becomes of the others, and none is acknowledged before
//! all are on the disk.

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::error::Fault;

/// The most that are done together: other processes wait for the file meanwhile.
pub(super) const MOST: usize = 64;

/// A write that somebody waits for.
pub(super) trait Write: Send {
    /// Does it, and tells whether it is to be kept.
    fn run(&mut self, file: &Connection) -> bool;

    /// Tells whoever waits for it what became of it; `written` is whether the transaction is on the disk.
    fn answer(self: Box<Self>, written: &rusqlite::Result<()>);
}

/// The work, and then its result.
pub(super) struct Queued<T, W> {
    work: Option<W>,
    result: Option<Result<T, Fault>>,
    done: oneshot::Sender<Result<T, Fault>>,
}

impl<T, W> Queued<T, W> {
    pub(super) fn new(work: W) -> (Self, oneshot::Receiver<Result<T, Fault>>) {
        let (done, answer) = oneshot::channel();
        (Self { work: Some(work), result: None, done }, answer)
    }
}

impl<T, W> Write for Queued<T, W>
where
    T: Send,
    W: FnOnce(&Connection) -> Result<T, Fault> + Send,
{
    fn run(&mut self, file: &Connection) -> bool {
        self.result = self.work.take().map(|work| work(file));
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, written: &rusqlite::Result<()>) {
        let answer = match (self.result, written) {
            (Some(result), Ok(())) => result,
            (Some(Err(fault)), Err(_)) => Err(fault),
            (_, Err(error)) => Err(repeated(error).into()),
            // What is on the disk was run; there is no third case.
            (None, Ok(())) => Err(super::SqliteTrouble::Closed.into()),
        };
        // A caller that was cancelled does not read the answer; what it asked for is done all the same.
        drop(self.done.send(answer));
    }
}

/// Does all of them in one transaction, and then tells.
pub(super) fn write(connection: &mut Connection, mut writes: Vec<Box<dyn Write>>) {
    if writes.is_empty() {
        return;
    }
    let written = transact(connection, &mut writes);
    for write in writes {
        write.answer(&written);
    }
}

fn transact(connection: &mut Connection, writes: &mut [Box<dyn Write>]) -> rusqlite::Result<()> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for write in writes {
        let savepoint = transaction.savepoint()?;
        if write.run(&savepoint) {
            savepoint.commit()?;
        } else if savepoint.is_autocommit() {
            // A full disk, for example, has ended the transaction for all.
            break;
        }
    }
    transaction.commit()
}

/// The same error for another one: the transaction was everybody's.
fn repeated(error: &rusqlite::Error) -> rusqlite::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            rusqlite::Error::SqliteFailure(*code, message.clone())
        }
        other => rusqlite::Error::ToSqlConversionFailure(other.to_string().into()),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::super::SqliteTrouble;
    use super::*;

    type Answer = oneshot::Receiver<Result<(), Fault>>;

    fn file() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (number INTEGER)").unwrap();
        connection
    }

    /// A write of this row that ends with this statement.
    fn row(number: i64, last: &'static str) -> (Box<dyn Write>, Answer) {
        let (queued, answer) = Queued::new(move |file: &Connection| {
            file.execute("INSERT INTO t VALUES (?)", [number])?;
            Ok(file.execute_batch(last)?)
        });
        (Box::new(queued), answer)
    }

    fn rows(connection: &Connection) -> Vec<i64> {
        let mut statement = connection.prepare("SELECT number FROM t").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn one_that_fails_leaves_the_others_alone() {
        let mut connection = file();
        let (writes, mut answers): (Vec<_>, Vec<_>) =
            [row(1, ""), row(2, "no such statement"), row(3, "")].into_iter().unzip();
        write(&mut connection, writes);
        assert_eq!(rows(&connection), [1, 3]);
        let answers: Vec<bool> = answers.iter_mut().map(|it| it.try_recv().unwrap().is_ok()).collect();
        assert_eq!(answers, [true, false, true]);
    }

    #[test]
    fn if_the_transaction_is_lost_nobody_is_told_of_success() {
        let mut connection = file();
        let (writes, mut answers): (Vec<_>, Vec<_>) =
            [row(1, ""), row(2, "ROLLBACK; no such statement"), row(3, "")].into_iter().unzip();
        write(&mut connection, writes);
        assert_eq!(rows(&connection), Vec::<i64>::new());
        for answer in &mut answers {
            assert!(matches!(answer.try_recv().unwrap(), Err(Fault::Trouble(SqliteTrouble::Unusable(_)))));
        }
        assert!(connection.is_autocommit());
    }
}
