//! Conditions on a saga's data.

use std::panic::Location;

use saga_manifest::expr::{Comparable, Test};
use saga_manifest::task::Shape;

use super::{Condition, Form};
use crate::data::Type;
use crate::recorder::Recorder;

impl Condition<'_> {
    /// The condition as a choice has it.
    pub(crate) fn to_test(&self, recorder: &mut Recorder, at: &Location<'_>) -> Test {
        let mut each = |all: &[Self]| all.iter().map(|one| one.to_test(recorder, at)).collect();
        match &self.0 {
            Form::All(all) => Test::All(each(all)),
            Form::Any(any) => Test::Any(each(any)),
            Form::Not(condition) => Test::Not(Box::new(condition.to_test(recorder, at))),
            Form::Exists(node) => Test::Present(node.to_expr()),
            Form::True(node) => Test::True(node.to_expr()),
            Form::Text(of, position, text) => Test::Text {
                of: of.to_expr(),
                position: *position,
                text: text.to_expr(),
            },
            Form::Compare {
                left,
                operator,
                right,
                of,
            } => Test::Compare {
                kind: comparable(&of()).unwrap_or_else(|| {
                    recorder.problem(
                        "these values cannot be compared: they are neither numbers, strings, booleans nor times",
                        "compare their fields",
                        at,
                    );
                    Comparable::String
                }),
                left: left.to_expr(),
                operator: *operator,
                right: right.to_expr(),
            },
        }
    }
}

/// What values of a type are compared as.
fn comparable(of: &Type) -> Option<Comparable> {
    match of {
        Type::Optional(of) => comparable(of),
        Type::Timestamp => Some(Comparable::Time),
        of => match of.shape() {
            Shape::String => Some(Comparable::String),
            Shape::Number => Some(Comparable::Number),
            Shape::Bool => Some(Comparable::Bool),
            _ => None,
        },
    }
}
