//! A definition, made ready to explore: its program, and what is known of its states without running them.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_asl::model::{Catcher, Condition, Dynamic, Retrier, State, StateMachine};
use saga_engine::fault::Failure;
use saga_engine::program::Program;

/// A definition to explore.
pub(crate) struct Machine {
    pub(crate) program: Arc<Program>,
    pub(crate) states: BTreeMap<String, StateFacts>,
    /// The top-level timeout in seconds.
    pub(crate) timeout: Option<u64>,
    /// Whether a Choice looks at what an error is called.
    pub(crate) names_matter: bool,
}

/// What is known of a state.
pub(crate) struct StateFacts {
    /// The Parallel and Map states around it, outermost first.
    pub(crate) within: Vec<Around>,
    /// A Task's.
    pub(crate) task: Option<TaskFacts>,
    /// Whether a failure of it can go out of the flow it is in.
    pub(crate) raises: bool,
    /// Whether it is a Choice.
    pub(crate) chooses: bool,
}

/// A Parallel or Map state around a state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Around {
    pub(crate) state: Arc<str>,
    /// The branch of a Parallel; none for a Map.
    pub(crate) branch: Option<usize>,
}

/// What is known of a Task state.
pub(crate) struct TaskFacts {
    pub(crate) resource: String,
    pub(crate) handling: Handling,
    /// Seconds of its timeout; none where it has none, or computes it.
    pub(crate) timeout: Timeout,
}

/// A Task's own timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timeout {
    /// It has none.
    Missing,
    /// Seconds.
    Seconds(u64),
    /// What an expression says.
    Computed,
}

/// A state's retriers and catchers.
#[derive(Default)]
pub(crate) struct Handling {
    retriers: Vec<(Vec<String>, u64)>,
    catchers: Vec<Vec<String>>,
}

impl Handling {
    fn of(retriers: &[Retrier], catchers: &[Catcher]) -> Self {
        let retriers = retriers.iter();
        let catchers = catchers.iter();
        Self {
            // Three retries where the retrier says nothing (States Language specification, "Retriers").
            retriers: retriers
                .map(|retrier| {
                    (
                        retrier.error_equals.clone(),
                        retrier.max_attempts.unwrap_or(3),
                    )
                })
                .collect(),
            catchers: catchers
                .map(|catcher| catcher.error_equals.clone())
                .collect(),
        }
    }

    /// The retrier for an error, by its position.
    pub(crate) fn retrier(&self, error: &str) -> Option<usize> {
        let failure = Failure::named(error);
        let matching =
            |(names, _): &(Vec<String>, u64)| names.iter().any(|name| failure.matches(name));
        self.retriers.iter().position(matching)
    }

    /// Whether the retrier at a position retries at all.
    pub(crate) fn retries(&self, index: usize) -> bool {
        self.retriers
            .get(index)
            .is_some_and(|(_, attempts)| *attempts > 0)
    }

    /// The catcher for an error, by its position. By the letter of the documentation `States.ALL` does not
    /// take `States.DataLimitExceeded`; recordings show that it may: a guarantee holds either way.
    pub(crate) fn catcher(&self, error: &str) -> Option<usize> {
        let failure = Failure::named(error);
        self.catchers.iter().position(|names| {
            let named = |name: &String| match (error, name.as_str()) {
                ("States.DataLimitExceeded", "States.ALL" | "States.TaskFailed") => false,
                (_, name) => failure.matches(name),
            };
            names.iter().any(named)
        })
    }

    /// Whether some retrier takes an error that says nothing about the effect.
    pub(crate) fn retries_others_than(&self, known: &[&str]) -> bool {
        let mut retriers = self.retriers.iter().filter(|(_, attempts)| *attempts > 0);
        retriers.any(|(names, _)| names.iter().any(|name| !known.contains(&name.as_str())))
    }

    fn catches_all(&self) -> bool {
        self.catchers
            .iter()
            .flatten()
            .any(|name| name == "States.ALL")
    }
}

impl Machine {
    /// Makes a definition ready.
    ///
    /// # Errors
    /// What keeps it from running.
    pub(crate) fn new(machine: &StateMachine) -> Result<Self, Vec<String>> {
        let mut machine = machine.clone();
        // It is a finding by itself; here it would end explorations at an instant of no meaning.
        let timeout = machine.timeout_seconds.take();
        machine.states.values_mut().for_each(calm);
        let program = Program::compile(&machine);
        let program =
            program.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let mut found = Self {
            program: Arc::new(program),
            states: BTreeMap::new(),
            timeout,
            names_matter: false,
        };
        for (name, state) in &machine.states {
            found.add(name, state, &[]);
        }
        Ok(found)
    }

