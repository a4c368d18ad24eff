//! What may happen to an execution.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Case;
use crate::side::{Fails, Side};

/// An error that nobody declared.
const OTHER: &str = "SomethingElse";

/// So often that no retrier lasts longer.
const ALWAYS: u32 = u32::MAX;

/// The Tasks that fail.
pub struct Way {
    pub name: String,
    pub failing: BTreeMap<String, Fails>,
}

impl Way {
    pub fn of_success() -> Self {
        Self {
            name: "each task succeeds".into(),
            failing: BTreeMap::new(),
        }
    }
}

/// Every way: each Task of the way forward fails with each error for good, and once; an undo fails.
pub fn all(case: &Case, there: &Side) -> Vec<Way> {
    let mut ways = vec![Way::of_success()];
    let fails = |error: &str, times| Fails {
        error: error.to_owned(),
        times,
    };
    for moved in &case.imported.steps {
        for error in errors(&there.state(&moved.task)) {
            for (how, times) in [("", ALWAYS), ("once ", 1)] {
                ways.push(Way {
                    name: format!("{} fails {how}with {error}", moved.task),
                    failing: BTreeMap::from([(moved.task.clone(), fails(&error, times))]),
                });
            }
        }
    }
    for moved in &case.imported.steps {
        let Some(undo) = &moved.undo else { continue };
        ways.push(Way {
            name: format!("{} times out, and {undo} fails", moved.task),
            failing: BTreeMap::from([
                (moved.task.clone(), fails("States.Timeout", ALWAYS)),
                (undo.clone(), fails(OTHER, ALWAYS)),
            ]),
        });
    }
    ways
}

/// Each error that a Task handles, and two that nobody names.
fn errors(task: &Value) -> Vec<String> {
    let handlers = ["Retry", "Catch"]
        .into_iter()
        .filter_map(|field| task[field].as_array());
    let names = handlers
        .flatten()
        .filter_map(|handler| handler["ErrorEquals"].as_array());
    let named = names.flatten().filter_map(Value::as_str);
    let raised = named.filter(|name| *name == "States.Timeout" || !name.starts_with("States."));
    let mut errors: Vec<String> = raised.map(str::to_owned).collect();
    errors.extend([OTHER.to_owned(), "States.Timeout".to_owned()]);
    errors.sort();
    errors.dedup();
    errors
}
