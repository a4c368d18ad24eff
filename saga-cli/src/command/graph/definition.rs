//! A definition, drawn.

use std::path::Path;

use saga_asl::document;
use saga_asl::outline::Outline;
use saga_asl::syntax::{self, Format};
use saga_graph::{Graph, Notes};

use crate::command::run::definition::{machine_name, read};
use crate::exit::Failure;

pub(super) fn graph(path: &Path) -> Result<Graph, Failure> {
    let text = read(path)?;
    let format = match path.extension().and_then(|ending| ending.to_str()) {
        Some("yaml" | "yml") => Format::Yaml,
        Some("json") => Format::Json,
        _ => Format::guess(&text),
    };
    let tree = syntax::parse(&text, format);
    let document = document::read(&text, &tree);
    let [definition] = document.definitions.as_slice() else {
        let count = document.definitions.len();
        return Err(refused(
            path,
            &format!("it holds {count} state machines, not one"),
        ));
    };
    let outline = Outline::new(&definition.root);
    if outline.states().is_empty() {
        return Err(refused(path, "it has no states"));
    }
    Ok(saga_graph::read(
        &machine_name(path),
        &outline,
        &Notes::default(),
    ))
}

fn refused(path: &Path, what: &str) -> Failure {
    let path = path.display();
    Failure::Failed {
        message: format!("`{path}` cannot be drawn: {what}"),
        help: format!("`saga-cli validate {path}` explains all that is wrong with it"),
    }
}
