//! A compiled saga, made ready to run on this machine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use saga_asl::model::{State, StateMachine, Task};
use saga_compiler::Definition;
use saga_engine::program::Program;
use saga_fence::table::{NAME, VARIABLE};
use saga_manifest::Manifest;
use saga_manifest::handler::{Handler, ResourceKind, SecretSource, VariableValue};
use serde_json::Value;

use super::executions::execution_arn;
use super::names::{substitute, substitutions};
use super::schema::{self, Mismatch};
use crate::lambda::Function;
use crate::{queue_url, topic_arn};

/// The memory of a function that states none, in MiB: the template's default.
const MEMORY: u32 = 128;

/// A saga that can be run.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Its name.
    pub saga: String,
    /// The functions of its package.
    pub functions: Vec<Function>,
    /// The states that do, undo or tell something, in the definition's order, those inside of others among
    /// them: what faults can hit. Those of the state machines that it starts are `Machine/State`.
    pub tasks: Vec<String>,
    /// Those that wait for their token: what can be answered.
    pub callbacks: Vec<String>,
    pub(super) machine: Arc<Machine>,
    /// The state machines that its states can start, by name.
    pub(super) machines: BTreeMap<String, Arc<Machine>>,
    /// The state machines that recover executions, by the names of the sagas.
    pub(super) recoveries: BTreeMap<String, Arc<Machine>>,
    /// The states in which a saga is parked.
    pub(super) parked: BTreeSet<String>,
    schema: Value,
}

/// A state machine.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) name: String,
    pub(super) program: Arc<Program>,
}

/// Why a saga cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// The manifest has no such saga.
    #[error("the package has no saga `{0}`")]
    NoSaga(String),
    /// The definition refers to a resource that the manifest does not declare.
    #[error("the definition names `${{{0}}}`, which stands for nothing here")]
    NoResource(String),
    /// The definition cannot run.
    #[error("the definition cannot run: {0}")]
    Definition(String),
    /// A variable's value is a parameter of the template, and none was given.
    #[error("the handler `{handler}` needs the template's parameter `{parameter}`")]
    NoParameter {
        /// The handler.
        handler: String,
        /// The parameter.
        parameter: String,
    },
}

impl Prepared {
    /// Prepares a saga of a package that was compiled, with the package's other sagas for its states to start.
    ///
    /// # Errors
    /// As [`new`](Self::new) has them, and when there is no such saga.
    pub fn of(
        manifest: &Manifest,
        saga: &str,
        definitions: &[Definition],
        parameters: &BTreeMap<String, String>,
    ) -> Result<Self, PrepareError> {
        let own = definitions
            .iter()
            .find(|definition| definition.saga == saga);
        let own = own.ok_or_else(|| PrepareError::NoSaga(saga.into()))?;
        let mut alone = Self::new(manifest, saga, &own.machine, parameters)?;
        for definition in definitions {
            if let Some(recovery) = &definition.recovery {
                let (_, program) = compile(manifest, recovery)?;
                let name = format!("{}Recovery", definition.saga);
                let machine = Arc::new(Machine { name, program });
                alone.recoveries.insert(definition.saga.clone(), machine);
            }
        }
        definitions.iter().try_fold(alone, |saga, definition| {
            saga.with_machine(manifest, &definition.saga, &definition.machine)
        })
    }

    /// Prepares a saga of a package from its definition as it was compiled. `parameters` are the values of
    /// the template's parameters that handlers' variables refer to.
    ///
    /// # Errors
    /// When manifest and definition do not fit together, or a parameter has no value.
    pub fn new(
        manifest: &Manifest,
        saga: &str,
        definition: &StateMachine,
        parameters: &BTreeMap<String, String>,
    ) -> Result<Self, PrepareError> {
        let declared = manifest.sagas.iter().find(|declared| declared.name == saga);
        let declared = declared.ok_or_else(|| PrepareError::NoSaga(saga.into()))?;
        let (machine, program) = compile(manifest, definition)?;
        let functions = manifest
            .handlers
            .iter()
            .map(|handler| function(handler, parameters));
        let steps = declared.body.all_steps().into_iter();
        let steps = steps.map(|step| &step.name);
        Ok(Self {
            saga: saga.into(),
            functions: functions.collect::<Result<_, _>>()?,
            tasks: tasks(&machine, &|_| true),
            callbacks: tasks(&machine, &waits_for_token),
            machine: Arc::new(Machine {
                name: saga.into(),
                program,
            }),
            machines: BTreeMap::new(),
            recoveries: BTreeMap::new(),
            parked: steps
                .flat_map(|name| [format!("{name}Parked"), format!("Undo{name}Parked")])
                .chain(parked(&tasks(&machine, &|_| true)))
                .collect(),
            schema: declared.input.schema.clone(),
        })
    }

