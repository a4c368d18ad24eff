//! The worst that can happen: the longest ways through the states that were explored.

use serde::Serialize;

use crate::world::Cost;

/// A step from one distinct state to another.
#[derive(Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) cost: Cost,
}

/// Upper bounds of an execution, however many of the explored faults come together in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// State transitions as they are billed: states entered, and retries.
    pub transitions: u64,
    /// Events of the history; AWS ends an execution at 25,000.
    pub events: u64,
    /// Seconds, if every attempt takes all the time it has. An operator's redrive is not waited for.
    pub seconds: u64,
    /// Bytes of the largest input or answer of a task, with the answers of this exploration; AWS's quota is
    /// 262,144.
    pub payload_bytes: usize,
}

impl Bounds {
    /// The larger of each.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            transitions: self.transitions.max(other.transitions),
            events: self.events.max(other.events),
            seconds: self.seconds.max(other.seconds),
            payload_bytes: self.payload_bytes.max(other.payload_bytes),
        }
    }
}

/// The longest ways from the first state, by each measure; none where a way leads back to where it has been.
pub(crate) fn longest(states: usize, edges: &[Edge], first: Cost) -> Option<Bounds> {
    let order = ordered(states, edges)?;
    let mut worst = vec![(0_u64, 0_u64, 0_i64); states];
    if let Some(root) = worst.first_mut() {
        *root = (first.transitions.into(), first.events.into(), first.millis);
    }
    let mut by_origin: Vec<&Edge> = edges.iter().collect();
    let mut position = vec![0_usize; states];
    for (place, state) in order.iter().enumerate() {
        if let Some(slot) = position.get_mut(*state as usize) {
            *slot = place;
        }
    }
    by_origin.sort_by_key(|edge| position.get(edge.from as usize).copied());
    for edge in by_origin {
        let Some(from) = worst.get(edge.from as usize).copied() else {
            continue;
        };
        if let Some(to) = worst.get_mut(edge.to as usize) {
            to.0 = to.0.max(from.0 + u64::from(edge.cost.transitions));
            to.1 = to.1.max(from.1 + u64::from(edge.cost.events));
            to.2 = to.2.max(from.2 + edge.cost.millis);
        }
    }
    let most = |measure: fn(&(u64, u64, i64)) -> u64| worst.iter().map(measure).max().unwrap_or(0);
    Some(Bounds {
        transitions: most(|worst| worst.0),
        events: most(|worst| worst.1),
        seconds: most(|worst| u64::try_from(worst.2).unwrap_or(0).div_ceil(1000)),
        payload_bytes: edges
            .iter()
            .map(|edge| edge.cost.payload)
            .fold(first.payload, usize::max),
    })
}

/// The states so that every edge leads forward (Kahn's algorithm).
fn ordered(states: usize, edges: &[Edge]) -> Option<Vec<u32>> {
    let mut incoming = vec![0_u32; states];
    let mut outgoing: Vec<Vec<u32>> = vec![Vec::new(); states];
    for edge in edges {
        if let Some(count) = incoming.get_mut(edge.to as usize) {
            *count += 1;
        }
        if let Some(out) = outgoing.get_mut(edge.from as usize) {
            out.push(edge.to);
        }
    }
    let mut order: Vec<u32> = Vec::with_capacity(states);
    let free = incoming
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0);
    order.extend(free.filter_map(|(state, _)| u32::try_from(state).ok()));
    let mut next = 0;
    while let Some(state) = order.get(next).copied() {
        next += 1;
        for to in outgoing.get(state as usize).into_iter().flatten() {
            if let Some(count) = incoming.get_mut(*to as usize) {
                *count -= 1;
                if *count == 0 {
                    order.push(*to);
                }
            }
        }
    }
    (order.len() == states).then_some(order)
}

#[cfg(test)]
mod tests {
    use super::{Cost, Edge, longest};

    fn edge(from: u32, to: u32, transitions: u32) -> Edge {
        Edge {
            from,
            to,
            cost: Cost {
                transitions,
                ..Cost::default()
            },
        }
    }

    #[test]
    fn the_longest_way_counts() {
        let edges = [edge(0, 1, 1), edge(1, 2, 1), edge(0, 2, 5), edge(2, 3, 1)];
        let bounds = longest(4, &edges, Cost::default()).unwrap();
        assert_eq!(bounds.transitions, 6);
    }

    #[test]
    fn a_circle_has_no_end() {
        let edges = [edge(0, 1, 1), edge(1, 0, 1)];
        assert_eq!(longest(2, &edges, Cost::default()), None);
    }
}
