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
        let Some(Yaml::Map(resources)) = template.get("Resources") else {
            panic!("a template has resources");
        };
        let of_type = |kind: &str| {
            let of_kind = Yaml::from(kind);
            let resources = resources.iter();
            resources
                .filter(move |(_, resource)| resource.get("Type") == Some(&of_kind))
                .map(|(id, resource)| (id, resource.get("Properties").unwrap()))
                .collect::<Vec<_>>()
        };
        let functions = of_type("AWS::Serverless::Function");
        let handlers: BTreeMap<String, String> = functions
            .into_iter()
            .map(|(id, function)| {
                let handler = json(function.get("Handler").unwrap());
                (format!("{id}.Arn"), handler.as_str().unwrap().to_owned())
            })
            .collect();
        let rules = of_type("AWS::Events::Rule").into_iter().map(|(_, rule)| {
            let pattern = Pattern::read(&json(rule.get("EventPattern").unwrap())).unwrap();
            let targets = json(rule.get("Targets").unwrap());
            let target = targets[0]["Arn"].as_str().unwrap().to_owned();
            (pattern, handlers[&target].clone())
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

/// A node without its tags and remarks.
fn json(yaml: &Yaml) -> Value {
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
