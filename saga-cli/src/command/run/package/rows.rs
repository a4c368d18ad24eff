//! Rows that lie in the tables before the saga begins, checked with the tables' keys before anything runs.

use std::path::Path;

use saga_local::services::Embedded;
use saga_manifest::Manifest;
use saga_manifest::resource::{Key, KeyKind, Table};
use serde_json::{Map, Value};

use super::super::input;
use super::options::meant;
use crate::exit::Failure;

/// The rows, each with its table, in the order of the file.
#[derive(Debug, Default)]
pub(in crate::command) struct Rows(Vec<Row>);

#[derive(Debug)]
struct Row {
    table: String,
    /// Where it stands in the file: `Fares[0]`.
    place: String,
    item: Map<String, Value>,
}

const SHAPE: &str =
    "the file holds one object: the name of each table, and its rows: `{\"Orders\": [{…}, {…}]}`";

/// Reads the rows from a file; none without one.
///
/// # Errors
/// When it cannot be read, is not of that shape, names a table that the package does not have, or has a row
/// without its key.
pub(in crate::command) fn read(path: Option<&Path>, manifest: &Manifest) -> Result<Rows, Failure> {
    let Some(path) = path else {
        return Ok(Rows::default());
    };
    let text = input::text(path)?;
    let refused = |Problem { what, help }: Problem| Failure::Usage {
        message: format!("the rows in `{}`: {what}", path.display()),
        help,
    };
    parse(&text, &manifest.tables).map(Rows).map_err(refused)
}

impl Rows {
    /// Puts them into the tables.
    ///
    /// # Errors
    /// When the service refuses one, as it would refuse whoever wrote it.
    pub(super) fn put(&self, services: &Embedded) -> Result<(), Failure> {
        for Row { table, place, item } in &self.0 {
            services.put(table, item).map_err(|error| Failure::Failed {
                message: format!("the row `{place}` cannot be written: {error}"),
                help: "correct the row; nothing was run".into(),
            })?;
        }
        Ok(())
    }
}

/// What is wrong with the file.
#[derive(Debug)]
struct Problem {
    what: String,
    help: String,
}

fn problem(what: String, help: &str) -> Problem {
    let help = help.into();
    Problem { what, help }
}

fn parse(text: &str, tables: &[Table]) -> Result<Vec<Row>, Problem> {
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

fn named<'t>(name: &str, tables: &'t [Table]) -> Result<&'t Table, Problem> {
    tables
        .iter()
        .find(|table| table.name == name)
        .ok_or_else(|| {
            let known: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
            let help = match known.is_empty() {
                true => "it has none".into(),
                false => meant(name, &known, "its tables are"),
            };
            problem(format!("the package has no table `{name}`"), &help)
        })
}

fn row(table: &Table, place: String, value: Value) -> Result<Row, Problem> {
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
