//! Blocks, written by hand.

use saga_manifest::Manifest;
use saga_manifest::expr::{Expr, Test};
use saga_manifest::flow::{
    Abort, Block, Case, Choice, End, Map, Node, Parallel, Savepoint, Until, Wait,
};
use saga_manifest::resource::{Origin, Queue};
use saga_manifest::step::{Call, Step};
use saga_manifest::task::Task;

use super::{call, line, saga, text};

/// A block of these nodes that goes on with nothing.
pub fn block(nodes: Vec<Node>) -> Block {
    Block {
        nodes,
        end: End::Continue(Expr::Literal(serde_json::Value::Null)),
    }
}

/// The same with another end.
pub fn ending(nodes: Vec<Node>, end: End) -> Block {
    Block { nodes, end }
}

pub fn node(step: Step) -> Node {
    Node::Step(Box::new(step))
}

pub fn parallel(name: &str, branches: Vec<Block>) -> Node {
    Node::Parallel(Parallel {
        name: name.into(),
        description: None,
        place: line(20),
        branches,
    })
}

/// A choice of cases, each taken where the input holds a field of its number that is true.
pub fn choice(name: &str, mut cases: Vec<Block>) -> Node {
    let otherwise = cases.pop().unwrap();
    let cases = cases.into_iter().enumerate().map(|(number, then)| Case {
        when: Test::True(super::input(&format!("case{number}"))),
        then,
    });
    Node::Choice(Choice {
        name: name.into(),
        description: None,
        place: line(30),
        cases: cases.collect(),
        otherwise,
    })
}

pub fn map(name: &str, items: Expr, item: Block) -> Node {
    Node::Map(Box::new(Map {
        name: name.into(),
        description: None,
        place: line(40),
        items,
        at_most: 5,
        max_concurrency: 2,
        item,
    }))
}

pub fn wait(name: &str, seconds: u32) -> Node {
    Node::Wait(Wait {
        name: name.into(),
        description: None,
        place: line(50),
        until: Until::Seconds(Expr::Literal(seconds.into())),
        at_most_seconds: seconds,
    })
}

pub fn savepoint(name: &str, tries: u32, block: Block) -> Node {
    Node::Savepoint(Savepoint {
        name: name.into(),
        description: None,
        place: line(60),
        tries,
        interval_seconds: 5,
        block,
    })
}

pub fn abort(name: &str, error: &str) -> End {
    End::Abort(Abort {
        name: name.into(),
        place: line(70),
        error: error.into(),
        cause: text("the author's reason"),
    })
}

/// A saga of these nodes, with the handlers that they name.
pub fn of_nodes(nodes: Vec<Node>) -> Manifest {
    let body = ending(nodes, End::Complete(Expr::Literal(serde_json::Value::Null)));
    of_body(body)
}

/// A saga of this body, with the handlers that it names.
pub fn of_body(body: Block) -> Manifest {
    let steps = body.all_steps().into_iter().cloned();
    let mut manifest = saga(steps.collect());
    manifest.sagas[0].body = body;
    manifest
}

/// A queue that the stack creates.
pub fn queue(name: &str) -> Queue {
    Queue {
        name: name.into(),
        description: None,
        place: line(80),
        origin: Origin::Created,
        visibility_timeout_seconds: 30,
        retention_seconds: 345_600,
        dead_letter_after: None,
        subscriptions: Vec::new(),
    }
}

/// A message to a queue.
pub fn send(queue: &str, message: Expr) -> Call {
    call(Task::SqsSend {
        queue: queue.into(),
        message,
        attributes: Vec::new(),
    })
}
