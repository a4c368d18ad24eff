//! What has to hold when a step is called.

use super::instance_name;
use crate::guarantee::{Guarantee, Violation};
use crate::ledger::Told;
use crate::model::Kind;
use crate::names::{Instance, Key, Names};
use crate::scene::{Scene, Task};
use crate::world::World;

/// A step is called under the key it had before; no compensation has begun; the pivot is not passed over.
pub(crate) fn start(
    scene: &Scene<'_>,
    names: &Names,
    world: &World,
    task: &Task<'_>,
    instance: Instance,
    key: Key,
) -> Result<(), Violation> {
    let broken = |guarantee, what: String| Err(Violation::new(guarantee, task.state, what));
    let entries = &world.ledger.entries;
    let own = entries.iter().find(|entry| entry.instance == instance);
    if own.is_some_and(|entry| entry.key != key) {
        let what = "its key is not the one of its earlier attempt".to_owned();
        return broken(Guarantee::Idempotency, what);
    }
    if let Some(other) = entries
        .iter()
        .find(|entry| entry.key == key && entry.instance != instance)
    {
        let what = format!(
            "its key is that of `{}`",
            instance_name(scene, names, other)
        );
        return broken(Guarantee::Idempotency, what);
    }
    if world.ledger.undoing {
        let what = "a step is called after a compensation has begun".to_owned();
        return broken(Guarantee::Order, what);
    }
    let passed = entries.iter().find(|entry| {
        scene.kind(entry.step) == Kind::Pivot
            && entry.told != Told::Done
            && entry.instance != instance
            && !names.concurrent(entry.instance, instance)
    });
    if let Some(pivot) = passed {
        let what = format!(
            "`{}` has not succeeded, and is passed over",
            instance_name(scene, names, pivot)
        );
        return broken(Guarantee::Pivot, what);
    }
    Ok(())
}
