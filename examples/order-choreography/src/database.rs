//! The services' client of DynamoDB: what is written is written under a condition. Requests are the service's own JSON, by the
//! client that a bootstrap has anyway: an SDK would be most of the binary.

mod item;

use saga_dsl::api::Refusal;
use saga_dsl::prelude::*;
use saga_lambda::{Dynamodb, DynamodbError, Page, table_name};
use serde::Serialize;
use serde_json::{Map, Value, json};

use item::{attribute, attributes, typed};

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

/// Named values: of a key, of a condition.
pub type Named<'n> = &'n [(&'static str, Value)];

/// One write of a transaction.
pub struct Write {
    /// What a transaction calls it.
    verb: &'static str,
    request: Value,
}

/// A page of rows.
#[derive(Debug, PartialEq, Serialize)]
pub struct Listed<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Database {
    /// Writes a row if a condition holds; whether it did.
    pub async fn put<T: Table>(
        &self,
        row: &T::Item,
        condition: &str,
        values: Named<'_>,
    ) -> Result<bool, DatabaseError> {
        let put = put::<T>(row, condition, values)?;
        self.written("PutItem", &put.request).await
    }

    /// Changes a row if a condition holds; whether it did.
    pub async fn update<T: Table>(
        &self,
        key: Named<'_>,
        change: &str,
        condition: &str,
        values: Named<'_>,
    ) -> Result<bool, DatabaseError> {
        let update = update::<T>(key, change, condition, values)?;
        self.written("UpdateItem", &update.request).await
    }

    /// Deletes a row if a condition holds; whether it did.
    pub async fn delete<T: Table>(
        &self,
        key: Named<'_>,
        condition: &str,
        values: Named<'_>,
    ) -> Result<bool, DatabaseError> {
        let delete = delete::<T>(key, condition, values)?;
        self.written("DeleteItem", &delete.request).await
    }

    /// Writes all or nothing; whether all conditions held.
    pub async fn transact(&self, writes: [Write; 2]) -> Result<bool, DatabaseError> {
        let writes = writes.map(|Write { verb, request }| json!({ verb: request }));
        let request = json!({ "TransactItems": writes });
        match self.0.perform("TransactWriteItems", &request).await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// A row as it is now.
    pub async fn get<T: Table>(&self, key: Named<'_>) -> Result<Option<T::Item>, DatabaseError> {
        let request = json!({
            "TableName": named::<T>()?,
            "Key": values(key, ""),
            "ConsistentRead": true,
        });
        let found = self.0.perform("GetItem", &request).await.map_err(failed)?;
        found.get("Item").map(typed).transpose()
    }

    /// The rows below a partition key, a page of them.
    pub async fn query<T: Table>(
        &self,
        (name, value): (&'static str, &str),
        page: &Page,
    ) -> Result<Listed<T::Item>, Refusal> {
        let value = attribute(&value.into());
        let request = Map::from_iter(
            [
                ("TableName", named::<T>()?.into()),
                ("KeyConditionExpression", "#partition = :partition".into()),
                ("ExpressionAttributeNames", json!({ "#partition": name })),
                ("ExpressionAttributeValues", json!({ ":partition": value })),
            ]
            .map(|(name, part): (&str, Value)| (name.to_owned(), part)),
        );
        // A cursor comes from the client: whose rows they are is not its to say.
        let after = page.after.clone().map(|mut after| {
            if let Some(after) = after.as_object_mut() {
                after.insert(name.to_owned(), value.clone());
            }
            after
        });
        self.list("Query", request, page, after).await
    }

    /// All rows, a page of them: `Limit` bounds what is read.
    pub async fn scan<T: Table>(
        &self,
        filter: Option<(&str, Named<'_>)>,
        page: &Page,
    ) -> Result<Listed<T::Item>, Refusal> {
        let mut request = Map::from_iter([("TableName".to_owned(), named::<T>()?.into())]);
        if let Some((filter, of)) = filter {
            request.insert("FilterExpression".to_owned(), filter.into());
            let values = values(of, ":").into();
            request.insert("ExpressionAttributeValues".to_owned(), values);
        }
        self.list("Scan", request, page, page.after.clone()).await
    }

    async fn list<R: for<'de> serde::Deserialize<'de>>(
        &self,
        action: &str,
        mut request: Map<String, Value>,
        page: &Page,
        after: Option<Value>,
    ) -> Result<Listed<R>, Refusal> {
        request.insert("Limit".to_owned(), page.limit.into());
        let is_after = after.is_some();
        request.extend(after.map(|after| ("ExclusiveStartKey".to_owned(), after)));
        let found = self.0.perform(action, &request.into()).await;
        let found = found.map_err(|error| match error.name.as_str() {
            // All else of the request is ours.
            "ValidationException" | "SerializationException" if is_after => {
                Refusal::bad("cursor", "this is no cursor of a page before")
            }
            _ => failed(error).into(),
        })?;
        let items = found.get("Items").and_then(Value::as_array);
        let items = items.into_iter().flatten().map(typed);
        Ok(Listed {
            items: items.collect::<Result<_, _>>()?,
            next: found.get("LastEvaluatedKey").map(Page::cursor),
        })
    }

    async fn written(&self, action: &str, request: &Value) -> Result<bool, DatabaseError> {
        match self.0.perform(action, request).await {
            Ok(_) => Ok(true),
            Err(error) if error.name == "ConditionalCheckFailedException" => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Writes a row if a condition holds.
pub fn put<T: Table>(
    row: &T::Item,
    condition: &str,
    values: Named<'_>,
) -> Result<Write, DatabaseError> {
    let part = ("Item", Value::Object(attributes(row)?));
    conditional::<T>("Put", vec![part], condition, values)
}

/// Changes a row if a condition holds.
pub fn update<T: Table>(
    key: Named<'_>,
    change: &str,
    condition: &str,
    of: Named<'_>,
) -> Result<Write, DatabaseError> {
    let parts = vec![
        ("Key", values(key, "").into()),
        ("UpdateExpression", change.into()),
    ];
    conditional::<T>("Update", parts, condition, of)
}

/// Deletes a row if a condition holds.
pub fn delete<T: Table>(
    key: Named<'_>,
    condition: &str,
    of: Named<'_>,
) -> Result<Write, DatabaseError> {
    let part = ("Key", values(key, "").into());
    conditional::<T>("Delete", vec![part], condition, of)
}

fn conditional<T: Table>(
    verb: &'static str,
    parts: Vec<(&str, Value)>,
    condition: &str,
    of: Named<'_>,
) -> Result<Write, DatabaseError> {
    let mut request = Map::from_iter([
        ("TableName".to_owned(), named::<T>()?.into()),
        ("ConditionExpression".to_owned(), condition.into()),
    ]);
    request.extend(
        parts
            .into_iter()
            .map(|(name, part)| (name.to_owned(), part)),
    );
    // DynamoDB takes no empty ones.
    if !of.is_empty() {
        request.insert(
            "ExpressionAttributeValues".to_owned(),
            values(of, ":").into(),
        );
    }
    Ok(Write {
        verb,
        request: request.into(),
    })
}

fn values(named: Named<'_>, sign: &str) -> Map<String, Value> {
    let values = named.iter();
    values
        .map(|(name, value)| (format!("{sign}{name}"), attribute(value)))
        .collect()
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

impl From<DatabaseError> for Refusal {
    /// What it was is the log's, and not the client's.
    fn from(_: DatabaseError) -> Self {
        Self::unavailable("the database does not answer: try again")
    }
}
