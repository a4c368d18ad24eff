use crate::integration::Resource;
use crate::lint::{Context, Findings, rule};
use crate::outline::{State, StateId, StateType};
use crate::recovery::{Recovery, is_effect};
use crate::syntax::{Node, Syntax};

rule! {
    /// A step with an effect is retried after any error or a timeout, and nothing makes it idempotent.
    ///
    /// A timeout or a crash may come after the effect: the retry charges the card a second time.
    /// Retry only errors that say that nothing happened, or send a key that stays the same, such as
    /// one made from the execution's id.
    ///
    /// ```json bad
    /// { "ChargeCard": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "Retry": [ { "ErrorEquals": [ "States.ALL" ] } ], "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "ChargeCard": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "Retry": [ { "ErrorEquals": [ "Lambda.TooManyRequestsException" ] } ], "End": true } }
    /// ```
    pub static RETRY_NOT_IDEMPOTENT = Warning "ASL313" "retry-not-idempotent" in Saga, check;
}

/// Verbs of work that must not be done twice.
const ONCE: [&str; 18] = [
    "bill", "book", "buy", "capture", "charge", "collect", "credit", "debit", "deposit",
    "dispatch", "pay", "payment", "purchase", "reserve", "ship", "transfer", "withdraw", "issue",
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let recovery = cx.recovery();
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| !recovery.is_compensation(state.id))
    {
        let Some(retrier) = state.retriers().iter().find_map(retries_anything) else {
            continue;
        };
        let Some(effect) = unsafe_effect(cx, recovery, state) else {
            continue;
        };
        let name = cx.outline.state(effect).name();
        let after = match retrier.as_str() {
            Some("States.Timeout") => "a timeout",
            _ => "any error",
        };
        let message = format!("`{name}` is retried after {after}, and may happen twice");
        out.report(retrier.span, message)
            .help("retry only errors that say that nothing happened, or send an idempotency key")
            .inferred("the state's name and arguments");
    }
}

/// The name in a retrier that matches errors after which the work may have been done.
fn retries_anything<'t>(retrier: &'t Node<'t>) -> Option<&'t Node<'t>> {
    let attempts = retrier.get("MaxAttempts").and_then(Node::as_number);
    if attempts.is_some_and(|attempts| attempts.as_i64() == Some(0)) {
        return None;
    }
    let mut names = State::error_names(retrier);
    names
        .find(|(name, _)| matches!(*name, "States.ALL" | "States.TaskFailed" | "States.Timeout"))
        .map(|(_, node)| node)
}

/// The effect that a retry of the state may make twice: its own, or one inside it.
fn unsafe_effect(cx: &Context<'_>, recovery: &Recovery, state: &State<'_>) -> Option<StateId> {
    if state.is(StateType::Task) {
        let once = is_effect(state) && must_happen_once(recovery, state) && !has_key(state);
        return once.then_some(state.id);
    }
    let inner = cx
        .outline
        .inner_scopes(state.id)
        .flat_map(|scope| scope.states.iter());
    inner
        .map(|id| cx.outline.state(*id))
        .find_map(|inner| unsafe_effect(cx, recovery, inner))
}

fn must_happen_once(recovery: &Recovery, state: &State<'_>) -> bool {
    // DynamoDB's writes of whole items and of values do the same twice.
    if matches!(state.resource, Some(Resource::Service(service)) if service.service == "dynamodb") {
        return false;
    }
    let paired = recovery.pairs.iter().any(|pair| pair.effect == state.id);
    paired || state.words.iter().any(|word| ONCE.contains(&word))
}

/// Whether the arguments hold a key that stays the same over retries.
fn has_key(state: &State<'_>) -> bool {
    let arguments = state.get("Parameters").or_else(|| state.get("Arguments"));
    arguments.is_some_and(mentions_key)
}

fn mentions_key(node: &Node<'_>) -> bool {
    let named = |name: &str| {
        let name = name.to_lowercase().replace(['_', '-', '.', '$'], "");
        let keys = [
            "idempot",
            "clienttoken",
            "clientrequesttoken",
            "requestid",
            "dedup",
            "executionid",
        ];
        name == "key" || keys.iter().any(|key| name.contains(key))
    };
    let of_execution = |text: &str| {
        [
            "Execution.Id",
            "Execution.Name",
            "$.Execution",
            "States.Hash",
        ]
        .iter()
        .any(|part| text.contains(part))
    };
    match &node.syntax {
        Syntax::Object(members) => members
            .iter()
            .any(|member| named(&member.name.text) || mentions_key(&member.value)),
        Syntax::Array(items) => items.iter().any(mentions_key),
        Syntax::String(text) => of_execution(text) || named(text) && text.starts_with(['$', '{']),
        _ => false,
    }
}
