//! `sqs:sendMessage.waitForTaskToken` and `sns:publish.waitForTaskToken`: a question, and the code that
//! answers it.

use super::message::{attributes, to};
use super::request::{Frame, Request};
use crate::approval;
use crate::checked::{Approval, Channel};
use crate::jsonata::{Term, delimited, value};
use crate::permission::Uses;

pub(super) fn request<'s>(asked: Approval<'s>, frame: Frame<'_>, uses: &mut Uses<'s>) -> Request {
    let resource = match asked.to {
        Channel::Topic { .. } => "arn:aws:states:::sns:publish.waitForTaskToken",
        Channel::Queue(_) => "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    };
    let code = Term::path("$code");
    let command = Term::string(approval::COMMAND).operator("&", &code);
    let answer = Term::object([("code", code), ("command", command)]);
    let question = value::value(asked.request, frame.scope);
    let message = Term::object([("request", Term::path("$request")), ("answer", answer)]);
    let text = Term::function(["$request", "$code"], &Term::call("$string", &message));
    let text = text.applied([
        question,
        Term::primary(code_of("$states.context.Task.Token")),
    ]);
    let (mut arguments, body) = to(asked.to, uses);
    arguments.insert(body.into(), delimited(text));
    arguments.insert("MessageAttributes".into(), attributes(&[], frame));
    Request {
        resource,
        arguments: arguments.into(),
        output: delimited("$states.result"),
    }
}

/// The code of a token, as [`approval::encode`] makes it.
fn code_of(token: &str) -> String {
    let body = format!(
        "$replace($replace($replace($base64encode({token}), \"+\", \"-\"), \"/\", \"_\"), \"=\", \"\")"
    );
    format!(
        "\"{}.\" & $length({token}) & \".\" & $substring($hash({token}, \"SHA-256\"), 0, {}) & \".\" & {body}",
        approval::VERSION,
        approval::CHECK,
    )
}
