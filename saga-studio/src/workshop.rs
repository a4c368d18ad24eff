//! What the studio is given: a package that can be built again and again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use saga_compiler::Definition;
use saga_manifest::Manifest;
use serde::Serialize;
use serde_json::Value;

/// A package, and how it is built.
pub trait Workshop: Send + Sync {
    /// The package's name.
    fn package(&self) -> &str;

    /// Builds it, and compiles its sagas.
    ///
    /// # Errors
    /// What is wrong with it, to be shown to its author.
    fn build(&self) -> Result<Built, Problem>;

    /// The files that it is made of, as far as that is known: when one of them changes, it is built again.
    fn sources(&self) -> Vec<PathBuf>;
}

/// A package that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// Its binary, which stays as it is when the package is built again.
    pub executable: PathBuf,
    /// What the binary says of itself.
    pub manifest: Manifest,
    /// Its sagas, compiled.
    pub definitions: Vec<Definition>,
    /// The values of the template's parameters.
    pub parameters: BTreeMap<String, String>,
    /// What lies in the tables before each run, if anything: an object with the name of each table and the list of its rows.
    pub rows: Option<Value>,
}

/// What went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong, in lower case.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// What the compiler said; may be empty.
    pub text: String,
}

impl Problem {
    pub(crate) fn new(message: impl Into<String>, help: &str) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            text: String::new(),
        }
    }
}
