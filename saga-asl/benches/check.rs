//! `cargo bench -p saga-asl`: checking beside parsing alone, and growth with size.

use divan::{Bencher, black_box};
use saga_asl::lint::check;
use serde_json::{Map, Value, json};

fn main() {
    divan::main();
}

/// Numbers of states; the last makes a definition of about a megabyte.
const SIZES: [usize; 4] = [20, 200, 800, 1_600];

/// A saga of so many steps: half of the states do, half undo.
fn saga(states: usize) -> String {
    let steps = states / 2;
    let mut all = Map::new();
    for step in 0..steps {
        let next = if step + 1 == steps {
            "Done".to_owned()
        } else {
            format!("Do{}", step + 1)
        };
        let before = if step == 0 {
            "Failed".to_owned()
        } else {
            format!("UndoDo{}", step - 1)
        };
        all.insert(
            format!("Do{step}"),
            task(step, &next, Some(&format!("UndoDo{step}"))),
        );
        all.insert(format!("UndoDo{step}"), task(step, &before, None));
    }
    all.insert("Done".to_owned(), json!({ "Type": "Succeed" }));
    all.insert(
        "Failed".to_owned(),
        json!({ "Type": "Fail", "Error": "Undone" }),
    );
    let machine = json!({ "QueryLanguage": "JSONata", "StartAt": "Do0", "States": all });
    serde_json::to_string_pretty(&machine).unwrap_or_default()
}

fn task(step: usize, next: &str, undo: Option<&str>) -> Value {
    let mut task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {
            "FunctionName": format!("${{Function{step}}}"),
            "Payload": { "id": "{% $states.context.Execution.Id & '-step' %}", "amount": "{% $sum($states.input.items.price) * 1.19 %}" }
        },
        "TimeoutSeconds": 30,
        "Output": "{% $states.input %}",
        "Next": next
    });
    let (name, handling) = match undo {
        Some(undo) => (
            "Catch",
            json!([{ "ErrorEquals": ["States.ALL"], "Output": "{% $states.input %}", "Next": undo }]),
        ),
        None => (
            "Retry",
            json!([{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2.0 }]),
        ),
    };
    if let Some(fields) = task.as_object_mut() {
        fields.insert(name.to_owned(), handling);
    }
    task
}

#[divan::bench(args = SIZES)]
fn check_saga(bencher: Bencher<'_, '_>, states: usize) {
    let text = saga(states);
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| check(black_box(&text)));
}

#[divan::bench(args = SIZES)]
fn serde_json_value(bencher: Bencher<'_, '_>, states: usize) {
    let text = saga(states);
    let counted = bencher.counter(divan::counter::BytesCount::of_str(&text));
    counted.bench(|| serde_json::from_str::<Value>(black_box(&text)));
}
