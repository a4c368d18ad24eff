//! The data of a trial, step by step.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::QueryLanguage;

use super::Trial;
use crate::program::State;
use crate::query::Scope;
use crate::random::Seeded;

/// A trial under way: its state, and what has been seen of its data.
pub(super) struct Watch<'t> {
    pub(super) state: &'t State,
    pub(super) trial: &'t Trial,
    pub(super) random: Seeded,
    pub(super) seen: Vec<(&'static str, Data)>,
}

impl<'t> Watch<'t> {
    pub(super) fn new(state: &'t State, trial: &'t Trial) -> Self {
        let mut seen = vec![("input", trial.input.clone())];
        if !trial.variables.is_empty() {
            seen.push(("variables", Data::Object(Arc::new(trial.variables.clone()))));
        }
        Watch {
            state,
            trial,
            random: Seeded::default(),
            seen,
        }
    }

    /// Remembers a step of JSONPath's processing; JSONata has none of them.
    pub(super) fn step(&mut self, name: &'static str, data: &Data) {
        if self.state.language == QueryLanguage::JsonPath {
            self.seen.push((name, data.clone()));
        }
    }

    /// Computes something with what the state's expressions can refer to.
    pub(super) fn compute<T>(
        &mut self,
        input: &Data,
        compute: impl FnOnce(&Scope<'_>, &mut Seeded) -> T,
    ) -> T {
        let context = || context(self.state, self.trial);
        let scope = Scope {
            input,
            result: None,
            error: None,
            variables: &self.trial.variables,
            context: &context,
            now: self.trial.now,
        };
        compute(&scope, &mut self.random)
    }
}

/// The context object that the API makes up. The state is always called `StateName`.
fn context(state: &State, trial: &Trial) -> Data {
    if let Some(context) = &trial.context {
        return context.clone();
    }
    let now = Data::from(trial.now.to_string());
    let role = trial.role.clone().map_or(Data::Null, Data::String);
    let execution = Data::object([
        (
            "Id",
            "arn:aws:states:us-east-1:111111111111:express:StateMachine:execution".into(),
        ),
        ("Input", trial.input.clone()),
        ("Name", "execution".into()),
        ("RoleArn", role),
        ("StartTime", now.clone()),
    ]);
    let mut members = vec![("Name", Data::from("StateName")), ("EnteredTime", now)];
    if state.kind.retries() {
        members.push(("RetryCount", Data::from(i64::from(trial.retries))));
    }
    let machine = Data::object([
        (
            "Id",
            Data::from("arn:aws:states:us-east-1:111111111111:stateMachine:StateMachine"),
        ),
        ("Name", "StateMachine".into()),
    ]);
    Data::object([
        ("Execution", execution),
        ("State", Data::object(members)),
        ("StateMachine", machine),
    ])
}
