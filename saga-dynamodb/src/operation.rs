//! The actions, a file each.

mod delete;
mod describe;
mod get;
mod put;
mod query;
mod returned;
mod transact;
mod update;

use serde_json::Value;

use super::{Dynamodb, Error};

pub(super) fn perform(db: &mut Dynamodb, action: &str, request: &Value) -> Result<Value, Error> {
    match action {
        "GetItem" => get::get(db, request),
        "PutItem" => put::put(db, request),
        "UpdateItem" => update::update(db, request),
        "DeleteItem" => delete::delete(db, request),
        "Query" => query::query(db, request),
        "Scan" => query::scan(db, request),
        "TransactWriteItems" => transact::transact(db, request),
        "DescribeTable" => describe::describe(db, request),
        "ListTables" => Ok(describe::list(db)),
        _ => Err(Error::Unsupported(action.into())),
    }
}
