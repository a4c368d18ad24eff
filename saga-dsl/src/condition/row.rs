//! Conditions on a row, as DynamoDB has them.

use std::panic::Location;

use saga_manifest::task::{Comparison, Condition as Lowered, Shape};
use serde_json::Value;

use super::{Condition, Form};
use crate::node::Node;
use crate::recorder::Recorder;

impl Condition<'_> {
    /// The condition as a write has it.
    pub(crate) fn lower(&self, recorder: &mut Recorder, at: &Location<'_>) -> Lowered {
        let mut each = |all: &[Self]| all.iter().map(|one| one.lower(recorder, at)).collect();
        match &self.0 {
            Form::All(all) => Lowered::All(each(all)),
            Form::Any(any) => Lowered::Any(each(any)),
            Form::Not(condition) => Lowered::Not(Box::new(condition.lower(recorder, at))),
            Form::Exists(node) => Lowered::Exists(row_path(node, recorder, at)),
            Form::True(node) => Lowered::Compare {
                path: row_path(node, recorder, at),
                operator: Comparison::Equal,
                shape: Shape::Bool,
                value: saga_manifest::expr::Expr::Literal(Value::Bool(true)),
            },
            Form::Compare {
                left,
                operator,
                right,
                of,
            } => Lowered::Compare {
                path: row_path(left, recorder, at),
                operator: *operator,
                shape: of().shape(),
                value: right.to_expr(),
            },
            Form::Text(node, ..) => {
                recorder.problem(
                    "a row's attribute is compared as a whole, and this looks at a part of its text",
                    "compare it with `equals`, or read the item and choose by what was read",
                    at,
                );
                Lowered::Exists(row_path(node, recorder, at))
            }
        }
    }
}

/// The attribute that a node is, or a problem where it is none.
pub(crate) fn row_path(node: &Node<'_>, recorder: &mut Recorder, at: &Location<'_>) -> Vec<String> {
    node.row_path().unwrap_or_else(|| {
        recorder.problem(
            "this updates or tests a value that is no attribute of the row",
            "start from the closure's argument: `|row| row.status.set(…)`",
            at,
        );
        Vec::new()
    })
}
