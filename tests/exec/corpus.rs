//! The conformance corpus, where it is.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

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
            Ok(text) => Corpus::Present(text.lines().map(|line| Case(parse(line))).collect()),
        }
    }
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).expect("a case is one line of JSON")
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
