//! `lambda:invoke`: a handler, told which step of which saga it works for.

use saga_asl::json::object;
use saga_manifest::expr::Expr;
use saga_manifest::handler::Handler;

use super::request::{Frame, Phase, Request};
use crate::jsonata::{Scope, delimited, template};
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
    uses: &mut Uses<'s>,
) -> Request {
    let phase = match frame.phase {
        Phase::Do => "do",
        Phase::Undo { .. } => "undo",
    };
    let saga = object([
        ("id", delimited(Scope::saga_id())),
        ("step", template::string(frame.step)),
        ("phase", phase.into()),
        ("attempt", delimited("$states.context.State.RetryCount")),
    ]);
    let payload = object([
        ("saga", saga),
        ("input", template::template(input, frame.scope)),
    ]);
    Request {
        resource: "arn:aws:states:::lambda:invoke",
        arguments: object([
            ("FunctionName", uses.function(handler).into()),
            ("Payload", payload),
        ]),
        output: delimited("$states.result.Payload"),
    }
}
