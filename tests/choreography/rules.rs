//! The rules of a template, as the bus goes by them.

use std::collections::BTreeMap;

use saga_compiler::yaml::Yaml;
use saga_local::pattern::Pattern;
use serde_json::Value;

/// Patterns, each with the handler that its target is.
pub struct Rules(Vec<(Pattern, String)>);

impl Rules {
    /// The rules of a template.
    pub fn of(template: &Yaml) -> Self {
        let handlers = handlers(template);
        let rules = of_type(template, "AWS::Events::Rule");
        let rules = rules.into_iter().map(|(id, rule)| {
            let pattern = Pattern::read(&rule["EventPattern"]).unwrap();
            let [target] = rule["Targets"].as_array().unwrap().as_slice() else {
                panic!("{id} leads to one function: {rule}");
            };
            assert!(
                target["DeadLetterConfig"]["Arn"].is_string(),
                "{id}: {target}"
            );
            assert!(target["RetryPolicy"].is_object(), "{id}: {target}");
            (pattern, handlers[target["Arn"].as_str().unwrap()].clone())
        });
        Self(rules.collect())
    }

    /// The handlers that hear an event.
    pub fn targets(&self, envelope: &Value) -> Vec<String> {
        let rules = self
            .0
            .iter()
            .filter(|(pattern, _)| pattern.matches(envelope));
        rules.map(|(_, handler)| handler.clone()).collect()
    }
}

/// The properties of the resources of a type, by logical id.
pub fn of_type(template: &Yaml, kind: &str) -> Vec<(String, Value)> {
    let Some(Yaml::Map(resources)) = template.get("Resources") else {
        panic!("a template has resources");
    };
    let of_kind = Yaml::from(kind);
    let resources = resources.iter();
    resources
        .filter(|(_, resource)| resource.get("Type") == Some(&of_kind))
        .map(|(id, resource)| (id.clone(), json(resource.get("Properties").unwrap())))
        .collect()
}

/// The handlers of functions, by what refers to their ARNs.
pub fn handlers(template: &Yaml) -> BTreeMap<String, String> {
    let functions = of_type(template, "AWS::Serverless::Function").into_iter();
    functions
        .map(|(id, function)| {
            let handler = function["Handler"].as_str().unwrap().to_owned();
            (format!("{id}.Arn"), handler)
        })
        .collect()
}

/// A node without its tags and remarks.
pub fn json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => (*value).into(),
        Yaml::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
        Yaml::String(text) => text.clone().into(),
        Yaml::List(items) => items.iter().map(json).collect(),
        Yaml::Map(fields) => {
            let fields = fields.iter();
            Value::Object(
                fields
                    .map(|(name, value)| (name.clone(), json(value)))
                    .collect(),
            )
        }
        Yaml::Tagged(_, value) | Yaml::Commented(value, _) => json(value),
    }
}
