//! What the page orders: a saga with an input, and what goes wrong.

use std::time::Duration;

use saga_asl::data::Data;
use saga_choreography::Choreography;
use saga_engine::fault::Failure;
use saga_engine::limits::PAYLOAD_BYTES;
use saga_local::saga::{Answer, Answers, Fault, Faults, Prepared};
use saga_local::services::{Rows, RowsError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::workshop::{Built, Problem};

/// An order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    pub(crate) saga: String,
    pub(crate) input: Value,
    #[serde(default)]
    pub(crate) faults: Vec<StateFault>,
    /// Attempts of a state that its fault hits; all of them without a number.
    #[serde(default)]
    pub(crate) attempts: Option<u32>,
    #[serde(default)]
    pub(crate) answers: Vec<StateAnswer>,
    /// Whether a saga that is parked is redriven.
    #[serde(default)]
    pub(crate) redrive: bool,
    /// What lies in the tables before, as `run --rows` has it; without it what the studio was started with.
    #[serde(default)]
    pub(crate) rows: Option<Value>,
    /// What runs it.
    #[serde(default)]
    pub(crate) target: Target,
}

/// What runs a saga.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Target {
    /// Its state machine.
    #[default]
    StepFunctions,
    /// Events between its steps.
    Choreography,
}

/// What goes wrong with a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StateFault {
    pub(crate) state: String,
    pub(crate) kind: FaultKind,
    /// The error, where it fails with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// The faults that can be clicked: those of `saga-cli run`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FaultKind {
    Fail,
    Timeout,
    Crash,
    Duplicate,
    Abort,
}

/// What is answered to a state that waits for its token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StateAnswer {
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) output: Option<Value>,
    #[serde(default)]
    pub(crate) error: Option<String>,
}

/// An order that can be carried out.
pub(crate) struct Checked {
    pub(crate) input: Data,
    pub(crate) faults: Faults,
    pub(crate) answers: Answers,
    pub(crate) rows: Rows,
    pub(crate) choreography: Option<Choreography>,
    /// Whether one of the faults stops the execution.
    pub(crate) aborts: bool,
}

impl Order {
    /// Checks it with the saga.
    ///
    /// # Errors
    /// When the input does not fit its schema, or a state is named that the saga does not have.
    pub(crate) fn check(&self, saga: &Prepared, built: &Built) -> Result<Checked, Problem> {
        Ok(Checked {
            choreography: self.choreography(built)?,
            rows: self.rows(built)?,
            input: input(saga, &self.input)?,
            faults: self.faults(saga)?,
            answers: self.answers(saga)?,
            aborts: self
                .faults
                .iter()
                .any(|fault| fault.kind == FaultKind::Abort),
        })
    }

    /// The saga by events, where it is ordered so.
    fn choreography(&self, built: &Built) -> Result<Option<Choreography>, Problem> {
        if self.target == Target::StepFunctions {
            return Ok(None);
        }
        let aborts = |fault: &StateFault| fault.kind == FaultKind::Abort;
        let asked = [
            (self.faults.iter().any(aborts), "an abort"),
            (!self.answers.is_empty(), "an answer to a token"),
            (self.redrive, "a redrive"),
        ];
        if let Some((_, what)) = asked.iter().find(|(asked, _)| *asked) {
            let message = format!("{what} is for an execution, and a saga by events has none");
            return Err(Problem::new(
                message,
                "take it away, or run the state machine",
            ));
        }
        by_events(built, &self.saga).map(Some)
    }

    fn rows(&self, built: &Built) -> Result<Rows, Problem> {
        let Some(rows) = self.rows.as_ref().or(built.rows.as_ref()) else {
            return Ok(Rows::default());
        };
        let parsed = Rows::parse(&rows.to_string(), &built.manifest.tables);
        parsed.map_err(|RowsError { what, help }| Problem::new(format!("the rows: {what}"), &help))
    }

    fn faults(&self, saga: &Prepared) -> Result<Faults, Problem> {
        let mut faults = Faults::on_attempts(self.attempts);
        for StateFault { state, kind, error } in &self.faults {
            let fault = match (kind, error) {
                (FaultKind::Fail, Some(error)) => Fault::Fail(error.clone()),
                (FaultKind::Fail, None) => {
                    let message = format!("`{state}` fails, and no error is named");
                    return Err(Problem::new(message, "name the error it fails with"));
                }
                (FaultKind::Timeout, _) => Fault::Timeout,
                (FaultKind::Crash, _) => Fault::Crash,
                (FaultKind::Duplicate, _) => Fault::Duplicate,
                (FaultKind::Abort, _) => Fault::Abort,
            };
            faults
                .add(state, fault, &saga.tasks)
                .map_err(|error| Problem::new(error.to_string(), "take the fault away"))?;
        }
        Ok(faults)
    }

    fn answers(&self, saga: &Prepared) -> Result<Answers, Problem> {
        let mut answers = Answers::default();
        for given in &self.answers {
            let answer = match (&given.output, &given.error) {
                (_, Some(error)) => {
                    Answer::Fail(Failure::new(error.as_str(), "rejected in the studio"))
                }
                (output, None) => Answer::Succeed(data(&output.clone().unwrap_or_default())),
            };
            answers
                .add(&given.state, answer, Duration::ZERO, &saga.callbacks)
                .map_err(|error| Problem::new(error.to_string(), "take the answer away"))?;
        }
        Ok(answers)
    }
}

/// A saga by events.
///
/// # Errors
/// What of it needs an orchestrator.
pub(crate) fn by_events(built: &Built, saga: &str) -> Result<Choreography, Problem> {
    Choreography::of(&built.manifest, saga).map_err(|refusals| {
        let refusal = refusals.into_iter().next();
        refusal.map_or_else(
            || Problem::new(format!("the package has no saga `{saga}`"), ""),
            |refusal| {
                let message = format!("{}: that needs an orchestrator", refusal.message);
                Problem::new(message, &refusal.help)
            },
        )
    })
}

/// An input that fits its saga.
///
/// # Errors
/// When it does not, or is larger than an execution takes.
pub(crate) fn input(saga: &Prepared, value: &Value) -> Result<Data, Problem> {
    let bytes = value.to_string().len();
    if bytes > PAYLOAD_BYTES {
        let message =
            format!("the input has {bytes} bytes; at most {PAYLOAD_BYTES} start an execution");
        return Err(Problem::new(
            message,
            "keep the data elsewhere, and hand over its key",
        ));
    }
    saga.check_input(value).map_err(|found| {
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        let message = format!(
            "the input does not fit `{}`: {}",
            saga.saga,
            found.join("; ")
        );
        Problem::new(message, "correct these fields; nothing was run")
    })?;
    Ok(data(value))
}

fn data(value: &Value) -> Data {
    // INVARIANT: a JSON value reads as one.
    serde_json::from_value(value.clone()).unwrap_or_default()
}
