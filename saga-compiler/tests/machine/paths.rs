//! All paths through a definition, by what may become of each of its tasks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::variables::{assigned, reads};
use super::{Machine, strings};

/// An error that no step declares.
const UNKNOWN: [&str; 2] = ["States.Timeout", "States.DataLimitExceeded"];

/// How an execution ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Succeeded,
    Failed,
    /// At a task whose error nothing catches.
    Stuck(String),
}

/// One path.
#[derive(Clone, Debug)]
pub struct Path {
    /// The states in order, each with what became of it: `ok`, an error's name, or a choice.
    pub states: Vec<(String, String)>,
    pub end: End,
}

impl Path {
    /// Names of the states that succeeded.
    pub fn done(&self) -> Vec<&str> {
        let done = self.states.iter().filter(|(_, outcome)| outcome == "ok");
        done.map(|(name, _)| name.as_str()).collect()
    }
}

/// All paths. Checks on the way that no state reads a variable that is not assigned.
#[track_caller]
pub fn paths(machine: &Machine) -> Vec<Path> {
    let mut found = Vec::new();
    let walk = Walk {
        states: Vec::new(),
        assigned: BTreeSet::new(),
    };
    walk.on(machine, machine.start(), &mut found);
    found
}

#[derive(Clone)]
struct Walk {
    states: Vec<(String, String)>,
    assigned: BTreeSet<String>,
}

impl Walk {
    fn on(self, machine: &Machine, name: &str, found: &mut Vec<Path>) {
        assert!(self.states.len() < 100, "a cycle: {:?}", self.states);
        let state = machine.state(name);
        match state["Type"].as_str().unwrap() {
            "Task" => self.task(machine, name, state, found),
            "Choice" => self.choice(machine, name, state, found),
            "Succeed" => self.end(name, state, End::Succeeded, found),
            "Fail" => self.end(name, state, End::Failed, found),
            other => panic!("a new type of state: {other}"),
        }
    }

    fn end(mut self, name: &str, state: &Value, end: End, found: &mut Vec<Path>) {
        self.check(name, state);
        self.states.push((name.to_owned(), "end".to_owned()));
        found.push(Path {
            states: self.states,
            end,
        });
    }

    fn choice(self, machine: &Machine, name: &str, state: &Value, found: &mut Vec<Path>) {
        for rule in state["Choices"].as_array().unwrap() {
            self.check(name, rule);
            let retried = self.clone().after(name, "retried", rule);
            retried.on(machine, rule["Next"].as_str().unwrap(), found);
        }
        let not = self.after(name, "not retried", &Value::Null);
        not.on(machine, state["Default"].as_str().unwrap(), found);
    }

    fn task(self, machine: &Machine, name: &str, state: &Value, found: &mut Vec<Path>) {
        for part in ["Arguments", "Output", "Assign"] {
            self.check(name, &state[part]);
        }
        let done = self.clone().after(name, "ok", state);
        done.on(machine, state["Next"].as_str().unwrap(), found);
        for error in errors(state) {
            let Some(catcher) = machine.catcher(name, error) else {
                let stuck = self.clone().after(name, error, &Value::Null);
                found.push(Path {
                    states: stuck.states,
                    end: End::Stuck(name.to_owned()),
                });
                continue;
            };
            self.check(name, catcher);
            let caught = self.clone().after(name, error, catcher);
            caught.on(machine, catcher["Next"].as_str().unwrap(), found);
        }
    }

    #[track_caller]
    fn check(&self, name: &str, part: &Value) {
        let missing: Vec<_> = reads(part).difference(&self.assigned).cloned().collect();
        assert!(
            missing.is_empty(),
            "`{name}` reads {missing:?} after {:?}",
            self.states
        );
    }

    /// The walk after a state: what it assigned counts from the next one on.
    fn after(mut self, name: &str, outcome: &str, exit: &Value) -> Self {
        self.states.push((name.to_owned(), outcome.to_owned()));
        self.assigned.extend(assigned(exit));
        self
    }
}

/// The errors that a task may end with: those that it catches by name, and some that it does not.
fn errors(state: &Value) -> BTreeSet<&str> {
    let catchers = state["Catch"].as_array().into_iter().flatten();
    let named = catchers.flat_map(|catcher| strings(&catcher["ErrorEquals"]));
    named
        .filter(|name| *name != "States.ALL")
        .chain(UNKNOWN)
        .collect()
}
