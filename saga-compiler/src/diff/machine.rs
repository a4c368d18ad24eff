//! What changes in state machines.

use std::collections::BTreeSet;

use serde_json::Value;

use super::deployed::{Deployed, Machine};
use super::schema::misfits;
use super::{Change, Effect};

pub(super) fn changes(old: &Deployed, new: &Deployed) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, was) in &old.machines {
        match new.machines.get(id) {
            Some(is) if is.kind == was.kind => {
                let pair = Pair {
                    id,
                    was,
                    is,
                    recovery: Recoveries::of(id, old, new),
                };
                pair.add_changes(&mut changes);
            }
            Some(is) => {
                let (was, is) = (&was.kind, &is.kind);
                let message = format!(
                    "the type changes from {was} to {is}: the state machine is replaced, and what runs in the old one is stopped"
                );
                let help = "deploy it under another name beside the old one, and remove that when nothing runs in it";
                changes.push(Change::new(
                    Effect::Strands,
                    "machine-replaced",
                    id,
                    message,
                    help,
                ));
            }
            None if old.is_stack == new.is_stack => {
                let message =
                    "the state machine is removed, and its executions are stopped where they are";
                let help = "let nothing start it any more, and remove it when no execution runs or is parked";
                changes.push(Change::new(
                    Effect::Strands,
                    "machine-removed",
                    id,
                    message,
                    help,
                ));
            }
            None => {}
        }
    }
    changes
}

/// The state machines that recover executions: those in flight are recovered by the new one.
#[derive(Clone, Copy)]
struct Recoveries<'d> {
    was: Option<&'d Machine>,
    is: Option<&'d Machine>,
}

impl<'d> Recoveries<'d> {
    fn of(id: &str, old: &'d Deployed, new: &'d Deployed) -> Self {
        Self {
            was: old.recovery_of(id),
            is: new.recovery_of(id),
        }
    }

    /// Whether a state that the old one knows is unknown to the new one.
    fn forgets(self, state: &str) -> bool {
        let knows = |machine: Option<&Machine>| {
            machine.is_some_and(|machine| mentions(&machine.text, state))
        };
        knows(self.was) && !knows(self.is)
    }
}

struct Pair<'d> {
    id: &'d str,
    was: &'d Machine,
    is: &'d Machine,
    recovery: Recoveries<'d>,
}

