//! What has to hold of items whose isolation is stated: sagas that run at the same time are kept apart on them.

use crate::guarantee::{Guarantee, Violation};
use crate::rows::Overlooked;
use crate::world::World;

/// A write that went through found nothing that it had to be refused for.
///
/// # Errors
/// What it has overlooked.
pub(crate) fn wrote(state: &str, overlooked: Option<Overlooked>) -> Result<(), Violation> {
    let what = match overlooked {
        None => return Ok(()),
        Some(Overlooked::Lock) => "it writes the item that another saga has locked",
        Some(Overlooked::Change) => {
            "it overwrites what another saga has written since the item was read"
        }
    };
    Err(Violation::new(Guarantee::Isolation, state, what))
}

/// A saga that has ended holds no lock.
///
/// # Errors
/// The lock that it still holds.
pub(crate) fn given_back(world: &World, state: &str, ended: &str) -> Result<(), Violation> {
    match world.rows.held().next() {
        None => Ok(()),
        Some((step, table)) => {
            let what = format!(
                "the saga ends {ended}, and holds the lock of the item of `{table}` that `{step}` has taken"
            );
            Err(Violation::new(Guarantee::Isolation, state, what))
        }
    }
}

/// A saga that is parked keeps its locks, and an operator is told of them.
///
/// # Errors
/// The lock of which nobody was told.
pub(crate) fn listed(world: &World, state: &str) -> Result<(), Violation> {
    let mut held = world.rows.held();
    match held.find(|(step, _)| !world.listed.contains(step)) {
        None => Ok(()),
        Some((step, table)) => {
            let what = format!(
                "the saga is parked with the lock of the item of `{table}` that `{step}` has taken, which the message does not name"
            );
            Err(Violation::new(Guarantee::Isolation, state, what))
        }
    }
}

/// What was read, and is to be read again, is still so where the saga relies on it for good.
///
/// # Errors
/// What has changed.
pub(crate) fn relied_on(world: &World, state: &str) -> Result<(), Violation> {
    match world.rows.stale().next() {
        None => Ok(()),
        Some(table) => {
            let what = format!(
                "the saga relies on what it has read of `{table}`, and another saga has changed that"
            );
            Err(Violation::new(Guarantee::Isolation, state, what))
        }
    }
}

/// The steps that a message names as holding locks: the texts of a member `locks` in a body of JSON.
pub(crate) fn named(message: &saga_asl::data::Data) -> Vec<String> {
    let bodies = ["MessageBody", "Message"];
    let body = bodies
        .into_iter()
        .find_map(|name| message.get(name)?.as_str());
    let body: Option<serde_json::Value> = body.and_then(|body| serde_json::from_str(body).ok());
    let locks = body.as_ref().and_then(|body| body.get("locks")?.as_array());
    let names = locks.into_iter().flatten().filter_map(|name| name.as_str());
    names.map(str::to_owned).collect()
}
