//! What has to hold when a compensation is called.

use super::{instance_name, pivot_that_may_stand};
use crate::guarantee::{Guarantee, Violation};
use crate::identity::{Identity, item};
use crate::ledger::{Entry, Told};
use crate::model::{Kind, Outcome, Role};
use crate::names::{Key, Names};
use crate::scene::{Scene, Task};
use crate::world::World;

/// A compensation is called for a step that may have happened, before that of any step that came earlier,
/// while nothing is at work, and not past the pivot. Gives the step instance's entry: the
/// one under one of the keys. (A compensation that is
/// left out shows at the end. One that failed may come again last: the policy `carry on`.)
pub(crate) fn undo(
    scene: &Scene<'_>,
    names: &Names,
    world: &World,
    task: &Task<'_>,
    step: usize,
    keys: &[Key],
    identity: Option<&Identity>,
) -> Result<usize, Violation> {
    let broken = |guarantee, what: String| Err(Violation::new(guarantee, task.state, what));
    let step_name = scene.step(step).map_or("", |step| step.name.as_str());
    let mut found = keys.iter().find_map(|key| world.ledger.owner(*key, step));
    let started: Vec<usize> = world.ledger.started(step).collect();
    if let ([only], None) = (started.as_slice(), identity) {
        // A call that does not say what it undoes undoes the only one there is.
        found = found.or(Some(*only));
    }
    let found = found.and_then(|index| Some((index, world.ledger.entries.get(index)?)));
    let Some((index, entry)) = found else {
        let of_another_step = identity.is_some_and(|identity| {
            let mut entries = world.ledger.entries.iter();
            let its_item = |entry: &Entry| item(scene, names.location_of(entry.instance));
            !identity.item.is_empty() && entries.any(|entry| its_item(entry) == identity.item)
        });
        return if !started.is_empty() && !of_another_step {
            broken(
                Guarantee::Idempotency,
                format!("its key is not that of any `{step_name}`"),
            )
        } else {
            let item = identity.map_or("", |identity| &identity.item);
            let what = format!("`{step_name}{item}` is undone, and was never started");
            broken(Guarantee::UnknownOutcomes, what)
        };
    };
    if let Some(pivot) = pivot_that_may_stand(scene, world) {
        let what = format!(
            "`{step_name}` is undone, and the pivot `{}` {}",
            instance_name(scene, names, pivot),
            if pivot.told == Told::Done {
                "has succeeded"
            } else {
                "may have happened"
            }
        );
        return broken(Guarantee::Pivot, what);
    }
    if surely_not_done(scene, entry) {
        let what =
            format!("`{step_name}` is undone, and its only answer said that nothing was done");
        return broken(Guarantee::UnknownOutcomes, what);
    }
    let doing = |role: Role| matches!(role, Role::Do(step) if scene.kind(step) != Kind::ReadOnly);
    let at_work = world.open.iter().find_map(|call| {
        let task = scene.tasks.get(call.task)?;
        doing(task.model.role).then_some(task.state)
    });
    let adrift = world.ledger.entries.iter().find(|entry| entry.adrift);
    let adrift = adrift.map(|entry| instance_name(scene, names, entry));
    if let Some(state) = at_work.map(str::to_owned).or(adrift) {
        let what = format!("`{step_name}` is undone while `{state}` is still at work");
        return broken(Guarantee::Order, what);
    }
    let earlier = world.ledger.entries.iter().take(index).find(|earlier| {
        (earlier.settled || earlier.resisted)
            && !earlier.past
            && !entry.resisted
            && !names.concurrent(entry.instance, earlier.instance)
    });
    if let Some(earlier) = earlier {
        let what = format!(
            "`{step_name}` is undone after `{}`, which came before it",
            instance_name(scene, names, earlier)
        );
        return broken(Guarantee::Order, what);
    }
    Ok(index)
}

/// Whether it is certain that a step did not happen: one attempt, and its answer said so; or more, where the
/// state retries nothing else. Of several attempts a state machine knows only the last one's error: where
/// it also retries what may have happened, it has to undo.
fn surely_not_done(scene: &Scene<'_>, entry: &Entry) -> bool {
    if entry.told != Told::NotDone {
        return false;
    }
    if entry.answers < 2 {
        return true;
    }
    let own = scene
        .tasks
        .iter()
        .find(|task| task.model.role == Role::Do(entry.step));
    own.is_some_and(|task| {
        let errors = task.model.errors.iter();
        let known: Vec<&str> = errors
            .filter(|error| error.outcome == Outcome::NotDone)
            .map(|error| error.name.as_str())
            .collect();
        !task.facts.handling.retries_others_than(&known)
    })
}
