//! `PutItem`.

use serde_json::Value;

use super::returned::Returned;
use crate::request::Request;
use crate::{Dynamodb, Error};

const PARAMETERS: [&str; 4] = [
    "Item",
    "ConditionExpression",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
];

pub(super) fn put(db: &mut Dynamodb, request: &Value) -> Result<Value, Error> {
    let request = Request::read(request, &PARAMETERS)?;
    let returned = Returned::read(&request, &["ALL_OLD", "NONE"])?;
    let condition = request.condition("ConditionExpression")?;
    request.placeholders.all_used()?;
    let table = db.existing_mut(request.table()?)?;
    let item = request.item("Item")?;
    let key = table.key_of(&item)?;
    table.accepts(&item)?;
    request.require(condition.as_ref(), table.get(&key))?;
    let old = table.put(key, item);
    Ok(returned.of(old.as_ref(), None, &[]))
}
