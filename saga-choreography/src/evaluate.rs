//! What an expression means. Total: what is absent is null, and what does not compare does not hold.

mod instant;

use saga_manifest::expr::{Comparable, Expr, PickedField, Position, Presence, Test};
use saga_manifest::task::Comparison;
use serde_json::{Map, Value};

pub use instant::instant;

/// The data that expressions read.
pub trait Scope {
    /// The saga's input.
    fn input(&self) -> Value;
    /// The saga's id.
    fn saga_id(&self) -> Value;
    /// A step's output or a node's value; null where there is none.
    fn output(&self, name: &str) -> Value;
    /// The item that a map is at.
    fn item(&self, map: &str) -> Value;
    /// The index, from 0, of that item.
    fn item_index(&self, map: &str) -> Value;
}

/// The value of an expression.
#[must_use]
pub fn value(expr: &Expr, scope: &impl Scope) -> Value {
    match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Input => scope.input(),
        Expr::SagaId => scope.saga_id(),
        Expr::Output(step) | Expr::MaybeOutput(step) => scope.output(step),
        Expr::Element { of, index } => {
            let item = usize::try_from(*index).ok();
            let of = value(of, scope);
            item.and_then(|item| of.get(item).cloned())
                .unwrap_or_default()
        }
        Expr::Item(map) => scope.item(map),
        Expr::ItemIndex(map) => scope.item_index(map),
        Expr::Field { of, name, presence } => read(&value(of, scope), name, presence),
        Expr::IfPresent {
            value: looked_at,
            then,
            otherwise,
        } => match value(looked_at, scope) {
            Value::Null => value(otherwise, scope),
            _ => value(then, scope),
        },
        Expr::Pick { of, fields } => {
            let of = value(of, scope);
            let picked = fields
                .iter()
                .map(|PickedField { name, presence }| (name.clone(), read(&of, name, presence)));
            Value::Object(picked.collect())
        }
        Expr::Object(fields) => {
            let mut object = Map::new();
            for field in fields {
                let value = value(&field.value, scope);
                if !(field.skip_null && value.is_null()) {
                    object.insert(field.name.clone(), value);
                }
            }
            Value::Object(object)
        }
        Expr::List(items) => items.iter().map(|item| value(item, scope)).collect(),
    }
}

fn read(object: &Value, name: &str, presence: &Presence) -> Value {
    match (object.get(name), presence) {
        (Some(value), _) => value.clone(),
        (None, Presence::Default(default)) => default.clone(),
        (None, _) => Value::Null,
    }
}

/// Whether a condition holds.
#[must_use]
pub fn holds(test: &Test, scope: &impl Scope) -> bool {
    match test {
        Test::Compare {
            kind,
            left,
            operator,
            right,
        } => compare(*kind, &value(left, scope), *operator, &value(right, scope)),
        Test::Same(left, right) => value(left, scope) == value(right, scope),
        Test::Present(expr) => !value(expr, scope).is_null(),
        Test::True(expr) => value(expr, scope) == Value::Bool(true),
        Test::Text { of, position, text } => {
            match (value(of, scope).as_str(), value(text, scope).as_str()) {
                (Some(of), Some(text)) => match position {
                    Position::Start => of.starts_with(text),
                    Position::Anywhere => of.contains(text),
                    Position::End => of.ends_with(text),
                },
                _ => false,
            }
        }
        Test::All(tests) => tests.iter().all(|test| holds(test, scope)),
        Test::Any(tests) => tests.iter().any(|test| holds(test, scope)),
        Test::Not(test) => !holds(test, scope),
    }
}

fn compare(kind: Comparable, left: &Value, operator: Comparison, right: &Value) -> bool {
    let is_equality = matches!(operator, Comparison::Equal | Comparison::NotEqual);
    match kind {
        Comparable::Number => compares(left.as_f64(), operator, right.as_f64()),
        Comparable::String => compares(left.as_str(), operator, right.as_str()),
        Comparable::Time => {
            let time = |value: &Value| value.as_str().and_then(instant);
            compares(time(left), operator, time(right))
        }
        Comparable::Bool => is_equality && compares(left.as_bool(), operator, right.as_bool()),
    }
}

fn compares<T: PartialOrd>(left: Option<T>, operator: Comparison, right: Option<T>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return false;
    };
    match operator {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}
