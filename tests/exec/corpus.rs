//! The conformance corpus, where it is.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

/// A file of the corpus.
pub enum Corpus {
    /// It is not here: why.
    Absent(String),
    /// Its cases.
    Present(Vec<Case>),
}

/// A recorded case: an object.
#[derive(Clone)]
pub struct Case(pub Value);

impl Corpus {
    /// Finds a file of cases at `SAGA_CORPUS`, else beside the project.
    pub fn find(file: &str) -> Self {
        let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus"));
        let root = std::env::var_os("SAGA_CORPUS").map_or(beside, PathBuf::from);
        match fs::read_to_string(root.join(file)) {
            Err(error) => Corpus::Absent(format!("{}: {error}", root.display())),
            Ok(text) => Corpus::Present(text.lines().enumerate().map(read).collect()),
        }
    }
}

/// A case is a line of JSON. One that only JavaScript can read, with half of a surrogate pair,
/// is left with the reason in place of its content.
fn read((number, line): (usize, &str)) -> Case {
    let case = serde_json::from_str(line).unwrap_or_else(
        |error| json!({"id": format!("line {}", number + 1), "unreadable": error.to_string()}),
    );
    Case(case)
}

impl Case {
    pub fn id(&self) -> &str {
        self.0["id"].as_str().unwrap_or_default()
    }

    pub fn get(&self, name: &str) -> &Value {
        &self.0[name]
    }

    /// Strings that stand for values which vary.
    pub fn wild(&self) -> Vec<String> {
        let listed = self.0["wild"].as_array().into_iter().flatten();
        listed
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }
}
