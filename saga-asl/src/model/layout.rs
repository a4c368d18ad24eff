//! How an author laid out an object.

use crate::json::Object;

/// The author's order of an object's fields, and the fields the language does not know.
///
/// Empty for what is built in Rust: then fields have the language's usual order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// Names of all fields in the order they were read.
    pub order: Vec<String>,
    /// Fields that the language does not know, kept as they are.
    pub extra: Object,
}

impl Layout {
    /// Whether the author wrote that field, be it empty.
    pub(super) fn mentions(&self, name: &str) -> bool {
        self.order.iter().any(|field| field == name)
    }
}
