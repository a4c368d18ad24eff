//! The handlers' client of DynamoDB: what is written is written under a condition. Requests are the service's own JSON, by the
//! client that a bootstrap has anyway: an SDK would be most of the binary.

use saga_dsl::prelude::*;
use saga_lambda::{Dynamodb, DynamodbError, table_name};
use serde_json::{Map, Value, json};

use crate::resources::{Inventory, Product};

/// The client.
pub struct Database(Dynamodb);

/// DynamoDB did not answer as it should: the write may have happened.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum DatabaseError {
    /// The reason is DynamoDB's own.
    #[error("the database: {0}")]
    #[saga(unknown, retry(interval = "1s", max_attempts = 3, backoff = 2.0))]
    DatabaseUnavailable(String),
}

impl App for Database {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self(Dynamodb::of_function()))
    }
}

/// A text.
pub fn text(text: &str) -> Value {
    json!({ "S": text })
}

/// A number.
pub fn number(number: u32) -> Value {
    json!({ "N": number.to_string() })
}

impl Database {
    /// Writes a row if a condition holds; whether it did.
    pub async fn put<T: Table>(
        &self,
        item: impl Into<Row>,
        condition: &str,
        of: impl Into<Row>,
    ) -> Result<bool, DatabaseError> {
        let request = json!({
            "TableName": named::<T>()?,
            "Item": item.into().0,
            "ConditionExpression": condition,
        });
        self.written("PutItem", with_values(request, of.into()))
            .await
    }

    /// Deletes a row if a condition holds; whether it did.
    pub async fn delete<T: Table>(
        &self,
        key: impl Into<Row>,
        condition: &str,
        of: impl Into<Row>,
    ) -> Result<bool, DatabaseError> {
        let request = json!({
            "TableName": named::<T>()?,
            "Key": key.into().0,
            "ConditionExpression": condition,
        });
        self.written("DeleteItem", with_values(request, of.into()))
            .await
    }

    /// A product, or goods that were taken, as they are now.
    pub async fn product(&self, id: &str) -> Result<Option<Product>, DatabaseError> {
        let request = json!({
            "TableName": named::<Inventory>()?,
            "Key": { "id": text(id) },
            "ConsistentRead": true,
        });
        let found = self.0.perform("GetItem", &request).await.map_err(failed)?;
        Ok(found.get("Item").map(|row| Product {
            id: id.to_owned(),
            stock: count(row, "stock").unwrap_or_default(),
            price: count(row, "price"),
            product_id: row
                .pointer("/productId/S")
                .and_then(Value::as_str)
                .map(str::to_owned),
        }))
    }

    /// Takes goods from stock, if there are enough and they were not taken before; whether that was so.
    pub async fn take(
        &self,
        product: &str,
        quantity: u32,
        hold: &str,
    ) -> Result<bool, DatabaseError> {
        let table = named::<Inventory>()?;
        let update = json!({
            "TableName": table,
            "Key": { "id": text(product) },
            "UpdateExpression": "SET stock = stock - :quantity",
            "ConditionExpression": "stock >= :quantity",
            "ExpressionAttributeValues": { ":quantity": number(quantity) },
        });
        let taken = json!({
            "TableName": table,
            "Item": { "id": text(hold), "stock": number(quantity), "productId": text(product) },
            "ConditionExpression": "attribute_not_exists(id)",
        });
        let writes = json!([{ "Update": update }, { "Put": taken }]);
        self.transact(writes).await
    }

    /// Puts goods back into stock, if they are not back yet; whether they were not.
    pub async fn put_back(
        &self,
        product: &str,
        quantity: u32,
        hold: &str,
    ) -> Result<bool, DatabaseError> {
        let table = named::<Inventory>()?;
        let update = json!({
            "TableName": table,
            "Key": { "id": text(product) },
            "UpdateExpression": "SET stock = stock + :quantity",
            "ExpressionAttributeValues": { ":quantity": number(quantity) },
        });
        let taken = json!({
            "TableName": table,
            "Key": { "id": text(hold) },
            "ConditionExpression": "attribute_exists(id)",
        });
        let writes = json!([{ "Update": update }, { "Delete": taken }]);
        self.transact(writes).await
    }

    /// Writes all or nothing; whether all conditions held.
    async fn transact(&self, writes: Value) -> Result<bool, DatabaseError> {
        let request = json!({ "TransactItems": writes });
        match self.0.perform("TransactWriteItems", &request).await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    async fn written(&self, action: &str, request: Value) -> Result<bool, DatabaseError> {
        match self.0.perform(action, &request).await {
            Ok(_) => Ok(true),
            Err(error) if error.name == "ConditionalCheckFailedException" => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Named values.
pub struct Row(Map<String, Value>);

impl<const N: usize> From<[(&'static str, Value); N]> for Row {
    fn from(named: [(&'static str, Value); N]) -> Self {
        Self(
            named
                .map(|(name, value)| (name.to_owned(), value))
                .into_iter()
                .collect(),
        )
    }
}

/// A request with the values of its condition: DynamoDB takes no empty ones.
fn with_values(mut request: Value, Row(values): Row) -> Value {
    if let (Some(request), false) = (request.as_object_mut(), values.is_empty()) {
        request.insert("ExpressionAttributeValues".to_owned(), values.into());
    }
    request
}

fn count(row: &Value, name: &str) -> Option<u32> {
    row.get(name)?.get("N")?.as_str()?.parse().ok()
}

fn named<T: Table>() -> Result<String, DatabaseError> {
    table_name::<T>().map_err(|error| DatabaseError::DatabaseUnavailable(error.to_string()))
}

/// Whether a transaction was cancelled for a condition of it: for anything else it is tried again. The message lists the
/// reasons, one a write.
fn is_refused(error: &DynamodbError) -> bool {
    error.name == "TransactionCanceledException" && error.message.contains("ConditionalCheckFailed")
}

fn failed(error: DynamodbError) -> DatabaseError {
    DatabaseError::DatabaseUnavailable(error.to_string())
}
