//! Whether a step that keeps sagas apart is undone by what belongs to it.

use saga_manifest::task::Basis;

use super::Walk;
use crate::checked::{Call, Kind, Operation, Step, Target};
use crate::diagnostic::Diagnostic;
use crate::fence::{self, Cover};

impl<'m> Walk<'_, 'm> {
    /// A lock is undone by its release, a change of a number by its inverse, an update from a version by one
    /// from the same; and none of them undoes anything else.
    pub(super) fn check_pair(&mut self, step: &Step<'m>) {
        let Kind::Compensatable(undo) = &step.kind else {
            return;
        };
        let cover = fence::cover(&step.call, undo);
        let wanted = wanted(&step.call).or_else(|| wanted(undo));
        let Some((wanted, help)) = wanted.filter(|(wanted, _)| cover != Some(*wanted)) else {
            return;
        };
        let what = match wanted {
            Cover::Lock => "a lock, and its compensation is not the release of it",
            Cover::Amount => "a number, and its compensation is not the inverse",
            Cover::Version => "an item from a version, and its compensation is from another",
            Cover::Put => "an item",
        };
        let message = format!("`{}` changes {what}", step.name);
        self.report
            .push(Diagnostic::new(message, help).at(step.place, "this step"));
    }
}

fn wanted(call: &Call<'_>) -> Option<(Cover, &'static str)> {
    let Target::Item(item) = call.target else {
        return None;
    };
    Some(match item.operation {
        Operation::Lock { .. } | Operation::Release { .. } => {
            (Cover::Lock, "take the lock with `saga.lock(…)`")
        }
        Operation::Add(_) => (
            Cover::Amount,
            "let it be undone by its inverse: `.undone_by_inverse()`",
        ),
        Operation::Update {
            basis: Some(Basis::Version(_)),
            ..
        } => (
            Cover::Version,
            "name the version that the step itself was made from, and the values that were read",
        ),
        _ => return None,
    })
}
