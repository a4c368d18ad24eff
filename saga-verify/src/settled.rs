//! What needs no exploration: bounds that are written in the definition.

use crate::guarantee::{Guarantee, Violation};
use crate::machine::Timeout;
use crate::model::Role;
use crate::scene::{Scene, Task};

/// Seconds that a function may take to start (Lambda developer guide, "Lambda execution environment
/// lifecycle": the init phase).
const START: u64 = 10;

/// Seconds of margin at least.
const MARGIN: u64 = 1;

/// No timeout of the whole execution; for every task one that leaves what it calls its time; retries of every
/// compensation.
pub(crate) fn check(scene: &Scene<'_>) -> Option<Violation> {
    if let Some(seconds) = scene.machine.timeout {
        let what = format!(
            "the state machine has a timeout of {seconds} s: when it runs out nothing is undone, for nothing catches it"
        );
        return Some(Violation::new(Guarantee::Uncatchable, "", what));
    }
    scene
        .tasks
        .iter()
        .find_map(|task| retried(task).or_else(|| waits(task)))
}

/// A compensation is tried again whatever it fails with.
fn retried(task: &Task<'_>) -> Option<Violation> {
    let handling = &task.facts.handling;
    let again = ["States.Timeout", "UndeclaredError"].iter().all(|error| {
        handling
            .retrier(error)
            .is_some_and(|index| handling.retries(index))
    });
    let gives_up = matches!(task.model.role, Role::Undo(_)) && !again;
    gives_up.then(|| {
        let what = "a compensation gives up at its first failure: not every error is retried";
        Violation::new(Guarantee::FailedCompensations, task.state, what)
    })
}

fn waits(task: &Task<'_>) -> Option<Violation> {
    let least = task.model.takes.map_or(1, |takes| takes + START + MARGIN);
    let what = match task.facts.timeout {
        Timeout::Seconds(seconds) if seconds < least => format!(
            "it gives up after {seconds} s, and what it calls may need {least} s: it could act after that"
        ),
        Timeout::Missing => "it has no timeout".to_owned(),
        Timeout::Seconds(_) | Timeout::Computed => return None,
    };
    Some(Violation::new(Guarantee::Bounds, task.state, what))
}
