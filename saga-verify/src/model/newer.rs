//! Functions whose code is newer than the definition that calls them: an execution keeps its definition, and the
//! versions of what it does; what undoes is called through an alias, and is the code that was deployed last.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use saga_asl::json;
use saga_asl::model::{State, StateMachine};
use saga_manifest::Manifest;
use saga_manifest::handler::Handler;
use saga_manifest::step::{self, Call};
use saga_manifest::task::Task as Calls;
use serde_json::Value;

use super::manifest::found;
use super::{DeclaredError, Model};

/// What says where an input does not fit a JSON Schema.
pub type Fits = dyn Fn(&Value, &Value) -> Vec<String> + Send + Sync;

/// The code that answers a task.
#[derive(Clone)]
pub enum Newer {
    /// A handler that takes what fits this JSON Schema.
    Takes(Arc<Value>, Arc<Fits>),
    /// None: this handler is gone.
    Gone(String),
}

impl fmt::Debug for Newer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Takes(schema, _) => f.debug_tuple("Takes").field(schema).finish(),
            Self::Gone(handler) => f.debug_tuple("Gone").field(handler).finish(),
        }
    }
}

impl Newer {
    /// What is wrong with an input, in words that follow the state's name.
    pub(crate) fn refuses(&self, input: &Value) -> Option<String> {
        match self {
            Self::Gone(handler) => Some(format!("it calls `{handler}`, which is gone")),
            Self::Takes(schema, fits) => {
                let found = fits(schema, input);
                let refused = !found.is_empty();
                refused.then(|| {
                    format!(
                        "it sends what the handler takes no more: {}; it sends {input}",
                        found.join("; ")
                    )
                })
            }
        }
    }
}

/// Puts the handlers of `new` into the place of those that a definition calls by these substitutions (`${…}`): their
/// inputs, their errors and the time they take.
pub fn apply(
    model: &mut Model,
    definition: &StateMachine,
    through_alias: &BTreeSet<String>,
    new: &Manifest,
    fits: &Arc<Fits>,
) {
    for (name, task) in &mut model.tasks {
        let function = called(definition, name);
        let (Some(handler), Some(function)) = (task.function.clone(), function) else {
            continue;
        };
        if !through_alias.contains(&function) {
            continue;
        }
        let Some(known) = new.handlers.iter().find(|known| known.name == handler) else {
            task.newer = Some(Newer::Gone(handler));
            continue;
        };
        task.takes = Some(known.timeout_seconds.into());
        if let Some(errors) = errors(new, known) {
            task.errors = errors;
        }
        let schema = Arc::new(known.input.schema.clone());
        task.newer = Some(Newer::Takes(schema, Arc::clone(fits)));
    }
}

/// The name between `${` and `}` of the function that a state calls.
fn called(definition: &StateMachine, state: &str) -> Option<String> {
    let State::Task(task) = found(&definition.states, state)? else {
        return None;
    };
    let json::Value::Object(arguments) = task.arguments.as_ref()? else {
        return None;
    };
    let json::Value::String(function) = arguments.get("FunctionName")? else {
        return None;
    };
    let name = function.strip_prefix("${")?.strip_suffix('}')?;
    Some(name.to_owned())
}

/// The errors that a package declares of a handler, by its first call.
fn errors(manifest: &Manifest, handler: &Handler) -> Option<Vec<DeclaredError>> {
    let is_of = |call: &&Call| matches!(&call.task, Calls::Lambda { handler: name, .. } if *name == handler.name);
    let sagas = manifest.sagas.iter();
    let mut calls = sagas.flat_map(|saga| {
        let steps = saga.body.all_steps().into_iter();
        let steps = steps.flat_map(|step| match &step.kind {
            step::Kind::Compensatable { compensation } => vec![&step.call, &**compensation],
            _ => vec![&step.call],
        });
        steps.chain(saga.notifications.iter().map(|told| &told.call))
    });
    let call = calls.find(is_of)?;
    let errors = call.errors.iter();
    Some(
        errors
            .map(|error| DeclaredError::new(&error.name, error.outcome))
            .collect(),
    )
}
