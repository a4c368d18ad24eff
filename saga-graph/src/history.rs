//! What an execution did, from its history.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::graph::{Lane, Machine};

/// What became of the states of an execution, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    states: BTreeMap<String, Ran>,
    /// By number of the event: the state that it happened in.
    within: BTreeMap<u64, String>,
}

/// What became of a state; of one that ran several times, the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// It ran.
    Succeeded,
    /// It failed, and was caught or ended the execution.
    Failed,
    /// It ran, and was compensated.
    Undone,
    /// It began, and has not ended.
    Waiting,
}

impl History {
    /// Reads the events of the API's `GetExecutionHistory`: an object with `events`, or their array.
    ///
    /// # Errors
    /// What is wrong with it, in lower case.
    pub fn read(history: &Value) -> Result<Self, String> {
        let events = history.get("events").unwrap_or(history);
        let events = events.as_array().ok_or("it has no `events`")?;
        let mut read = Self::default();
        for event in events {
            let kind = event.get("type").and_then(Value::as_str);
            let id = event.get("id").and_then(Value::as_u64);
            let (Some(kind), Some(id)) = (kind, id) else {
                return Err("an event has no `type` or no `id`".to_owned());
            };
            let previous = event.get("previousEventId").and_then(Value::as_u64);
            read.push(kind, id, previous.unwrap_or_default(), name(event));
        }
        Ok(read)
    }

    /// Adds the next event: its type, its number and that of the event before it, as the API has them, and the
    /// state that it names, if it does.
    pub fn push(&mut self, kind: &str, id: u64, previous: u64, state: Option<&str>) {
        let inherited = || self.within.get(&previous).cloned();
        let Some(state) = state.map(str::to_owned).or_else(inherited) else {
            return;
        };
        if let Some(ran) = ran(kind, self.of(&state)) {
            self.states.insert(state.clone(), ran);
        }
        self.within.insert(id, state);
    }

    /// What became of a state; none where it never began.
    #[must_use]
    pub fn of(&self, state: &str) -> Option<Ran> {
        self.states.get(state).copied()
    }

    /// What became of a state of a machine: compensated, where what stands beside it ran, and waiting, where
    /// it is parked and has failed there.
    pub(crate) fn of_node(&self, machine: &Machine, place: usize) -> Option<Ran> {
        let node = machine.nodes.get(place)?;
        // The last of what takes over is the same call again, which an operator redrives until it goes well.
        let taken_over = node.parked.last().and_then(|state| self.of(state));
        let own = match taken_over {
            Some(Ran::Succeeded) => Ran::Succeeded,
            Some(_) => return Some(Ran::Waiting),
            None => self.of(&node.name)?,
        };
        let mut undos = machine
            .nodes
            .iter()
            .filter(|undo| undo.lane == Lane::Beside(place));
        let undone = undos.any(|undo| {
            // Of what takes over a failed compensation the last one is that compensation again.
            let mut states = std::iter::once(&undo.name).chain(undo.parked.last());
            states.any(|state| self.of(state) == Some(Ran::Succeeded))
        });
        Some(if undone { Ran::Undone } else { own })
    }
}

/// The state that an event names.
fn name(event: &Value) -> Option<&str> {
    let details = ["stateEnteredEventDetails", "stateExitedEventDetails"];
    let details = details.into_iter().find_map(|details| event.get(details))?;
    details.get("name")?.as_str()
}

/// What an event says of the state that it happened in.
fn ran(kind: &str, before: Option<Ran>) -> Option<Ran> {
    let failed = ["Failed", "TimedOut", "Aborted"];
    if kind.ends_with("StateEntered") {
        // A Fail state is never left, and means what it says.
        let fails = kind == "FailStateEntered";
        return Some(if fails { Ran::Failed } else { Ran::Waiting });
    }
    if kind.ends_with("StateExited") {
        let caught = before == Some(Ran::Failed);
        return Some(if caught { Ran::Failed } else { Ran::Succeeded });
    }
    if kind.starts_with("Execution") || kind.starts_with("MapIteration") {
        return None;
    }
    if failed.iter().any(|failed| kind.ends_with(failed)) {
        return Some(Ran::Failed);
    }
    // A retry that goes well makes good what failed before.
    let again = kind.ends_with("Succeeded") || kind.ends_with("Scheduled");
    (again && before == Some(Ran::Failed)).then_some(Ran::Waiting)
}
