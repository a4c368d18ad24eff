//! `DescribeTable` and `ListTables`.

use serde_json::{Value, json};

use crate::request::Request;
use crate::table::KeySchema;
use crate::{Dynamodb, Error, named};

pub(super) fn describe(db: &Dynamodb, request: &Value) -> Result<Value, Error> {
    let request = Request::read(request, &[])?;
    let name = request.table()?;
    let table = db.existing(name)?;
    let indexes: Vec<Value> = table
        .indexes
        .iter()
        .map(|index| json!({ "IndexName": index.name, "KeySchema": schema(&index.key), "IndexStatus": "ACTIVE" }))
        .collect();
    Ok(json!({ "Table": {
        "TableName": named(name),
        "TableStatus": "ACTIVE",
        "TableArn": format!("arn:aws:dynamodb:{}:{}:table/{}", crate::REGION, crate::ACCOUNT, named(name)),
        "KeySchema": schema(&table.key),
        "GlobalSecondaryIndexes": indexes,
        "ItemCount": table.items().count(),
    } }))
}

pub(super) fn list(db: &Dynamodb) -> Value {
    json!({ "TableNames": db.tables().map(|(name, _)| name).collect::<Vec<_>>() })
}

fn schema(key: &KeySchema) -> Value {
    let part = |name: &str, kind: &str| json!({ "AttributeName": name, "KeyType": kind });
    let sort = key.sort.iter().map(|sort| part(&sort.name, "RANGE"));
    std::iter::once(part(&key.partition.name, "HASH"))
        .chain(sort)
        .collect()
}
