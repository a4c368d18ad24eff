//! What an expression means, from the words of the manifest alone.

use saga_manifest::expr::{Expr, PickedField, Presence};
use serde_json::{Map, Value};

use super::World;

/// The value of an expression: what is absent is null.
pub(super) fn value(expr: &Expr, world: &World) -> Value {
    match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Input => world.input.clone(),
        Expr::SagaId => "arn:saga".into(),
        Expr::Output(step) | Expr::MaybeOutput(step) => world.output(step).clone(),
        Expr::Element { of, index } => value(of, world)
            .get(*index as usize)
            .cloned()
            .unwrap_or_default(),
        Expr::Item(_) | Expr::ItemIndex(_) => Value::Null,
        Expr::Field { of, name, presence } => read(&value(of, world), name, presence),
        Expr::IfPresent {
            value: looked_at,
            then,
            otherwise,
        } => {
            let branch = if value(looked_at, world).is_null() {
                otherwise
            } else {
                then
            };
            value(branch, world)
        }
        Expr::Pick { of, fields } => {
            let of = value(of, world);
            let fields = fields.iter();
            let picked = fields
                .map(|PickedField { name, presence }| (name.clone(), read(&of, name, presence)));
            Value::Object(picked.collect())
        }
        Expr::Object(fields) => {
            let mut object = Map::new();
            for field in fields {
                let value = value(&field.value, world);
                if !(field.skip_null && value.is_null()) {
                    object.insert(field.name.clone(), value);
                }
            }
            Value::Object(object)
        }
        Expr::List(items) => items.iter().map(|item| value(item, world)).collect(),
    }
}

fn read(object: &Value, name: &str, presence: &Presence) -> Value {
    match (object.get(name), presence) {
        (Some(value), _) => value.clone(),
        (None, Presence::Default(default)) => default.clone(),
        (None, _) => Value::Null,
    }
}
