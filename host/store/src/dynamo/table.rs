//! Requests to one table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
use campanile_core::ledger::{DeliveryKey, Record};

use super::error::DynamoError;
use super::item::{self, Seen, text};
use super::key;

#[derive(Debug)]
pub(super) struct Table {
    pub(super) client: Client,
    pub(super) name: String,
}

/// What became of a conditional write.
pub(super) enum Put {
    Written,
    /// The item is not the one that was seen. It comes with the refusal, unless it is gone or the server does not say.
    Changed(Option<Seen>),
}

impl Table {
    pub(super) fn new(client: Client, name: &str) -> Self {
        Self { client, name: name.to_owned() }
    }

    /// The item as the last write left it: a read that is only "eventually consistent" may miss a claim.
    pub(super) async fn get(&self, key: &DeliveryKey) -> Result<Option<Seen>, DynamoError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", text(key::partition(key)))
            .key("sk", text(key::sort(key)))
            .consistent_read(true);
        let answer = request.send().await.map_err(|error| self.failed("a read", &error))?;
        answer.item.map(|item| item::read(&self.name, &item)).transpose()
    }

    /// Writes if the item still has the version that was seen, or still is not there.
    pub(super) async fn put(
        &self,
        key: &DeliveryKey,
        record: &Record,
        version: &str,
        seen: Option<&Seen>,
    ) -> Result<Put, DynamoError> {
        let item = item::of(key, record, version).map_err(|error| DynamoError::item(&self.name, &error))?;
        let request = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .return_values_on_condition_check_failure(AllOld);
        let request = match seen {
            None => request.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => request
                .condition_expression("version = :seen")
                .expression_attribute_values(":seen", text(&seen.version)),
        };
        match request.send().await {
            Ok(_) => Ok(Put::Written),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(refusal)) => {
                    let item = refusal.item.as_ref().map(|item| item::read(&self.name, item));
                    Ok(Put::Changed(item.transpose()?))
                }
                _ => Err(self.failed("a write", &error)),
            },
        }
    }

    pub(super) fn failed<E, R>(
        &self,
        request: &'static str,
        error: &aws_sdk_dynamodb::error::SdkError<E, R>,
    ) -> DynamoError
    where
        E: aws_sdk_dynamodb::error::ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        DynamoError::failed(&self.name, request, error)
    }
}
