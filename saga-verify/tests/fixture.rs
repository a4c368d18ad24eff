//! Compiled sagas to explore.

use saga_asl::model::StateMachine;
use saga_manifest::Manifest;
use saga_manifest::expr::{Expr, Test};
use saga_manifest::flow::{Case, Choice, Node};
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::{Channel, Task};
use saga_verify::model::annotations::Annotations;
use saga_verify::model::manifest::{inputs, model};
use saga_verify::{Model, Options, Verdict, verify};
use serde_json::{Value, json};

use crate::items;
use crate::manifest;
use crate::manifest::blocks::{
    abort, block, choice, ending, map, node, of_nodes, parallel, queue, savepoint, wait,
};

/// A compiled saga.
pub struct Compiled {
    pub definition: StateMachine,
    pub model: Model,
    pub inputs: Vec<Value>,
}

/// Compiles the only saga of a manifest. Its schemas are made to hold what tests read.
pub fn compiled(mut manifest: Manifest) -> Compiled {
    for handler in &mut manifest.handlers {
        handler.output.schema = object(&["id", "chargeId"]);
    }
    let fields = [
        "fareId",
        "customerId",
        "fareAmount",
        "cc",
        "expiryDate",
        "cvv",
    ];
    manifest.queues.push(queue("Desk"));
    for saga in &mut manifest.sagas {
        saga.input.schema = object(&fields);
    }
    let output = manifest::compile(&manifest);
    let definition = output.definitions[0].machine.clone();
    Compiled {
        model: model(&manifest, &manifest.sagas[0], &definition),
        inputs: inputs(&manifest.sagas[0]),
        definition,
    }
}

fn object(names: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({ "type": "string" })))
        .collect();
    json!({ "type": "object", "properties": properties, "required": names })
}

impl Compiled {
    /// Another definition of the same saga.
    pub fn with(self, definition: StateMachine) -> Self {
        Self { definition, ..self }
    }

    pub fn verify(&self, depth: usize) -> Verdict {
        let options = Options {
            depth,
            ..Options::default()
        };
        verify(
            &self.definition,
            &self.model,
            &self.inputs,
            options,
            &mut |_, _| (),
        )
        .unwrap()
    }
}

/// The sagas that tests name.
#[track_caller]
pub fn named(name: &str) -> Compiled {
    match name {
        "fare" => compiled(manifest::fare_processing()),
        "nested" => compiled(nested()),
        "sealed" => compiled(sealed()),
        "refuses" => compiled(refuses()),
        "locked" => compiled(items::locked()),
        "versioned" => compiled(items::versioned()),
        "reread" => compiled(items::reread()),
        "branches" | "items" | "ways" | "tries" | "rooms" | "asks" => of_blocks(name),
        other => written(other),
    }
}

/// A step that is tried again after whatever it fails with, a refusal too, which its fence settles.
fn refuses() -> Manifest {
    let mut book = throttled(manifest::compensatable("Book"));
    let mut refused = manifest::retried(manifest::known("Refused"), 1);
    refused.settled = true;
    book.call.errors.push(refused);
    book.call.retry_others = Some(manifest::policy(1));
    manifest::saga(vec![book, throttled(manifest::pivot("Pay"))])
}

/// A step with a fence that is undone by a handler without one, which leaves nothing there.
fn sealed() -> Manifest {
    let book = throttled(manifest::compensatable("Book"));
    let mut manifest = manifest::saga(vec![book, throttled(manifest::pivot("Pay"))]);
    let mut handlers = manifest.handlers.iter_mut();
    let undo = handlers
        .find(|handler| handler.name == "RevertBook")
        .unwrap();
    undo.unfenced = Some("naturally idempotent because it sets what it is given".into());
    manifest
}

/// `Order`: `First`, a saga `Book` as a step, `Last`.
fn nested() -> Manifest {
    let undo = Call {
        retry_others: Some(manifest::policy(3)),
        ..manifest::work("CancelTrip")
    };
    let run = Call {
        timeout_seconds: 3_600,
        ..manifest::call(Task::Saga {
            saga: "Book".into(),
            input: manifest::object([("id", manifest::field(Expr::Input, "fareId"))]),
        })
    };
    let undone = Kind::Compensatable {
        compensation: Box::new(undo),
    };
    let steps = vec![
        throttled(manifest::compensatable("First")),
        manifest::step("Booking", undone, run),
        throttled(manifest::compensatable("Last")),
    ];
    let mut whole = manifest::saga(steps);
    let mut book = manifest::saga(vec![
        manifest::compensatable("Hotel"),
        manifest::compensatable("Car"),
    ]);
    "Book".clone_into(&mut book.sagas[0].name);
    whole.sagas.append(&mut book.sagas);
    whole.handlers.append(&mut book.handlers);
    whole
}

