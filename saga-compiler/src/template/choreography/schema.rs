//! The schemas of events, for those who subscribe: the envelope, and what a handler is handed as `data`.

use saga_choreography::{Action, Choreography};
use saga_manifest::task::Task;
use serde_json::{Map, Value, json};

use super::super::stack::Stack;
use super::super::{resource, tags};
use super::calls;
use crate::checked::Resources;
use crate::logical_id;
use crate::yaml::{Yaml, map};

/// The registry.
const REGISTRY: &str = "SagaSchemas";

/// The version that the registry takes. What newer ones have is written in its words.
const DRAFT: &str = "http://json-schema.org/draft-04/schema#";

pub(super) fn add(choreography: &Choreography, resources: &Resources<'_>, stack: &mut Stack<'_>) {
    let saga = choreography.saga();
    if !stack.has(REGISTRY) {
        let properties = map([
            ("Description", Yaml::from("The events of sagas.")),
            ("Tags", tags::as_list(stack.options, None)),
        ]);
        let registry = resource("AWS::EventSchemas::Registry", [], properties);
        stack.resource(REGISTRY.to_owned(), registry, &saga.place);
    }
    for (step, undo, call) in calls(choreography) {
        let Task::Lambda { handler, .. } = &call.task else {
            continue;
        };
        let Some(handler) = resources.handlers.get(handler.as_str()) else {
            continue;
        };
        let (action, verb) = match undo {
            false => (Action::Do, "Do"),
            true => (Action::Undo, "Undo"),
        };
        let schema = envelope(action, step, &handler.input.schema);
        let about = format!(
            "{} {step} of {}.",
            if undo { "Undo" } else { "Do" },
            saga.name
        );
        add_one(
            &format!("{}{verb}{step}", saga.name),
            &about,
            &schema,
            choreography,
            stack,
        );
    }
    let completed = envelope_of(Action::Completed, &saga.output.schema, None);
    let about = format!("{} is completed: its output.", saga.name);
    add_one(
        &format!("{}Completed", saga.name),
        &about,
        &completed,
        choreography,
        stack,
    );
    let compensated = envelope_of(Action::Compensated, &error(), None);
    let about = format!("{} is compensated: the first error.", saga.name);
    add_one(
        &format!("{}Compensated", saga.name),
        &about,
        &compensated,
        choreography,
        stack,
    );
}

fn add_one(
    name: &str,
    about: &str,
    schema: &Value,
    choreography: &Choreography,
    stack: &mut Stack<'_>,
) {
    let saga = choreography.saga();
    let properties = map([
        ("RegistryName", Yaml::attribute(REGISTRY, "RegistryName")),
        (
            "SchemaName",
            Yaml::from(format!("saga.{}@{name}", saga.name)),
        ),
        ("Type", "JSONSchemaDraft4".into()),
        ("Description", about.into()),
        ("Content", Yaml::from(schema.to_string())),
        ("Tags", tags::as_list(stack.options, Some(&saga.name))),
    ]);
    let id = logical_id::of(name, "Schema");
    let schema = resource("AWS::EventSchemas::Schema", [], properties);
    stack.resource(id, schema, &saga.place);
}

fn envelope(action: Action, step: &str, data: &Value) -> Value {
    envelope_of(action, data, Some(step))
}

/// The envelope with this data. A schema's own definitions move to the root, where its references look for them.
fn envelope_of(action: Action, data: &Value, step: Option<&str>) -> Value {
    let mut data = draft4(data);
    let definitions = data
        .as_object_mut()
        .and_then(|data| data.remove("definitions"));
    let text = || json!({ "type": "string" });
    let mut properties = Map::from_iter([
        ("specversion".to_owned(), json!({ "enum": ["1.0"] })),
        ("action".to_owned(), json!({ "enum": [action.name()] })),
        (
            "attempt".to_owned(),
            json!({ "type": "integer", "minimum": 0 }),
        ),
        (
            "redrive".to_owned(),
            json!({ "type": "integer", "minimum": 0 }),
        ),
        ("data".to_owned(), data),
    ]);
    let texts = [
        "id",
        "source",
        "type",
        "saga",
        "sagaid",
        "sagaversion",
        "causationid",
        "entered",
    ];
    properties.extend(texts.map(|name| (name.to_owned(), text())));
    if let Some(step) = step {
        properties.insert("step".to_owned(), json!({ "enum": [step] }));
    }
    let mut required: Vec<_> = properties.keys().cloned().collect();
    required.sort();
    let mut schema = json!({
        "$schema": DRAFT,
        "type": "object",
        "properties": properties,
        "required": required,
    });
    if let (Some(definitions), Some(schema)) = (definitions, schema.as_object_mut()) {
        schema.insert("definitions".to_owned(), definitions);
    }
    schema.sort_all_objects();
    schema
}

fn error() -> Value {
    let text = || json!({ "type": "string" });
    json!({
        "type": "object",
        "properties": { "step": text(), "name": text(), "message": text() },
        "required": ["step", "name", "message"],
    })
}

/// The same schema in the words of draft 4.
fn draft4(schema: &Value) -> Value {
    match schema {
        Value::Bool(true) => json!({}),
        Value::Bool(false) => json!({ "not": {} }),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| *name != "$schema");
            fields.map(keyword).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

fn keyword((name, value): (&String, &Value)) -> (String, Value) {
    let each = |fields: &Map<String, Value>| -> Value {
        let fields = fields.iter();
        fields
            .map(|(name, schema)| (name.clone(), draft4(schema)))
            .collect::<Map<_, _>>()
            .into()
    };
    match (name.as_str(), value) {
        ("$defs" | "definitions", Value::Object(fields)) => {
            ("definitions".to_owned(), each(fields))
        }
        ("properties" | "patternProperties", Value::Object(fields)) => (name.clone(), each(fields)),
        ("$ref", Value::String(to)) => (
            name.clone(),
            to.replace("#/$defs/", "#/definitions/").into(),
        ),
        ("const", value) => ("enum".to_owned(), json!([value])),
        ("allOf" | "anyOf" | "oneOf", Value::Array(schemas)) => {
            (name.clone(), schemas.iter().map(draft4).collect())
        }
        ("items" | "additionalProperties" | "not", Value::Object(_)) => {
            (name.clone(), draft4(value))
        }
        _ => (name.clone(), value.clone()),
    }
}
