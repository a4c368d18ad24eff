use saga_asl::model::QueryLanguage;

use super::process::{Finished, assigned, finish_jsonata};
use crate::fault::{Failure, Fault};
use crate::program::{State, StateId};
use crate::query::Scope;
use crate::random::Seeded;

/// How a failure was caught.
#[derive(Debug)]
pub struct Caught {
    /// The catcher's position.
    pub index: usize,
    /// The state that goes on.
    pub next: StateId,
    /// What the failed state leaves behind.
    pub finished: Finished,
}

/// The first catcher for `failure`, and what it hands on; `None` if there is none.
/// `OutputPath` does not apply: recorded on AWS.
///
/// # Errors
/// A path or expression of the catcher that fails.
pub fn catch(
    state: &State,
    failure: &Failure,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Option<Caught>, Fault> {
    let found = state
        .catch
        .iter()
        .enumerate()
        .find(|(_, catcher)| catcher.errors.iter().any(|name| failure.matches(name)));
    let Some((index, catcher)) = found else {
        return Ok(None);
    };
    let error = failure.output();
    let finished = match state.language {
        QueryLanguage::JsonPath => Finished {
            assigned: assigned(catcher.assign.as_ref(), &scope.with_input(&error), random)?,
            output: catcher.target.apply(scope.input, error)?,
        },
        QueryLanguage::JsonAta => {
            let scope = Scope {
                error: Some(&error),
                result: None,
                ..*scope
            };
            let (output, assign) = (catcher.output.as_ref(), catcher.assign.as_ref());
            finish_jsonata(output, assign, &error, &scope, random)?
        }
    };
    Ok(Some(Caught {
        index,
        next: catcher.next,
        finished,
    }))
}
