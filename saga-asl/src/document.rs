//! Where the definitions of a text are.
//!
//! A text is a definition, or a SAM or CloudFormation template with definitions in
//! its resources: as an object, as a string, or in a file of their own.

mod embed;
mod template;

pub use self::template::Reference;

use crate::lint::Embedding;
use crate::model::ExecutionType;
use crate::syntax::{Node, Span, Tree};

/// A definition and where it is.
#[derive(Debug)]
pub struct Definition<'t> {
    /// Its value, in which everything that deployment fills in is a placeholder.
    pub root: Root<'t>,
    /// The pointer to it in the text.
    pub pointer: String,
    /// The type of its executions, where the resource says it.
    pub execution_type: Option<ExecutionType>,
    /// How it is embedded; none for a text that is a definition.
    pub embedding: Option<Embedding>,
}

/// The value of a definition.
#[derive(Debug)]
pub enum Root<'t> {
    /// As it is in the text's own tree.
    InTree(&'t Node<'t>),
    /// Made from a part of a template.
    Made(Node<'t>),
}

impl<'t> std::ops::Deref for Root<'t> {
    type Target = Node<'t>;

    fn deref(&self) -> &Node<'t> {
        match self {
            Self::InTree(node) => node,
            Self::Made(node) => node,
        }
    }
}

/// What a text holds.
#[derive(Debug, Default)]
pub struct Document<'t> {
    /// The definitions in it.
    pub definitions: Vec<Definition<'t>>,
    /// The definitions that are in files of their own.
    pub references: Vec<Reference>,
}

/// Finds the definitions of a text.
#[must_use]
pub fn read<'t>(source: &'t str, tree: &'t Tree<'t>) -> Document<'t> {
    if template::is_template(&tree.root) {
        return template::read(source, &tree.root);
    }
    let root = Root::InTree(&tree.root);
    let definition = Definition {
        root,
        pointer: String::new(),
        execution_type: None,
        embedding: None,
    };
    Document {
        definitions: vec![definition],
        references: Vec::new(),
    }
}

/// The definition in a file of its own that a template refers to.
#[must_use]
pub fn referenced<'t>(source: &str, tree: &'t Tree<'t>, reference: &Reference) -> Definition<'t> {
    let embedding = Embedding {
        substitutions: reference.substitutions.clone(),
        placeholders: embed::placeholders_in(source, &tree.root),
        elsewhere: true,
        ..Embedding::default()
    };
    Definition {
        root: Root::InTree(&tree.root),
        pointer: String::new(),
        execution_type: reference.execution_type,
        embedding: Some(embedding),
    }
}

/// Whether a value looks like a definition or like a template with one: for texts that nobody named.
#[must_use]
pub fn looks_like_one(root: &Node<'_>) -> bool {
    let definition =
        root.get("States").is_some_and(Node::is_object) && root.get("StartAt").is_some();
    definition || template::has_state_machine(root)
}

/// The place of a field's name, or of the whole object.
fn place_of(node: &Node<'_>, field: &str) -> Span {
    node.member(field)
        .map_or(node.span, |member| member.name.span)
}
