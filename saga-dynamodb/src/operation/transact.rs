//! `TransactWriteItems`: all of the writes, or none.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::update;
use crate::request::{Request, missing};
use crate::{Dynamodb, Error};

/// Writes in a transaction at most (quotas of DynamoDB).
const MOST: usize = 100;

const PARAMETERS: [&str; 2] = ["TransactItems", "ClientRequestToken"];

const PART: [&str; 5] = [
    "Item",
    "Key",
    "UpdateExpression",
    "ConditionExpression",
    "ReturnValuesOnConditionCheckFailure",
];

pub(super) fn transact(db: &mut Dynamodb, request: &Value) -> Result<Value, Error> {
    let request = Request::read(request, &PARAMETERS)?;
    let parts = request.list("TransactItems");
    if parts.is_empty() || parts.len() > MOST {
        return Err(Error::Validation(format!(
            "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: \
             Member must have length between 1 and {MOST}"
        )));
    }
    let mut written = db.clone();
    distinct(db, parts)?;
    let outcomes: Vec<Option<Box<Error>>> = parts
        .iter()
        .map(|part| write(&mut written, part).err().map(Box::new))
        .collect();
    if outcomes.iter().any(Option::is_some) {
        return Err(Error::TransactionCanceled(outcomes));
    }
    *db = written;
    Ok(json!({}))
}

/// Refuses two writes of one item, whatever else is wrong with them.
fn distinct(db: &Dynamodb, parts: &[Value]) -> Result<(), Error> {
    let mut keys = BTreeSet::new();
    for (kind, request) in parts.iter().filter_map(Value::as_object).flatten() {
        let request = Request::read(request, &PART)?;
        let stated = request.item(if kind == "Put" { "Item" } else { "Key" })?;
        let name = request.table()?;
        let key = db.existing(name)?.key_of(&stated)?;
        if !keys.insert((name, key)) {
            return Err(Error::Validation(
                "Transaction request cannot include multiple operations on one item".into(),
            ));
        }
    }
    Ok(())
}

fn write(db: &mut Dynamodb, part: &Value) -> Result<(), Error> {
    let entry = part.as_object().and_then(|part| part.iter().next());
    let (kind, request) = entry.ok_or_else(|| missing("transactItems.member"))?;
    let request = Request::read(request, &PART)?;
    let name = request.table()?;
    let table = db.existing_mut(name)?;
    let stated = request.item(if kind == "Put" { "Item" } else { "Key" })?;
    let key = if kind == "Put" {
        table.key_of(&stated)?
    } else {
        table.exact_key(&stated)?
    };
    if kind == "Update" {
        return update::in_transaction(table, &request);
    }
    let condition = request.condition("ConditionExpression")?;
    request.placeholders.all_used()?;
    request.require(condition.as_ref(), table.get(&key))?;
    match kind.as_str() {
        "Put" => {
            table.accepts(&stated)?;
            table.put(key, stated);
        }
        "Delete" => {
            table.delete(&key);
        }
        "ConditionCheck" => {}
        other => {
            return Err(Error::Unsupported(format!(
                "TransactWriteItems of `{other}`"
            )));
        }
    }
    Ok(())
}
