use std::collections::HashMap;

use crate::integration::{Resource, Service};
use crate::lint::{Context, Edit, Findings, did_you_mean, nearest, rule};
use crate::outline::{State, StateType};
use crate::syntax::Node;
use crate::words::Words;

rule! {
    /// A retrier or catcher names an error that nothing raises.
    ///
    /// It never matches, and what it was to do is never done. AWS accepts any name. Errors of the
    /// DynamoDB integration carry the prefix `DynamoDB.` (`DynamoDb.` through the SDK).
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "${Charge}", "End": true, "Retry": [ { "ErrorEquals": [ "States.Timout" ] } ] } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "${Charge}", "End": true, "Retry": [ { "ErrorEquals": [ "States.Timeout" ] } ] } }
    /// ```
    pub static UNKNOWN_ERROR_NAME = Warning "ASL309" "unknown-error-name" in Saga, check;
}

/// Error names of the language (States Language specification, appendix A, and developer guide, "Error handling").
const RESERVED: [&str; 17] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

/// Error names of the Lambda service (developer guide, "Handle transient Lambda service exceptions").
const LAMBDA: [&str; 12] = [
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.InvalidParameterValueException",
    "Lambda.ResourceNotFoundException",
    "Lambda.ResourceNotReadyException",
    "Lambda.ENILimitReachedException",
    "Lambda.CodeStorageExceededException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Lambda.UnknownException",
];

/// Words that error names are made of, and that people misspell.
const WORDS: [&str; 12] = [
    "exception",
    "error",
    "timeout",
    "declined",
    "exceeded",
    "invalid",
    "unavailable",
    "insufficient",
    "rejected",
    "throttling",
    "failure",
    "conflict",
];

/// Among more names than that slips are not looked for.
const MAX_CANDIDATES: usize = 200;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let used = Used::new(cx);
    for state in cx.outline.states() {
        for entry in state.retriers().iter().chain(state.catchers()) {
            for (name, node) in State::error_names(entry) {
                if let Some(wrong) = wrong(state, name, &used) {
                    report(cx, name, node, &wrong, out);
                }
            }
        }
    }
}

/// What a name should probably be, or nothing where there is no telling.
struct Wrong(Option<String>);

fn report(cx: &Context<'_>, name: &str, node: &Node<'_>, wrong: &Wrong, out: &mut Findings<'_>) {
    let finding = out.report(node.span, format!("nothing raises the error `{name}`"));
    let Some(near) = &wrong.0 else { return };
    finding.help(format!("did you mean `{near}`?"));
    if RESERVED.contains(&near.as_str()) {
        let text = node.span.text(cx.source).replace(name, near);
        finding.fix(
            format!("write `{near}`"),
            vec![Edit {
                span: node.span,
                text,
            }],
        );
    }
}

fn wrong(state: &State<'_>, name: &str, used: &Used<'_>) -> Option<Wrong> {
    if RESERVED.contains(&name) || used.raised.contains(&name) {
        return None;
    }
    if name.starts_with("States.") {
        return Some(Wrong(did_you_mean(name, RESERVED).map(str::to_owned)));
    }
    let known = RESERVED.into_iter().chain(LAMBDA);
    let near =
        did_you_mean(name, known).filter(|_| has_known_prefix(name) && !LAMBDA.contains(&name));
    near.map(str::to_owned)
        .or_else(|| without_prefix(state, name))
        .or_else(|| used.meant(state, name))
        .or_else(|| misspelt(name))
        .map(|near| Wrong(Some(near)))
}

/// Whether a name begins like those of the language or of Lambda, with a slip or without. Other
/// services have errors of the same names.
fn has_known_prefix(name: &str) -> bool {
    const PREFIXES: [&str; 2] = ["States", "Lambda"];
    let prefix = name.split_once('.').map(|(prefix, _)| prefix);
    prefix
        .is_some_and(|prefix| PREFIXES.contains(&prefix) || nearest(prefix, PREFIXES, 2).is_some())
}

/// An error of DynamoDB without the prefix that its integration puts before it.
fn without_prefix(state: &State<'_>, name: &str) -> Option<String> {
    const ERRORS: [&str; 9] = [
        "ConditionalCheckFailedException",
        "InternalServerError",
        "ItemCollectionSizeLimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ResourceNotFoundException",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionConflictException",
    ];
    let Some(Resource::Service(Service {
        service: "dynamodb",
        sdk,
        ..
    })) = state.resource
    else {
        return None;
    };
    let prefix = if sdk { "DynamoDb" } else { "DynamoDB" };
    let bare = name.rsplit('.').next().unwrap_or(name);
    let right = format!("{prefix}.{bare}");
    let other_prefix = name
        .split_once('.')
        .is_some_and(|(before, _)| before.eq_ignore_ascii_case("dynamodb"));
    let known = ERRORS.contains(&bare)
        || bare
            .strip_suffix("Exception")
            .is_some_and(|bare| ERRORS.contains(&bare));
    let wrong = name != right && (known && !name.contains('.') || other_prefix);
    wrong.then_some(right)
}

