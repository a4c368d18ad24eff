//! What is deployed, as far as executions in flight depend on it.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::document;
use saga_asl::outline::Outline;
use saga_asl::recovery::Recovery;
use saga_asl::syntax::{self, Format, Node, Tree};
use saga_manifest::Manifest;
use saga_manifest::saga::Data;
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::{compile, logical_id};

/// A package as it is deployed, or a definition.
#[derive(Debug, Default)]
pub struct Deployed {
    pub(super) machines: BTreeMap<String, Machine>,
    pub(super) functions: BTreeMap<String, Function>,
    /// Other resources that executions use, by type.
    pub(super) stores: BTreeMap<String, String>,
    /// Whether it is a whole template: a lone definition says nothing of what is around it.
    pub(super) is_stack: bool,
}

/// Why a text says nothing of what is deployed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is neither JSON nor YAML.
    #[error("{0}")]
    Malformed(String),
    /// It holds no state machine.
    #[error("it holds no state machine")]
    NoMachine,
}

/// A state machine.
#[derive(Debug, Default)]
pub(super) struct Machine {
    /// `STANDARD` or `EXPRESS`.
    pub(super) kind: String,
    /// The file beside the template that holds the definition.
    file: Option<String>,
    /// Every state by name, those of branches and items too.
    pub(super) states: BTreeMap<String, Value>,
    /// The names of those on a way to success that no failure leads to.
    pub(super) forward: BTreeSet<String>,
    /// The names of the states that undo each effect: inferred, for the language has no word for it.
    pub(super) undos: BTreeMap<String, BTreeSet<String>>,
    /// The definition as one text.
    pub(super) text: String,
    /// What it names outside itself: logical ids, and `Function.Version`.
    pub(super) uses: BTreeSet<String>,
    /// What its role allows.
    pub(super) grants: BTreeSet<Grant>,
    /// What it is started with.
    pub(super) input: Option<Value>,
}

/// An action, and on what, as the template writes it.
pub(super) type Grant = (String, String);

/// A function.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// Seconds.
    pub(super) timeout: Option<u64>,
    pub(super) grants: BTreeSet<Grant>,
    /// JSON Schemas of what it takes and answers, where they are known.
    pub(super) data: Option<(Value, Value)>,
}

impl Deployed {
    /// Reads a definition, or a SAM or CloudFormation template, as JSON or YAML. `name` is what a definition is
    /// called.
    ///
    /// # Errors
    /// When the text cannot be read, or holds no state machine.
    pub fn of_text(name: &str, text: &str) -> Result<Self, Unreadable> {
        let tree = parsed(text)?;
        let root = value(&tree.root);
        let mut deployed = Self::default();
        let resources = root.get("Resources");
        if let Some(resources) = resources.filter(|resources| resources.is_object()) {
            deployed.is_stack = true;
            deployed.add_stack(resources);
            for definition in document::read(text, &tree).definitions {
                let path = definition.pointer.strip_prefix("/Resources/");
                let id = path.and_then(|path| path.split('/').next());
                if let Some(machine) = id.and_then(|id| deployed.machines.get_mut(id)) {
                    machine.define(&definition.root);
                }
            }
        } else if is_definition(&root) {
            let mut machine = Machine::default();
            machine.define(&tree.root);
            deployed.machines.insert(name.to_owned(), machine);
        }
        if deployed.machines.is_empty() {
            return Err(Unreadable::NoMachine);
        }
        Ok(deployed)
    }