    /// The same with another state machine of the package, which states can start by its ARN.
    ///
    /// # Errors
    /// When the definition does not fit the manifest, or cannot run.
    pub fn with_machine(
        mut self,
        manifest: &Manifest,
        name: &str,
        definition: &StateMachine,
    ) -> Result<Self, PrepareError> {
        let (machine, program) = compile(manifest, definition)?;
        let inside = |names: Vec<String>| -> Vec<String> {
            let named = names.into_iter().map(|state| format!("{name}/{state}"));
            named.collect()
        };
        // A saga that starts itself has its own states already.
        if name != self.saga {
            self.tasks.extend(inside(tasks(&machine, &|_| true)));
            self.callbacks
                .extend(inside(tasks(&machine, &waits_for_token)));
        }
        let machine = Machine {
            name: name.into(),
            program,
        };
        self.machines.insert(name.into(), Arc::new(machine));
        Ok(self)
    }

    /// The ARN of an execution: the saga's id.
    #[must_use]
    pub fn execution_arn(&self, execution: &str) -> String {
        execution_arn(&self.saga, execution)
    }

    /// Checks an input with the saga's schema.
    ///
    /// # Errors
    /// Every place where it does not fit.
    pub fn check_input(&self, input: &Value) -> Result<(), Vec<Mismatch>> {
        let found = schema::mismatches(&self.schema, input);
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

fn listed<E: ToString>(errors: &[E]) -> String {
    errors
        .iter()
        .map(E::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

fn compile(
    manifest: &Manifest,
    definition: &StateMachine,
) -> Result<(StateMachine, Arc<Program>), PrepareError> {
    let named = substitute(&definition.to_value(), &substitutions(manifest))
        .map_err(PrepareError::NoResource)?;
    let machine = StateMachine::from_value(&named)
        .map_err(|errors| PrepareError::Definition(listed(&errors)))?;
    let program =
        Program::compile(&machine).map_err(|errors| PrepareError::Definition(listed(&errors)))?;
    Ok((machine, Arc::new(program)))
}

/// The names of a machine's tasks of which something holds, in the order of the text.
fn tasks(machine: &StateMachine, holds: &dyn Fn(&Task) -> bool) -> Vec<String> {
    let mut names = Vec::new();
    collect(&machine.states, holds, &mut names);
    names
}

fn collect(
    states: &IndexMap<String, State>,
    holds: &dyn Fn(&Task) -> bool,
    names: &mut Vec<String>,
) {
    for (name, state) in states {
        match state {
            State::Task(task) if holds(task) => names.push(name.clone()),
            State::Parallel(parallel) => {
                for branch in &parallel.branches {
                    collect(&branch.states, holds, names);
                }
            }
            State::Map(map) => {
                for inside in map.item_processor.iter().chain(&map.iterator) {
                    collect(&inside.states, holds, names);
                }
            }
            _ => {}
        }
    }
}

/// The parked states of all tries and chains: each repeats the state that it is named after.
fn parked(tasks: &[String]) -> BTreeSet<String> {
    let repeats = |name: &&str| {
        let first = name.strip_suffix("Parked");
        first.is_some_and(|first| tasks.iter().any(|other| other == first))
    };
    // The parked form of one that runs a saga is a state around several.
    let names = tasks.iter();
    let names = names.map(|name| name.strip_suffix(":Look").unwrap_or(name));
    names.filter(repeats).map(str::to_owned).collect()
}

fn waits_for_token(task: &Task) -> bool {
    task.resource.ends_with(".waitForTaskToken")
}

/// The function of a handler, or of an API. `parameters` are the values of the template's parameters that its
/// variables refer to.
///
/// # Errors
/// When a parameter has no value.
pub fn function(
    handler: &Handler,
    parameters: &BTreeMap<String, String>,
) -> Result<Function, PrepareError> {
    let mut environment = Vec::new();
    for variable in &handler.environment {
        let value = match &variable.value {
            VariableValue::Literal(text) => text,
            VariableValue::Parameter(name) => {
                parameters
                    .get(name)
                    .ok_or_else(|| PrepareError::NoParameter {
                        handler: handler.name.clone(),
                        parameter: name.clone(),
                    })?
            }
        };
        environment.push((variable.name.clone(), value.clone()));
    }
    environment.extend(handler.secrets.iter().map(|secret| {
        let (SecretSource::SecretsManager(name) | SecretSource::Ssm(name)) = &secret.source;
        (secret.variable.clone(), name.clone())
    }));
    environment.extend(handler.uses.iter().filter_map(|used| {
        let name = &used.resource;
        Some(match used.kind {
            ResourceKind::Table => (format!("SAGA_TABLE_{name}"), name.clone()),
            ResourceKind::Topic => (format!("SAGA_TOPIC_{name}"), topic_arn(name)),
            ResourceKind::Queue => (format!("SAGA_QUEUE_{name}"), queue_url(name)),
            // A run is of one saga: no other can be begun beside it.
            ResourceKind::Saga => return None,
        })
    }));
    if handler.unfenced.is_none() {
        environment.push((VARIABLE.to_owned(), NAME.to_owned()));
    }
    Ok(Function {
        name: handler.name.clone(),
        handler: handler.name.clone(),
        timeout: Duration::from_secs(handler.timeout_seconds.into()),
        memory_mib: handler.memory_mib.unwrap_or(MEMORY),
        environment,
    })
}
