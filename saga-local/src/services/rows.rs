//! Rows that lie in tables before a saga begins, checked with the tables' keys before anything runs.

use saga_asl::lint::did_you_mean;
use saga_manifest::resource::{Key, KeyKind, Table};
use serde_json::{Map, Value};

use super::{CallError, Embedded};

/// The rows, each with its table, in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Rows(Vec<Row>);

#[derive(Clone, Debug)]
struct Row {
    table: String,
    /// Where it stands in the text: `Fares[0]`.
    place: String,
    item: Map<String, Value>,
}

const SHAPE: &str =
    "one object is expected: the name of each table, and its rows: `{\"Orders\": [{…}, {…}]}`";

/// What is wrong with rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct RowsError {
    /// What is wrong, in lower case.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

impl Rows {
    /// Reads rows from JSON: an object with the name of each table and the list of its rows.
    ///
    /// # Errors
    /// When the text is not of that shape, names a table that there is not, has a row without its key, or two of one key.
    pub fn parse(text: &str, tables: &[Table]) -> Result<Self, RowsError> {
        parse(text, tables).map(Self)
    }

    /// Puts them into the tables.
    ///
    /// # Errors
    /// When the service refuses one, as it would refuse whoever wrote it.
    pub fn put(&self, services: &Embedded) -> Result<(), RowsError> {
        for Row { table, place, item } in &self.0 {
            services
                .put(table, item)
                .map_err(|error: CallError| RowsError {
                    what: format!("the row `{place}` cannot be written: {error}"),
                    help: "correct the row; nothing was run".into(),
                })?;
        }
        Ok(())
    }
}

fn problem(what: String, help: &str) -> RowsError {
    let help = help.into();
    RowsError { what, help }
}

fn parse(text: &str, tables: &[Table]) -> Result<Vec<Row>, RowsError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| problem(format!("they are not valid JSON: {error}"), SHAPE))?;
    let Value::Object(lists) = value else {
        return Err(problem(format!("this is {}", kind(&value)), SHAPE));
    };
    let mut rows = Vec::new();
    for (name, list) in lists {
        let table = named(&name, tables)?;
        let Value::Array(list) = list else {
            let what = format!("`{name}` is {}, and no list of rows", kind(&list));
            return Err(problem(what, SHAPE));
        };
        for (index, value) in list.into_iter().enumerate() {
            let row = row(table, format!("{name}[{index}]"), value)?;
            let same = |other: &&Row| {
                other.table == name
                    && keys(table).all(|key| other.item.get(&key.name) == row.item.get(&key.name))
            };
            if let Some(other) = rows.iter().find(same) {
                let what = format!("`{}` has the key of `{}`", row.place, other.place);
                return Err(problem(
                    what,
                    "a table holds one row of a key: leave one of them out",
                ));
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

fn named<'t>(name: &str, tables: &'t [Table]) -> Result<&'t Table, RowsError> {
    tables
        .iter()
        .find(|table| table.name == name)
        .ok_or_else(|| {
            let known: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
            let help = match known.is_empty() {
                true => "it has none".into(),
                false => match did_you_mean(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its tables are {}", known.join(", ")),
                },
            };
            problem(format!("the package has no table `{name}`"), &help)
        })
}

fn row(table: &Table, place: String, value: Value) -> Result<Row, RowsError> {
    let Value::Object(item) = value else {
        let what = format!("`{place}` is {}, and no row", kind(&value));
        return Err(problem(
            what,
            "a row is an object: its attributes by their names",
        ));
    };
    for key in keys(table) {
        let expected = match key.kind {
            KeyKind::String => "a text",
            KeyKind::Number => "a number",
        };
        let found = item.get(&key.name).map_or("missing", kind);
        if found != expected {
            let what = format!("`{place}.{}` is {found}", key.name);
            let help = format!("each row of `{}` has it as its key: {expected}", table.name);
            return Err(problem(what, &help));
        }
    }
    Ok(Row {
        table: table.name.clone(),
        place,
        item,
    })
}

/// The key of a table, whole.
fn keys(table: &Table) -> impl Iterator<Item = &Key> {
    std::iter::once(&table.partition_key).chain(&table.sort_key)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
