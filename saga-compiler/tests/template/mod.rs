//! Templates, read back as YAML.

mod apis;
mod choreography;
mod deployment;
mod fences;
mod functions;
mod machines;
mod queues;
mod recovery;
mod tables;
mod triggers;
mod yaml;

use saga_compiler::yaml::Yaml;
use saga_manifest::Manifest;
use serde_json::{Value, json};

use crate::manifest::compile;

/// A template as JSON: tags as the functions that they are short for.
pub struct Template(Value);

impl Template {
    #[track_caller]
    pub fn of(manifest: &Manifest) -> Self {
        Self(json_of(&compile(manifest).template))
    }

    #[track_caller]
    pub fn resource(&self, id: &str) -> &Value {
        let resources = self.0["Resources"].as_object().unwrap();
        let names = || resources.keys().cloned().collect::<Vec<_>>();
        resources
            .get(id)
            .unwrap_or_else(|| panic!("no `{id}` in {:?}", names()))
    }

    #[track_caller]
    pub fn properties(&self, id: &str) -> &Value {
        &self.resource(id)["Properties"]
    }

    /// The resources of a type, by logical id.
    pub fn resources(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        let resources = self.0["Resources"].as_object().unwrap().iter();
        let found = resources.filter(move |(_, resource)| resource["Type"] == kind);
        found.map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    pub fn section(&self, name: &str) -> &Value {
        &self.0[name]
    }

    /// The statements of a role, where the stack is given no key.
    #[track_caller]
    pub fn statements(&self, role: &str) -> &[Value] {
        let policies = self.properties(role)["Policies"].as_array().unwrap();
        policies[0]["PolicyDocument"]["Statement"]
            .as_array()
            .unwrap()
    }

    /// What a role may do with the key that the stack is given, if it is.
    #[track_caller]
    pub fn key_actions(&self, role: &str) -> Value {
        let policies = self.properties(role)["Policies"].as_array().unwrap();
        policies.get(1).map_or(Value::Null, |policy| {
            let then = &policy["Fn::If"];
            assert_eq!(then[0], "HasKey");
            let statement = &then[1]["PolicyDocument"]["Statement"][0];
            assert_eq!(statement["Resource"], json!({ "Ref": "KmsKeyArn" }));
            statement["Action"].clone()
        })
    }
}

pub fn json_of(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Number(number) => serde_json::from_str(number.as_str()).unwrap(),
        Yaml::String(text) => json!(text),
        Yaml::List(items) => items.iter().map(json_of).collect(),
        Yaml::Map(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), json_of(value)))
            .collect(),
        Yaml::Tagged("!Ref", value) => json!({ "Ref": json_of(value) }),
        Yaml::Tagged(tag, value) => {
            json!({ format!("Fn::{}", tag.trim_start_matches('!')): json_of(value) })
        }
        Yaml::Commented(value, _) => json_of(value),
    }
}
