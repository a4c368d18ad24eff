//! `GetItem`: reads are always strongly consistent here.

use serde_json::{Value, json};

use crate::request::Request;
use crate::value::item_to_json;
use crate::{Dynamodb, Error};

const PARAMETERS: [&str; 3] = ["Key", "ProjectionExpression", "ConsistentRead"];

pub(super) fn get(db: &Dynamodb, request: &Value) -> Result<Value, Error> {
    let request = Request::read(request, &PARAMETERS)?;
    let projection = request.projection()?;
    request.placeholders.all_used()?;
    let table = db.existing(request.table()?)?;
    let key = table.exact_key(&request.item("Key")?)?;
    Ok(match (table.get(&key), projection) {
        (None, _) => json!({}),
        (Some(item), None) => json!({ "Item": item_to_json(item) }),
        (Some(item), Some(projection)) => json!({ "Item": item_to_json(&projection.apply(item)) }),
    })
}
