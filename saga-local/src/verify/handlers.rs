//! Single faults in the real handlers: what the model says of each, and what then really lies in the tables.

use std::any::Any;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::history::{Detail, HistoryEvent};
use saga_fence::table::{PARTITION_KEY, SORT_KEY};
use saga_verify::{FaultKind, Injection, Oracle, Prediction};
use serde_json::Value;

use crate::saga::{
    Answers, Backend, Callbacks, Clock, Driver, Ended, Fault, Faults, Handlers, Prepared,
};
use crate::services::{Embedded, PARKED_QUEUE};

/// What a trial runs on: services of its own, and the handlers that call them.
pub struct Stage {
    /// The services.
    pub services: Embedded,
    /// The handlers.
    pub handlers: Arc<dyn Handlers>,
    /// What has to live as long: a server, processes.
    pub kept: Box<dyn Any>,
}

/// Faults that were injected, and what came of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The faults.
    pub faults: Vec<Injection>,
    /// What the model says.
    pub expected: Prediction,
    /// The word for how the saga really ended.
    pub ending: &'static str,
    /// What does not agree, with the model or with the tables.
    pub problems: Vec<String>,
}

/// Trials of a saga.
pub struct Trials<'t> {
    /// The saga.
    pub saga: &'t Prepared,
    /// The model.
    pub oracle: &'t Oracle<'t>,
    /// The input, with which the saga completes.
    pub input: &'t Value,
}

impl Trials<'_> {
    /// Runs the saga with these faults.
    ///
    /// # Errors
    /// When it cannot be run, or the model cannot be asked.
    pub async fn run(&self, faults: Vec<Injection>, stage: &Stage) -> Result<Trial, String> {
        let expected = self
            .oracle
            .predict(&faults)
            .map_err(|error| error.to_string())?;
        let execution = crate::execution_name();
        let id = self.saga.execution_arn(&execution);
        let driver = Driver {
            backend: Backend {
                handlers: Arc::clone(&stage.handlers),
                services: Arc::new(stage.services.clone()),
            },
            faults: injected(&faults, self.saga)?,
            answers: Answers::default(),
            callbacks: Callbacks::default(),
            clock: Clock::skipping(),
            execution,
            seed: 0,
        };
        let (_running, stop) = tokio::sync::watch::channel(false);
        let input: Data =
            serde_json::from_value(self.input.clone()).map_err(|error| error.to_string())?;
        let ended = driver.run(self.saga, input, stop, &mut |_| ()).await;
        let ended = ended.map_err(|error| error.to_string())?;
        let mut problems = disagreements(&expected, &ended);
        problems.extend(unsettled(&id, ended.ending.name(), &stage.services));
        let fences = stage.services.fences();
        problems.extend(told_by_fences(&id, ended.ending.name(), &expected, &fences));
        Ok(Trial {
            faults,
            expected,
            ending: ended.ending.name(),
            problems,
        })
    }
}

/// The fault of a run that is an injection of the model.
#[must_use]
pub fn fault(injection: &Injection) -> Fault {
    match injection.kind {
        FaultKind::Crash => Fault::Crash,
        FaultKind::Duplicate => Fault::Duplicate,
        FaultKind::TimeoutBefore | FaultKind::TimeoutAfter => Fault::Timeout,
        _ => Fault::Fail(injection.error.clone().unwrap_or_default()),
    }
}

fn injected(faults: &[Injection], saga: &Prepared) -> Result<Faults, String> {
    let every = faults.iter().all(|fault| fault.every_attempt);
    let mut injected = Faults::on_attempts(if every { None } else { Some(1) });
    for fault in faults {
        let what = self::fault(fault);
        let added = injected.add(&fault.state, what, &saga.tasks);
        added.map_err(|error| error.to_string())?;
    }
    Ok(injected)
}

fn disagreements(expected: &Prediction, ended: &Ended) -> Vec<String> {
    let mut found = Vec::new();
    let ending = ended.ending.name();
    if expected.ending != Some(ending) {
        let expected = expected.ending.unwrap_or("no end that a saga has");
        found.push(format!("it ended {ending}, and the model says {expected}"));
    }
    // Branches may come in another order.
    let mut states = entered(ended.execution.history());
    let mut predicted = expected.states.clone();
    states.sort();
    predicted.sort();
    if states != predicted {
        let way = entered(ended.execution.history()).join(" → ");
        let expected = expected.states.join(" → ");
        found.push(format!("it went {way}, and the model says {expected}"));
    }
    found
}

