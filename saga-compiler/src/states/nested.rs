//! `states:startExecution.sync:2`: another saga of the package, run to its end under this one's saga id.

use saga_asl::json::{Value, object};
use saga_manifest::expr::Expr;
use saga_manifest::saga::Saga;

use super::redrives::redrives;
use super::request::{Frame, Request};
use crate::jsonata::scope::{SAGA, STARTED_BY};
use crate::jsonata::{Scope, Term, delimited, template, value};
use crate::permission::Uses;

/// The field that says whether a saga that was run again has undone itself.
pub(super) const UNDONE: &str = "undone";

/// How much of the saga's name an execution's name holds: with 40 digits of a hash, two counts and the
/// hyphens between them it stays below 80 characters (API reference, `StartExecution`).
const NAME: usize = 24;

/// How many digits of the hash.
const HASH: usize = 40;

pub(super) fn request<'s>(
    saga: &'s Saga,
    input: &Expr,
    frame: Frame<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    Request {
        resource: "arn:aws:states:::states:startExecution.sync:2",
        arguments: object([
            ("StateMachineArn", uses.state_machine(saga).into()),
            ("Name", delimited(name(saga, frame))),
            ("Input", handed_on(input, frame)),
        ]),
        output: delimited("$states.result.Output"),
    }
}

/// A name that is the same whenever this attempt is told again, and no other attempt's: an execution
/// that has ended is never started again under its name. A second execution of the same step finds the
/// fences of the first.
fn name(saga: &Saga, frame: Frame<'_>) -> Term {
    let legal = saga.name.chars().filter(char::is_ascii_alphanumeric);
    let readable: String = legal.take(NAME).chain(['-']).collect();
    let attempt = frame
        .scope
        .saga_id()
        .operator("&", &Term::string("/"))
        .operator("&", &frame.instance(frame.effect))
        .operator("&", &Term::path("$states.context.State.Name"))
        .operator("&", &Term::path("$states.context.State.EnteredTime"));
    let hash = Term::primary(format!(
        "$substring($hash({attempt}, \"SHA-256\"), 0, {HASH})"
    ));
    let counts = [redrives(), Term::path("$states.context.State.RetryCount")];
    counts.iter().fold(
        Term::string(&readable).operator("&", &hash),
        |name, count| name.operator("&", &Term::string("-")).operator("&", count),
    )
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
