//! `Query` and `Scan`: of a table or an index, a page at a time.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::expression::condition::{Comparator, Operand, ordered};
use crate::expression::{Condition, Path};
use crate::request::Request;
use crate::table::{KeyAttribute, KeySchema, Table};
use crate::value::{AttributeValue, Item, item_size, item_to_json};
use crate::{Dynamodb, Error};

/// A page at most (quotas of DynamoDB): 1 MB of items before they are filtered.
const PAGE: usize = 1024 * 1024;

const QUERY: [&str; 9] = [
    "IndexName",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
    "ScanIndexForward",
    "Limit",
    "ExclusiveStartKey",
    "ConsistentRead",
    "Select",
];

const SCAN: [&str; 7] = [
    "IndexName",
    "FilterExpression",
    "ProjectionExpression",
    "Limit",
    "ExclusiveStartKey",
    "ConsistentRead",
    "Select",
];

pub(super) fn query(db: &Dynamodb, request: &Value) -> Result<Value, Error> {
    let request = Request::read(request, &QUERY)?;
    let table = db.existing(request.table()?)?;
    let key = key(table, &request)?;
    let condition = request
        .condition("KeyConditionExpression")?
        .ok_or_else(no_key_condition)?;
    on_keys(&condition, key)?;
    let mut found: Vec<&Item> = table.items().filter(|item| condition.holds(item)).collect();
    found.sort_by(|a, b| by_key(a, b, key));
    if request.flag("ScanIndexForward") == Some(false) {
        found.reverse();
    }
    page(&found, table, key, &request)
}

pub(super) fn scan(db: &Dynamodb, request: &Value) -> Result<Value, Error> {
    let request = Request::read(request, &SCAN)?;
    let table = db.existing(request.table()?)?;
    let key = key(table, &request)?;
    let found: Vec<&Item> = table.items().filter(|item| has_key(item, key)).collect();
    page(&found, table, key, &request)
}

/// The key of what is read: the table's, or the named index's.
fn key<'t>(table: &'t Table, request: &Request<'_>) -> Result<&'t KeySchema, Error> {
    let Some(name) = request.text("IndexName") else {
        return Ok(&table.key);
    };
    if request.flag("ConsistentRead") == Some(true) {
        return Err(Error::Validation(
            "Consistent reads are not supported on global secondary indexes".into(),
        ));
    }
    let index = table.indexes.iter().find(|index| index.name == name);
    index.map(|index| &index.key).ok_or_else(|| {
        Error::Validation("The table does not have the specified index: ".to_owned() + name)
    })
}

fn no_key_condition() -> Error {
    Error::Validation(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
            .into(),
    )
}

/// A key condition names the partition key with `=`, and at most the sort key besides.
fn on_keys(condition: &Condition, key: &KeySchema) -> Result<(), Error> {
    let mut parts = Vec::new();
    conjuncts(condition, &mut parts);
    if let Some(operator) = parts.iter().find_map(|part| forbidden(part)) {
        return Err(Error::Validation(format!(
            "Invalid operator used in KeyConditionExpression: {operator}"
        )));
    }
    let on = |attribute: &KeyAttribute, part: &Condition| {
        subject(part).is_some_and(|path| path.attribute == attribute.name && path.below.is_empty())
    };
    let partition = parts.iter().find(|part| on(&key.partition, part));
    let equal = |part: &&&Condition| matches!(part, Condition::Compare(_, Comparator::Equal, _));
    match partition {
        None => {
            return Err(Error::Validation(format!(
                "Query condition missed key schema element: {}",
                key.partition.name
            )));
        }
        Some(part) if !equal(&part) => {
            return Err(Error::Validation(
                "Query key condition not supported".into(),
            ));
        }
        Some(_) => {}
    }
    let on_sort = |part: &&Condition| key.sort.as_ref().is_some_and(|sort| on(sort, part));
    let others: Vec<_> = parts
        .iter()
        .filter(|part| !on(&key.partition, part))
        .collect();
    match others.as_slice() {
        [] => Ok(()),
        [part] if on_sort(part) => Ok(()),
        [_] => Err(Error::Validation(
            "Query condition missed key schema element".into(),
        )),
        _ => Err(Error::Validation(
            "Conditions can be of length 1 or 2 only".into(),
        )),
    }
}

fn conjuncts<'c>(condition: &'c Condition, parts: &mut Vec<&'c Condition>) {
    match condition {
        Condition::And(left, right) => {
            conjuncts(left, parts);
            conjuncts(right, parts);
        }
        condition => parts.push(condition),
    }
}

