//! Into DynamoDB's attribute values: `{"S": …}`, `{"N": "…"}`, `{"BOOL": …}`, `{"L": […]}`,
//! `{"M": {…}}`, `{"NULL": true}` (DynamoDB API reference, `AttributeValue`).

use saga_asl::json::{Value, object};
use saga_manifest::expr::Expr;
use saga_manifest::task::{Attribute, AttributeShape, Shape};

use super::{Scope, Term, delimited, literal, template, value};

/// Named attributes: each is left out where its value is null and its shape optional.
pub(crate) fn attributes<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
    scope: Scope<'_>,
) -> Value {
    attributes_and(attributes, &[], scope)
}

/// An attribute that the compiler adds.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) name: &'static str,
    /// Its type: `S`, `N` or `BOOL`.
    pub(crate) kind: &'static str,
    /// What stands beside the type.
    pub(crate) value: Term,
    /// The same where a definition holds it.
    pub(crate) written: Value,
}

impl Mark {
    /// One whose value is computed.
    pub(crate) fn new(name: &'static str, kind: &'static str, value: Term) -> Self {
        let written = delimited(&value);
        Self {
            name,
            kind,
            value,
            written,
        }
    }

    /// Its attribute value.
    pub(crate) fn attribute_value(&self) -> Value {
        object([(self.kind, self.written.clone())])
    }
}

/// Attributes and marks.
pub(crate) fn attributes_and<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
    marks: &[Mark],
    scope: Scope<'_>,
) -> Value {
    let attributes: Vec<_> = attributes.into_iter().collect();
    if attributes.iter().any(|attribute| may_be_absent(attribute)) {
        let fields = attributes.into_iter().map(|attribute| {
            let value = value::value(&attribute.value, scope);
            (attribute.name.as_str(), field(&value, &attribute.shape))
        });
        let marks = marks.iter();
        let marks = marks.map(|mark| (mark.name, tagged(mark.kind, mark.value.clone())));
        return delimited(Term::object(fields.chain(marks)));
    }
    let marks = marks.iter().map(|mark| (mark.name, mark.attribute_value()));
    let values = attributes.into_iter().map(|attribute| {
        let value = attribute_value(&attribute.value, &attribute.shape, scope);
        (attribute.name.as_str(), value)
    });
    object(values.chain(marks))
}

/// The attribute value of a number, of which the term is the text.
pub(crate) fn number_value(text: &Term) -> Value {
    object([("N", delimited(text))])
}

fn may_be_absent(attribute: &Attribute) -> bool {
    matches!(attribute.shape, Shape::Optional(_)) && value::may_be_null(&attribute.value)
}

/// One attribute value; null is written as `NULL`.
pub(crate) fn attribute_value(expr: &Expr, shape: &Shape, scope: Scope<'_>) -> Value {
    match shape {
        Shape::String => object([("S", template::template(expr, scope))]),
        Shape::Bool => object([("BOOL", template::template(expr, scope))]),
        Shape::Number => object([("N", number(expr, scope))]),
        Shape::Json => object([("S", delimited(value::json_text(expr, scope)))]),
        Shape::Optional(shape) if !value::may_be_null(expr) => attribute_value(expr, shape, scope),
        _ => delimited(value::value(expr, scope).bind(|value| encoded(value, shape))),
    }
}

/// A number as text.
pub(crate) fn number(expr: &Expr, scope: Scope<'_>) -> Value {
    match expr {
        Expr::Literal(serde_json::Value::Number(number)) => Value::from(number.to_string()),
        _ => delimited(Term::call("$string", &value::value(expr, scope))),
    }
}

/// A term's attribute value.
fn encoded(term: &Term, shape: &Shape) -> Term {
    match shape {
        Shape::String => tagged("S", term.clone()),
        Shape::Bool => tagged("BOOL", term.clone()),
        Shape::Number => tagged("N", Term::call("$string", term)),
        Shape::Json => tagged("S", value::json_text_of(term)),
        Shape::Optional(shape) => Term::conditional(
            &term.is_present(),
            &encoded(term, shape),
            &tagged("NULL", Term::primary("true")),
        ),
        Shape::List(shape) => tagged("L", list(term, shape)),
        Shape::Object(fields) => tagged("M", fields_of(term, fields)),
        Shape::Map(shape) => tagged("M", map(term, shape)),
    }
}

/// A term as a field of an object: left out where it is null and its shape optional.
fn field(term: &Term, shape: &Shape) -> Term {
    match shape {
        Shape::Optional(shape) => {
            term.bind(|term| Term::only_if(&term.is_present(), &encoded(term, shape)))
        }
        shape => term.bind(|term| encoded(term, shape)),
    }
}

fn fields_of(term: &Term, fields: &[AttributeShape]) -> Term {
    Term::object(fields.iter().map(|part| {
        let value = term.field(&part.name);
        (part.name.as_str(), field(&value, &part.shape))
    }))
}

/// The items, in brackets since JSONata takes a single result out of its list.
fn list(term: &Term, shape: &Shape) -> Term {
    let item = encoded(&Term::path("$item"), shape);
    Term::primary(format!("[$map({term}, function($item) {{ {item} }})]"))
}

/// The entries, each an object of one field, merged; in brackets since there may be none.
fn map(term: &Term, shape: &Shape) -> Term {
    let entry = encoded(&Term::path("$entry"), shape);
    Term::primary(format!(
        "$merge([$each({term}, function($entry, $name) {{ {{$name: {entry}}} }})])"
    ))
}

fn tagged(kind: &str, term: Term) -> Term {
    Term::primary(format!("{{{}: {term}}}", literal::quoted(kind)))
}
