//! `UpdateItem`: creates the item where there is none.

use serde_json::Value;

use super::returned::Returned;
use crate::expression::Update;
use crate::request::Request;
use crate::table::{KeySchema, Table};
use crate::{Dynamodb, Error};

const PARAMETERS: [&str; 5] = [
    "Key",
    "UpdateExpression",
    "ConditionExpression",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
];

pub(super) fn update(db: &mut Dynamodb, request: &Value) -> Result<Value, Error> {
    let request = Request::read(request, &PARAMETERS)?;
    let allowed = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];
    let returned = Returned::read(&request, &allowed)?;
    let update = parsed(&request)?;
    let condition = request.condition("ConditionExpression")?;
    request.placeholders.all_used()?;
    let table = db.existing_mut(request.table()?)?;
    let stated = request.item("Key")?;
    let key = table.exact_key(&stated)?;
    keeps_key(&table.key, update.as_ref())?;
    let old = table.get(&key).cloned();
    request.require(condition.as_ref(), old.as_ref())?;
    let before = old.clone().unwrap_or(stated);
    let after = match &update {
        Some(update) => update.apply(&before)?,
        None => before,
    };
    table.accepts(&after)?;
    table.put(key, after.clone());
    let changed: Vec<&str> = update.iter().flat_map(Update::attributes).collect();
    Ok(returned.of(old.as_ref(), Some(&after), &changed))
}

fn parsed(request: &Request<'_>) -> Result<Option<Update>, Error> {
    let text = request.text("UpdateExpression");
    text.map(|text| Update::parse(text, &request.placeholders))
        .transpose()
}

/// Checks a transaction's update without the values it answers.
pub(super) fn in_transaction(table: &mut Table, request: &Request<'_>) -> Result<(), Error> {
    let update = parsed(request)?;
    let condition = request.condition("ConditionExpression")?;
    request.placeholders.all_used()?;
    let stated = request.item("Key")?;
    let key = table.exact_key(&stated)?;
    keeps_key(&table.key, update.as_ref())?;
    request.require(condition.as_ref(), table.get(&key))?;
    let before = table.get(&key).cloned().unwrap_or(stated);
    let after = update.map_or(Ok(before.clone()), |update| update.apply(&before))?;
    table.accepts(&after)?;
    table.put(key, after);
    Ok(())
}

fn keeps_key(key: &KeySchema, update: Option<&Update>) -> Result<(), Error> {
    let is_key = |name: &&str| {
        key.partition.name == **name || key.sort.as_ref().is_some_and(|sort| sort.name == **name)
    };
    match update.and_then(|update| update.attributes().find(is_key)) {
        None => Ok(()),
        Some(name) => Err(Error::parameter(&format!(
            "Cannot update attribute {name}. This attribute is part of the key"
        ))),
    }
}
