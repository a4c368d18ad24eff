use saga_asl::data::Data;

use super::{Mock, Trial};
use crate::program::{Kind, Program, StateId};

/// Why a state cannot be tried so: the API's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub &'static str);

/// Finds the state to be tried.
///
/// # Errors
/// If there is none of this name.
pub(super) fn find(program: &Program, name: &str) -> Result<StateId, Invalid> {
    program
        .find(name)
        .ok_or(Invalid("State not found in definition"))
}

/// Checks that a Task has a role, and that a mocked result has the shape of the state's results.
pub(super) fn mock(kind: &Kind, trial: &Trial) -> Result<(), Invalid> {
    if matches!(kind, Kind::Task(_)) && trial.role.is_none() {
        return Err(Invalid(
            "RoleArn must be specified when testing a Task state",
        ));
    }
    let Some(Mock::Result(result)) = &trial.mock else {
        return Ok(());
    };
    match (kind, result) {
        (Kind::Parallel(branches), Data::Array(items)) if items.len() != branches.len() => {
            Err(Invalid(
                "Mocked result must contain the same number of items as number of Parallel branches.",
            ))
        }
        (Kind::Parallel(_), Data::Array(_)) => Ok(()),
        (Kind::Parallel(_), _) => Err(Invalid("Mocked result must be an array.")),
        (Kind::Map(map), Data::Object(_)) if map.writer.is_some() => Ok(()),
        (Kind::Map(map), _) if map.writer.is_some() => {
            Err(Invalid("Mocked result must be a JSON object."))
        }
        (Kind::Map(_), Data::Array(_)) => Ok(()),
        (Kind::Map(_), _) => Err(Invalid("Mocked result must be an array.")),
        _ => Ok(()),
    }
}
