//! What a manifest declares, created at the endpoint where it is missing, and what it holds in the end.

use std::collections::{BTreeMap, HashMap};

use saga_fence::table::{NAME, PARTITION_KEY, SORT_KEY};
use saga_manifest::Manifest;
use saga_manifest::resource::{Key, KeyKind, Queue, Subscription, Table};
use serde_json::{Map, Value, json};

use super::{Endpoint, EndpointError, action, sns};
use crate::services::{CallError, Contents, PARKED_QUEUE, QueuedMessage, plain_item};

impl Endpoint {
    /// Creates the tables, topics and queues of a manifest that are not there, under the names of their
    /// types, with their subscriptions. What is there already is left as it is.
    ///
    /// # Errors
    /// When the services cannot be reached, or refuse one.
    pub async fn provide(&mut self, manifest: &Manifest) -> Result<(), EndpointError> {
        self.provide_tables(manifest).await?;
        for topic in &manifest.topics {
            let arn = sns::create_topic(&self.clients, &topic.name)
                .await
                .map_err(|error| refused("CreateTopic", error))?;
            self.names.insert(crate::topic_arn(&topic.name), arn);
        }
        for queue in &manifest.queues {
            self.provide_queue(queue)
                .await
                .map_err(|error| refused("CreateQueue", error))?;
        }
        let (parked, _) = self
            .queue(PARKED_QUEUE, &json!({}))
            .await
            .map_err(|error| refused("CreateQueue", error))?;
        self.names.insert(crate::queue_url(PARKED_QUEUE), parked);
        Ok(())
    }

    /// Creates the tables of a manifest that are not there.
    ///
    /// # Errors
    /// When the service cannot be reached, or refuses one.
    pub async fn provide_tables(&self, manifest: &Manifest) -> Result<(), EndpointError> {
        self.clients.reach().await?;
        for table in &manifest.tables {
            let provided = self.provide_table(&creation(table)).await;
            provided.map_err(|error| refused("CreateTable", error))?;
        }
        if manifest
            .handlers
            .iter()
            .any(|handler| handler.unfenced.is_none())
        {
            let provided = self.provide_table(&fences()).await;
            provided.map_err(|error| refused("CreateTable", error))?;
        }
        Ok(())
    }

    /// Creates a table, given as a request for it, unless it is there.
    async fn provide_table(&self, creation: &Value) -> Result<(), CallError> {
        let name = json!({ "TableName": creation.get("TableName") });
        if self.dynamodb("DescribeTable", &name).await.is_ok() {
            return Ok(());
        }
        self.dynamodb("CreateTable", creation).await.map(|_| ())
    }

    async fn provide_queue(&mut self, queue: &Queue) -> Result<(), CallError> {
        let attributes = json!({
            "VisibilityTimeout": queue.visibility_timeout_seconds.to_string(),
            "MessageRetentionPeriod": queue.retention_seconds.to_string(),
        });
        let (url, created) = self.queue(&queue.name, &attributes).await?;
        self.names
            .insert(crate::queue_url(&queue.name), url.clone());
        if created {
            for subscription in &queue.subscriptions {
                self.subscribe(&url, subscription).await?;
            }
        }
        Ok(())
    }

    /// The URL of a queue, and whether it was created just now.
    async fn queue(&self, name: &str, attributes: &Value) -> Result<(String, bool), CallError> {
        let found = self.sqs("GetQueueUrl", &json!({ "QueueName": name })).await;
        let (answer, created) = match found {
            Ok(answer) => (answer, false),
            Err(_) => {
                let request = json!({ "QueueName": name, "Attributes": attributes });
                (self.sqs("CreateQueue", &request).await?, true)
            }
        };
        let url = answer.get("QueueUrl").and_then(Value::as_str);
        Ok((url.unwrap_or_default().to_owned(), created))
    }

    async fn subscribe(&self, queue: &str, subscription: &Subscription) -> Result<(), CallError> {
        let request = json!({ "QueueUrl": queue, "AttributeNames": ["QueueArn"] });
        let attributes = self.sqs("GetQueueAttributes", &request).await?;
        let arn = attributes
            .pointer("/Attributes/QueueArn")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let topic = self.translated(&crate::topic_arn(&subscription.topic));
        let policy: BTreeMap<&String, &Vec<String>> = subscription
            .filters
            .iter()
            .map(|filter| (&filter.attribute, &filter.any_of))
            .collect();
        let policy = json!(policy).to_string();
        let mut settings = HashMap::from([(
            "RawMessageDelivery".to_owned(),
            subscription.raw.to_string(),
        )]);
        if !subscription.filters.is_empty() {
            settings.insert("FilterPolicy".into(), policy);
        }
        sns::subscribe(&self.clients, &topic, arn, settings).await
    }

