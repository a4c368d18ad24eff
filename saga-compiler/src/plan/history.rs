//! How many events an execution may write to its history. AWS ends an execution at event 25,000, and
//! nothing could catch that (Step Functions quotas): so a saga that could come there is refused.

use std::collections::BTreeMap;

use super::{Node, Plan, Role, variables};
use crate::checked::{Call, Saga, flow};
use crate::diagnostic::{Diagnostic, Report};
use crate::states::retry;

/// Events that an execution may write without redrives, which write more.
const MOST: u64 = 20_000;

/// Events of an attempt: scheduled, started, ended.
const ATTEMPT: u64 = 3;

/// Events of a state besides what it does: entered, exited.
const STATE: u64 = 2;

/// Retries of the compiler's own messages (`states::retry`).
const PARKING_RETRIES: u64 = 3;

/// Checks that the longest history fits.
pub(super) fn check(plan: &Plan<'_>, saga: &Saga<'_>, report: &mut Report) {
    let mut counter = Counter::default();
    // Started, and ended.
    let events = counter.machine(plan).saturating_add(2);
    if events <= MOST {
        return;
    }
    let name = &saga.definition.name;
    let message = format!(
        "an execution of `{name}` could write {events} events, and AWS ends one that writes 25,000"
    );
    let largest = counter.maps.into_values().max_by_key(MapEvents::all);
    report.push(match largest {
        Some(map) => {
            let definition = map.map.definition;
            let rest = events.saturating_sub(map.all());
            let fit = MOST.saturating_sub(rest) / map.each.max(1);
            let advice = match fit {
                0 => "make a saga of its item".to_owned(),
                fit => format!("let it have {fit} at most, or make a saga of its item"),
            };
            let help = format!(
                "`{}` may have {} items, of {} events each with their undo; {advice}; fewer retries \
                 and steps help too (the compiler leaves 5,000 events to redrives)",
                definition.name, definition.at_most, map.each
            );
            Diagnostic::new(message, help).at(&definition.place, "the map with most of them")
        }
        None => {
            let help = "give its steps fewer retries, or make a saga of a part of it (the compiler \
                        leaves 5,000 events to redrives)";
            Diagnostic::new(message, help).at(&saga.definition.place, "this saga")
        }
    });
}

/// Counts events, and notes those of maps.
#[derive(Default)]
struct Counter<'p> {
    maps: BTreeMap<&'p str, MapEvents<'p>>,
}

/// The events of a map.
struct MapEvents<'p> {
    map: &'p flow::Map<'p>,
    /// Of one item and its undo.
    each: u64,
}

impl MapEvents<'_> {
    fn all(&self) -> u64 {
        self.each.saturating_mul(self.map.definition.at_most.into())
    }
}

impl<'p> Counter<'p> {
    /// Events of the longest way through a machine.
    fn machine(&mut self, plan: &'p Plan<'p>) -> u64 {
        let mut longest: BTreeMap<&str, u64> = BTreeMap::new();
        let order = variables::topological(plan);
        for name in order.iter().rev() {
            let Some((name, node)) = plan.nodes.get_key_value(name) else {
                continue;
            };
            let exits = node.exits.iter();
            let after = exits.filter_map(|exit| longest.get(exit.to.as_str()));
            let after = after.max().copied().unwrap_or_default();
            let events = self.state(node).saturating_add(after);
            longest.insert(name, events);
        }
        longest
            .get(plan.start.as_str())
            .copied()
            .unwrap_or_default()
    }

    fn state(&mut self, node: &'p Node<'p>) -> u64 {
        let inside = node.inner.iter().map(|plan| self.machine(plan));
        let inside = inside.fold(0, u64::saturating_add);
        let does = match &node.role {
            Role::Do(step) => call(&step.call),
            Role::Undo(_, undo) => call(undo),
            Role::Parked(parked) => call(parked.call()),
            Role::Notify(notification) | Role::NotifyParked(notification) => {
                call(&notification.call)
            }
            Role::Seal(step) | Role::SealParked(step) => {
                ATTEMPT * (1 + PARKING_RETRIES + retry::of_seal_at_work(step))
            }
            Role::Park(_) | Role::ParkList(_) | Role::Owed(_) | Role::Confirm(_) => {
                ATTEMPT * (1 + PARKING_RETRIES)
            }
            Role::Map(map) | Role::UndoMap(map) => self.items(map, inside),
            // Started, and ended.
            Role::Parallel(_) => inside.saturating_add(2),
            _ => 0,
        };
        does.saturating_add(STATE)
    }

    fn items(&mut self, map: &'p flow::Map<'p>, inside: u64) -> u64 {
        // Each item starts and ends.
        let each = inside.saturating_add(2);
        let name = map.definition.name.as_str();
        let known = self.maps.entry(name).or_insert(MapEvents { map, each: 0 });
        known.each = known.each.saturating_add(each);
        let all = each.saturating_mul(map.definition.at_most.into());
        all.saturating_add(2)
    }
}

/// Events of a call with all its retries.
fn call(call: &Call<'_>) -> u64 {
    let declared = call.errors.iter().filter_map(|error| error.retry.as_ref());
    let policies = declared.chain(call.retry_others);
    let retries = policies.map(|policy| u64::from(policy.max_attempts));
    let attempts = retries.fold(1, u64::saturating_add);
    attempts.saturating_mul(ATTEMPT)
}
