//! As much of DynamoDB as fences and records ask for: conditional puts, reads, and failures on demand.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::lambda::server::Request;
use crate::server::{Served, Service};

/// A table.
pub type Dynamodb = Served<Table>;

/// What it holds.
#[derive(Default)]
pub struct Table {
    /// The items, by saga and instance.
    pub items: BTreeMap<(String, String), Value>,
    /// The items that replaced others, as the table's stream has them.
    pub stream: Vec<Value>,
    /// How many requests there were.
    pub requests: usize,
    /// So many requests are served, and none after them.
    pub serves: Option<usize>,
}

impl Dynamodb {
    /// The variables by which a process finds it.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL_DYNAMODB", self.url()),
            ("AWS_REGION", "eu-west-1".into()),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE".into()),
            ("AWS_SECRET_ACCESS_KEY", "secret".into()),
            ("AWS_SESSION_TOKEN", "token".into()),
            ("SAGA_FENCE_TABLE", "stack-FenceTable-1".into()),
        ]
    }
}

impl Service for Table {
    fn answer(&mut self, request: &Request) -> (&'static str, Value) {
        let target = request.header("x-amz-target").unwrap_or_default();
        let action = target.strip_prefix("DynamoDB_20120810.");
        let signed = request.header("authorization").unwrap_or_default();
        assert!(
            signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"),
            "{signed}"
        );
        self.perform(action.unwrap_or_default(), &request.json())
    }
}

impl Table {
    fn perform(&mut self, action: &str, request: &Value) -> (&'static str, Value) {
        let saga = |of: &Value| of["saga"]["S"].as_str().unwrap_or_default().to_owned();
        match action {
            "PutItem" => self.put(request),
            "GetItem" => {
                assert_eq!(request["ConsistentRead"], true);
                let instance = request["Key"]["instance"]["S"].as_str().unwrap();
                let found = self
                    .items
                    .get(&(saga(&request["Key"]), instance.to_owned()));
                (
                    "200 OK",
                    found.map_or(json!({}), |item| json!({ "Item": item })),
                )
            }
            "Query" => {
                let asked = request["ExpressionAttributeValues"][":saga"]["S"].as_str();
                let of_saga = self
                    .items
                    .iter()
                    .filter(|(key, _)| Some(key.0.as_str()) == asked);
                let keys = of_saga.map(|((saga, instance), _)| {
                    json!({ "saga": { "S": saga }, "instance": { "S": instance } })
                });
                ("200 OK", json!({ "Items": keys.collect::<Vec<_>>() }))
            }
            "UpdateItem" => {
                let instance = request["Key"]["instance"]["S"].as_str().unwrap();
                let key = (saga(&request["Key"]), instance.to_owned());
                let expires = request["ExpressionAttributeValues"][":expires"].clone();
                self.items.get_mut(&key).unwrap()["expires"] = expires;
                ("200 OK", json!({}))
            }
            other => panic!("nobody performs {other}"),
        }
    }

    fn put(&mut self, request: &Value) -> (&'static str, Value) {
        self.requests += 1;
        if self.serves.is_some_and(|serves| self.requests > serves) {
            return (
                "500 Internal Server Error",
                json!({ "__type": "InternalServerError" }),
            );
        }
        assert_eq!(request["TableName"], "stack-FenceTable-1");
        let item = &request["Item"];
        let text = |name: &str| item[name]["S"].as_str().unwrap().to_owned();
        let key = (text("saga"), text("instance"));
        let old = self.items.get(&key);
        let holds = match request["ConditionExpression"].as_str().unwrap() {
            "attribute_not_exists(saga)" => old.is_none(),
            "rev = :rev" => {
                let expected = &request["ExpressionAttributeValues"][":rev"];
                old.is_some_and(|old| old["rev"] == *expected)
            }
            other => panic!("no condition of fences: {other}"),
        };
        if holds {
            self.items.insert(key, item.clone());
            self.stream.push(item.clone());
            return ("200 OK", json!({}));
        }
        let name = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
        let mut refused = json!({ "__type": name, "message": "The conditional request failed" });
        if let Some(old) = old {
            refused["Item"] = old.clone();
        }
        ("400 Bad Request", refused)
    }
}
