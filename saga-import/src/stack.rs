//! SAM and CloudFormation templates: which state machines they hold, and what stands around them.
//!
//! A definition in a template names resources by placeholders and intrinsic functions. Here each becomes `${LogicalId}`, so
//! that what a saga calls is named after the resource, and a table's key is what its resource says.

mod intrinsic;
mod report;
mod weakness;

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::document;
use saga_asl::json::{Object, Value};
use saga_asl::syntax::{self, Format, Position, Tree};

pub(crate) use self::intrinsic::Resolve;
pub use self::report::Report;
use crate::refusal::Places;
use crate::service::table::Keys;

/// What is known around a definition.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The logical id of the state machine, where the text is the template itself.
    pub(crate) machine: Option<String>,
    pub(crate) resolve: Resolve,
    /// By what the definition calls each table.
    pub(crate) keys: BTreeMap<String, Keys>,
    /// By what the definition calls each function.
    pub(crate) functions: BTreeMap<String, Function>,
}

impl Context {
    /// The same, where the definition is in a file of its own, whatever the template says.
    #[must_use]
    pub fn of_a_file(mut self) -> Self {
        self.machine = None;
        self
    }
}

/// A function, as its resource states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Function {
    /// Seconds.
    pub(crate) timeout: Option<u64>,
    pub(crate) memory_mib: Option<u64>,
}

/// A template.
#[derive(Debug)]
pub struct Stack {
    resources: Object,
    globals: Value,
    machines: Vec<Machine>,
    positions: BTreeMap<String, Position>,
}

/// A state machine of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its logical id.
    pub id: String,
    /// The file that holds its definition, relative to the template; none where the template does.
    pub file: Option<String>,
}

impl Stack {
    /// Reads a template; nothing where the text is none.
    #[must_use]
    pub fn read(text: &str, format: Format) -> Option<Self> {
        let tree = syntax::parse(text, format);
        let Value::Object(resources) = tree.root.get("Resources")?.to_value() else {
            return None;
        };
        let machines = machines(text, &tree);
        let places = Places::new(text, &tree.root);
        let position = |id: &String| {
            let pointer = format!("/Resources/{}", syntax::escape(id));
            (id.clone(), places.position(&pointer))
        };
        let positions = resources.keys().map(position).collect();
        let globals = tree
            .root
            .get("Globals")
            .map_or(Value::Null, |globals| globals.to_value());
        Some(Self {
            resources,
            globals,
            machines,
            positions,
        })
    }

    /// Its state machines, in the order of the text.
    #[must_use]
    pub fn machines(&self) -> &[Machine] {
        &self.machines
    }

    /// What it says around one of its state machines, whose definition is in the template or in a file of its own.
    #[must_use]
    pub fn context(&self, machine: &Machine) -> Context {
        let substitutions = self.property(&machine.id, "DefinitionSubstitutions");
        let ids: BTreeSet<String> = self.resources.keys().cloned().collect();
        let resolve = Resolve::new(substitutions, ids);
        let mut context = Context {
            machine: machine.file.is_none().then(|| machine.id.clone()),
            resolve,
            ..Context::default()
        };
        for (id, resource) in &self.resources {
            let called = format!("${{{id}}}");
            match kind(resource) {
                "AWS::DynamoDB::Table" | "AWS::Serverless::SimpleTable" => {
                    let Some(keys) = self.keys(id) else { continue };
                    let name = self.property(id, "TableName").and_then(Value::as_str);
                    context
                        .keys
                        .extend(name.map(|name| (name.to_owned(), keys.clone())));
                    context.keys.insert(called, keys);
                }
                "AWS::Serverless::Function" | "AWS::Lambda::Function" => {
                    let function = Function {
                        timeout: self.number(id, "Timeout"),
                        memory_mib: self.number(id, "MemorySize"),
                    };
                    context.functions.insert(called, function);
                }
                _ => {}
            }
        }
        context
    }

    /// The key that a table's resource states.
    fn keys(&self, id: &str) -> Option<Keys> {
        let Some(Value::Array(schema)) = self.property(id, "KeySchema") else {
            // A simple table's key is `id`, if nothing else is said (SAM specification, `AWS::Serverless::SimpleTable`).
            let is_simple =
                self.resources.get(id).map(kind) == Some("AWS::Serverless::SimpleTable");
            let name = self
                .property(id, "PrimaryKey")
                .and_then(|key| key.get("Name"));
            let name = name.and_then(Value::as_str).unwrap_or("id").to_owned();
            return is_simple.then_some(Keys {
                partition: name,
                sort: None,
            });
        };
        let named = |wanted: &str| {
            let of = |key: &&Value| key.get("KeyType").and_then(Value::as_str) == Some(wanted);
            let name = schema.iter().find(of)?.get("AttributeName")?.as_str()?;
            Some(name.to_owned())
        };
        Some(Keys {
            partition: named("HASH")?,
            sort: named("RANGE"),
        })
    }

    fn property(&self, id: &str, name: &str) -> Option<&Value> {
        self.resources.get(id)?.get("Properties")?.get(name)
    }

    /// A number that a function or the template's `Globals` state.
    fn number(&self, id: &str, name: &str) -> Option<u64> {
        let global = || self.globals.get("Function")?.get(name);
        match self.property(id, name).or_else(global)? {
            Value::Number(number) => number.as_u64(),
            _ => None,
        }
    }
}

/// The state machines of a template, in the order of its text.
fn machines(text: &str, tree: &Tree<'_>) -> Vec<Machine> {
    let document = document::read(text, tree);
    let id = |pointer: &str| pointer.split('/').nth(2).unwrap_or_default().to_owned();
    let inside = document
        .definitions
        .iter()
        .filter(|definition| definition.embedding.is_some());
    let inside = inside.map(|definition| Machine {
        id: id(&definition.pointer),
        file: None,
    });
    let outside = document.references.iter().map(|reference| Machine {
        id: id(&reference.pointer),
        file: Some(reference.path.clone()),
    });
    let mut machines: Vec<Machine> = inside.chain(outside).collect();
    let resources = tree
        .root
        .get("Resources")
        .map_or(&[][..], |all| all.members());
    let place = |machine: &Machine| {
        resources
            .iter()
            .position(|resource| resource.name.text == machine.id)
    };
    machines.sort_by_key(place);
    machines
}

/// The type of a resource.
fn kind(resource: &Value) -> &str {
    resource
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or_default()
}
