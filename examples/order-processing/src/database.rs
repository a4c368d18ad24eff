//! The handlers' client of DynamoDB: items as their types, written under a condition.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use saga_dsl::prelude::*;
use saga_lambda::{table_name, variable};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest that a request may take with the SDK's own retries: less than the functions may run.
const LONGEST: Duration = Duration::from_secs(8);

/// The client, and which tables it is for.
pub struct Database {
    client: Client,
}

/// DynamoDB did not answer as it should: the write may have happened.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum DatabaseError {
    /// The reason is DynamoDB's own.
    #[error("the database: {0}")]
    #[saga(
        unknown,
        retry(interval = "1s", max_attempts = 3, backoff = 2.0, jitter)
    )]
    DatabaseUnavailable(String),
}

impl App for Database {
    /// Reads the function's environment: the SDK would read the process's, which in tests is nobody's.
    async fn start() -> Result<Self, BoxError> {
        let required = |name: &str| variable(name).ok_or_else(|| format!("`{name}` is not set"));
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(required("AWS_REGION")?))
            .credentials_provider(credentials)
            .timeout_config(TimeoutConfig::builder().operation_timeout(LONGEST).build());
        config.set_endpoint_url(variable("AWS_ENDPOINT_URL"));
        Ok(Self {
            client: Client::from_conf(config.build()),
        })
    }
}

impl Database {
    /// Writes an item, unless another one has its key already. An item that `mine` fits, an attribute and
    /// its value, is the same one from an earlier attempt.
    pub async fn put_new<T: Table<Item: Serialize>>(
        &self,
        item: &T::Item,
        key: &str,
        mine: (&str, &str),
    ) -> Result<bool, DatabaseError> {
        let item = serde_dynamo::to_item(item).map_err(|error| unavailable(&error))?;
        let put = self
            .client
            .put_item()
            .table_name(named::<T>()?)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#key) OR #mine = :mine")
            .expression_attribute_names("#key", key)
            .expression_attribute_names("#mine", mine.0)
            .expression_attribute_values(":mine", AttributeValue::S(mine.1.into()));
        written(put.send().await)
    }

    /// Sets an attribute of the item with this key, if `mine` fits it.
    pub async fn set<T: Table>(
        &self,
        (key, value): (&str, &str),
        (attribute, to): (&str, impl Serialize),
        mine: (&str, &str),
    ) -> Result<bool, DatabaseError> {
        let to = serde_dynamo::to_attribute_value(to).map_err(|error| unavailable(&error))?;
        let update = self
            .client
            .update_item()
            .table_name(named::<T>()?)
            .key(key, AttributeValue::S(value.into()))
            .update_expression("SET #attribute = :to")
            .condition_expression("#mine = :mine")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_names("#mine", mine.0)
            .expression_attribute_values(":to", to)
            .expression_attribute_values(":mine", AttributeValue::S(mine.1.into()));
        written(update.send().await)
    }

    /// The item with this key, as it is now.
    pub async fn get<T: Table<Item: DeserializeOwned>>(
        &self,
        (key, value): (&str, &str),
    ) -> Result<Option<T::Item>, DatabaseError> {
        let get = self
            .client
            .get_item()
            .table_name(named::<T>()?)
            .key(key, AttributeValue::S(value.into()))
            .consistent_read(true);
        let found = get.send().await.map_err(failed)?.item;
        found
            .map(|item| serde_dynamo::from_item(item).map_err(|error| unavailable(&error)))
            .transpose()
    }

    /// What an index has of an order. It may lag behind the table.
    #[cfg(test)]
    pub async fn of_order<T: Table<Item: DeserializeOwned>>(
        &self,
        order_id: &str,
        (sort_key, sort): (&str, &str),
    ) -> Result<Vec<T::Item>, DatabaseError> {
        let query = self
            .client
            .query()
            .table_name(named::<T>()?)
            .index_name("by-order")
            .key_condition_expression("order_id = :order AND #sort = :sort")
            .expression_attribute_names("#sort", sort_key)
            .expression_attribute_values(":order", AttributeValue::S(order_id.into()))
            .expression_attribute_values(":sort", AttributeValue::S(sort.into()));
        let found = query.send().await.map_err(failed)?;
        serde_dynamo::from_items(found.items().to_vec()).map_err(|error| unavailable(&error))
    }
}

fn named<T: Table>() -> Result<String, DatabaseError> {
    table_name::<T>().map_err(|error| unavailable(&error))
}

/// Whether a conditional write was done.
fn written<T, E, R>(answer: Result<T, SdkError<E, R>>) -> Result<bool, DatabaseError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

fn failed<E, R>(error: SdkError<E, R>) -> DatabaseError
where
    E: std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    DatabaseError::DatabaseUnavailable(DisplayErrorContext(error).to_string())
}

fn unavailable(error: &dyn std::error::Error) -> DatabaseError {
    DatabaseError::DatabaseUnavailable(error.to_string())
}
