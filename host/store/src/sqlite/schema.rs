//! The tables of a file, and how an older file becomes one of this version.

use rusqlite::{Connection, TransactionBehavior};

use super::error::SqliteTrouble;

/// What a file of ours is made of.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Marks a file as this one, so that no other program's file is written to.
    pub application_id: i64,
    /// What leads from one version to the next; a file's `user_version` is how many it has had. Never change one that was
    /// released: add another.
    pub migrations: &'static [&'static str],
}

impl Schema {
    /// Refuses a file that must not be touched. In one transaction: another process may be making the file right now, and half of
    /// what it writes looks like another program's.
    pub(super) fn check(&self, connection: &mut Connection) -> Result<(), SqliteTrouble> {
        self.refuse(&*connection.transaction()?)
    }

    fn refuse(&self, connection: &Connection) -> Result<(), SqliteTrouble> {
        let (found, known) = (version(connection)?, self.known());
        let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if application != self.application_id && tables > 0 {
            return Err(SqliteTrouble::Foreign);
        }
        if found > known {
            return Err(SqliteTrouble::Newer { found, known });
        }
        Ok(())
    }

    /// Brings the file up to date. Of several processes that try it at once, one does it.
    pub(super) fn migrate(&self, connection: &mut Connection) -> Result<(), SqliteTrouble> {
        if version(connection)? == self.known() {
            return Ok(());
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Once more: another process may have been quicker.
        self.refuse(&transaction)?;
        let found = usize::try_from(version(&transaction)?).unwrap_or_default();
        for statements in self.migrations.iter().skip(found) {
            transaction.execute_batch(statements)?;
        }
        transaction.pragma_update(None, "application_id", self.application_id)?;
        transaction.pragma_update(None, "user_version", self.known())?;
        Ok(transaction.commit()?)
    }

    fn known(&self) -> i64 {
        i64::try_from(self.migrations.len()).unwrap_or(i64::MAX)
    }
}

fn version(connection: &Connection) -> Result<i64, SqliteTrouble> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
