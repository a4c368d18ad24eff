//! What is done with the services, and what it leaves behind.

use saga_local::saga::Integrations;
use saga_local::services::{CallError, Contents};
use saga_manifest::Manifest;
use serde_json::{Value, json};

/// A table; a topic; a queue that takes what is paid as it is, one that takes everything in the envelope.
pub fn manifest() -> Manifest {
    let place = json!({ "file": "src/resources.rs", "line": 1, "column": 1 });
    let queue = |name: &str, subscription: Value| {
        json!({
            "name": name, "place": place, "origin": "created", "visibility_timeout_seconds": 30,
            "retention_seconds": 600, "dead_letter_after": 2, "subscriptions": [subscription],
        })
    };
    let paid = json!({ "topic": "Orders", "raw": true, "filters": [{ "attribute": "paid", "any_of": ["yes"] }] });
    let all = json!({ "topic": "Orders", "raw": false });
    let manifest = json!({
        "version": saga_manifest::VERSION, "sagas": [], "handlers": [],
        "tables": [{
            "name": "Rows", "place": place, "origin": "created",
            "partition_key": { "name": "id", "kind": "string" },
            "isolation": { "none": "nobody else writes there" },
        }],
        "topics": [{ "name": "Orders", "place": place, "origin": "created" }],
        "queues": [queue("Paid", paid), queue("All", all)],
    });
    Manifest::read(&manifest.to_string()).unwrap()
}

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:Orders";
const QUEUE: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/Paid";

async fn call(services: &dyn Integrations, service: &str, action: &str, arguments: Value) -> Value {
    match services.perform(service, action, &arguments, 0).await {
        Ok(answer) => answer,
        Err(CallError::Failed(failure)) => json!(failure.error),
        Err(CallError::NotEmbedded(what)) => json!(format!("not embedded: {what}")),
    }
}

/// Writes, publishes and sends, and compares what each is answered.
pub async fn use_them(services: &dyn Integrations) {
    let row = json!({
        "TableName": "Rows",
        "Item": { "id": { "S": "1" }, "total": { "N": "20" } },
        "ConditionExpression": "attribute_not_exists(id)",
    });
    let put = call(services, "dynamodb", "putItem", row.clone()).await;
    assert!(put.is_object(), "{put}");
    let again = call(services, "dynamodb", "putItem", row).await;
    assert_eq!(again, "DynamoDB.ConditionalCheckFailedException");
    let wrong = call(
        services,
        "dynamodb",
        "putItem",
        json!({ "TableName": "Rows", "Item": {} }),
    )
    .await;
    assert_eq!(wrong, "DynamoDB.AmazonDynamoDBException");
    let read = call(
        services,
        "dynamodb",
        "getItem",
        json!({ "TableName": "Rows", "Key": { "id": { "S": "1" } } }),
    )
    .await;
    assert_eq!(read["Item"]["total"], json!({ "N": "20" }));
    for paid in ["yes", "no"] {
        let published = call(
            services,
            "sns",
            "publish",
            json!({
                "TopicArn": TOPIC, "Subject": "an order", "Message": { "paid & <done>": paid },
                "MessageAttributes": { "paid": { "DataType": "String", "StringValue": paid } },
            }),
        )
        .await;
        assert!(published["MessageId"].is_string(), "{published}");
    }
    let sent = call(
        services,
        "sqs",
        "sendMessage",
        json!({ "QueueUrl": QUEUE, "MessageBody": "plain text" }),
    )
    .await;
    assert_eq!(sent["MD5OfMessageBody"], "31bc5c2b8fd4f20cd747347b7504a385");
    let unknown = call(
        services,
        "sns",
        "publish",
        json!({ "TopicArn": format!("{TOPIC}2"), "Message": "x" }),
    )
    .await;
    assert_eq!(unknown, "SNS.NotFoundException");
    let elsewhere = call(services, "athena", "startQueryExecution", json!({})).await;
    assert_eq!(
        elsewhere,
        "not embedded: arn:aws:states:::athena:startQueryExecution"
    );
}

pub fn check(contents: &Contents) {
    assert_eq!(contents.tables["Rows"], [json!({ "id": "1", "total": 20 })]);
    let paid = &contents.queues["Paid"];
    let bodies: Vec<&Value> = paid.iter().map(|message| &message.body).collect();
    assert_eq!(
        bodies,
        [&json!({ "paid & <done>": "yes" }), &json!("plain text")]
    );
    assert_eq!(paid[0].attributes["paid"], "yes");
    let all = &contents.queues["All"];
    assert_eq!(all.len(), 2);
    assert_eq!(all[1].body["Type"], "Notification");
    assert_eq!(all[1].body["Subject"], "an order");
    assert_eq!(all[1].body["Message"], "{\"paid & <done>\":\"no\"}");
    assert_eq!(
        all[1].body["MessageAttributes"]["paid"],
        json!({ "Type": "String", "Value": "no" })
    );
}
