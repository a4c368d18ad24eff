//! What a definition does and what the saga does that it became.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::difference::{Pair, Seen};
use crate::side::{Called, Fails, Ran, Side};
use crate::way::{self, Way};
use crate::{Case, answer, root, variation};

/// How many ways were compared, and with which result.
#[derive(Default)]
pub struct Counts {
    pub same: AtomicUsize,
    pub explained: AtomicUsize,
    pub not_compared: AtomicUsize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |count: &AtomicUsize| count.load(Relaxed);
        write!(
            f,
            "{} ways the same, {} otherwise, {} not compared: the definition fails on its own data",
            count(&self.same),
            count(&self.explained),
            count(&self.not_compared)
        )
    }
}

/// Compares every way; of the project's own definitions with what is kept, too.
pub fn check(case: &Case, generated: &Value, counts: &Counts) -> Result<(), Failed> {
    let there = Side::new(case.definition.clone())?;
    let here = Side::new(generated.clone())?;
    let names = names(case, &there);
    let mut data = answer::everything(&case.definition);
    answer::lay(&case.data, &mut data);
    let sides = Sides {
        pair: Pair::new(case, &there),
        there,
        here,
        names,
        is_own: case.is_own,
        counts,
    };
    let (mut table, mut unexplained) = (String::new(), String::new());
    for (index, (varied, data)) in variation::all(&case.definition, &data)
        .into_iter()
        .enumerate()
    {
        let ways = match index {
            0 => way::all(case, &sides.there),
            _ => vec![Way::of_success()],
        };
        for way in ways {
            let name = format!("{}{varied}", way.name);
            let (row, open) = sides.row(&name, &data, &way.failing);
            table += &row;
            unexplained += &open;
        }
    }
    if !unexplained.is_empty() {
        return Err(unexplained.into());
    }
    if !case.is_own {
        return Ok(());
    }
    let kept = root()
        .join("tests/import")
        .join(format!("{}.txt", case.name));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&kept, &table)?;
    }
    pretty_assertions::assert_eq!(fs::read_to_string(&kept).unwrap_or_default(), table);
    Ok(())
}

/// By state of the saga: the Task of the definition.
fn names(case: &Case, there: &Side) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for moved in &case.imported.steps {
        names.insert(moved.step.clone(), moved.task.clone());
        if let Some(undo) = &moved.undo {
            names.insert(format!("Undo{}", moved.step), undo.clone());
        }
    }
    for task in there.tasks().into_keys() {
        // Messages keep their names.
        names.entry(task.clone()).or_insert(task);
    }
    names
}

/// The definition and the saga, and the names of the one in the other.
struct Sides<'c> {
    pair: Pair<'c>,
    there: Side,
    here: Side,
    names: BTreeMap<String, String>,
    is_own: bool,
    counts: &'c Counts,
}

impl Sides<'_> {
    /// What both do where these Tasks fail, and what of it no gap explains.
    fn row(&self, name: &str, data: &Value, failing: &BTreeMap<String, Fails>) -> (String, String) {
        let answer = |task: &str| {
            let mut answer = data.clone();
            answer["by"] = task.into();
            answer
        };
        let wrapped = |task: &str, resource: &str| match resource {
            "arn:aws:states:::lambda:invoke" => json!({ "Payload": answer(task) }),
            _ => answer(task),
        };
        let there = self.there.run(data, &wrapped, failing);
        if let Some(error) = broken(&there) {
            let row =
                format!("{name}: not compared, the definition fails on these data: {error}\n");
            self.counts.not_compared.fetch_add(1, Relaxed);
            // The project's own definitions stand the data that they are tried with.
            let open = if self.is_own && failing.is_empty() {
                row.clone()
            } else {
                String::new()
            };
            return (row, open);
        }
        let renamed = self.names.iter().flat_map(|(state, task)| {
            let fails = failing.get(task).cloned();
            let states = [state.clone(), format!("{state}Parked")];
            states
                .into_iter()
                .filter_map(move |state| Some((state, fails.clone()?)))
        });
        let own = |state: &str, resource: &str| {
            wrapped(
                self.names.get(state).map_or(state, String::as_str),
                resource,
            )
        };
        let here = self.here.run(data, &own, &renamed.collect());
        let is_parked = here.calls.iter().any(|call| call.task.ends_with("Parked"));
        let seen = Seen {
            failing,
            there: self.pair.in_order(there.calls.clone()),
            here: self.pair.in_order(self.known(&here.calls)),
            ended: (&there, &here),
        };
        let ended = |ran: &Ran| {
            if ran.output.is_some() {
                "completed"
            } else {
                "failed"
            }
        };
        let by_us = if is_parked { "parked" } else { ended(&here) };
        let differences = self.pair.differences(&seen);
        let (mut row, mut open) = (String::new(), String::new());
        let count = match differences.is_empty() {
            true => &self.counts.same,
            false => &self.counts.explained,
        };
        count.fetch_add(1, Relaxed);
        if differences.is_empty() {
            writeln!(row, "{name}: {by_us} by {}", listed(&seen.here)).unwrap();
            return (row, open);
        }
        writeln!(row, "{name}:").unwrap();
        writeln!(row, "  there {} by {}", ended(&there), listed(&seen.there)).unwrap();
        writeln!(row, "  here {by_us} by {}", listed(&seen.here)).unwrap();
        for difference in differences {
            match self.pair.explained(&difference, &seen) {
                Some(gap) => writeln!(row, "  {difference}: {gap}").unwrap(),
                None => {
                    let (error, ours) = (&there.error, &here.error);
                    writeln!(open, "{row}  there: {error}\n  here: {ours}\n  {difference}: nothing in the report says why{}", difference.data()).unwrap();
                }
            }
        }
        (row, open)
    }

    /// The Tasks of the definition that the saga came to, without what was added, and what it does for itself.
    fn known(&self, calls: &[Called]) -> Vec<Called> {
        let known = calls.iter().filter_map(|call| {
            Some(Called {
                task: self.names.get(&call.task)?.clone(),
                // A service that the saga asks itself is asked in its own way.
                given: call.given.clone().filter(|_| {
                    self.here.state(&call.task)["Resource"] == "arn:aws:states:::lambda:invoke"
                }),
            })
        });
        known.collect()
    }
}

/// The error of a definition that does not stand its own data: no saga reads what is not there.
fn broken(there: &Ran) -> Option<&str> {
    let own = [
        "States.Runtime",
        "States.ParameterPathFailure",
        "States.QueryEvaluationError",
        "States.NoChoiceMatched",
    ];
    let (name, _) = there.error.split_once(": ").unwrap_or_default();
    own.into_iter().find(|error| *error == name)
}

fn listed(calls: &[Called]) -> String {
    let tasks: Vec<_> = calls.iter().map(|call| call.task.as_str()).collect();
    match tasks.is_empty() {
        true => "nothing".to_owned(),
        false => tasks.join(", "),
    }
}
