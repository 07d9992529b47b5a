//! What can be wrong with a table, in words that name it.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use campanile_aws::Failure;
use campanile_core::ledger::DeliveryKey;

use super::fit::TEXT_BYTES;

/// A request to a table failed, after all its tries.
#[derive(Debug, thiserror::Error)]
pub enum DynamoError {
    /// DynamoDB answered that it will not.
    #[error("the table `{table}` refused {request}: {code}: {message}")]
    Refused {
        /// The table.
        table: String,
        /// What was asked.
        request: &'static str,
        /// DynamoDB's name for it.
        code: String,
        /// The first line of what it says.
        message: String,
    },
    /// No answer in time; what was to be written may have been.
    #[error("the table `{table}` did not answer {request} in time")]
    TimedOut {
        /// The table.
        table: String,
        /// What was asked.
        request: &'static str,
    },
    /// No connection, no credentials, no region, or no answer that can be understood.
    #[error("the table `{table}` can't be asked for {request}: {reason}")]
    Unreachable {
        /// The table.
        table: String,
        /// What was to be asked.
        request: &'static str,
        /// Why.
        reason: String,
    },
    /// Somebody else writes to that table, or a newer version.
    #[error("the table `{table}` has an item that can't be understood: {reason}")]
    Item {
        /// The table.
        table: String,
        /// What is wrong.
        reason: String,
    },
    /// An item has up to 400 KB.
    #[error("{what} is too large for the table `{table}`: {bytes} bytes; it has room for {TEXT_BYTES}")]
    TooLarge {
        /// The table.
        table: String,
        /// What was to be written.
        what: String,
        /// Its size.
        bytes: usize,
    },
    /// Every try met another's write.
    #[error("the delivery `{key}` in the table `{table}` was written by others all the time")]
    Contended {
        /// The table.
        table: String,
        /// The delivery.
        key: DeliveryKey,
    },
    /// The system gave no random number.
    #[error("no random number for a version: {0}")]
    Randomness(getrandom::Error),
}

impl DynamoError {
    pub(super) fn item(table: &str, reason: &dyn std::fmt::Display) -> Self {
        Self::Item { table: table.to_owned(), reason: reason.to_string() }
    }

    pub(super) fn failed<E, R>(table: &str, request: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: std::fmt::Debug,
    {
        let table = table.to_owned();
        match Failure::of(error) {
            Failure::Refused { code, message } => Self::Refused { table, request, code, message },
            Failure::TimedOut => Self::TimedOut { table, request },
            Failure::Unreachable(reason) => Self::Unreachable { table, request, reason },
        }
    }
}