/// A name with a misspelt word in it.
fn misspelt(name: &str) -> Option<String> {
    let last = name.rsplit('.').next().unwrap_or(name);
    Words::of(last).iter().find_map(|word| {
        let plural = word
            .strip_suffix('s')
            .is_some_and(|word| WORDS.contains(&word));
        let known = plural || WORDS.contains(&word) || word.len() < 5;
        let right = nearest(word, WORDS, 1)
            .filter(|right| !known && right.len().abs_diff(word.len()) < 2)?;
        let first_same = right.chars().next() == word.chars().next();
        first_same.then(|| replace_word(name, word, right))
    })
}

fn replace_word(name: &str, word: &str, right: &str) -> String {
    let lower = name.to_lowercase();
    let Some(at) = lower.find(word).filter(|_| lower.len() == name.len()) else {
        return name.to_owned();
    };
    let (before, rest) = name.split_at(at);
    let capital = rest.starts_with(char::is_uppercase);
    let mut right = right.to_owned();
    if let Some(first) = right.get_mut(..1).filter(|_| capital) {
        first.make_ascii_uppercase();
    }
    format!(
        "{before}{right}{}",
        rest.get(word.len()..).unwrap_or_default()
    )
}

/// The error names in a state's retriers and catchers.
fn names<'t>(state: &State<'t>) -> impl Iterator<Item = &'t str> {
    let entries = state.retriers().iter().chain(state.catchers());
    entries.flat_map(State::error_names).map(|(name, _)| name)
}

/// How often the definition's own error names are used, and which it raises itself.
struct Used<'t> {
    counts: HashMap<&'t str, usize>,
    raised: Vec<&'t str>,
}

impl<'t> Used<'t> {
    fn new(cx: &Context<'t>) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for state in cx.outline.states() {
            names(state).for_each(|name| *counts.entry(name).or_default() += 1);
        }
        let fails = cx
            .outline
            .states()
            .iter()
            .filter(|state| state.is(StateType::Fail));
        let raised = fails.filter_map(|state| state.node.text("Error")).collect();
        Self { counts, raised }
    }

    /// A name of the definition that is used more often, or raised, and differs by a slip only. Of two
    /// that a state uses as often, the shorter one is taken for the slip: letters get lost.
    fn meant(&self, state: &State<'_>, name: &str) -> Option<String> {
        const SHORTEST: usize = 8;
        let own = self.counts.get(name).copied().unwrap_or_default();
        if self.counts.len() > MAX_CANDIDATES
            || name.len() < SHORTEST
            || name.starts_with("Lambda.")
            || self.raised.contains(&name)
        {
            return None;
        }
        let more = self
            .counts
            .iter()
            .filter(|(other, count)| {
                let longer = other.len() > name.len() && nearest(name, [**other], 1).is_some();
                let beside = || names(state).any(|name| name == **other);
                **count > own || **count == own && longer && beside()
            })
            .map(|(other, _)| *other);
        let mut candidates: Vec<_> = more.chain(self.raised.iter().copied()).collect();
        candidates.sort_unstable();
        let near = did_you_mean(name, candidates)?;
        let slip = is_slip(name, near) && is_of_same_service(name, near);
        slip.then(|| near.to_owned())
    }
}

/// Whether two names have the same prefix, but for a slip: `DynamoDB.SdkClientException` is no slip
/// for `Lambda.SdkClientException`.
fn is_of_same_service(name: &str, near: &str) -> bool {
    let prefix = |name: &'_ str| name.rsplit_once('.').map(|(prefix, _)| prefix.to_owned());
    match (prefix(name), prefix(near)) {
        (Some(one), Some(other)) => one == other || nearest(&one, [other.as_str()], 1).is_some(),
        _ => true,
    }
}

/// Whether two names differ by a slip, and not by a letter or digit that tells two things apart.
fn is_slip(name: &str, near: &str) -> bool {
    let numbered = |name: &str| name.ends_with(|last: char| last.is_ascii_digit());
    let same_but_last = {
        let stem = |name: &str| name.chars().rev().skip(1).collect::<String>();
        name.len() == near.len() && stem(name) == stem(near)
    };
    !numbered(name) && !numbered(near) && !same_but_last && name.len().abs_diff(near.len()) < 3
}
