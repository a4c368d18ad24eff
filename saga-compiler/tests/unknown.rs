//! A parallel or map that fails itself, since what a part hands on is too large: nobody can tell what
//! its parts did, so all of it is undone.

use saga_asl::data::Data;
use saga_engine::execution::{Effect, Event, Execution, Settings};
use saga_engine::time::Timestamp;
use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::flow::{Block, End, Node};
use saga_manifest::step::Step;
use saga_random::run::program;

use crate::manifest::blocks::{choice, map, node, of_nodes, parallel, savepoint};
use crate::manifest::{compensatable, compile, input, invoke, pivot};

/// More than half of what a state may answer.
const LARGE: usize = 150_000;

/// A step with a large answer, in a block whose value that is, in one whose value is twice that.
fn large(name: &str, wraps: fn(Block) -> Node) -> Block {
    let output = |name: &str| Expr::Output(name.into());
    let inner = wraps(Block {
        nodes: vec![node(compensatable(name))],
        end: End::Continue(output(name)),
    });
    let twice = vec![output(inner.name()), output(inner.name())];
    Block {
        nodes: vec![inner],
        end: End::Continue(Expr::List(twice)),
    }
}

/// Runs a saga whose handlers answer much; gives the states that call one, in their order.
fn calls(manifest: &Manifest, input: &str) -> Vec<String> {
    let machine = compile(manifest).definitions.remove(0).machine;
    let settings = Settings::default();
    let input = Data::parse(input).unwrap();
    let mut execution = Execution::start(program(&machine).unwrap(), settings, input, Timestamp(0));
    let mut states = Vec::new();
    let answer = Data::object([("Payload", Data::text("x".repeat(LARGE)))]);
    while execution.outcome().is_none() {
        for effect in execution.take_effects() {
            // What runs beside the part that fails is cancelled.
            let Effect::Invoke(call) = effect else {
                continue;
            };
            states.push(call.state.to_string());
            let event = Event::TaskSucceeded(call.task, answer.clone());
            execution.handle(event, Timestamp(0));
        }
    }
    let failure = execution
        .outcome()
        .and_then(|outcome| outcome.failure.clone());
    let error = failure.and_then(|failure| failure.error);
    assert_eq!(error.as_deref(), Some("SagaCompensated"), "{states:?}");
    states
}

/// A step that reads a node's value, without which the value would not be handed on.
fn reads(name: &str) -> Node {
    node(Step {
        call: invoke("Pay", Expr::Output(name.into())),
        ..pivot("Pay")
    })
}

#[test]
fn all_branches_of_a_parallel_are_undone() {
    let case = |block| choice("Way", vec![block, empty()]);
    let again = |block| savepoint("Again", 2, block);
    let branches = vec![large("Book", case), large("Hire", again)];
    let manifest = of_nodes(vec![
        node(compensatable("Open")),
        parallel("Both", branches),
        reads("Both"),
    ]);
    let states = calls(&manifest, r#"{"case0": true}"#);
    let undone: Vec<_> = states
        .iter()
        .filter(|state| state.starts_with("Undo"))
        .collect();
    // Which try succeeded is unknown, so both are undone.
    assert_eq!(undone, ["UndoHireTry2", "UndoHire", "UndoBook", "UndoOpen"]);
}

#[test]
fn all_items_of_a_map_are_undone() {
    let item = large("Book", |block| savepoint("Again", 2, block));
    let each = map("Each", input("list"), item);
    let manifest = of_nodes(vec![each, reads("Each")]);
    let states = calls(&manifest, r#"{"list": [1, 2, 3]}"#);
    for undo in ["UndoBook", "UndoBookTry2"] {
        let undone = states.iter().filter(|state| *state == undo);
        assert_eq!(undone.count(), 3, "{states:?}");
    }
}

#[test]
fn blocks_in_a_branch_are_undone_too() {
    let each = map("Each", input("list"), known_of("Book"));
    let first = Block {
        nodes: vec![each],
        ..known_of("")
    };
    let inner = |rent| parallel("Inner", vec![known_of("Hire"), rent]);
    let branches = vec![
        first,
        large("Rent", inner),
        large("Lend", |block| choice("Way", vec![block, known_of("Keep")])),
    ];
    let manifest = of_nodes(vec![parallel("Both", branches), reads("Both")]);
    let states = calls(&manifest, r#"{"list": [1, 2], "case0": true}"#);
    let undone: Vec<_> = states
        .iter()
        .filter(|state| state.starts_with("Undo"))
        .collect();
    // Which case was taken is unknown, so both are undone.
    let expected = [
        "UndoKeep", "UndoLend", "UndoRent", "UndoHire", "UndoBook", "UndoBook",
    ];
    assert_eq!(undone, expected);
}

fn empty() -> Block {
    Block {
        nodes: Vec::new(),
        ..known_of("")
    }
}

fn known_of(name: &str) -> Block {
    Block {
        nodes: vec![node(compensatable(name))],
        end: End::Continue(Expr::Input),
    }
}
