//! Attribute values there and back.

use saga_manifest::expr::Expr;
use saga_manifest::task::{Attribute, AttributeShape, Shape};
use serde_json::{Value, json};

use super::super::{Term, attribute, item};
use super::random::{Random, assert_same};
use super::{World, engine, scope, variables};

/// A value's attribute value, from DynamoDB's documentation alone.
fn encoded(value: &Value, shape: &Shape) -> Value {
    match shape {
        Shape::String => json!({ "S": value }),
        Shape::Bool => json!({ "BOOL": value }),
        Shape::Number => json!({ "N": value.as_f64().unwrap().to_string() }),
        Shape::Json => json!({ "S": value.to_string() }),
        Shape::Optional(_) if value.is_null() => json!({ "NULL": true }),
        Shape::Optional(shape) => encoded(value, shape),
        Shape::List(shape) => {
            let items = value.as_array().unwrap().iter();
            json!({ "L": items.map(|item| encoded(item, shape)).collect::<Vec<_>>() })
        }
        Shape::Object(fields) => {
            let there = fields
                .iter()
                .filter(|field| !is_left_out(&value[&field.name], field));
            let fields = there.map(|field| {
                (
                    field.name.clone(),
                    encoded(&value[&field.name], &field.shape),
                )
            });
            json!({ "M": fields.collect::<serde_json::Map<_, _>>() })
        }
        Shape::Map(shape) => {
            let entries = value.as_object().unwrap().iter();
            let entries = entries.map(|(name, value)| (name.clone(), encoded(value, shape)));
            json!({ "M": entries.collect::<serde_json::Map<_, _>>() })
        }
    }
}

fn is_left_out(value: &Value, field: &AttributeShape) -> bool {
    matches!(field.shape, Shape::Optional(_)) && value.is_null()
}

/// Numbers as numbers: `$string` and Rust spell some differently.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => match fields.get("N").and_then(Value::as_str) {
            Some(number) => json!({ "N": number.parse::<f64>().unwrap() }),
            None => {
                let fields = fields.iter();
                fields
                    .map(|(name, value)| (name.clone(), plain(value)))
                    .collect()
            }
        },
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(json) if !json.is_string() => json!({ "text of": plain_json(&json) }),
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

fn plain_json(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(items) => items.iter().map(plain_json).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            fields
                .map(|(name, value)| (name.clone(), plain_json(value)))
                .collect()
        }
        other => other.clone(),
    }
}

fn shape(random: &mut Random, depth: usize) -> Shape {
    match random.below(if depth == 0 { 4 } else { 9 }) {
        0 => Shape::String,
        1 => Shape::Number,
        2 => Shape::Bool,
        3 => Shape::Json,
        4 => Shape::Optional(Box::new(shape(random, depth - 1))),
        5 | 6 => Shape::List(Box::new(shape(random, depth - 1))),
        7 => Shape::Map(Box::new(shape(random, depth - 1))),
        _ => {
            let names = ["a", "two words", "c"];
            let fields = names.map(|name| AttributeShape {
                name: name.into(),
                shape: shape(random, depth - 1),
            });
            Shape::Object(fields.into())
        }
    }
}

/// A value of that shape.
fn of_shape(random: &mut Random, shape: &Shape) -> Value {
    match shape {
        Shape::String => random.text().into(),
        Shape::Number => random.number(),
        Shape::Bool => (random.below(2) == 0).into(),
        Shape::Json => random.json(2),
        Shape::Optional(_) if random.below(3) == 0 => Value::Null,
        Shape::Optional(shape) => of_shape(random, shape),
        Shape::List(shape) => (0..random.below(4))
            .map(|_| of_shape(random, shape))
            .collect(),
        Shape::Map(shape) => {
            let entries =
                (0..random.below(3)).map(|_| (random.name().to_owned(), of_shape(random, shape)));
            Value::Object(entries.collect())
        }
        Shape::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|field| (field.name.clone(), of_shape(random, &field.shape)));
            Value::Object(fields.collect())
        }
    }
}

#[test]
fn random_values_are_encoded_as_documented_and_read_back_as_they_were() {
    let variables = variables();
    for seed in 0..1_000 {
        let mut random = Random::new(seed);
        let shape = shape(&mut random, 3);
        let value = of_shape(&mut random, &shape);
        let mut world = random.world();
        world.outputs[0] = json!({ "value": value });
        let expr = Expr::Field {
            of: Box::new(Expr::Output("ChargeFare".into())),
            name: "value".into(),
            presence: saga_manifest::expr::Presence::Optional,
        };
        check(&expr, &shape, &value, &world, variables, seed);
        check(
            &Expr::Literal(value.clone()),
            &shape,
            &value,
            &world,
            variables,
            seed,
        );
    }
}

#[track_caller]
fn check(
    expr: &Expr,
    shape: &Shape,
    value: &Value,
    world: &World,
    variables: &crate::checked::Variables<'_>,
    seed: u64,
) {
    let template = attribute::attribute_value(expr, shape, scope(variables));
    let written = engine::fill(&template, world);
    let what = format!("seed {seed}: {shape:?}\n{value}\n{template}");
    assert_same(&plain(&written), &plain(&encoded(value, shape)), &what);
    let mut stored = world.clone();
    stored.outputs[0] = json!({ "attribute": written });
    let shapes = [AttributeShape {
        name: "attribute".into(),
        shape: shape.clone(),
    }];
    let text = item::item(&Term::path("$chargeFare"), &shapes).to_string();
    let read = engine::evaluate(&text, &stored).unwrap();
    assert_same(&read["attribute"], value, &format!("{what}\n{text}"));
}

#[test]
fn an_optional_attribute_that_is_null_is_left_out_of_the_item() {
    let variables = variables();
    let note = Attribute {
        name: "note".into(),
        shape: Shape::Optional(Box::new(Shape::String)),
        value: Expr::Field {
            of: Box::new(Expr::Input),
            name: "note".into(),
            presence: saga_manifest::expr::Presence::Optional,
        },
    };
    let written = attribute::attributes([&note], scope(variables));
    let mut world = Random::new(1).world();
    for (input, item) in [
        (json!({}), json!({})),
        (json!({ "note": null }), json!({})),
        (json!({ "note": "x" }), json!({ "note": { "S": "x" } })),
    ] {
        world.input = input;
        assert_eq!(engine::fill(&written, &world), item);
    }
}
