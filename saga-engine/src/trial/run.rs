use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::model::QueryLanguage;

use super::inspect::Watch;
use super::validate::{self, Invalid};
use super::{Inspection, Mock, Trial, Verdict};
use crate::fault::{Failure, Fault, Origin};
use crate::program::{Kind, Program, Retrier, StateId};
use crate::state::{self, Finished};

/// How a state ended before retriers and catchers are asked.
enum End {
    Success(Finished, Option<StateId>),
    Failure(Failure),
}

impl Trial {
    /// Tries the state called `name`.
    ///
    /// # Errors
    /// If there is no such state, or the mocked result cannot be its result.
    pub fn run(&self, program: &Program, name: &str) -> Result<Inspection, Invalid> {
        let state = program.state(validate::find(program, name)?);
        validate::mock(&state.kind, self)?;
        let mut watch = Watch::new(state, self);
        let ended = watch.run();
        let inspection = match ended {
            Ok(End::Success(finished, next)) => Inspection {
                output: Some(finished.output),
                next: next.map(|next| Arc::clone(&program.state(next).name)),
                ..Inspection::default()
            },
            Ok(End::Failure(failure)) => watch.handle(program, failure),
            Err(fault) => {
                let failure = watch.failure_of(fault);
                watch.handle(program, failure)
            }
        };
        Ok(Inspection {
            data: watch.seen,
            ..inspection
        })
    }
}

impl Watch<'_> {
    fn run(&mut self) -> Result<End, Fault> {
        let (state, raw) = (self.state, self.trial.input.clone());
        let effective = self.compute(&raw, |scope, _| state::effective_input(state, scope))?;
        let fixed = matches!(state.kind, Kind::Pass(Some(_)));
        if !fixed {
            self.step("afterInputPath", &effective);
        }
        match &state.kind {
            Kind::Pass(Some(result)) => {
                self.step("result", result);
                self.finish(&raw, result.clone())
            }
            Kind::Pass(None) => {
                let result = self.compute(&effective, |scope, random| {
                    state::arguments(state, scope, random)
                })?;
                self.step("afterParameters", &result);
                self.finish(&raw, result)
            }
            Kind::Succeed | Kind::Wait(_) => self.leave(&raw, effective),
            Kind::Choice(choice) => {
                let chosen = self.compute(&effective, |scope, random| {
                    state::choose(state, choice, scope, random)
                })?;
                Ok(End::Success(chosen.finished, Some(chosen.next)))
            }
            Kind::Fail(error, cause) => {
                let failure = self.compute(&effective, |scope, random| {
                    state::fail(error.as_ref(), cause.as_ref(), scope, random)
                })?;
                Ok(End::Failure(failure))
            }
            Kind::Map(map) => {
                let exceeded = self.map(map, &effective)?;
                self.mocked(&raw, exceeded)
            }
            Kind::Task(_) | Kind::Parallel(_) => {
                self.asked(&effective)?;
                self.mocked(&raw, None)
            }
        }
    }

    /// The mocked result in place of a real one. An error that is mocked comes first.
    fn mocked(&mut self, raw: &Data, exceeded: Option<Failure>) -> Result<End, Fault> {
        match (&self.trial.mock, exceeded) {
            (Some(Mock::Error(failure)), _) => Ok(End::Failure(failure.clone())),
            (_, Some(failure)) => Ok(End::Failure(failure)),
            (Some(Mock::Result(result)), None) => {
                self.step("result", result);
                self.finish(raw, result.clone())
            }
            (None, None) => self.finish(raw, Data::empty_object()),
        }
    }

    fn finish(&mut self, raw: &Data, result: Data) -> Result<End, Fault> {
        let state = self.state;
        if state.language == QueryLanguage::JsonPath {
            let selected = match &state.processing.result {
                Some(template) => {
                    self.compute(&result, |scope, random| template.evaluate(scope, random))?
                }
                None => result.clone(),
            };
            self.step("afterResultSelector", &selected);
            let combined = state.processing.target.apply(raw, selected)?;
            self.step("afterResultPath", &combined);
        }
        self.leave(raw, result)
    }

    fn leave(&mut self, raw: &Data, result: Data) -> Result<End, Fault> {
        let state = self.state;
        let finished = self.compute(raw, |scope, random| {
            state::finish(state, result, scope, random)
        })?;
        Ok(End::Success(finished, state.next))
    }

    fn failure_of(&self, fault: Fault) -> Failure {
        let told = |message: String| {
            format!("An error occurred while executing the state 'StateName'. {message}")
        };
        match fault {
            Fault::Runtime(message) => Failure {
                origin: Origin::Runtime,
                ..Failure::new("States.Runtime", told(message))
            },
            Fault::Query { message, .. } => {
                Failure::new("States.QueryEvaluationError", told(message))
            }
            Fault::Named { error, message } => Failure::new(error, told(message)),
        }
    }

    /// Whether the failed state would be tried again, go to a catcher, or fail.
    fn handle(&mut self, program: &Program, failure: Failure) -> Inspection {
        let (state, raw) = (self.state, self.trial.input.clone());
        let counts = vec![self.trial.retries; state.retry.len()];
        if let Some((index, retrier)) = state::retrier_for(&state.retry, &counts, &failure) {
            let seconds = state::backoff(retrier, self.trial.retries, &mut self.random);
            let seconds = Data::from_f64(seconds).unwrap_or_default();
            let details = [
                ("retryBackoffIntervalSeconds", seconds),
                ("retryIndex", Data::from(index)),
            ];
            self.seen.push(("errorDetails", Data::object(details)));
            return failed(Verdict::Retriable, failure);
        }
        // A retrier that has none left is named, too.
        let named = |retrier: &Retrier| retrier.errors.iter().any(|name| failure.matches(name));
        let spent = state.retry.iter().position(named);
        let caught = self.compute(&raw, |scope, random| {
            state::catch(state, &failure, scope, random)
        });
        match caught {
            Ok(Some(caught)) => {
                let details = Data::object([("catchIndex", Data::from(caught.index))]);
                self.seen.push(("errorDetails", details));
                Inspection {
                    output: Some(caught.finished.output),
                    next: Some(Arc::clone(&program.state(caught.next).name)),
                    ..failed(Verdict::Caught, failure)
                }
            }
            Ok(None) => {
                let details = spent.map(|index| Data::object([("retryIndex", Data::from(index))]));
                self.seen
                    .extend(details.map(|details| ("errorDetails", details)));
                failed(Verdict::Failed, failure)
            }
            Err(fault) => failed(Verdict::Failed, self.failure_of(fault)),
        }
    }
}

fn failed(status: Verdict, failure: Failure) -> Inspection {
    Inspection {
        status,
        failure: Some(failure),
        ..Inspection::default()
    }
}
