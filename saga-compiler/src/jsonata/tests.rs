//! What is written is run: an expression must give the value that its tree means.

mod conditions;
mod dynamodb;
pub(crate) mod engine;
mod meaning;
mod random;
mod waits;
mod written;

use std::sync::LazyLock;

use saga_manifest::flow::{Block, End, Map, Node};
use saga_manifest::place::Place;
use saga_manifest::saga::{Data, Saga};
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::Task;
use serde_json::Value;

use super::Scope;
use crate::checked::Variables;
use crate::checked::region::Level;
use saga_manifest::expr::Expr;

/// The steps whose outputs expressions read, in awkward names.
const STEPS: [&str; 4] = ["ChargeFare", "Value", "item", "States"];

/// The map whose item expressions read; its variable would be a step's, were names not told apart.
const MAP: &str = "Value item";

/// Variables of those steps and that map.
fn variables() -> &'static Variables<'static> {
    static SAGA: LazyLock<Saga> = LazyLock::new(saga);
    static VARIABLES: LazyLock<Variables<'static>> = LazyLock::new(|| Variables::new(&SAGA));
    &VARIABLES
}

fn saga() -> Saga {
    let place = Place {
        file: "src/saga.rs".into(),
        line: 1,
        column: 1,
    };
    let data = Data {
        schema: Value::Null,
        sensitive: Vec::new(),
    };
    let step = |name: &str| Step {
        name: name.into(),
        description: None,
        place: place.clone(),
        kind: Kind::ReadOnly,
        call: Call {
            description: None,
            task: Task::Lambda {
                handler: name.into(),
                input: Expr::Input,
            },
            errors: Vec::new(),
            retry_others: None,
            timeout_seconds: 1,
            heartbeat_seconds: None,
            events: Default::default(),
        },
    };
    let mut body = Block::of_steps(STEPS.map(step), End::Complete(Expr::Input));
    body.nodes.push(Node::Map(Box::new(Map {
        name: MAP.into(),
        description: None,
        place: place.clone(),
        items: Expr::Input,
        at_most: 1,
        max_concurrency: 1,
        item: Block::of_steps([], End::Continue(Expr::Input)),
    })));
    Saga {
        name: "Test".into(),
        description: None,
        place: place.clone(),
        input: data.clone(),
        output: data,
        body,
        notifications: Vec::new(),
        history_key: None,
        triggers: Vec::new(),
    }
}

/// The data of an execution.
#[derive(Clone, Debug)]
struct World {
    input: Value,
    outputs: [Value; 4],
    item: Value,
    index: usize,
}

impl World {
    fn output(&self, step: &str) -> &Value {
        let position = STEPS.iter().position(|name| *name == step).unwrap();
        &self.outputs[position]
    }
}

fn scope<'a>(variables: &'a Variables<'a>) -> Scope<'a> {
    static LEVEL: LazyLock<Level> =
        LazyLock::new(|| Level::outermost().inside(self::variables().regions.of(MAP, 0)));
    Scope::new(variables).at(&LEVEL)
}
