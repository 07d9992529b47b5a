//! Requests to one table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;

use super::error::DynamoError;
use super::item::{self, Item, text};
use super::key::ItemKey;

#[derive(Debug)]
pub(super) struct Table {
    pub(super) client: Client,
    pub(super) name: String,
}

/// What became of a conditional write.
pub(super) enum Put {
    Written,
    /// The item is not the one that was seen, but this or none.
    Changed(Option<Item>),
}

impl Table {
    pub(super) fn new(client: Client, name: &str) -> Self {
        Self { client, name: name.to_owned() }
    }

    /// The item as the last write left it: a read that is only "eventually consistent" may miss a claim.
    pub(super) async fn get(&self, key: &ItemKey) -> Result<Option<Item>, DynamoError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(item::named(key)))
            .consistent_read(true);
        Ok(request.send().await.map_err(|error| self.failed("a read", &error))?.item)
    }

    /// Writes if the item still has the version that was seen, or still is not there. The new one must have another.
    pub(super) async fn put(
        &self,
        key: &ItemKey,
        item: Item,
        seen: Option<&str>,
    ) -> Result<Put, DynamoError> {
        let version = item.get("version").cloned();
        let Some(refusal) = self.try_put(item, seen).await? else { return Ok(Put::Written) };
        // It comes with the refusal, unless it is gone or the server does not say.
        let other = match refusal.item {
            Some(other) => Some(other),
            None => self.get(key).await?,
        };
        // The SDK sends a request again if the answer was lost, and the second one meets what the first one wrote.
        let is_own = other.as_ref().is_some_and(|other| other.get("version") == version.as_ref());
        Ok(if is_own { Put::Written } else { Put::Changed(other) })
    }

    async fn try_put(
        &self,
        item: Item,
        seen: Option<&str>,
    ) -> Result<Option<ConditionalCheckFailedException>, DynamoError> {
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
                .expression_attribute_values(":seen", text(seen)),
        };
        let Err(error) = request.send().await else { return Ok(None) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refusal)) => Ok(Some(refusal.clone())),
            _ => Err(self.failed("a write", &error)),
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
