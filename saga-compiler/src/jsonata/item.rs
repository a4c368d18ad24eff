//! Back from DynamoDB's attribute values to JSON.

use saga_manifest::task::{AttributeShape, Shape};

use super::{Term, value};

/// The attributes of an item as an object. A field whose shape is optional is null where the item
/// has no such attribute.
pub(crate) fn item(item: &Term, shapes: &[AttributeShape]) -> Term {
    Term::object(shapes.iter().map(|attribute| {
        let value = item.field(&attribute.name);
        (attribute.name.as_str(), decoded(&value, &attribute.shape))
    }))
}

/// The JSON of an attribute value.
fn decoded(value: &Term, shape: &Shape) -> Term {
    match shape {
        Shape::String => value.field("S"),
        Shape::Bool => value.field("BOOL"),
        Shape::Number => Term::call("$number", &value.field("N")),
        Shape::Json => Term::call("$parse", &value.field("S")),
        Shape::Optional(shape) => {
            let null = Term::call("$exists", &value.field("NULL"));
            let there = Term::call("$exists", value).operator("and", &Term::call("$not", &null));
            Term::conditional(&there, &decoded(value, shape), &Term::null())
        }
        Shape::List(shape) => list(&value.field("L"), shape),
        Shape::Object(fields) => item(&value.field("M"), fields),
        Shape::Map(shape) => map(&value.field("M"), shape),
    }
}

/// The items. `$map` would take a list that is the only item out of its list, and brackets flatten
/// lists: so lists of lists are appended to one by one.
fn list(value: &Term, shape: &Shape) -> Term {
    let item = decoded(&Term::path("$item"), shape);
    if may_be_list(shape) {
        let item = item.bind(value::kept_whole);
        return Term::primary(format!(
            "$reduce({value}, function($list, $item) {{ $append($list, {item}) }}, [])"
        ));
    }
    Term::primary(format!("[$map({value}, function($item) {{ {item} }})]"))
}

fn map(value: &Term, shape: &Shape) -> Term {
    let entry = decoded(&Term::path("$entry"), shape);
    Term::primary(format!(
        "$merge([$each({value}, function($entry, $name) {{ {{$name: {entry}}} }})])"
    ))
}

fn may_be_list(shape: &Shape) -> bool {
    match shape {
        Shape::List(_) | Shape::Json => true,
        Shape::Optional(shape) => may_be_list(shape),
        Shape::String | Shape::Number | Shape::Bool | Shape::Object(_) | Shape::Map(_) => false,
    }
}
