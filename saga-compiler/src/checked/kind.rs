//! The kinds of the steps, and whether they come in an order that can be recovered from.

use saga_manifest::expr::Expr;
use saga_manifest::flow::{End, Node};
use saga_manifest::saga::Saga;
use saga_manifest::step::{self, Call};

use super::{Kind, Resources, Step, call};
use crate::diagnostic::{Diagnostic, Report};

/// The steps with what happens when each of them fails.
pub(super) fn steps<'m>(
    saga: &'m Saga,
    resources: &Resources<'m>,
    report: &mut Report,
) -> Vec<Step<'m>> {
    let mut pivot = None;
    let mut steps = Vec::new();
    for node in &saga.body.nodes {
        let Node::Step(step) = node else {
            report.push(not_compiled(node));
            continue;
        };
        let step = &**step;
        check_order(step, pivot, report);
        steps.extend(checked(step, pivot.is_some(), resources, report));
        if step.kind == step::Kind::Pivot {
            pivot = pivot.or(Some(step));
        }
    }
    steps
}

/// The output of a completed saga.
pub(super) fn result(saga: &Saga) -> Option<&Expr> {
    match &saga.body.end {
        End::Complete(result) | End::Continue(result) => Some(result),
        End::Abort(_) => None,
    }
}

fn not_compiled(node: &Node) -> Diagnostic {
    let message = format!("`{}` is not a step", node.name());
    let help = "this version compiles sequences of steps only";
    Diagnostic::new(message, help).at(node.place(), "here")
}

fn checked<'m>(
    step: &'m step::Step,
    after_pivot: bool,
    resources: &Resources<'m>,
    report: &mut Report,
) -> Option<Step<'m>> {
    let mut call = |call: &'m Call| call::checked(call, &step.name, &step.place, resources, report);
    let kind = match &step.kind {
        step::Kind::Compensatable { compensation } => Kind::Compensatable(call(compensation)?),
        step::Kind::Pivot => Kind::Pivot,
        step::Kind::ReadOnly if !after_pivot => Kind::ReadOnly,
        step::Kind::ReadOnly | step::Kind::Retriable => Kind::Forward,
    };
    Some(Step {
        name: &step.name,
        description: step.description.as_deref(),
        place: &step.place,
        kind,
        call: call(&step.call)?,
    })
}

fn check_order(step: &step::Step, pivot: Option<&step::Step>, report: &mut Report) {
    let name = &step.name;
    let (message, help) = match (&step.kind, pivot) {
        (step::Kind::Compensatable { .. }, Some(_)) => (
            format!("the compensatable step `{name}` comes after the pivot"),
            "move it before the pivot, or make it one that goes forward: `saga.forward(…)`",
        ),
        (step::Kind::Pivot, Some(_)) => (
            format!("`{name}` is a second pivot"),
            "a saga has one point of no return: make one of the two a `saga.step(…)` or a `saga.forward(…)`",
        ),
        (step::Kind::Retriable, None) => (
            format!("the step `{name}` only goes forward, and no pivot comes before it"),
            "give it a compensation, or mark the point of no return with `saga.pivot(…)`",
        ),
        _ => return,
    };
    let mistake = Diagnostic::new(message, help).at(&step.place, "this step");
    report.push(match pivot {
        Some(pivot) => mistake.at(&pivot.place, "the pivot"),
        None => mistake,
    });
}
