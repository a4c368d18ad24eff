use crate::lint::{Context, Expression, Findings, Parsed, rule};
use crate::model::ExecutionType;
use crate::outline::{Edge, EdgeKind, StateId, reachable};
use crate::syntax::{Node, Span, Syntax};

rule! {
    /// A loop has nothing that counts, and may fill the history.
    ///
    /// A Standard execution fails with `States.Runtime` at event 25,000, which nothing catches. Count
    /// the rounds and leave the loop, or go on in a new execution.
    ///
    /// ```json bad
    /// { "Wait": { "Type": "Wait", "Seconds": 5, "Next": "Poll" },
    ///   "Poll": { "Type": "Task", "Resource": "${Poll}", "Next": "Ready" },
    ///   "Ready": { "Type": "Choice", "Choices": [ { "Variable": "$.ready", "BooleanEquals": true, "Next": "Done" } ], "Default": "Wait" },
    ///   "Done": { "Type": "Succeed" } }
    /// ```
    ///
    /// ```json good
    /// { "Begin": { "Type": "Pass", "Assign": { "round": 0 }, "Next": "Poll" },
    ///   "Poll": { "Type": "Task", "Resource": "${Poll}", "Assign": { "round.$": "States.MathAdd($round, 1)" }, "Next": "Ready" },
    ///   "Ready": { "Type": "Choice", "Choices": [ { "Variable": "$.ready", "BooleanEquals": true, "Next": "Done" }, { "Variable": "$round", "NumericGreaterThan": 100, "Next": "Late" } ], "Default": "Wait" },
    ///   "Wait": { "Type": "Wait", "Seconds": 5, "Next": "Poll" },
    ///   "Done": { "Type": "Succeed" }, "Late": { "Type": "Fail" } }
    /// ```
    pub static HISTORY_LIMIT = Warning "ASL314" "history-limit" in Saga, check;
}

/// Retries alone fill the history: three events each (developer guide, "Quotas": 25,000 events).
const MAX_RETRIES: i64 = 8_000;

/// Definitions with more transitions back are not looked through.
const MAX_LOOPS: usize = 200;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.execution_type == Some(ExecutionType::Express) {
        return;
    }
    let mut reported: Vec<StateId> = Vec::new();
    for (from, to, span) in back_edges(cx).into_iter().take(MAX_LOOPS) {
        let circle = circle(cx, from, to);
        let seen = circle.iter().any(|state| reported.contains(state));
        let bounded = |state: &StateId| counts(cx, *state) || is_bound(cx, *state, &circle);
        if !seen && !circle.iter().any(bounded) {
            let name = cx.outline.state(to).name();
            out.report(
                span,
                format!("the loop from `{name}` back to itself has nothing that counts its rounds"),
            )
            .help("count in a variable and leave the loop, or start a new execution");
            reported.extend(circle);
        }
    }
    many_retries(cx, out);
}

/// Transitions to a state that was on the way: found by going through each machine once.
fn back_edges(cx: &Context<'_>) -> Vec<(StateId, StateId, Span)> {
    let mut found = Vec::new();
    let mut left = vec![0_u8; cx.outline.states().len()];
    for start in cx.outline.scopes().iter().filter_map(|scope| scope.start) {
        let mut way = vec![(start, 0)];
        while let Some((id, next)) = way.pop() {
            if let Some(mark) = left.get_mut(id.index()) {
                *mark = 1;
            }
            let Some(edge) = cx.outline.edges_of(id).get(next) else {
                if let Some(mark) = left.get_mut(id.index()) {
                    *mark = 2;
                }
                continue;
            };
            way.push((id, next + 1));
            let Some(to) = edge.to else { continue };
            match left.get(to.index()) {
                Some(0) => way.push((to, 0)),
                Some(1) => found.push((id, to, edge.target.span)),
                _ => {}
            }
        }
    }
    found
}

