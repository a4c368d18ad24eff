//! Conditions of Choice states, in short.

use saga_asl::syntax::{Node, Syntax};

use crate::wrap::short;

/// The most characters of a label.
const WIDTH: usize = 34;

/// A rule of a Choice in short: `total > 100`, `not isPresent(coupon)`.
pub(crate) fn label(rule: &Node<'_>) -> String {
    short(&words(rule), WIDTH)
}

fn words(rule: &Node<'_>) -> String {
    if let Some(condition) = rule.text("Condition") {
        let condition = condition.trim_start_matches("{%").trim_end_matches("%}");
        return one_line(unguarded(condition))
            .replace("$states.context.Execution.Input.", "")
            .replace("$states.input.", "");
    }
    for (field, joint) in [("And", " and "), ("Or", " or ")] {
        if let Some(parts) = rule.get(field) {
            let parts: Vec<_> = parts.items().iter().map(words).collect();
            return parts.join(joint);
        }
    }
    if let Some(part) = rule.get("Not") {
        return format!("not {}", words(part));
    }
    let variable = rule.text("Variable").unwrap_or_default();
    let variable = variable.trim_start_matches("$.");
    let mut members = rule.members().iter();
    let test = members.find(|member| {
        let name = member.name.text.as_ref();
        !matches!(name, "Variable" | "Next" | "Comment" | "Assign" | "Output")
    });
    let Some(test) = test else {
        return variable.to_owned();
    };
    let value = match &test.value.syntax {
        Syntax::String(text) => text.trim_start_matches("$.").to_owned(),
        Syntax::Bool(value) => value.to_string(),
        Syntax::Number(text) | Syntax::Placeholder(text) => text.to_string(),
        _ => "…".to_owned(),
    };
    one_line(&compared(variable, &test.name.text, &value))
}

/// What a condition asks, without asking before whether the values are of its type.
fn unguarded(condition: &str) -> &str {
    let guarded = condition.trim().strip_suffix(": false");
    let asked = guarded.and_then(|guarded| guarded.split_once('?'));
    asked.map_or(condition, |(_, asked)| asked)
}

fn compared(variable: &str, operator: &str, value: &str) -> String {
    if let Some(kind) = operator.strip_prefix("Is") {
        let not = if value == "false" { "not " } else { "" };
        return format!("{not}{variable} is {}", kind.to_lowercase());
    }
    let operator = operator.trim_end_matches("Path");
    let signs = [
        ("GreaterThanEquals", "≥"),
        ("LessThanEquals", "≤"),
        ("GreaterThan", ">"),
        ("LessThan", "<"),
        ("Equals", "="),
        ("Matches", "~"),
    ];
    let mut signs = signs.into_iter();
    let sign = signs.find(|(ending, _)| operator.ends_with(ending));
    let sign = sign.map_or(operator, |(_, sign)| sign);
    format!("{variable} {sign} {value}")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