fn entered(history: &[HistoryEvent]) -> Vec<String> {
    let entered = history.iter().filter_map(|event| match &event.detail {
        Detail::StateEntered { kind, name, .. } if kind.name() != "Choice" => {
            Some(name.to_string())
        }
        _ => None,
    });
    entered.collect()
}

/// What the fences say of the steps, and does not fit how the saga says it ended.
fn told_by_fences(id: &str, ending: &str, expected: &Prediction, fences: &[Value]) -> Vec<String> {
    let text = |row: &Value, name: &str| {
        let text = row.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let mut found = Vec::new();
    for fenced in &expected.fenced {
        let own = fences
            .iter()
            .find(|row| text(row, PARTITION_KEY) == id && fenced.is_of(&text(row, SORT_KEY)));
        let stage = own.map(|row| text(row, "stage"));
        let stands = stage
            .as_deref()
            .is_some_and(|stage| !["refused", "undone", "tombstone"].contains(&stage));
        let says = match &stage {
            Some(stage) => format!("the fence of `{}` says `{stage}`", fenced.instance),
            None => format!("`{}` has no fence", fenced.instance),
        };
        if stands && (fenced.undone || ending == "compensated") {
            found.push(format!(
                "it ended {ending}, what this step did is undone, and {says}"
            ));
        }
        if ending == "completed" && fenced.stands && stage.as_deref() != Some("done") {
            found.push(format!("it is completed, and {says}"));
        }
    }
    found
}

/// What lies in the tables and does not fit how the saga says it ended.
fn unsettled(id: &str, ending: &str, services: &Embedded) -> Vec<String> {
    let contents = services.contents();
    let mut found = Vec::new();
    for (table, rows) in &contents.tables {
        let own = rows
            .iter()
            .filter(|row| row.get("saga_id").and_then(Value::as_str) == Some(id));
        for row in own {
            let undone = row.get("saga_undone").and_then(Value::as_bool) == Some(true);
            match ending {
                "compensated" if !undone => {
                    found.push(format!("it is compensated, and `{table}` still has {row}"));
                }
                "completed" if undone => {
                    found.push(format!(
                        "it is completed, and in `{table}` this is undone: {row}"
                    ));
                }
                _ => {}
            }
        }
    }
    let told = contents
        .queues
        .get(PARKED_QUEUE)
        .is_some_and(|messages| !messages.is_empty());
    if ending == "parked" && !told {
        found.push("it is parked, and no operator was told".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use saga_verify::Fenced;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(ending: &'static str, stands: bool, undone: bool, stage: Option<&str>, said: &[&str]) {
        let expected = Prediction {
            ending: Some(ending),
            states: Vec::new(),
            fenced: vec![Fenced {
                instance: "Reserve[3]".to_owned(),
                stands,
                undone,
            }],
        };
        let row = |saga: &str, stage: &str| json!({ "saga": saga, "instance": "Reserve/Orders[3]", "stage": stage });
        let rows: Vec<Value> = stage.map(|stage| row("own", stage)).into_iter().collect();
        let rows = [vec![row("another", "done")], rows].concat();
        let found = told_by_fences("own", ending, &expected, &rows);
        assert_eq!(found.len(), said.len(), "{found:?}");
        for (found, said) in found.iter().zip(said) {
            assert!(found.contains(said), "`{said}` is not in `{found}`");
        }
    }

    #[test]
    fn fences_have_to_say_what_the_end_says() {
        check("completed", true, false, Some("done"), &[]);
        check("completed", true, false, Some("begun"), &["says `begun`"]);
        check(
            "completed",
            true,
            false,
            None,
            &["`Reserve[3]` has no fence"],
        );
        check("compensated", false, true, Some("undone"), &[]);
        check("compensated", false, true, Some("tombstone"), &[]);
        check("compensated", false, false, None, &[]);
        check("compensated", false, true, Some("done"), &["says `done`"]);
        check("parked", true, false, Some("undo-failed"), &[]);
        check(
            "parked",
            false,
            true,
            Some("undo-failed"),
            &["says `undo-failed`"],
        );
    }
}
