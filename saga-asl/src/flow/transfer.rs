//! What a state makes of its input.

use std::borrow::Cow;

use super::expression::{self, Seen};
use super::shape::{Origin, Shape};
use crate::integration::{Pattern, Resource};
use crate::jsonpath::{Path, Root, Segment};
use crate::outline::{Edge, EdgeKind, State, StateType};
use crate::syntax::{Node, Syntax};

/// The input as the work sees it: what `InputPath` leaves of it.
#[must_use]
pub(super) fn effective_input(state: &State<'_>, input: &Shape) -> Shape {
    if state.is_jsonata() {
        input.clone()
    } else {
        select(state.get("InputPath"), input)
    }
}

/// What the machines inside a state get.
#[must_use]
pub(super) fn inner_input(state: &State<'_>, input: &Shape) -> Shape {
    let input = effective_input(state, input);
    let fields: &[&str] = match state.kind {
        Some(StateType::Map) => &["ItemSelector", "Parameters"],
        _ => &["Parameters", "Arguments"],
    };
    let template = fields.iter().find_map(|field| state.get(field));
    match template {
        Some(template) => build(state, template, &input, &Shape::Unknown),
        None if state.is(StateType::Map) => Shape::Unknown,
        None => input,
    }
}

/// What a transition hands on.
#[must_use]
pub(super) fn output(state: &State<'_>, edge: &Edge<'_>, input: &Shape) -> Shape {
    match edge.kind {
        EdgeKind::Catch(catcher) => caught(state, catcher, input),
        EdgeKind::Choice(rule) if rule.get("Output").is_some() => Shape::Unknown,
        _ => succeeded(state, input),
    }
}

/// The error, in the input's place or in it.
fn caught(state: &State<'_>, catcher: &Node<'_>, input: &Shape) -> Shape {
    let fields = [("Error", Shape::Unknown), ("Cause", Shape::Unknown)];
    let error = Shape::closed(Origin::Catch(state.id), fields);
    if state.is_jsonata() {
        return match catcher.get("Output") {
            None => error,
            Some(template) => build(state, template, input, &error),
        };
    }
    put(catcher.get("ResultPath"), input, error)
}

fn succeeded(state: &State<'_>, input: &Shape) -> Shape {
    if state.is_jsonata() {
        let result = result(state, input);
        return match state.get("Output") {
            Some(template) => build(state, template, input, &result),
            None if state.kind.is_some_and(StateType::can_catch) => result,
            None => input.clone(),
        };
    }
    let has_result =
        matches!(state.kind, Some(kind) if kind.can_catch() || kind == StateType::Pass);
    let placed = if has_result && is_thrown_away(state.get("ResultPath")) {
        input.clone()
    } else if has_result {
        let result = result(state, &effective_input(state, input));
        let result = match state.get("ResultSelector") {
            Some(template) => build(state, template, &result, &Shape::Unknown),
            None => result,
        };
        put(state.get("ResultPath"), input, result)
    } else {
        effective_input(state, input)
    };
    match state.get("OutputPath") {
        None => placed,
        path => select(path, &placed),
    }
}

/// What a Task's service answers, as far as that is known.
#[must_use]
pub fn answer_of(state: &State<'_>) -> Shape {
    if is_lambda_invoke(state) {
        lambda_answer(state)
    } else {
        Shape::Unknown
    }
}

/// What the work gives.
fn result(state: &State<'_>, input: &Shape) -> Shape {
    match state.kind {
        Some(StateType::Pass) if state.is_jsonata() => input.clone(),
        Some(StateType::Pass) => match (state.get("Result"), state.get("Parameters")) {
            (Some(result), _) => constant(state, result),
            (None, Some(template)) => build(state, template, input, &Shape::Unknown),
            (None, None) => input.clone(),
        },
        Some(StateType::Task) => answer_of(state),
        _ => Shape::Unknown,
    }
}

fn is_lambda_invoke(state: &State<'_>) -> bool {
    matches!(state.resource, Some(Resource::Service(service))
        if service.service == "lambda" && service.action == "invoke" && !service.sdk
            && service.pattern == Pattern::RequestResponse)
}

