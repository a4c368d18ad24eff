//! What has to hold when a step is called.

use super::instance_name;
use crate::guarantee::{Guarantee, Violation};
use crate::ledger::Told;
use crate::model::Kind;
use crate::names::{Instance, Key, Location, Names};
use crate::scene::{Scene, Task};
use crate::world::World;

/// A step instance that is called.
pub(crate) struct Start<'s> {
    pub(crate) step: usize,
    pub(crate) location: &'s Location,
    pub(crate) instance: Instance,
    pub(crate) key: Key,
}

/// A step is called under a key of its own, which stays the same as long as it may have happened; no
/// compensation has begun, but that of an earlier try of its savepoint; the pivot is not passed over. Whether
/// a savepoint is tried again.
pub(crate) fn start(
    scene: &Scene<'_>,
    names: &Names,
    world: &World,
    task: &Task<'_>,
    start: &Start<'_>,
) -> Result<bool, Violation> {
    let broken = |guarantee, what: String| Err(Violation::new(guarantee, task.state, what));
    let entries = &world.ledger.entries;
    let others = || {
        entries
            .iter()
            .filter(|entry| entry.instance != start.instance)
    };
    let at_work = |index: usize| world.open.iter().any(|call| call.entry == Some(index));
    let changed = entries.iter().enumerate().any(|(index, entry)| {
        entry.instance != start.instance
            && entry.step == start.step
            && names.location_of(entry.instance) == start.location
            && (entry.may_stand() || at_work(index))
    });
    if changed {
        let what = "its key is not the one of its earlier attempt".to_owned();
        return broken(Guarantee::Idempotency, what);
    }
    if let Some(other) = others().find(|entry| entry.key == start.key) {
        let what = format!(
            "its key is that of `{}`",
            instance_name(scene, names, other)
        );
        return broken(Guarantee::Idempotency, what);
    }
    let own = entries
        .iter()
        .find(|entry| entry.instance == start.instance);
    if own.is_some_and(|entry| entry.settled || entry.past) {
        let what = "it was undone, and is called again under the same key".to_owned();
        return broken(Guarantee::Idempotency, what);
    }
    let tried = entries.iter().any(|entry| {
        entry.instance != start.instance
            && entry.step == start.step
            && !entry.past
            && names.location_of(entry.instance) == start.location
    });
    if tried && savepoint_to_retry(scene, world, start.step).is_some() {
        return Ok(true);
    }
    if world.ledger.undoing {
        if savepoint_to_retry(scene, world, start.step).is_some() {
            return Ok(true);
        }
        let what = "a step is called after a compensation has begun".to_owned();
        return broken(Guarantee::Order, what);
    }
    let passed = entries.iter().find(|entry| {
        scene.kind(entry.step) == Kind::Pivot
            && entry.told != Told::Done
            && entry.instance != start.instance
            && !names.concurrent(entry.instance, start.instance)
    });
    if let Some(pivot) = passed {
        let what = format!(
            "`{}` has not succeeded, and is passed over",
            instance_name(scene, names, pivot)
        );
        return broken(Guarantee::Pivot, what);
    }
    Ok(false)
}

/// The savepoint around a step that may be tried again, the outermost: nothing of it may stand.
pub(crate) fn savepoint_to_retry<'s>(
    scene: &'s Scene<'_>,
    world: &World,
    step: usize,
) -> Option<&'s String> {
    let savepoints = &scene.step(step)?.savepoints;
    savepoints.iter().find(|savepoint| {
        let within = |step: usize| {
            scene
                .step(step)
                .is_some_and(|step| step.savepoints.contains(*savepoint))
        };
        let mut entries = world.ledger.entries.iter();
        !entries.any(|entry| {
            within(entry.step) && entry.may_stand() && scene.kind(entry.step) != Kind::ReadOnly
        })
    })
}
