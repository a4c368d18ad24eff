//! A template read back, tags in their long form (`{"Fn::GetAtt": …}`).

use std::sync::OnceLock;

use saga_asl::syntax::{Format, parse};
use serde_json::Value;

use super::command::Saga;

/// A template's resources.
pub struct Template(Value);

impl Template {
    /// What `saga-cli generate` makes of the fare example.
    pub fn of_fare_processing() -> &'static Self {
        static TEMPLATE: OnceLock<Template> = OnceLock::new();
        TEMPLATE.get_or_init(|| Self::of("fare-processing"))
    }

    /// What `saga-cli generate` makes of a package.
    pub fn of(package: &str) -> Self {
        let generate = Saga::new(&format!("generate -p {package}"));
        Self::read(&generate.run().success())
    }

    /// What stands in a template.
    pub fn read(text: &str) -> Self {
        let tree = parse(text, Format::Yaml);
        assert!(tree.errors.is_empty(), "{:?}", tree.errors);
        Self(serde_json::to_value(tree.root.to_value()).unwrap())
    }

    /// The resources of a type, by logical id.
    pub fn resources<'a>(&'a self, of: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let resources = self.0["Resources"].as_object().unwrap();
        resources
            .iter()
            .filter(move |(_, resource)| resource["Type"] == of)
            .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    /// What holds for every function.
    pub fn of_all_functions(&self) -> &Value {
        &self.0["Globals"]["Function"]
    }

    /// The checks of a scanner that resources are excepted from, each with its reason.
    pub fn exceptions(&self) -> impl Iterator<Item = &Value> {
        let resources = self.0["Resources"].as_object().unwrap().values();
        let skipped = resources.filter_map(|resource| resource.pointer("/Metadata/checkov/skip"));
        skipped.flat_map(|skipped| skipped.as_array().unwrap())
    }

    /// The properties of a resource.
    #[track_caller]
    pub fn properties(&self, id: &str) -> &Value {
        let properties = &self.0["Resources"][id]["Properties"];
        assert!(properties.is_object(), "no resource `{id}`");
        properties
    }

    /// An output.
    pub fn output(&self, name: &str) -> &Value {
        &self.0["Outputs"][name]
    }

    /// The saga's state machine: the one that recovers it is another.
    #[track_caller]
    pub fn machine(&self) -> &Value {
        let machines = self.resources("AWS::StepFunctions::StateMachine");
        let mut machines = machines.filter(|(id, _)| !id.ends_with("Recovery"));
        let (_, machine) = machines.next().unwrap();
        assert!(machines.next().is_none(), "several state machines");
        machine
    }

    /// The states of its definition, by name.
    pub fn states(&self) -> &serde_json::Map<String, Value> {
        self.machine()["Definition"]["States"].as_object().unwrap()
    }

    /// A state of its definition.
    #[track_caller]
    pub fn state(&self, name: &str) -> &Value {
        let states = self.states();
        states
            .get(name)
            .unwrap_or_else(|| panic!("no state `{name}` among {:?}", states.keys()))
    }
}

/// The logical id that a value refers to: `{"Ref": id}` or `{"Fn::GetAtt": [id, …]}` or `id.Arn`.
pub fn referred(value: &Value) -> Option<String> {
    let named = value
        .get("Ref")
        .or_else(|| value.get("Fn::GetAtt").map(|of| of.get(0).unwrap_or(of)))?;
    Some(named.as_str()?.split('.').next()?.to_owned())
}