    fn add(&mut self, name: &str, state: &State, within: &[Around]) {
        let handling = Handling::of(state.retriers(), state.catchers());
        let raises = match state {
            State::Fail(_) => true,
            State::Task(_) | State::Parallel(_) | State::Map(_) => !handling.catches_all(),
            _ => false,
        };
        let task = match state {
            State::Task(task) => Some(TaskFacts {
                resource: task.resource.clone(),
                handling,
                timeout: match (&task.timeout_seconds, &task.timeout_seconds_path) {
                    (Some(Dynamic::Value(seconds)), _) => Timeout::Seconds(*seconds),
                    (Some(Dynamic::Expression(_)), _) | (None, Some(_)) => Timeout::Computed,
                    (None, None) => Timeout::Missing,
                },
            }),
            _ => None,
        };
        if let State::Choice(choice) = state {
            self.names_matter |= choice
                .choices
                .iter()
                .any(|rule| names_errors(&rule.condition));
        }
        self.states.insert(
            name.to_owned(),
            StateFacts {
                within: within.to_vec(),
                task,
                raises,
                chooses: matches!(state, State::Choice(_)),
            },
        );
        for (branch, inner) in inside(state) {
            let around = Around {
                state: name.into(),
                branch,
            };
            let within: Vec<Around> = within.iter().cloned().chain([around]).collect();
            for (name, state) in inner {
                self.add(name, state, &within);
            }
        }
    }
}

type States = indexmap::IndexMap<String, State>;

/// The states inside a state, with the branch they are in.
fn inside(state: &State) -> Vec<(Option<usize>, &States)> {
    match state {
        State::Parallel(parallel) => {
            let branches = parallel.branches.iter().enumerate();
            branches
                .map(|(index, branch)| (Some(index), &branch.states))
                .collect()
        }
        State::Map(map) => {
            let processor = map.item_processor.as_ref().or(map.iterator.as_ref());
            processor
                .map(|processor| (None, &processor.states))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Takes chance out of retriers: an interval that is drawn is at most what it is without.
fn calm(state: &mut State) {
    let retriers = match state {
        State::Task(task) => &mut task.retry,
        State::Parallel(parallel) => {
            let branches = parallel.branches.iter_mut();
            branches
                .flat_map(|branch| branch.states.values_mut())
                .for_each(calm);
            &mut parallel.retry
        }
        State::Map(map) => {
            let processors = map.item_processor.iter_mut().chain(&mut map.iterator);
            processors
                .flat_map(|processor| processor.states.values_mut())
                .for_each(calm);
            &mut map.retry
        }
        _ => return,
    };
    retriers
        .iter_mut()
        .for_each(|retrier| retrier.jitter_strategy = None);
}

fn names_errors(condition: &Condition) -> bool {
    match condition {
        Condition::Expression(text) => without_literals(&text.to_string()).contains("rror"),
        Condition::And(all) | Condition::Or(all) => {
            all.iter().any(|term| names_errors(&term.condition))
        }
        Condition::Not(inner) => names_errors(&inner.condition),
        Condition::Comparison(comparison) => comparison.variable.contains("rror"),
    }
}

/// An expression of JSONata without its strings and patterns.
fn without_literals(text: &str) -> String {
    let mut kept = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        // After an operand a stroke divides.
        let operand = |last: char| last.is_alphanumeric() || ")]}\"'`$_".contains(last);
        let opens = match character {
            '"' | '\'' => true,
            '/' => !kept.trim_end().ends_with(operand),
            _ => false,
        };
        kept.push(character);
        let mut escaped = false;
        while opens && let Some(inner) = characters.next() {
            if inner == character && !escaped {
                kept.push(inner);
                break;
            }
            escaped = inner == '\\' && !escaped;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without_literals;

    #[test]
    fn what_a_literal_says_is_no_name() {
        for (text, expected) in [
            (
                r#"$contains($failure.cause, /"Error"\/\s*/)"#,
                "$contains($failure.cause, //)",
            ),
            (r#"$failure.error = "Error""#, r#"$failure.error = """#),
            (
                r#""it's" & $failure.error & '"'"#,
                r#""" & $failure.error & ''"#,
            ),
            ("$a / $errors / 2", "$a / $errors / 2"),
        ] {
            assert_eq!(without_literals(text), expected, "{text}");
        }
    }
}
