//! Cases as data, in `tests/`: requests and their answers, conditions, updates.

use std::collections::BTreeMap;

use pretty_assertions::assert_eq;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{Dynamodb, Error, Index, KeyAttribute, KeySchema, KeyType, Table};

/// Orders by customer and number, and an index of them by state.
fn orders() -> Dynamodb {
    let key = |name: &str, kind| KeyAttribute {
        name: name.into(),
        kind,
    };
    let by = |partition: &str| KeySchema {
        partition: key(partition, KeyType::String),
        sort: Some(key("number", KeyType::Number)),
    };
    let mut db = Dynamodb::default();
    let index = Index {
        name: "by-state".into(),
        key: by("state"),
    };
    db.create("Orders", Table::new(by("customer"), vec![index]));
    db
}

fn a1() -> Value {
    json!({ "customer": { "S": "a" }, "number": { "N": "1" } })
}

/// Performs a request of the table; its error as `Error: message`.
fn perform(db: &mut Dynamodb, action: &str, mut request: Value) -> Result<Value, Error> {
    request["TableName"] = json!("Orders");
    db.perform(action, &request)
}

fn said(answer: Result<Value, Error>) -> Value {
    answer.unwrap_or_else(|error| format!("{}: {error}", error.name()).into())
}

/// The cases of a file; `A1` in them is the key.
fn cases<C: DeserializeOwned>(text: &str) -> C {
    let read: Value = serde_yaml::from_str(text).unwrap();
    let filled = read.to_string().replace(r#""A1""#, &a1().to_string());
    serde_json::from_str(&filled).unwrap()
}

/// A request, under the name of its action, and its answer.
#[derive(Deserialize)]
struct Asked {
    answers: Value,
    #[serde(flatten)]
    request: BTreeMap<String, Value>,
}

#[test]
fn requests_are_answered_as_documented() {
    let cases: BTreeMap<String, Vec<Asked>> = cases(include_str!("tests/requests.yaml"));
    for (name, asked) in cases {
        let mut db = orders();
        for Asked { answers, request } in asked {
            let (action, request) = request.into_iter().next().unwrap();
            let answer = said(perform(&mut db, &action, request.clone()));
            assert_eq!(answer, answers, "{name}: {action} {request}");
        }
    }
}

/// What is asked of an item with an attribute `x`.
#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    x: Option<Value>,
    #[serde(alias = "if", alias = "update")]
    expression: String,
    #[serde(default)]
    values: Option<Value>,
    then: Value,
}

impl Case {
    /// Puts the item, and asks for an action on it with the expression.
    fn ask(&self, action: &str, expression: &str, rest: Value) -> Result<Value, Error> {
        let mut db = orders();
        let mut item = a1();
        if let Some(x) = &self.x {
            item["x"] = x.clone();
        }
        perform(&mut db, "PutItem", json!({ "Item": item }))?;
        let mut request = json!({ "Key": a1(), expression: self.expression });
        if let Some(values) = &self.values {
            request["ExpressionAttributeValues"] = values.clone();
        }
        let rest: Map<String, Value> = serde_json::from_value(rest).unwrap();
        request.as_object_mut().unwrap().extend(rest);
        perform(&mut db, action, request)
    }
}

#[test]
fn conditions_hold_as_documented() {
    let cases: Vec<Case> = cases(include_str!("tests/conditions.yaml"));
    for case in cases {
        let found = match case.ask("DeleteItem", "ConditionExpression", json!({})) {
            Ok(_) => "holds".into(),
            Err(Error::ConditionalCheckFailed { .. }) => "fails".into(),
            error => said(error),
        };
        assert_eq!(found, case.then, "{}", case.expression);
    }
}

#[test]
fn updates_change_what_they_name() {
    let cases: Vec<Case> = cases(include_str!("tests/updates.yaml"));
    for case in cases {
        let all = json!({ "ReturnValues": "ALL_NEW" });
        let found = match case.ask("UpdateItem", "UpdateExpression", all) {
            Ok(answer) => answer["Attributes"]["x"].clone(),
            Err(error) => error.to_string().into(),
        };
        assert_eq!(found, case.then, "{}", case.expression);
    }
}
