//! Which state compensates which.

use super::effect::{is_effect, is_notification, target_name};
use super::naming::{Undoing, undoing};
use crate::outline::{Outline, Reach, Scope, ScopeId, StateId, StateType};
use crate::words::Words;

/// An effect and what compensates it.
#[derive(Debug)]
pub struct Pair {
    /// The machine whose transitions lead from the one to the other.
    pub scope: ScopeId,
    /// The Task with the effect.
    pub effect: StateId,
    /// The state of the machine that the effect is in: the Task itself, or a Parallel or Map around it.
    pub done_in: StateId,
    /// The Tasks that compensate it.
    pub compensations: Vec<StateId>,
    /// The states of the machine that those are in.
    pub undone_in: Vec<StateId>,
}

/// A Task and the state of a machine that it is in.
#[derive(Clone, Copy)]
struct Placed {
    task: StateId,
    holder: StateId,
}

/// A definition with more candidates than that is not looked through.
const MAX_CANDIDATES: usize = 200;

pub(super) fn pairs(outline: &Outline<'_>, forward: &Reach) -> Vec<Pair> {
    let states = outline.states().iter();
    let targets: Vec<_> = states.map(|state| Words::of(target_name(state))).collect();
    let scopes = outline.scopes().iter();
    scopes
        .flat_map(|scope| of_scope(outline, scope, forward, &targets))
        .collect()
}

/// `targets`: by state, the words of what it calls.
fn of_scope(
    outline: &Outline<'_>,
    scope: &Scope<'_>,
    forward: &Reach,
    targets: &[Words],
) -> Vec<Pair> {
    let mut effects = Vec::new();
    let mut undos = Vec::new();
    let mut others = Vec::new();
    for holder in &scope.states {
        for task in tasks_in(outline, *holder) {
            let state = outline.state(task);
            let placed = Placed {
                task,
                holder: *holder,
            };
            let target = targets.get(task.index());
            let undoing = undoing(&state.words).or_else(|| target.and_then(undoing));
            let on_the_way = forward.contains(*holder) && forward.contains(task);
            match undoing {
                Some(undoing) if !forward.contains(*holder) && is_effect(state) => {
                    undos.push((placed, undoing));
                }
                // What only tells somebody is no effect, but an undo may well be about it.
                undoing if on_the_way && (is_effect(state) || is_notification(state)) => {
                    effects.push(Effect {
                        placed,
                        name: &state.words,
                        target,
                        undoing,
                        counts: is_effect(state),
                    });
                }
                None if !on_the_way && is_effect(state) => others.push(Effect {
                    placed,
                    name: &state.words,
                    target,
                    undoing: None,
                    counts: false,
                }),
                _ => {}
            }
        }
    }
    undos.truncate(MAX_CANDIDATES);
    effects.truncate(MAX_CANDIDATES);
    others.truncate(MAX_CANDIDATES);
    drop_undone_on_the_way(&mut effects);
    // Another try of an effect has undos of its own.
    others.retain(|other| effects.iter().any(|effect| effect.calls_the_same(other)));
    effects.append(&mut others);
    join(scope.id, &effects, &undos)
}

/// On the way to success an undo of something on that way is no effect that another one undoes.
fn drop_undone_on_the_way(effects: &mut Vec<Effect<'_>>) {
    /// How well it fits at least when both are about the same thing.
    const SHARED: usize = 2;
    let undoes = |effect: &Effect<'_>| {
        let Some(undoing) = &effect.undoing else {
            return false;
        };
        let mut others = effects.iter();
        others.any(|other| {
            other.placed.task != effect.placed.task && undoing.fits(other.name) >= SHARED
        })
    };
    let keep: Vec<_> = effects.iter().map(|effect| !undoes(effect)).collect();
    let mut keep = keep.into_iter();
    effects.retain(|_| keep.next().unwrap_or(true));
}

/// The Tasks in a state: itself, or all inside it.
fn tasks_in(outline: &Outline<'_>, holder: StateId) -> Vec<StateId> {
    let mut tasks = Vec::new();
    let mut waiting = vec![holder];
    while let Some(id) = waiting.pop() {
        if outline.state(id).is(StateType::Task) {
            tasks.push(id);
        }
        waiting.extend(
            outline
                .inner_scopes(id)
                .flat_map(|scope| scope.states.iter().rev().copied()),
        );
    }
    tasks
}

/// Gives each undo the effect that its name fits best; the last of equals, for that is nearest.
fn join(scope: ScopeId, effects: &[Effect<'_>], undos: &[(Placed, Undoing<'_>)]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (undo, undoing) in undos {
        for effect in undone(effects, undoing) {
            let known = pairs.iter_mut().find(|pair| pair.effect == effect.task);
            match known {
                Some(pair) => {
                    pair.compensations.push(undo.task);
                    pair.undone_in.push(undo.holder);
                }
                None => pairs.push(Pair {
                    scope,
                    effect: effect.task,
                    done_in: effect.holder,
                    compensations: vec![undo.task],
                    undone_in: vec![undo.holder],
                }),
            }
        }
    }
    pairs.sort_by_key(|pair| pair.effect);
    pairs
}

fn undone(effects: &[Effect<'_>], undoing: &Undoing<'_>) -> Vec<Placed> {
    if undoing.is_general() {
        let counting = effects.iter().filter(|effect| effect.counts);
        return counting.map(|effect| effect.placed).collect();
    }
    let fit = |effect: &&Effect<'_>| {
        let whole = undoing.names_all_of(effect.name);
        (effect.fit(undoing), whole, effect.counts)
    };
    let best = effects.iter().max_by_key(fit);
    let best = best.filter(|effect| effect.counts && effect.fit(undoing) > 0);
    best.map(|effect| effect.placed).into_iter().collect()
}

/// An effect, with the words of its state's name and of what it calls.
struct Effect<'w> {
    placed: Placed,
    name: &'w Words,
    target: Option<&'w Words>,
    /// What its name undoes, where it does.
    undoing: Option<Undoing<'w>>,
    /// Whether it is an effect that an undo may be of, and not only a notification or another try.
    counts: bool,
}

impl Effect<'_> {
    /// Whether both call the same function, as far as their texts say.
    fn calls_the_same(&self, other: &Self) -> bool {
        let known = |target: &Option<&Words>| target.is_some_and(|words| words.iter().count() > 0);
        known(&self.target) && self.target == other.target
    }

    /// How well an undo fits: by the state's name first, by what it calls second.
    fn fit(&self, undoing: &Undoing<'_>) -> usize {
        let target = self.target.map_or(0, |target| undoing.fits(target));
        2 * undoing.fits(self.name) + target.min(1)
    }
}
