//! Evaluates a manifest's expression on a saga's input.

use saga_manifest::expr::{Expr, ObjectField, PickedField, Presence};
use serde_json::{Map, Value};

/// The expression's value.
pub fn evaluate(expr: &Expr, input: &Value) -> Value {
    match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Input => input.clone(),
        Expr::Field { of, name, presence } => field(&evaluate(of, input), name, presence),
        Expr::IfPresent {
            value,
            then,
            otherwise,
        } => match evaluate(value, input) {
            Value::Null => evaluate(otherwise, input),
            _ => evaluate(then, input),
        },
        Expr::Pick { of, fields } => {
            let of = evaluate(of, input);
            let pick = |PickedField { name, presence }: &PickedField| {
                (name.clone(), field(&of, name, presence))
            };
            fields.iter().map(pick).collect::<Map<_, _>>().into()
        }
        Expr::Object(fields) => object(fields, input),
        Expr::List(items) => items.iter().map(|item| evaluate(item, input)).collect(),
        other => panic!("no step has an output here: {other:?}"),
    }
}

fn field(of: &Value, name: &str, presence: &Presence) -> Value {
    match (of.get(name), presence) {
        (Some(value), _) => value.clone(),
        (None, Presence::Required) => panic!("`{name}` is said to be there: {of}"),
        (None, Presence::Optional) => Value::Null,
        (None, Presence::Default(value)) => value.clone(),
    }
}

fn object(fields: &[ObjectField], input: &Value) -> Value {
    let mut object = Map::new();
    for field in fields {
        let value = evaluate(&field.value, input);
        if !(field.skip_null && value.is_null()) {
            let known = object.insert(field.name.clone(), value);
            assert_eq!(known, None, "`{}` is written twice", field.name);
        }
    }
    object.into()
}
