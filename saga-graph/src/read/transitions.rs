//! Which states are drawn in which order, and the transitions between them.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::outline::{Edge as Transition, EdgeKind as Why, Scope, StateId};
use saga_asl::recovery::is_regular;

use super::Reader;
use super::part::Part;
use crate::condition::label;
use crate::graph::{Edge, EdgeKind, Lane, Machine, Shape};

type Parts = BTreeMap<StateId, Part>;

impl<'t> Reader<'_, 't> {
    /// The states that are drawn, in the order in which an execution comes to them: first the way to
    /// success, then the way back.
    pub(super) fn order(&self, scope: &Scope<'t>, parts: &Parts) -> Vec<StateId> {
        let mut order = Vec::new();
        let mut seen = BTreeSet::new();
        for start in scope.start.iter().chain(&scope.states) {
            let mut left = Vec::new();
            self.leave(*start, &mut seen, &mut left);
            left.reverse();
            order.append(&mut left);
        }
        order.retain(|id| is_drawn(parts.get(id)));
        order.sort_by_key(|id| parts.get(id) != Some(&Part::Forward));
        order
    }

    /// Goes through the states behind one, and notes each when all behind it is noted.
    fn leave(&self, start: StateId, seen: &mut BTreeSet<StateId>, left: &mut Vec<StateId>) {
        if !seen.insert(start) {
            return;
        }
        let mut way = vec![(start, self.next_of(start))];
        while let Some((state, next)) = way.last_mut() {
            match next.pop() {
                Some(to) if seen.insert(to) => way.push((to, self.next_of(to))),
                Some(_) => {}
                None => {
                    left.push(*state);
                    way.pop();
                }
            }
        }
    }

    /// Where a state leads: failures last, so that they are gone through first and come behind.
    fn next_of(&self, state: StateId) -> Vec<StateId> {
        let edges = self.outline.edges_of(state);
        let regular = edges.iter().filter(|edge| is_regular(edge));
        let failures = edges.iter().filter(|edge| !is_regular(edge));
        regular.chain(failures).filter_map(|edge| edge.to).collect()
    }

    /// The states that are drawn where a transition leads: itself, or what follows it.
    pub(super) fn shown(&self, state: StateId, parts: &Parts) -> Vec<StateId> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![state];
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            if is_drawn(parts.get(&id)) {
                found.push(id);
            } else if parts.get(&id) == Some(&Part::Hidden) {
                let edges = self.outline.edges_of(id).iter().rev();
                let edges = edges.filter(|edge| is_regular(edge));
                waiting.extend(edges.filter_map(|edge| edge.to));
            }
        }
        found
    }

    pub(super) fn edges(&self, machine: &Machine, order: &[StateId], parts: &Parts) -> Vec<Edge> {
        let place = |state: &StateId| order.iter().position(|other| other == state);
        let mut edges: Vec<Edge> = Vec::new();
        for (from, id) in order.iter().enumerate() {
            for transition in self.outline.edges_of(*id) {
                let Some(to) = transition.to else { continue };
                for to in self.shown(to, parts).iter().filter_map(place) {
                    let kind = kind(machine, transition, from, to);
                    match edges
                        .iter_mut()
                        .find(|edge| (edge.from, edge.to) == (from, to))
                    {
                        // What is also reached without a failure is on the way.
                        Some(known) if known.kind == EdgeKind::Failed => known.kind = kind,
                        Some(known) => join(known, kind),
                        None => edges.push(Edge { from, to, kind }),
                    }
                }
            }
        }
        let behind = Behind::new(&edges);
        let needed = |edge: &Edge| match edge.kind {
            EdgeKind::Failed | EdgeKind::Back => behind.begins_here(edge),
            EdgeKind::Next | EdgeKind::Choice(_) => true,
        };
        let kept: Vec<bool> = edges.iter().map(needed).collect();
        let mut kept = kept.into_iter();
        edges.retain(|_| kept.next().unwrap_or(true));
        edges
    }
}

fn is_drawn(part: Option<&Part>) -> bool {
    !matches!(part, None | Some(Part::Hidden | Part::Parked(_)))
}

/// Two conditions that lead to the same.
fn join(known: &mut Edge, kind: EdgeKind) {
    if let (EdgeKind::Choice(label), EdgeKind::Choice(other)) = (&mut known.kind, kind)
        && *label != other
    {
        label.push_str(", …");
    }
}

fn kind(machine: &Machine, transition: &Transition<'_>, from: usize, to: usize) -> EdgeKind {
    let lane = |node: usize| machine.nodes.get(node).map(|node| node.lane);
    let forward = |node: usize| lane(node) == Some(Lane::Forward);
    let is_choice = machine.nodes.get(from).map(|node| node.shape) == Some(Shape::Choice);
    match transition.kind {
        _ if !forward(from) => EdgeKind::Back,
        Why::Catch(_) => EdgeKind::Failed,
        Why::Choice(rule) if is_choice => EdgeKind::Choice(label(rule)),
        Why::Default if is_choice => EdgeKind::Choice("otherwise".to_owned()),
        _ if !forward(to) => EdgeKind::Failed,
        _ => EdgeKind::Next,
    }
}

/// The ways back.
struct Behind<'e> {
    edges: &'e [Edge],
}

impl<'e> Behind<'e> {
    fn new(edges: &'e [Edge]) -> Self {
        Self { edges }
    }

    /// Whether a state's way back begins with this transition, or goes on with it: others of its kind join that
    /// way later, because less is to be undone, and would only cross the picture.
    fn begins_here(&self, edge: &Edge) -> bool {
        let others = self.edges.iter().filter(|other| {
            other.from == edge.from && other.to != edge.to && other.kind == edge.kind
        });
        let mut others = others.map(|other| other.to);
        !others.any(|other| self.leads(other, edge.to) && !self.leads(edge.to, other))
    }

    fn leads(&self, from: usize, to: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(node) = waiting.pop() {
            if node == to {
                return true;
            }
            if seen.insert(node) {
                let edges = self.edges.iter();
                let back = edges.filter(|edge| edge.from == node && edge.kind == EdgeKind::Back);
                waiting.extend(back.map(|edge| edge.to));
            }
        }
        false
    }
}
