//! An expression as the JSON of `Arguments` and `Output`: constants stay what they are, and only the
//! leaves are text to evaluate.

use saga_asl::json::{Value, array, object};
use saga_manifest::expr::{Expr, ObjectField};

use super::{Scope, delimited, literal, value};

/// The expression as JSON whose leaves may be expressions.
pub(crate) fn template(expr: &Expr, scope: Scope<'_>) -> Value {
    match expr {
        Expr::Literal(value) => constant(value),
        Expr::Object(fields) if fields.iter().all(is_static) => object(
            fields
                .iter()
                .map(|field| (field.name.as_str(), template(&field.value, scope))),
        ),
        Expr::List(items) => array(items.iter().map(|item| template(item, scope))),
        _ => delimited(value::value(expr, scope)),
    }
}

/// A constant that means itself where a definition holds it.
pub(crate) fn constant(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::String(text) => string(text),
        serde_json::Value::Array(items) => array(items.iter().map(constant)),
        serde_json::Value::Object(fields) if fields.keys().all(|name| is_plain_name(name)) => {
            let fields = literal::sorted(fields);
            object(fields.map(|(name, value)| (name.as_str(), constant(value))))
        }
        serde_json::Value::Object(_) => delimited(literal::constant(value)),
        _ => value.clone().into(),
    }
}

/// A string that means itself, as an expression where it would not.
pub(crate) fn string(text: &str) -> Value {
    if literal::is_plain(text) {
        Value::from(text)
    } else {
        delimited(literal::quoted(text))
    }
}

/// Whether the field is there whatever its value is, and its name means itself.
fn is_static(field: &ObjectField) -> bool {
    (!field.skip_null || !value::may_be_null(&field.value)) && is_plain_name(&field.name)
}

/// Whether a definition takes the name of a field as it is. A name that ends in `.$` is JSONPath's.
fn is_plain_name(name: &str) -> bool {
    literal::is_plain(name) && !name.ends_with(".$")
}