    /// The state machines whose definitions are files beside the template: their logical ids, and the files as the
    /// template names them.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let machines = self.machines.iter();
        let named = machines.filter_map(|(id, machine)| Some((id.clone(), machine.file.clone()?)));
        named.collect()
    }

    /// Adds what such a file holds. A state machine that the template has not is left out.
    ///
    /// # Errors
    /// When the text is no definition.
    pub fn define(&mut self, id: &str, text: &str) -> Result<(), Unreadable> {
        let tree = parsed(text)?;
        if !is_definition(&value(&tree.root)) {
            return Err(Unreadable::NoMachine);
        }
        if let Some(machine) = self.machines.get_mut(id) {
            machine.define(&tree.root);
        }
        Ok(())
    }

    /// What a manifest's package is deployed as, with the shapes of its data.
    ///
    /// # Errors
    /// What keeps it from being compiled.
    pub fn of_manifest(manifest: &Manifest, options: &Options) -> Result<Self, Vec<Diagnostic>> {
        let output = compile(manifest, options)?;
        let failed = |why: String| vec![Diagnostic::new(why, "this is a defect of saga-compiler")];
        let text = output.template.to_text();
        let text = text.map_err(|error| failed(error.to_string()))?;
        let deployed = Self::of_text("", &text).map_err(|error| failed(error.to_string()));
        let mut deployed = match deployed {
            // A package without sagas.
            Err(_) if manifest.sagas.is_empty() => Self::default(),
            read => read?,
        };
        let schema = |data: &Data| data.schema.clone();
        for handler in &manifest.handlers {
            let id = logical_id::function(&handler.name);
            if let Some(function) = deployed.functions.get_mut(&id) {
                function.data = Some((schema(&handler.input), schema(&handler.output)));
            }
        }
        for saga in &manifest.sagas {
            let id = logical_id::state_machine(&saga.name);
            if let Some(machine) = deployed.machines.get_mut(&id) {
                machine.input = Some(schema(&saga.input));
            }
        }
        Ok(deployed)
    }

    /// The state machine that recovers another's executions, if one does.
    pub(super) fn recovery_of(&self, machine: &str) -> Option<&Machine> {
        let saga = machine.strip_suffix("StateMachine")?;
        self.machines.get(&logical_id::recovery(saga))
    }

    fn add_stack(&mut self, resources: &Value) {
        for (id, resource) in resources.as_object().into_iter().flatten() {
            let properties = &resource["Properties"];
            match resource["Type"].as_str().unwrap_or_default() {
                "AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine" => {
                    let machine = machine(properties, resources);
                    self.machines.insert(id.clone(), machine);
                }
                "AWS::Lambda::Function" | "AWS::Serverless::Function" => {
                    let function = Function {
                        timeout: properties["Timeout"].as_u64(),
                        grants: grants(&properties["Role"], resources),
                        data: None,
                    };
                    self.functions.insert(id.clone(), function);
                }
                kind if is_store(kind) => {
                    self.stores.insert(id.clone(), kind.to_owned());
                }
                _ => {}
            }
        }
    }
}

fn parsed(text: &str) -> Result<Tree<'_>, Unreadable> {
    let tree = syntax::parse(text, Format::guess(text));
    match tree.errors.first() {
        Some(error) => Err(Unreadable::Malformed(error.message.clone())),
        None => Ok(tree),
    }
}

fn is_definition(root: &Value) -> bool {
    root.get("States").is_some_and(Value::is_object)
}

/// Whether executions use resources of that type.
fn is_store(kind: &str) -> bool {
    let kinds = [
        "AWS::DynamoDB::Table",
        "AWS::SQS::Queue",
        "AWS::SNS::Topic",
        "AWS::Events::EventBus",
        "AWS::Serverless::SimpleTable",
    ];
    kinds.contains(&kind)
}

fn machine(properties: &Value, resources: &Value) -> Machine {
    let kind = ["StateMachineType", "Type"];
    let kind = kind.iter().find_map(|field| properties[*field].as_str());
    let role = ["RoleArn", "Role"];
    let role = role.iter().find_map(|field| properties.get(*field));
    let mut uses = BTreeSet::new();
    for field in ["Definition", "DefinitionString", "DefinitionSubstitutions"] {
        add_references(&properties[field], &mut uses);
    }
    Machine {
        kind: kind.unwrap_or("STANDARD").to_owned(),
        file: properties["DefinitionUri"].as_str().map(str::to_owned),
        uses,
        grants: grants(role.unwrap_or(&Value::Null), resources),
        ..Machine::default()
    }
}