/// The operator of a condition that no key condition may hold.
fn forbidden(condition: &Condition) -> Option<&'static str> {
    match condition {
        Condition::Or(..) => Some("OR"),
        Condition::Not(_) => Some("NOT"),
        Condition::In(..) => Some("IN"),
        Condition::Contains(..) => Some("contains"),
        Condition::Exists(_) => Some("attribute_exists"),
        Condition::NotExists(_) => Some("attribute_not_exists"),
        Condition::Compare(_, Comparator::NotEqual, _) => Some("<>"),
        _ => None,
    }
}

/// The attribute that a comparison a key condition may hold is about.
fn subject(condition: &Condition) -> Option<&Path> {
    match condition {
        Condition::Compare(_, Comparator::NotEqual, _) => None,
        Condition::Compare(Operand::Path(path), _, Operand::Value(_))
        | Condition::Between(Operand::Path(path), Operand::Value(_), Operand::Value(_))
        | Condition::BeginsWith(Operand::Path(path), Operand::Value(_)) => Some(path),
        _ => None,
    }
}

fn has_key(item: &Item, key: &KeySchema) -> bool {
    std::iter::once(&key.partition)
        .chain(&key.sort)
        .all(|part| item.contains_key(&part.name))
}

fn by_key(a: &Item, b: &Item, key: &KeySchema) -> Ordering {
    let sort = key.sort.as_ref().map(|sort| &sort.name);
    let value = |item: &Item| sort.and_then(|name| item.get(name)).cloned();
    match (value(a), value(b)) {
        (Some(a), Some(b)) => ordered(&a, &b).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    }
}

/// One page of what was found, filtered and projected.
fn page(
    found: &[&Item],
    table: &Table,
    key: &KeySchema,
    request: &Request<'_>,
) -> Result<Value, Error> {
    let filter = request.condition("FilterExpression")?;
    let projection = request.projection()?;
    request.placeholders.all_used()?;
    let found: Vec<&&Item> = found.iter().filter(|item| has_key(item, key)).collect();
    let start = start(&found, table, request)?;
    let limit = request.number("Limit").unwrap_or(usize::MAX);
    let mut size = 0;
    let read: Vec<&&&Item> = found
        .iter()
        .skip(start)
        .take(limit)
        .take_while(|item| {
            let fits = size < PAGE;
            size += item_size(item);
            fits
        })
        .collect();
    let passed: Vec<&&&&Item> = read
        .iter()
        .filter(|item| filter.as_ref().is_none_or(|filter| filter.holds(item)))
        .collect();
    let mut answer = json!({ "Count": passed.len(), "ScannedCount": read.len() });
    if let Value::Object(answer) = &mut answer {
        if request.text("Select") != Some("COUNT") {
            let shown = |item: &Item| {
                projection.as_ref().map_or_else(
                    || item_to_json(item),
                    |paths| item_to_json(&paths.apply(item)),
                )
            };
            let items: Vec<Value> = passed.iter().map(|item| shown(item)).collect();
            answer.insert("Items".into(), items.into());
        }
        // A page that is full says so, even where nothing comes after it.
        if (start + read.len() < found.len() || read.len() == limit)
            && let Some(last) = read.last()
        {
            answer.insert(
                "LastEvaluatedKey".into(),
                item_to_json(&keys(last, table, key)),
            );
        }
    }
    Ok(answer)
}

/// Where the page begins: after the item of `ExclusiveStartKey`.
fn start(found: &[&&Item], table: &Table, request: &Request<'_>) -> Result<usize, Error> {
    if !request.has("ExclusiveStartKey") {
        return Ok(0);
    }
    let after = table.key_of(&request.item("ExclusiveStartKey")?)?;
    let is_it = |item: &&&Item| table.key_of(item).is_ok_and(|key| key == after);
    found
        .iter()
        .position(is_it)
        .map(|position| position + 1)
        .ok_or_else(|| Error::Validation("The provided starting key is invalid".into()))
}

/// The key attributes of an item: the table's and the index's.
fn keys(item: &Item, table: &Table, key: &KeySchema) -> Item {
    let names = [&table.key, key]
        .into_iter()
        .flat_map(|key| std::iter::once(&key.partition).chain(&key.sort))
        .map(|attribute| attribute.name.clone());
    names
        .filter_map(|name| {
            item.get(&name)
                .cloned()
                .map(|value: AttributeValue| (name, value))
        })
        .collect()
}
