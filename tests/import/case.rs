//! The definitions that are imported.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use saga_asl::syntax::Format;
use saga_import::{Imported, Refusal, import};
use serde_json::{Value, json};

use crate::root;

/// A definition's text.
pub struct Source {
    name: String,
    text: String,
    /// What the data hold where not anything will do.
    data: Value,
    is_own: bool,
}

/// A definition, and the saga that it became.
pub struct Case {
    pub name: String,
    pub definition: Value,
    pub data: Value,
    /// Whether it is the project's: of others nothing is kept.
    pub is_own: bool,
    pub imported: Imported,
}

/// The definitions of the importer's own cases.
pub fn own() -> Vec<Source> {
    let folders = entries(&root().join("saga-import/tests/cases")).into_iter();
    let source = |folder: PathBuf| {
        let named = |file: &PathBuf| file.file_stem().is_some_and(|stem| stem == "definition");
        let file = entries(&folder).into_iter().find(named).unwrap();
        let data = fs::read_to_string(folder.join("data.json"));
        Source {
            name: folder.file_name().unwrap().to_string_lossy().into_owned(),
            text: fs::read_to_string(file).unwrap(),
            data: data.map_or_else(|_| json!({}), |text| serde_json::from_str(&text).unwrap()),
            is_own: true,
        }
    };
    folders.map(source).collect()
}

/// The definitions of a folder; of equal ones the first.
pub fn of_folder(folder: &Path) -> Vec<Source> {
    let mut texts = BTreeMap::new();
    for file in entries(folder) {
        // What is no text is no definition either.
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        texts.entry(text).or_insert(name);
    }
    let source = |(text, name)| Source {
        name,
        text,
        data: json!({}),
        is_own: false,
    };
    texts.into_iter().map(source).collect()
}

/// What was imported, in the order of the names, and what was refused.
pub fn import_all(sources: Vec<Source>) -> (Vec<Case>, Vec<Vec<Refusal>>) {
    let (mut cases, mut refused) = (Vec::new(), Vec::new());
    for source in sources {
        let called = if source.is_own {
            &source.name
        } else {
            "Imported"
        };
        let definition: Value = serde_yaml::from_str(&source.text).unwrap_or_default();
        // Of a template the definition is but a part.
        if source.is_own && definition["StartAt"].is_null() {
            continue;
        }
        match import(&source.text, Format::guess(&source.text), called) {
            Ok(imported) => cases.push(Case {
                name: source.name,
                definition,
                data: source.data,
                is_own: source.is_own,
                imported,
            }),
            Err(refusals) => refused.push(refusals),
        }
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    (cases, refused)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