/// The states that lie on a way from the loop's head to its end.
fn circle(cx: &Context<'_>, from: StateId, to: StateId) -> Vec<StateId> {
    let ahead = reachable(&cx.outline, [to], |_| true);
    let states = &cx.outline.scope_of(to).states;
    let back = |state: &StateId| reachable(&cx.outline, [*state], |_| true).contains(from);
    states
        .iter()
        .copied()
        .filter(|state| ahead.contains(*state))
        .filter(|state| states.len() > 100 || back(state))
        .collect()
}

/// Whether a state does arithmetic, as a counter does, or works on a list that grows shorter.
fn counts(cx: &Context<'_>, state: StateId) -> bool {
    cx.expressions_of(state).iter().any(|expression| {
        let text = expression.slot.node.as_str().unwrap_or_default();
        text.contains("States.MathAdd")
            || adds(expression)
            || text.contains("[1:]")
            || text.contains("$count")
            || text.contains("RetryCount")
    }) || is_iterator(cx, state)
}

/// Whether a JSONata expression adds a number to something, or takes it away.
fn adds(expression: &Expression<'_>) -> bool {
    let text = expression.slot.node.as_str().unwrap_or_default();
    let mut signs = text.match_indices(['+', '-']);
    let number = |text: &str| {
        text.trim()
            .starts_with(|first: char| first.is_ascii_digit())
    };
    let behind = |at: usize| text.get(at + 1..).is_some_and(number);
    let before = |at: usize| {
        let text = text.get(..at).unwrap_or_default().trim_end();
        let word = text.rsplit([' ', '(', '{', '%', ',']).next();
        word.is_some_and(|word| word.parse::<f64>().is_ok())
    };
    matches!(expression.parsed, Parsed::JsonAta(_)) && signs.any(|(at, _)| behind(at) || before(at))
}

/// Whether a Choice leaves the loop by a number or a time that grows: something counts then, even
/// where that is a function.
fn is_bound(cx: &Context<'_>, state: StateId, circle: &[StateId]) -> bool {
    let edges = cx.outline.edges_of(state);
    let leaves = |edge: &Edge<'_>| edge.to.is_none_or(|to| !circle.contains(&to));
    edges.iter().any(leaves)
        && edges.iter().any(|edge| match edge.kind {
            EdgeKind::Choice(rule) => compares(rule),
            _ => false,
        })
}

/// Whether a condition compares by size. To compare with zero is to ask whether anything is there.
fn compares(condition: &Node<'_>) -> bool {
    let by_size = |name: &str| {
        let sized = name.starts_with("Numeric") || name.starts_with("Timestamp");
        sized && (name.contains("Less") || name.contains("Greater"))
    };
    let zero = |node: &Node<'_>| node.as_number().and_then(|number| number.as_i64()) == Some(0);
    match &condition.syntax {
        Syntax::Object(members) => members.iter().any(|member| {
            let name = member.name.text.as_ref();
            match &member.value.syntax {
                Syntax::String(text) if name == "Condition" => {
                    text.split(['<', '>']).skip(1).any(|right| {
                        let right = right.trim_start_matches(['=', ' ']);
                        !right.starts_with('0')
                    })
                }
                _ => by_size(name) && !zero(&member.value) || compares(&member.value),
            }
        }),
        Syntax::Array(conditions) => conditions.iter().any(compares),
        _ => false,
    }
}

/// A function that counts for its caller: its answer replaces a counter, or its name says so.
fn is_iterator(cx: &Context<'_>, state: StateId) -> bool {
    let words = &cx.outline.state(state).words;
    words.iter().any(|word| {
        matches!(
            word,
            "iterator" | "iterate" | "counter" | "count" | "increment" | "next"
        )
    })
}

fn many_retries(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx.outline.states() {
        for attempts in state
            .retriers()
            .iter()
            .filter_map(|retrier| retrier.get("MaxAttempts"))
        {
            let many = attempts.as_number().and_then(|attempts| attempts.as_i64());
            if many.is_some_and(|many| many > MAX_RETRIES) {
                out.report(
                    attempts.span,
                    "so many retries fill the history of 25,000 events",
                )
                .help("retry less often, with longer intervals");
            }
        }
    }
}