/// A saga that is written by hand: `machines/<name>.asl.yaml` and `<name>.saga.yaml`.
fn written(name: &str) -> Compiled {
    let text = |kind: &str| {
        let path = format!(
            "{}/tests/machines/{name}.{kind}.yaml",
            env!("CARGO_MANIFEST_DIR")
        );
        #[expect(clippy::disallowed_methods, reason = "a test may read its fixtures")]
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let value: Value = serde_yaml::from_str(&text("asl")).unwrap();
    let definition = StateMachine::from_value(&saga_asl::json::Value::from(value)).unwrap();
    let annotations = Annotations::read(&text("saga")).unwrap();
    Compiled {
        model: annotations.model(&definition).unwrap(),
        inputs: vec![annotations.input.unwrap_or_else(|| json!({}))],
        definition,
    }
}

/// For an item that is true a suite with breakfast, for another one a room.
fn suite_or_room() -> Node {
    let step = |name| node(throttled(manifest::compensatable(name)));
    Node::Choice(Choice {
        name: "Size".into(),
        description: None,
        place: manifest::line(35),
        cases: vec![Case {
            when: Test::True(Expr::Item("Rooms".into())),
            then: block(vec![step("Suite"), step("Breakfast")]),
        }],
        otherwise: block(vec![step("Room")]),
    })
}

/// A question that may go unanswered.
fn ask() -> Step {
    let call = manifest::call(Task::Approval {
        channel: Channel::Queue("Desk".into()),
        request: manifest::object([("amount", manifest::input("amount"))]),
        unanswered: Some(Expr::Literal(json!({ "approved": false }))),
    });
    manifest::step("Ask", Kind::ReadOnly, call)
}

/// A step that may be rejected, as saga-dsl declares it of every handler.
fn throttled(mut step: Step) -> Step {
    let throttle = manifest::known("Lambda.TooManyRequestsException");
    step.call.errors.push(throttle);
    step
}

/// Sagas of blocks, compiled, with inputs that take every way.
fn of_blocks(name: &str) -> Compiled {
    let throttled = |step| node(throttled(step));
    let step = |name| throttled(manifest::compensatable(name));
    let nodes = match name {
        "branches" => vec![
            step("Open"),
            parallel(
                "Travel",
                vec![
                    block(vec![step("Flight"), step("Seat")]),
                    block(vec![step("Room")]),
                ],
            ),
            throttled(manifest::pivot("Pay")),
        ],
        "items" => vec![
            map(
                "Rooms",
                manifest::input("rooms"),
                block(vec![step("Room"), step("Key")]),
            ),
            throttled(manifest::pivot("Pay")),
        ],
        "ways" => vec![
            choice(
                "Route",
                vec![
                    block(vec![step("Fast")]),
                    ending(vec![step("Slow")], abort("GiveUp", "TooSlow")),
                    block(vec![]),
                ],
            ),
            wait("Pause", 3),
            throttled(manifest::pivot("Pay")),
            throttled(manifest::retriable("Ship")),
        ],
        "tries" => vec![
            step("Open"),
            savepoint("Again", 2, block(vec![step("Try"), step("More")])),
            throttled(manifest::pivot("Pay")),
        ],
        "rooms" => vec![
            map(
                "Rooms",
                manifest::input("rooms"),
                block(vec![suite_or_room()]),
            ),
            throttled(manifest::pivot("Pay")),
        ],
        "asks" => vec![step("Open"), node(ask()), throttled(manifest::pivot("Pay"))],
        other => panic!("no saga `{other}`"),
    };
    let inputs = match name {
        "items" => vec![json!({ "rooms": [1, 2] }), json!({ "rooms": [] })],
        "rooms" => vec![json!({ "rooms": [true, false] })],
        "ways" => vec![
            json!({ "case0": true }),
            json!({ "case1": true }),
            json!({}),
        ],
        _ => vec![json!({})],
    };
    Compiled {
        inputs,
        ..compiled(of_nodes(nodes))
    }
}
