//! Expressions of DynamoDB, with their placeholders: `#name` for every attribute, since many names are
//! reserved words, and `:name` for every value.

use saga_asl::json::{Object, Value};
use saga_manifest::task::{Comparison, Condition};

use crate::jsonata::{Scope, attribute};

/// The placeholders of one request, in the order they were needed.
#[derive(Debug, Default)]
pub(super) struct Placeholders {
    names: Object,
    values: Object,
}

impl Placeholders {
    /// The placeholders of a path: `#address.#street`.
    pub(super) fn path<'a>(&mut self, path: impl IntoIterator<Item = &'a str>) -> String {
        let names: Vec<_> = path.into_iter().map(|name| self.name(name)).collect();
        names.join(".")
    }

    /// The placeholder of a name.
    pub(super) fn name(&mut self, name: &str) -> String {
        placeholder('#', name, name.into(), &mut self.names)
    }

    /// The placeholder of a name that is computed, called after what it is for.
    pub(super) fn computed_name(&mut self, called: &str, name: Value) -> String {
        placeholder('#', called, name, &mut self.names)
    }

    /// The placeholder of a value, called after what it is compared or set to.
    pub(super) fn value(&mut self, name: &str, value: Value) -> String {
        placeholder(':', name, value, &mut self.values)
    }

    /// A condition's text.
    pub(super) fn condition(&mut self, condition: &Condition, scope: Scope<'_>) -> String {
        match condition {
            Condition::Exists(path) => format!("attribute_exists({})", self.author_path(path)),
            Condition::NotExists(path) => {
                format!("attribute_not_exists({})", self.author_path(path))
            }
            Condition::Compare {
                path,
                operator,
                shape,
                value,
            } => {
                let name = path.last().map_or("", String::as_str);
                let value = attribute::attribute_value(value, shape, scope);
                let left = self.author_path(path);
                let right = self.value(name, value);
                format!("{left} {} {right}", symbol(*operator))
            }
            Condition::All(parts) => self.joined(parts, " AND ", scope),
            Condition::Any(parts) => self.joined(parts, " OR ", scope),
            Condition::Not(part) => format!("NOT ({})", self.condition(part, scope)),
        }
    }

    /// Adds the placeholders to a request's arguments.
    pub(super) fn write(self, arguments: &mut Object) {
        if !self.names.is_empty() {
            arguments.insert("ExpressionAttributeNames".into(), self.names.into());
        }
        if !self.values.is_empty() {
            arguments.insert("ExpressionAttributeValues".into(), self.values.into());
        }
    }

    fn author_path(&mut self, path: &[String]) -> String {
        self.path(path.iter().map(String::as_str))
    }

    fn joined(&mut self, parts: &[Condition], by: &str, scope: Scope<'_>) -> String {
        let parts: Vec<_> = parts
            .iter()
            .map(|part| format!("({})", self.condition(part, scope)))
            .collect();
        parts.join(by)
    }
}

/// The placeholder called after that name which stands for the value, numbered where another value
/// has the plain one.
fn placeholder(mark: char, name: &str, value: Value, known: &mut Object) -> String {
    let legal = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let word: String = name.chars().filter(legal).collect();
    let plain = format!(
        "{mark}{}",
        if word.is_empty() { "attribute" } else { &word }
    );
    let numbered = (2..).map(|number: u32| format!("{plain}{number}"));
    let placeholder = std::iter::once(plain.clone())
        .chain(numbered)
        .find(|placeholder| known.get(placeholder).is_none_or(|other| *other == value))
        .unwrap_or_default();
    known.insert(placeholder.clone(), value);
    placeholder
}

fn symbol(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}