    /// What the manifest's tables and queues hold. Messages stay visible; ten of a queue are looked at.
    ///
    /// # Errors
    /// When a service fails.
    pub async fn contents(&self, manifest: &Manifest) -> Result<Contents, EndpointError> {
        let mut contents = Contents::default();
        for table in &manifest.tables {
            let answer = self
                .dynamodb("Scan", &json!({ "TableName": table.name }))
                .await;
            let answer = answer.map_err(|error| refused("Scan", error))?;
            contents.tables.insert(table.name.clone(), rows(&answer));
        }
        let queues = manifest
            .queues
            .iter()
            .map(|queue| queue.name.as_str())
            .chain([PARKED_QUEUE]);
        for queue in queues {
            let answer = self.sqs("ReceiveMessage", &self.look(queue)).await;
            let answer = answer.map_err(|error| refused("ReceiveMessage", error))?;
            contents.queues.insert(queue.into(), messages(&answer));
        }
        Ok(contents)
    }

    fn look(&self, queue: &str) -> Value {
        json!({
            "QueueUrl": self.translated(&crate::queue_url(queue)),
            "MaxNumberOfMessages": 10,
            "VisibilityTimeout": 0,
            "MessageAttributeNames": ["All"],
        })
    }

    async fn dynamodb(&self, action: &str, request: &Value) -> Result<Value, CallError> {
        action::call(&self.clients, "dynamodb", action, request).await
    }

    async fn sqs(&self, action: &str, request: &Value) -> Result<Value, CallError> {
        action::call(&self.clients, "sqs", action, request).await
    }
}

fn refused(action: &str, error: CallError) -> EndpointError {
    EndpointError::Refused {
        action: action.into(),
        problem: error.to_string(),
    }
}

/// The request for the table of the sagas' fences.
fn fences() -> Value {
    let keys = [(PARTITION_KEY, "HASH"), (SORT_KEY, "RANGE")];
    json!({
        "TableName": NAME,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": keys.map(|(name, _)| json!({ "AttributeName": name, "AttributeType": "S" })),
        "KeySchema": keys.map(|(name, kind)| json!({ "AttributeName": name, "KeyType": kind })),
    })
}

fn creation(table: &Table) -> Value {
    let mut attributes: BTreeMap<&str, &str> = BTreeMap::new();
    let schema = |partition: &Key, sort: Option<&Key>| -> Vec<Value> {
        let part = |key: &Key, kind: &str| json!({ "AttributeName": key.name, "KeyType": kind });
        let sort = sort.map(|key| part(key, "RANGE"));
        std::iter::once(part(partition, "HASH"))
            .chain(sort)
            .collect()
    };
    let key = schema(&table.partition_key, table.sort_key.as_ref());
    let indexes: Vec<Value> = table
        .indexes
        .iter()
        .map(|index| {
            json!({
                "IndexName": index.name,
                "KeySchema": schema(&index.partition_key, index.sort_key.as_ref()),
                "Projection": { "ProjectionType": "ALL" },
            })
        })
        .collect();
    let keys = table
        .indexes
        .iter()
        .flat_map(|index| std::iter::once(&index.partition_key).chain(&index.sort_key));
    for key in std::iter::once(&table.partition_key)
        .chain(&table.sort_key)
        .chain(keys)
    {
        let kind = match key.kind {
            KeyKind::String => "S",
            KeyKind::Number => "N",
        };
        attributes.insert(&key.name, kind);
    }
    let attributes: Vec<Value> = attributes
        .into_iter()
        .map(|(name, kind)| json!({ "AttributeName": name, "AttributeType": kind }))
        .collect();
    let mut request = json!({
        "TableName": table.name,
        "KeySchema": key,
        "AttributeDefinitions": attributes,
        "BillingMode": "PAY_PER_REQUEST",
    });
    if let (Value::Object(fields), false) = (&mut request, indexes.is_empty()) {
        fields.insert("GlobalSecondaryIndexes".into(), indexes.into());
    }
    request
}

fn list<'a>(answer: &'a Value, name: &str) -> &'a [Value] {
    answer
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn rows(answer: &Value) -> Vec<Value> {
    list(answer, "Items").iter().map(plain_item).collect()
}

fn messages(answer: &Value) -> Vec<QueuedMessage> {
    list(answer, "Messages").iter().map(message).collect()
}

fn message(message: &Value) -> QueuedMessage {
    let none = Map::new();
    let attributes = message
        .get("MessageAttributes")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    let value = |attribute: &Value| {
        attribute
            .get("StringValue")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let attributes = attributes
        .iter()
        .filter_map(|(name, attribute)| Some((name.clone(), value(attribute)?)));
    let body = message
        .get("Body")
        .and_then(Value::as_str)
        .unwrap_or_default();
    QueuedMessage {
        body: serde_json::from_str(body).unwrap_or_else(|_| body.into()),
        attributes: attributes.collect(),
    }
}
