//! `lambda:invoke`: a handler, told which step of which saga it works for.

use saga_asl::json::{Value, object};
use saga_fence::mark;
use saga_manifest::expr::Expr;
use saga_manifest::handler::Handler;

use super::redrives::REDRIVES;
use super::request::{Frame, Phase, Request};
use crate::jsonata::{delimited, template};
use crate::permission::Uses;

/// Seconds that a function may need before it starts to work, and a margin for the way there and back.
const START_AND_MARGIN: u32 = 10 + 5;

/// The task's timeout for a function's own: longer, since a task that gives up first leaves the
/// function running.
pub(super) fn task_timeout(function_timeout: u32) -> u32 {
    function_timeout.saturating_add(START_AND_MARGIN)
}

pub(super) fn request<'s>(
    handler: &'s Handler,
    input: &Expr,
    frame: Frame<'_>,
    fenced: bool,
    uses: &mut Uses<'s>,
) -> Request {
    // An undo has its step's name, so that both have one fence; a notification has its state's, since it may
    // be sent for several parked steps.
    let (phase, step) = match frame.phase {
        Phase::Do => ("do", frame.effect),
        Phase::Undo { .. } => ("undo", frame.step),
    };
    let undoes = frame.phase != Phase::Do;
    let item = frame.item.map(|item| ("item", delimited(item)));
    let saga = [
        ("id", delimited(frame.scope.saga_id())),
        ("step", frame.scope.instance_value(step)),
        ("phase", phase.into()),
        (mark::ATTEMPT, delimited("$states.context.State.RetryCount")),
    ];
    if fenced {
        uses.fence(handler);
    }
    let fence = fenced.then(|| (mark::FENCE, order()));
    let payload = object([
        ("saga", object(saga.into_iter().chain(item).chain(fence))),
        ("input", template::template(input, frame.scope)),
    ]);
    Request {
        resource: "arn:aws:states:::lambda:invoke",
        arguments: object([
            ("FunctionName", uses.function(handler, undoes).into()),
            ("Payload", payload),
        ]),
        output: delimited("$states.result.Payload"),
    }
}

/// What puts a delivery into its place among all of its step: times in milliseconds since 1970.
fn order() -> Value {
    object([
        (
            "entered",
            delimited("$toMillis($states.context.State.EnteredTime)"),
        ),
        ("redrive", delimited(REDRIVES)),
        ("sent", delimited("$millis()")),
    ])
}
