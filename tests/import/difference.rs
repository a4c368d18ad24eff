//! What is otherwise on one way, and which gap says why.

use std::collections::BTreeMap;
use std::fmt;

use crate::Case;
use crate::side::{Called, Fails, Ran, Side};

/// A definition with what the report of its import says.
pub struct Pair<'c> {
    case: &'c Case,
    /// By Task: the state of the whole that it is in, or is.
    around: BTreeMap<String, String>,
    /// By kind, the states: a gap of the whole has none.
    gaps: Vec<(&'static str, String)>,
}

/// What both did.
pub struct Seen<'r> {
    pub failing: &'r BTreeMap<String, Fails>,
    pub there: Vec<Called>,
    pub here: Vec<Called>,
    pub ended: (&'r Ran, &'r Ran),
}

/// Something that is otherwise.
#[derive(Debug)]
pub enum Difference {
    /// Called by the saga, and not by the definition.
    More(String),
    /// Called by the definition, and not by the saga.
    Less(String),
    /// Both call the same in another order: the first that is.
    Order(String),
    /// The same Task is given something else.
    Given { task: String, data: String },
    /// One succeeds, and the other one fails.
    End { there: bool },
    /// Both succeed, with other outputs.
    Output { data: String },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::More(task) => write!(f, "`{task}` is called here alone"),
            Self::Less(task) => write!(f, "`{task}` is called there alone"),
            Self::Order(task) => write!(f, "`{task}` comes in another order"),
            Self::Given { task, .. } => write!(f, "`{task}` is given something else"),
            Self::End { there: true } => f.write_str("it succeeds there alone"),
            Self::End { there: false } => f.write_str("it succeeds here alone"),
            Self::Output { .. } => f.write_str("the output is another one"),
        }
    }
}

impl Difference {
    /// Both data, where they are what is otherwise.
    pub fn data(&self) -> &str {
        match self {
            Self::Given { data, .. } | Self::Output { data } => data,
            _ => "",
        }
    }
}

impl<'c> Pair<'c> {
    pub fn new(case: &'c Case, there: &Side) -> Self {
        let state = |pointer: &str| {
            let (_, rest) = pointer.rsplit_once("/States/").unwrap_or_default();
            let name = rest.split('/').next().unwrap_or_default();
            name.replace("~1", "/").replace("~0", "~")
        };
        let gaps = case.imported.gaps.iter();
        Self {
            case,
            around: there.tasks(),
            gaps: gaps.map(|gap| (gap.kind, state(&gap.pointer))).collect(),
        }
    }

    /// The calls, with those of branches and items that run at the same time in the order of their names.
    pub fn in_order(&self, mut calls: Vec<Called>) -> Vec<Called> {
        let around = |call: &Called| self.around.get(&call.task);
        for group in calls.chunk_by_mut(|one, other| around(one) == around(other)) {
            group.sort_by(|one, other| one.task.cmp(&other.task));
        }
        calls
    }

