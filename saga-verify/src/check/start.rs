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
/// compensation has begun, but that of an earlier try of its savepoint; the pivot is not passed over. The
/// savepoint that is tried again with it.
pub(crate) fn start<'s>(
    scene: &'s Scene<'_>,
    names: &Names,
    world: &World,
    task: &Task<'_>,
    start: &Start<'_>,
) -> Result<Option<&'s String>, Violation> {
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
    if let Some(savepoint) = savepoint_tried_again(scene, world, task, start.step) {
        let within = |step: usize| {
            let step = scene.step(step);
            step.is_some_and(|step| step.savepoints.contains(savepoint))
        };
        let stands = entries.iter().find(|entry| {
            within(entry.step) && entry.may_stand() && scene.kind(entry.step) != Kind::ReadOnly
        });
        return match stands {
            None => Ok(Some(savepoint)),
            Some(entry) => {
                let entry = instance_name(scene, names, entry);
                let what = format!(
                    "its savepoint is tried again, and `{entry}` of the try before may stand"
                );
                broken(Guarantee::Idempotency, what)
            }
        };
    }
    if world.ledger.undoing {
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
    Ok(None)
}

/// The savepoint around a step of which a new try begins with it, the outermost.
fn savepoint_tried_again<'s>(
    scene: &'s Scene<'_>,
    world: &World,
    task: &Task<'_>,
    step: usize,
) -> Option<&'s String> {
    let savepoints = scene.step(step)?.savepoints.iter();
    let mut entries = savepoints.enumerate().flat_map(|(level, savepoint)| {
        let current = world.ledger.entries.iter().filter(|entry| !entry.past);
        current.map(move |entry| (level, savepoint, entry))
    });
    let found = entries.find(|(level, savepoint, entry)| {
        let other = scene.step(entry.step).map(|step| &step.savepoints);
        let shared = other.is_some_and(|other| other.get(*level) == Some(savepoint));
        let tried = scene.tasks.get(entry.task).map(|task| task.tried(*level));
        shared && tried.is_some_and(|tried| tried != task.tried(*level))
    });
    found.map(|(_, savepoint, _)| savepoint)
}