impl Pair<'_> {
    fn add_changes(&self, changes: &mut Vec<Change>) {
        for (name, state) in &self.was.states {
            match self.is.states.get(name) {
                None => changes.extend(self.removed(name, state)),
                Some(now) => changes.extend(self.timeout(name, state, now)),
            }
        }
        for (effect, undos) in &self.was.undos {
            changes.extend(self.compensation(effect, undos));
        }
        changes.extend(self.input());
    }

    fn change(
        &self,
        effect: Effect,
        code: &'static str,
        state: &str,
        message: String,
        help: &str,
    ) -> Change {
        Change::new(effect, code, self.id, message, help).of_state(state)
    }

    fn removed(&self, name: &str, state: &Value) -> Option<Change> {
        // What undoes or parks a step goes with it.
        if state["Type"] != "Task" || !self.was.forward.contains(name) {
            return None;
        }
        let renamed = self.is.states.iter().find(|(other, now)| {
            !self.was.states.contains_key(*other)
                && does_the_same((name, state), (other.as_str(), now))
        });
        let what = match renamed {
            Some((other, _)) => format!("`{name}` is now called `{other}`"),
            None => format!("`{name}` is removed"),
        };
        let code = if renamed.is_some() {
            "state-renamed"
        } else {
            "state-removed"
        };
        Some(if self.recovery.forgets(name) {
            let message = format!(
                "{what}: an execution that has done it and is stopped is recovered by the new state machine, which does not know it"
            );
            let help = "keep the step until no execution of the old definition runs or is parked, or keep its name with `.named(\"…\")`";
            self.change(Effect::Strands, code, name, message, help)
        } else {
            let message = format!(
                "{what}: executions in flight keep the definition that they were started with"
            );
            self.change(Effect::Keeps, code, name, message, "")
        })
    }

    fn timeout(&self, name: &str, was: &Value, is: &Value) -> Option<Change> {
        let shortened = ["TimeoutSeconds", "HeartbeatSeconds"]
            .into_iter()
            .find_map(|field| {
                let (was, is) = (was[field].as_u64()?, is[field].as_u64()?);
                (is < was).then(|| format!("{field} of `{name}` goes from {was} to {is}"))
            })?;
        let message = format!("{shortened}: executions in flight keep the longer one");
        Some(self.change(Effect::Keeps, "timeout-shortened", name, message, ""))
    }

    fn compensation(&self, effect: &str, undos: &BTreeSet<String>) -> Option<Change> {
        let now = self.is.undos.get(effect);
        let does = |machine: &Machine, undos: &BTreeSet<String>| -> BTreeSet<String> {
            undos
                .iter()
                .filter_map(|undo| machine.states.get(undo))
                .map(work)
                .collect()
        };
        let is_recovered = self.recovery.is.is_some() && self.recovery.was.is_some();
        let Some(now) = now else {
            // An effect that is gone is a removed state.
            self.is.states.get(effect)?;
            let what = format!("`{effect}` is not compensated any more");
            let (consequence, level, help) = if is_recovered {
                (
                    "the new recovery leaves its effect where an execution in flight is stopped",
                    Effect::Strands,
                    "keep the compensation until no execution of the old definition runs or is parked",
                )
            } else {
                (
                    "executions in flight keep the definition that they were started with",
                    Effect::Keeps,
                    "",
                )
            };
            let message = format!("{what}: {consequence}");
            return Some(self.change(level, "compensation-changed", effect, message, help));
        };
        if does(self.was, undos) == does(self.is, now) {
            return None;
        }
        let what = format!("what compensates `{effect}` is another call than it was");
        let (consequence, level, help) = if is_recovered {
            (
                "executions in flight call the old one; those that are stopped are recovered with the new one",
                Effect::Differs,
                "see that the new compensation undoes what the old step did",
            )
        } else {
            (
                "executions in flight keep the definition that they were started with",
                Effect::Keeps,
                "",
            )
        };
        let message = format!("{what}: {consequence}");
        Some(self.change(level, "compensation-changed", effect, message, help))
    }

    /// The recovery reads the input that an execution was started with.
    fn input(&self) -> Vec<Change> {
        let (Some(was), Some(is), Some(_)) = (&self.was.input, &self.is.input, self.recovery.is)
        else {
            return Vec::new();
        };
        let changes = misfits(was, is).into_iter().map(|misfit| {
            let message = format!("the saga's input changes: {misfit}, where the new recovery reads what an execution in flight was started with");
            let help = "make what is new optional until no execution of the old definition runs or is parked";
            Change::new(Effect::Strands, "input-changed", self.id, message, help)
        });
        changes.collect()
    }
}

/// Whether two Tasks ask the same of the same, but for their own names in it.
fn does_the_same((name, was): (&str, &Value), (other, is): (&str, &Value)) -> bool {
    is["Type"] == "Task" && without(&work(was), name) == without(&work(is), other)
}

/// What a Task asks of whom.
fn work(task: &Value) -> String {
    let asked = ["Arguments", "Parameters"].map(|field| &task[field]);
    format!("{} {} {}", task["Resource"], asked[0], asked[1])
}

/// Whether a definition holds the name as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    words(text, name).next().is_some()
}

/// The text without the name, where that is a whole word: a function may be called after a step.
fn without(text: &str, name: &str) -> String {
    let mut rest = 0;
    let mut kept = String::new();
    for start in words(text, name) {
        kept.push_str(text.get(rest..start).unwrap_or_default());
        rest = start + name.len();
    }
    kept.push_str(text.get(rest..).unwrap_or_default());
    kept
}

/// Where the name stands as a whole word.
fn words<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_edge = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let found = text.match_indices(name).map(|(start, _)| start);
    found.filter(move |start| {
        let before = text.get(..*start).and_then(|text| text.chars().next_back());
        let after = text.get(start + name.len()..);
        is_edge(before) && is_edge(after.and_then(|text| text.chars().next()))
    })
}