    /// All that is otherwise.
    pub fn differences(&self, seen: &Seen<'_>) -> Vec<Difference> {
        let (there, here) = (&seen.there, &seen.here);
        let mut found = Vec::new();
        for (own, other, make) in [
            (here, there, Difference::More as fn(String) -> Difference),
            (there, here, Difference::Less),
        ] {
            for (task, count) in counted(own) {
                // What was not done is not undone.
                let undone = self.undone_by(task);
                if !undone.is_empty()
                    && !undone
                        .iter()
                        .any(|of| there.iter().any(|call| call.task == *of))
                {
                    continue;
                }
                if counted(other).get(task).copied().unwrap_or_default() < count {
                    found.push(make(task.to_owned()));
                }
            }
        }
        let (theirs, ours) = (firsts(there, here), firsts(here, there));
        let other_place = theirs.iter().zip(&ours).find(|(one, other)| one != other);
        found.extend(other_place.map(|(_, task)| Difference::Order((*task).to_owned())));
        for task in theirs {
            let of = |calls: &'_ [Called]| -> Vec<Called> {
                let own = calls.iter().filter(|call| call.task == task);
                own.cloned().collect()
            };
            let (there, here) = (of(there), of(here));
            let differs = there
                .iter()
                .zip(&here)
                .find(|(one, other)| !is_same(one, other));
            found.extend(differs.map(|(one, other)| {
                let given = |call: &Called| call.given.clone().unwrap_or_default();
                let data = format!("\n    there {}\n    here {}", given(one), given(other));
                let task = task.to_owned();
                Difference::Given { task, data }
            }));
        }
        let (one, other) = (&seen.ended.0.output, &seen.ended.1.output);
        match (one, other) {
            (Some(_), None) => found.push(Difference::End { there: true }),
            (None, Some(_)) => found.push(Difference::End { there: false }),
            (Some(one), Some(other)) if one != other => {
                let data = format!("\n    there {one}\n    here {other}");
                found.push(Difference::Output { data });
            }
            _ => {}
        }
        found
    }

    /// The gap that says why something is otherwise.
    pub fn explained(&self, difference: &Difference, seen: &Seen<'_>) -> Option<String> {
        let reasons = self.reasons(difference, seen);
        let gaps = self.gaps.iter();
        let said = |(kind, state): &&(&'static str, String)| {
            reasons.iter().any(|(of, at)| of == kind && at == state)
        };
        gaps.filter(said)
            .map(|(kind, state)| format!("{kind}, `{state}`"))
            .next()
    }

    /// The kinds of gaps that explain a difference, with the states that they would be at.
    fn reasons(&self, difference: &Difference, seen: &Seen<'_>) -> Vec<(&'static str, String)> {
        let failed = || seen.failing.keys().cloned();
        let at = |kind: &'static str, states: &mut dyn Iterator<Item = String>| {
            states.map(|state| (kind, state)).collect::<Vec<_>>()
        };
        match difference {
            Difference::More(task) => {
                let mut reasons = self.unwound(seen);
                reasons.extend(at("not compensated", &mut self.undone_by(task).into_iter()));
                reasons.push(("told always", task.clone()));
                let beside = failed().chain([task.clone()]);
                let around = beside.filter_map(|task| self.around.get(&task).cloned());
                reasons.extend(around.map(|state| ("siblings settled", state)));
                reasons
            }
            // An undo of the definition is never left out.
            Difference::Less(task) if !self.undone_by(task).is_empty() => self.retried(seen),
            Difference::Less(task) => {
                let mut reasons = self.retried(seen);
                reasons.push(("told once", task.clone()));
                reasons.extend(at("point of no return", &mut failed()));
                reasons.extend(at("goes forward", &mut failed()));
                // A saga that is parked tells when it is undone, and not before.
                if self.parks(seen) {
                    reasons.extend(self.unwound(seen));
                    reasons.extend(at("undo not retried", &mut failed()));
                    reasons.extend(at("undo's failure swallowed", &mut failed()));
                }
                reasons
            }
            Difference::Order(_) => at("undone out of order", &mut failed()),
            Difference::Given { task, .. } => ["other data", "other shape", "left out"]
                .into_iter()
                .map(|kind| (kind, task.clone()))
                .collect(),
            Difference::End { there: false } => {
                let mut reasons = at("told at the end", &mut failed());
                reasons.extend(at("point of no return", &mut failed()));
                reasons.extend(at("goes forward", &mut failed()));
                reasons.extend(self.retried(seen));
                reasons
            }
            Difference::End { there: true } => {
                let mut reasons = at("false success", &mut failed());
                let around = failed().filter_map(|task| self.around.get(&task).cloned());
                reasons.extend(around.map(|state| ("false success", state)));
                reasons.extend(at("undo's failure swallowed", &mut failed()));
                reasons.extend(self.retried(seen));
                reasons
            }
            Difference::Output { .. } => ["other shape", "left out"]
                .into_iter()
                .map(|kind| (kind, String::new()))
                .collect(),
        }
    }

    /// Why more is undone where a Task failed.
    fn unwound(&self, seen: &Seen<'_>) -> Vec<(&'static str, String)> {
        let kinds = ["not compensated", "unknown outcome not compensated"];
        let failed = seen
            .failing
            .keys()
            .flat_map(|task| kinds.map(|kind| (kind, task.clone())));
        failed.chain(self.retried(seen)).collect()
    }

    /// Why what fails once is the end of it on one side alone, and what is tried again as a whole.
    fn retried(&self, seen: &Seen<'_>) -> Vec<(&'static str, String)> {
        let once = seen.failing.iter().filter(|(_, fails)| fails.times == 1);
        let once = once.map(|(task, _)| ("retried otherwise", task.clone()));
        let around = seen.failing.keys().filter_map(|task| self.around.get(task));
        let whole = around.map(|state| ("not retried as a whole", state.clone()));
        once.chain(whole).collect()
    }

    /// Whether an undo failed for good.
    fn parks(&self, seen: &Seen<'_>) -> bool {
        let mut undos = seen.failing.keys();
        undos.any(|task| !self.undone_by(task).is_empty())
    }

    /// The Tasks that a Task undoes.
    fn undone_by(&self, undo: &str) -> Vec<String> {
        let steps = self.case.imported.steps.iter();
        let own = steps.filter(|moved| moved.undo.as_deref() == Some(undo));
        own.map(|moved| moved.task.clone()).collect()
    }
}

/// The Tasks that both call, in the order of their first calls.
fn firsts<'c>(own: &'c [Called], other: &[Called]) -> Vec<&'c str> {
    let mut firsts: Vec<&str> = Vec::new();
    for call in own {
        let is_shared = other.iter().any(|known| known.task == call.task);
        if is_shared && !firsts.contains(&call.task.as_str()) {
            firsts.push(&call.task);
        }
    }
    firsts
}

/// Whether both are given the same: nothing is `null` to one and `{}` to the other.
fn is_same(one: &Called, other: &Called) -> bool {
    let given = |call: &Called| {
        call.given
            .clone()
            .filter(|given| *given != serde_json::json!({}) && !given.is_null())
    };
    one.given.is_none() || other.given.is_none() || given(one) == given(other)
}

/// How often each Task is called.
fn counted(calls: &[Called]) -> BTreeMap<&str, usize> {
    let mut counted = BTreeMap::new();
    for call in calls {
        *counted.entry(call.task.as_str()).or_default() += 1;
    }
    counted
}
