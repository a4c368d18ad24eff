//! What an expression means, by the evaluator of choreographies: what JSONata gives is to be the same.

use saga_choreography::evaluate::{self, Scope};
use saga_manifest::expr::{Expr, Test};
use serde_json::Value;

use super::World;

/// The value of an expression: what is absent is null.
pub(super) fn value(expr: &Expr, world: &World) -> Value {
    evaluate::value(expr, world)
}

/// Whether a condition holds.
pub(super) fn holds(test: &Test, world: &World) -> bool {
    evaluate::holds(test, world)
}

impl Scope for World {
    fn input(&self) -> Value {
        self.input.clone()
    }

    fn saga_id(&self) -> Value {
        "arn:saga".into()
    }

    fn output(&self, name: &str) -> Value {
        self.output(name).clone()
    }

    fn item(&self, _: &str) -> Value {
        self.item.clone()
    }

    fn item_index(&self, _: &str) -> Value {
        self.index.into()
    }
}