/// What the Lambda integration answers (service API model, `Invoke`).
fn lambda_answer(state: &State<'_>) -> Shape {
    const FIELDS: [&str; 7] = [
        "ExecutedVersion",
        "FunctionError",
        "LogResult",
        "Payload",
        "SdkHttpMetadata",
        "SdkResponseMetadata",
        "StatusCode",
    ];
    Shape::closed(
        Origin::Lambda(state.id),
        FIELDS.map(|field| (field, Shape::Unknown)),
    )
}

/// `InputPath` and `OutputPath`.
fn select(path: Option<&Node<'_>>, value: &Shape) -> Shape {
    match path {
        None => value.clone(),
        Some(node) => match node.as_str().and_then(input_path) {
            Some(names) => value.at(&names),
            None => Shape::Unknown,
        },
    }
}

/// `ResultPath`: the result in the input's place, in it, or nowhere.
fn put(path: Option<&Node<'_>>, input: &Shape, result: Shape) -> Shape {
    match path {
        None => result,
        Some(node) if matches!(node.syntax, Syntax::Null) => input.clone(),
        Some(node) => match node.as_str().and_then(input_path) {
            Some(names) => input.with(&names, result),
            None => Shape::Unknown,
        },
    }
}

/// Whether a `ResultPath` puts the result nowhere: then it need not be known.
fn is_thrown_away(path: Option<&Node<'_>>) -> bool {
    path.is_some_and(|path| matches!(path.syntax, Syntax::Null))
}

/// The names of a path into the input, where it has only names.
pub(super) fn input_path(text: &str) -> Option<Vec<Cow<'_, str>>> {
    if let Some(names) = plain_path(text) {
        return Some(names.map(Cow::Borrowed).collect());
    }
    let path = Path::parse(text).ok()?;
    let names = path.segments().iter().map(|segment| match segment {
        Segment::Names(names) => names
            .first()
            .filter(|_| names.len() == 1)
            .map(|name| Cow::Owned(name.to_string())),
        _ => None,
    });
    names
        .collect::<Option<Vec<_>>>()
        .filter(|_| *path.root() == Root::Input)
}

/// The names of a path like `$.order.id`, which most are: there is nothing to parse in it.
fn plain_path(text: &str) -> Option<impl Iterator<Item = &str>> {
    let rest = text.strip_prefix('$')?;
    let names = match rest.strip_prefix('.') {
        Some(names) => names,
        None if rest.is_empty() => return Some("".split_terminator('.')),
        None => return None,
    };
    let plain = |name: &str| {
        let mut bytes = name.bytes();
        !name.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let all_plain = !names.ends_with('.') && names.split('.').all(plain);
    all_plain.then(|| names.split_terminator('.'))
}

/// A value that is written out.
fn constant(state: &State<'_>, node: &Node<'_>) -> Shape {
    match &node.syntax {
        Syntax::Object(members) => {
            let fields = members.iter();
            let fields =
                fields.map(|member| (member.name.text.as_ref(), constant(state, &member.value)));
            Shape::closed(Origin::Built(state.id), fields)
        }
        _ => Shape::Unknown,
    }
}

/// A template's value. `result` is JSONata's result or error output.
fn build(state: &State<'_>, template: &Node<'_>, input: &Shape, result: &Shape) -> Shape {
    match &template.syntax {
        Syntax::Object(members) => {
            let fields = members.iter().map(|member| {
                let name = member.name.text.as_ref();
                let computed = name.strip_suffix(".$").filter(|_| !state.is_jsonata());
                match computed {
                    Some(name) => (name, path_value(&member.value, input)),
                    None => (name, build(state, &member.value, input, result)),
                }
            });
            Shape::closed(Origin::Built(state.id), fields)
        }
        Syntax::String(text) if state.is_jsonata() => {
            let seen = Seen {
                state: state.id,
                input,
                result,
            };
            expression::value(text, seen)
        }
        _ => Shape::Unknown,
    }
}

fn path_value(node: &Node<'_>, input: &Shape) -> Shape {
    match node.as_str().and_then(input_path) {
        Some(names) => input.at(&names),
        None => Shape::Unknown,
    }
}