impl Machine {
    fn define(&mut self, root: &Node<'_>) {
        let definition = value(root);
        add_states(&definition, &mut self.states);
        self.text = definition.to_string();
        let outline = Outline::new(root);
        let name = |id| outline.state(id).name().to_owned();
        let recovery = Recovery::new(&outline);
        let states = outline.states().iter();
        let forward = states.filter(|state| recovery.forward.contains(state.id));
        self.forward = forward.map(|state| state.name().to_owned()).collect();
        for pair in recovery.pairs {
            let undos = self.undos.entry(name(pair.effect)).or_default();
            undos.extend(pair.compensations.into_iter().map(name));
        }
    }
}

fn add_states(machine: &Value, found: &mut BTreeMap<String, Value>) {
    for (name, state) in machine["States"].as_object().into_iter().flatten() {
        found.insert(name.clone(), state.clone());
        let branches = state["Branches"].as_array().into_iter().flatten();
        let items = ["ItemProcessor", "Iterator"].map(|field| &state[field]);
        branches
            .chain(items)
            .for_each(|inner| add_states(inner, found));
    }
}

/// Every logical id that a value refers to, the attribute kept where it is a function's version.
fn add_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| add_references(item, found)),
        Value::Object(fields) => {
            for (name, inner) in fields {
                match (name.as_str(), inner) {
                    // SAM's `Function.Version` and `Function.Alias` too: both say which code is called.
                    ("Ref", Value::String(id)) => {
                        found.insert(id.clone());
                        found.extend(first(id, '.'));
                    }
                    ("Fn::GetAtt", Value::String(path)) => found.extend(first(path, '.')),
                    ("Fn::GetAtt", Value::Array(path)) => {
                        found.extend(path.first().and_then(Value::as_str).map(str::to_owned));
                    }
                    ("Fn::Sub", Value::String(text)) => found.extend(substituted(text)),
                    ("Fn::Sub", Value::Array(parts)) => {
                        let text = parts.first().and_then(Value::as_str);
                        found.extend(text.into_iter().flat_map(substituted));
                        parts
                            .iter()
                            .skip(1)
                            .for_each(|part| add_references(part, found));
                    }
                    _ => add_references(inner, found),
                }
            }
        }
        _ => {}
    }
}

fn first(path: &str, separator: char) -> Option<String> {
    path.split(separator).next().map(str::to_owned)
}

fn substituted(text: &str) -> impl Iterator<Item = String> + '_ {
    let names = text.split("${").skip(1);
    names.filter_map(|rest| first(rest.split('}').next()?, '.'))
}

/// What a role of the same template allows.
fn grants(role: &Value, resources: &Value) -> BTreeSet<Grant> {
    let mut ids = BTreeSet::new();
    add_references(role, &mut ids);
    let policies = ids.iter().filter_map(|id| {
        resources
            .get(id)?
            .pointer("/Properties/Policies")?
            .as_array()
    });
    let statements = policies
        .flatten()
        .filter_map(|policy| where_all_holds(policy).pointer("/PolicyDocument/Statement"))
        .flat_map(several);
    statements
        .map(where_all_holds)
        .filter(|statement| statement["Effect"] == "Allow")
        .flat_map(|statement| {
            let on = several(&statement["Resource"]);
            let pairs = several(&statement["Action"])
                .into_iter()
                .flat_map(move |action| {
                    let action = action.as_str().unwrap_or_default().to_owned();
                    on.clone()
                        .into_iter()
                        .map(move |on| (action.clone(), shown(on)))
                });
            pairs.collect::<Vec<_>>()
        })
        .collect()
}

/// What is there where its condition holds.
fn where_all_holds(value: &Value) -> &Value {
    value["Fn::If"].get(1).unwrap_or(value)
}

fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

/// A resource of a policy in one line: `Orders.Arn` for what a template refers to.
fn shown(on: &Value) -> String {
    match on {
        Value::String(text) => text.clone(),
        Value::Object(fields) => match fields.values().next() {
            Some(Value::String(text)) => text.clone(),
            _ => on.to_string(),
        },
        _ => on.to_string(),
    }
}

/// A node as JSON, tags in their long form.
fn value(node: &Node<'_>) -> Value {
    serde_json::to_value(node.to_value()).unwrap_or_default()
}
