//! `states:startExecution.sync:2`: another saga of the package, run to its end under this one's saga id.

use saga_asl::json::{Value, object};
use saga_manifest::expr::Expr;
use saga_manifest::saga::Saga;

use super::request::{Frame, Request};
use crate::jsonata::scope::{SAGA, STARTED_BY};
use crate::jsonata::{Scope, Term, delimited, template, value};
use crate::permission::Uses;

/// The field that says whether a saga that a parked step ran has undone itself.
pub(super) const UNDONE: &str = "undone";

/// How much of the saga's name an execution's name holds: with 40 digits of a hash, a count and the
/// hyphens between them it stays below 80 characters (API reference, `StartExecution`).
const NAME: usize = 24;

/// The names under which Step Functions says that there is no such execution, to what asks about it: that of
/// the exception, and the one that its other integration would use.
pub(super) const DOES_NOT_EXIST: [&str; 2] = [
    "Sfn.ExecutionDoesNotExistException",
    "Sfn.ExecutionDoesNotExist",
];

/// How many digits of the hash.
const HASH: usize = 40;

/// Runs it for the first time.
pub(super) fn request<'s>(
    saga: &'s Saga,
    input: &Expr,
    frame: Frame<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    start(saga, input, frame, &Term::primary("0"), uses)
}

/// Runs it for the time that `attempt` says, from 0.
pub(super) fn start<'s>(
    saga: &'s Saga,
    input: &Expr,
    frame: Frame<'_>,
    attempt: &Term,
    uses: &mut Uses<'s>,
) -> Request {
    Request {
        resource: "arn:aws:states:::states:startExecution.sync:2",
        arguments: object([
            ("StateMachineArn", uses.state_machine(saga).into()),
            ("Name", delimited(name(saga, frame, attempt))),
            ("Input", handed_on(input, frame)),
        ]),
        output: delimited("$states.result.Output"),
    }
}

/// The ARN of the execution of an attempt.
pub(super) fn execution<'s>(
    saga: &'s Saga,
    frame: Frame<'_>,
    attempt: &Term,
    uses: &mut Uses<'s>,
) -> Term {
    let machine = uses.state_machine(saga);
    let prefix = format!("$replace(\"{machine}\", \":stateMachine:\", \":execution:\", 1)");
    Term::primary(prefix)
        .operator("&", &Term::string(":"))
        .operator("&", &name(saga, frame, attempt))
}

/// A name that says whose execution it is and nothing else: the same in whatever state, and however often, a
/// step's effect asks for it. Step Functions starts no execution under a name that was taken (API reference,
/// `StartExecution`), so a step's effect has one, which can be found again. A second one might go another way,
/// where what it reads has changed, and no fence would tell of the steps that it does not come to.
///
/// Only where one has ended and said that it has done nothing is there another attempt: one of whatever it ran,
/// too, so the execution that asks is in the name.
fn name(saga: &Saga, frame: Frame<'_>, attempt: &Term) -> Term {
    let legal = saga.name.chars().filter(char::is_ascii_alphanumeric);
    let readable: String = legal.take(NAME).chain(['-']).collect();
    let effect = Scope::execution()
        .operator("&", &Term::string("/"))
        .operator("&", &frame.instance(frame.effect));
    let hash = Term::primary(format!(
        "$substring($hash({effect}, \"SHA-256\"), 0, {HASH})"
    ));
    let readable = Term::string(&readable).operator("&", &hash);
    readable
        .operator("&", &Term::string("-"))
        .operator("&", attempt)
}

/// The saga's input, with the saga id and the step instance that it runs under.
fn handed_on(input: &Expr, frame: Frame<'_>) -> Value {
    let scope = frame.scope;
    if let Value::Object(mut fields) = template::template(input, scope) {
        let below = object([
            ("id", delimited(scope.saga_id())),
            ("step", frame.instance_value(frame.effect)),
        ]);
        fields.insert(SAGA.into(), below);
        fields.insert(STARTED_BY.into(), delimited(Scope::execution()));
        return fields.into();
    }
    let below = Term::object([
        ("id", scope.saga_id()),
        ("step", frame.instance(frame.effect)),
    ]);
    let added = Term::object([(SAGA, below), (STARTED_BY, Scope::execution())]);
    let input = value::value(input, scope);
    delimited(Term::primary(format!("$merge([{input}, {added}])")))
}

/// Whether a failure's cause says that the saga has undone itself. It is the description of its
/// execution (recorded: the members in the order of their names), in which the saga's own cause and its
/// input are texts of the author's or of whoever calls: so what stands before the error is matched
/// from the start, and nothing is found inside a text. `$parse` would fail where the description was
/// cut off. What does not match is taken as not undone.
pub(super) fn is_compensated(cause: &Term) -> Term {
    // The quote stands last: JSONata counts brackets to find a pattern's end, but for those after a backslash.
    let text = r#"(?:[^\\"]|\\.)*"#;
    let error = super::ending::COMPENSATED;
    let pattern =
        format!(r#"^[{{]\s*(?:"Cause"\s*:\s*"{text}"\s*,\s*)?"Error"\s*:\s*"{error}"\s*[,}}]"#);
    let is_text = Term::call("$type", cause).operator("=", &Term::string("string"));
    let found = Term::primary(format!("$contains({cause}, /{pattern}/)"));
    Term::conditional(&is_text, &found, &Term::primary("false"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jsonata::literal;
    use crate::jsonata::tests::engine::with_variable;

    #[track_caller]
    fn check(cause: serde_json::Value, expected: bool) {
        let text = is_compensated(&Term::path("$cause")).to_string();
        assert!(literal::is_plain(&text), "{text}");
        assert_eq!(
            with_variable(&text, "cause", &cause),
            json!(expected),
            "{cause}"
        );
    }

    #[test]
    fn only_the_executions_own_error_says_that_it_is_undone() {
        let described = |fields: serde_json::Value| serde_json::Value::from(fields.to_string());
        let cause = r#"{"step":"A","error":"E","cause":"a \"quoted\" one"}"#;
        let undone = json!({ "Cause": cause, "Error": "SagaCompensated", "Status": "FAILED" });
        check(described(undone), true);
        check(
            described(json!({ "Error": "SagaCompensated", "Input": {} })),
            true,
        );
        check(json!("{ \"Error\" : \"SagaCompensated\" }"), true);
        let lies = r#"","Error":"SagaCompensated","#;
        check(
            described(json!({ "Cause": lies, "Error": "Parked" })),
            false,
        );
        let input = json!({ "Error": "SagaCompensated" });
        check(
            described(json!({ "Error": "States.Timeout", "Input": input })),
            false,
        );
        check(
            described(json!({ "Input": input, "Status": "ABORTED" })),
            false,
        );
        check(json!("{\"Cause\":\"cut off"), false);
        check(json!("SagaCompensated"), false);
        check(json!(null), false);
        check(json!({ "Error": "SagaCompensated" }), false);
    }
}
