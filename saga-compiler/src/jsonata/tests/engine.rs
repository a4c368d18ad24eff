//! Runs JSONata.

use jsonata_core::evaluator::{Context, Evaluator};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use saga_asl::json::Value as Json;
use serde_json::{Value, json};

use super::{MAP, STEPS, World, variables};
use crate::checked::variables::{Fact, Variable};

/// The value of an expression; nothing where it is undefined.
pub(super) fn evaluate(text: &str, world: &World) -> Option<Value> {
    let tree = parser::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut evaluator = evaluator(world);
    let value = evaluator
        .evaluate(&tree, &JValue::Undefined)
        .unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let text = (!value.is_undefined()).then(|| value.to_json_string().unwrap())?;
    Some(serde_json::from_str(&text).unwrap())
}

/// The value of an expression that reads a variable.
pub(crate) fn with_variable(text: &str, name: &str, value: &Value) -> Value {
    let tree = parser::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut context = Context::new();
    context.bind(name.to_owned(), of(value));
    let value = Evaluator::with_context(context).evaluate(&tree, &JValue::Undefined);
    serde_json::from_str(&value.unwrap().to_json_string().unwrap()).unwrap()
}

/// The value of a template: its leaves evaluated where they are expressions.
pub(super) fn fill(template: &Json, world: &World) -> Value {
    match template {
        Json::String(text) => match text.strip_prefix("{%").and_then(|t| t.strip_suffix("%}")) {
            Some(text) => evaluate(text, world).unwrap_or_else(|| panic!("undefined: {text}")),
            None => Value::from(text.as_str()),
        },
        Json::Array(items) => items.iter().map(|item| fill(item, world)).collect(),
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), fill(value, world)))
            .collect(),
        other => other.into(),
    }
}

fn evaluator(world: &World) -> Evaluator {
    let states = json!({
        "input": {},
        "context": { "Execution": { "Id": "arn:saga", "Input": world.input } },
    });
    let mut context = Context::new();
    context.bind("states".into(), of(&states));
    for (step, output) in STEPS.iter().zip(&world.outputs) {
        context.bind(name(Fact::Output(step)), of(output));
    }
    context.bind(name(Fact::Item(MAP)), of(&world.item));
    let index = of(&world.index.into());
    context.bind(name(Fact::Index(MAP)), index);
    let mut evaluator = Evaluator::with_context(context);
    // Step Functions adds this function to the language.
    let parse = |arguments: &[JValue]| {
        let text = arguments.first().and_then(JValue::as_str).unwrap();
        Ok(JValue::from_json_str(text).unwrap())
    };
    evaluator.register_fn("parse", parse).unwrap();
    evaluator
}

fn of(value: &Value) -> JValue {
    JValue::from_json_str(&value.to_string()).unwrap()
}

/// The name of the variable that holds what is known.
fn name(fact: Fact<'_>) -> String {
    let variable = Variable { fact, by: None };
    variables().name(variable).to_owned()
}
