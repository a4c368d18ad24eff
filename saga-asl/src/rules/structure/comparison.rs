use crate::lint::{Context, Findings, did_you_mean, rule};
use crate::model::Operator;
use crate::outline::StateType;
use crate::syntax::{Member, Node, Syntax};

rule! {
    /// A rule of a Choice state does not compare as it should.
    ///
    /// In JSONPath a rule has `Variable` and exactly one operator with a value of its type, or one
    /// of `And`, `Or` and `Not` around such comparisons. `Next` stands only outside.
    ///
    /// ```json bad
    /// { "Decide": { "Type": "Choice", "Choices": [ { "Variable": "$.paid", "BooleanEquals": "true", "Next": "Done" } ], "Default": "Done" }, "Done": { "Type": "Succeed" } }
    /// ```
    ///
    /// ```json good
    /// { "Decide": { "Type": "Choice", "Choices": [ { "Variable": "$.paid", "BooleanEquals": true, "Next": "Done" } ], "Default": "Done" }, "Done": { "Type": "Succeed" } }
    /// ```
    pub static COMPARISON = Error "ASL150" "comparison" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let choices = cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Choice));
    for state in choices {
        let rules = state.get("Choices").map_or(&[][..], Node::items);
        for rule in rules.iter().filter(|rule| rule.is_object()) {
            match state.is_jsonata() {
                true if rule.get("Condition").is_none() => {
                    out.report(head(rule), "a rule of a JSONata Choice needs `Condition`");
                }
                true => {}
                false => composed(rule, true, out),
            }
        }
    }
}

/// A rule, or a comparison inside one.
fn composed(rule: &Node<'_>, outermost: bool, out: &mut Findings<'_>) {
    let members = rule
        .members()
        .iter()
        .filter(|member| !is_plain_field(member, outermost));
    let members: Vec<_> = members.collect();
    for member in members.iter().filter(|member| !is_known(member)) {
        unknown(member, outermost, out);
    }
    let tests: Vec<_> = members.iter().filter(|member| is_test(member)).collect();
    match tests.as_slice() {
        [] => {
            out.report(head(rule), "there is nothing to test here")
                .help("add `Variable` and an operator, or `And`, `Or` or `Not`");
        }
        [test] => {
            let compares = Operator::parse(&test.name.text).is_some();
            if compares && rule.get("Variable").is_none() {
                out.report(head(rule), format!("`{}` needs `Variable`", test.name.text));
            }
            operand(test, out);
        }
        [_, second, ..] => {
            out.report(second.name.span, "there is more than one test here")
                .help("join them with `And`");
        }
    }
}

/// Fields that have nothing to do with the test. Only a whole rule has the last three.
fn is_plain_field(member: &Member<'_>, outermost: bool) -> bool {
    let name = member.name.text.as_ref();
    name == "Comment" || (outermost && matches!(name, "Next" | "Assign" | "Output" | "Condition"))
}

fn is_known(member: &Member<'_>) -> bool {
    member.name.text == "Variable" || is_test(member)
}

fn is_test(member: &Member<'_>) -> bool {
    let name = member.name.text.as_ref();
    matches!(name, "And" | "Or" | "Not") || Operator::parse(name).is_some()
}

fn unknown(member: &Member<'_>, outermost: bool, out: &mut Findings<'_>) {
    let name = member.name.text.as_ref();
    if !outermost && name == "Next" {
        out.report(
            member.name.span,
            "`Next` stands only in the whole rule, not in a part of it",
        );
        return;
    }
    let known = Operator::ALL
        .iter()
        .map(|operator| operator.as_str())
        .chain(["And", "Or", "Not", "Variable"]);
    let near = did_you_mean(name, known);
    let help = near
        .map(|near| format!("did you mean `{near}`?"))
        .unwrap_or_default();
    out.report(member.name.span, format!("there is no comparison `{name}`"))
        .help(help);
}

fn operand(test: &Member<'_>, out: &mut Findings<'_>) {
    let value = &test.value;
    match test.name.text.as_ref() {
        "And" | "Or" => {
            if value.items().is_empty() && !value.is_opaque() {
                out.report(
                    value.span,
                    format!("`{}` needs a list of comparisons", test.name.text),
                );
            }
            value
                .items()
                .iter()
                .for_each(|part| composed(part, false, out));
        }
        "Not" if value.is_object() => composed(value, false, out),
        name => {
            let wanted = wanted(name);
            if !value.is_opaque() && !fits(value, wanted) {
                let message = format!(
                    "`{name}` compares with {wanted}, and this is {}",
                    value.kind()
                );
                out.report(value.span, message);
            }
        }
    }
}

/// The type of an operator's operand.
fn wanted(operator: &str) -> &'static str {
    let of_type = |prefix: &str| operator.starts_with(prefix);
    match operator {
        "Not" => "a comparison",
        _ if operator.ends_with("Path") => "a path",
        _ if of_type("Is") || of_type("Boolean") => "a boolean",
        _ if of_type("Numeric") => "a number",
        _ if of_type("Timestamp") => "a timestamp",
        _ => "a string",
    }
}

fn fits(value: &Node<'_>, wanted: &str) -> bool {
    match wanted {
        "a path" | "a string" => value.as_str().is_some(),
        "a timestamp" => value
            .as_str()
            .is_some_and(super::invalid_timestamp::is_timestamp),
        "a boolean" => matches!(value.syntax, Syntax::Bool(_)),
        "a number" => matches!(value.syntax, Syntax::Number(_)),
        _ => false,
    }
}

fn head(node: &Node<'_>) -> crate::syntax::Span {
    crate::syntax::Span::new(node.span.start, node.span.end.min(node.span.start + 1))
}
