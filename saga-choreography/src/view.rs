//! Where a saga is, for people and their tools.

use serde_json::{Map, Value, json};

use crate::record::{Ended, Fact, Record, Stage, Task};

/// Where a saga is: `{"saga", "id", "status", "error", "output", "steps": {name: {"do", "undo", "attempt"}}}`. The status is `running`,
/// `compensating`, `parked`, `completed` or `compensated`. Inputs and answers of steps are left out.
#[must_use]
pub fn view(record: &Record) -> Value {
    let mut view = Map::from_iter([
        ("saga".to_owned(), json!(record.saga)),
        ("id".to_owned(), json!(record.id)),
        ("status".to_owned(), json!(status(record))),
        ("started".to_owned(), json!(record.started)),
    ]);
    if let Some(error) = &record.error {
        view.insert("error".to_owned(), json!(error));
    }
    if let Some(Ended::Completed(output)) = &record.ended {
        view.insert("output".to_owned(), output.clone());
    }
    let steps = record.steps.iter();
    let steps = steps.map(|(name, fact)| (name.clone(), of_fact(fact)));
    view.insert("steps".to_owned(), Value::Object(steps.collect()));
    Value::Object(view)
}

fn status(record: &Record) -> &'static str {
    match &record.ended {
        Some(Ended::Completed(_)) => "completed",
        Some(Ended::Compensated) => "compensated",
        None if record.is_parked() => "parked",
        None if record.is_undoing() => "compensating",
        None => "running",
    }
}

fn of_fact(fact: &Fact) -> Value {
    let mut view = Map::from_iter([("do".to_owned(), of_task(&fact.forward))]);
    let undo = fact.backward.as_ref().map(of_task);
    view.extend(undo.map(|undo| ("undo".to_owned(), undo)));
    Value::Object(view)
}

fn of_task(task: &Task) -> Value {
    let (status, failure) = match &task.stage {
        Stage::Due(_) | Stage::Asked => ("asked for", None),
        Stage::Done(_) => ("done", None),
        Stage::NotDone(failure) => ("not done", Some(failure)),
        Stage::Unsure(failure) => ("unknown", Some(failure)),
        Stage::Parked(failure) => ("parked", Some(failure)),
    };
    let mut view = json!({ "status": status, "attempt": task.order.attempt });
    if let (Some(failure), Some(view)) = (failure, view.as_object_mut()) {
        view.insert("error".to_owned(), json!(failure.name));
        view.insert("message".to_owned(), json!(failure.message));
    }
    view
}
