//! A compiled saga, made ready to run on this machine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use saga_asl::model::{State, StateMachine};
use saga_engine::program::Program;
use saga_manifest::Manifest;
use saga_manifest::handler::{Handler, ResourceKind, SecretSource, VariableValue};
use serde_json::Value;

use super::names::{substitute, substitutions};
use super::schema::{self, Mismatch};
use crate::lambda::Function;
use crate::{ACCOUNT, REGION, queue_url, topic_arn};

/// The memory of a function that states none, in MiB: the template's default.
const MEMORY: u32 = 128;

/// A saga that can be run.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Its name.
    pub saga: String,
    /// Its state machine.
    pub program: Arc<Program>,
    /// The functions of its package.
    pub functions: Vec<Function>,
    /// The states that do, undo or tell something, in the definition's order: what faults can hit.
    pub tasks: Vec<String>,
    /// The states in which a saga is parked.
    pub(super) parked: BTreeSet<String>,
    schema: Value,
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
        let named = substitute(&definition.to_value(), &substitutions(manifest))
            .map_err(PrepareError::NoResource)?;
        let machine = StateMachine::from_value(&named)
            .map_err(|errors| PrepareError::Definition(listed(&errors)))?;
        let program = Program::compile(&machine)
            .map_err(|errors| PrepareError::Definition(listed(&errors)))?;
        let functions = manifest
            .handlers
            .iter()
            .map(|handler| function(handler, parameters));
        let steps = declared.body.all_steps().into_iter();
        let steps = steps.map(|step| &step.name);
        Ok(Self {
            saga: saga.into(),
            program: Arc::new(program),
            functions: functions.collect::<Result<_, _>>()?,
            tasks: tasks(&machine),
            parked: steps
                .flat_map(|name| [format!("{name}Parked"), format!("Undo{name}Parked")])
                .collect(),
            schema: declared.input.schema.clone(),
        })
    }

    /// The ARN of an execution: the saga's id.
    #[must_use]
    pub fn execution_arn(&self, execution: &str) -> String {
        let saga = &self.saga;
        format!("arn:aws:states:{REGION}:{ACCOUNT}:execution:{saga}:{execution}")
    }

    /// Checks an input with the saga's schema.
    ///
    /// # Errors
    /// Every place where it does not fit.
    pub fn check_input(&self, input: &Value) -> Result<(), Vec<Mismatch>> {
        let found = schema::check(&self.schema, input);
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

fn tasks(machine: &StateMachine) -> Vec<String> {
    let tasks = machine
        .states
        .iter()
        .filter(|(_, state)| matches!(state, State::Task(_)));
    tasks.map(|(name, _)| name.clone()).collect()
}

fn function(
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
    environment.extend(handler.uses.iter().map(|used| match used.kind {
        ResourceKind::Table => (
            format!("SAGA_TABLE_{}", used.resource),
            used.resource.clone(),
        ),
        ResourceKind::Topic => (
            format!("SAGA_TOPIC_{}", used.resource),
            topic_arn(&used.resource),
        ),
        ResourceKind::Queue => (
            format!("SAGA_QUEUE_{}", used.resource),
            queue_url(&used.resource),
        ),
    }));
    Ok(Function {
        name: handler.name.clone(),
        handler: handler.name.clone(),
        timeout: Duration::from_secs(handler.timeout_seconds.into()),
        memory_mib: handler.memory_mib.unwrap_or(MEMORY),
        environment,
    })
}
