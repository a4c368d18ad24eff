//! The states before undo, and after it.

use std::collections::BTreeSet;

use saga_asl::json::{Value, array, object};
use saga_fence::table::SORT_KEY;

use super::fences::{Answer, BY_SAGA};
use super::history::{self, History};
use super::sight::{Pivot, Sight};
use super::state::{
    LEAVE, Pages, REASON, assign, choice, constant, failing, failures, for_each, leaving, left,
    listed, message, next, nothing, retrier, rule, succeed, task, wait,
};
use super::text::{EXECUTION, FAILURE, INPUT, SAGA_ID, recovered};
use super::{States, fences};
use crate::checked::dynamodb::CONDITION_FAILED;
use crate::jsonata::scope::SAGA;
use crate::jsonata::{delimited, literal};
use crate::plan::Plan;
use crate::states::{COMPENSATED, REDRIVES};

/// The first state: what became of the execution.
pub(super) const START: &str = "LookAtExecution";

/// Where undo begins.
pub(super) const BEGIN: &str = "BeginUndo";

/// What follows undo.
pub(super) const ENDS: &str = "WhoseFences";

/// Where the fences are let expire, once the saga has ended.
const EXPIRE: &str = "ListFences";

const HOW: &str = "HowItEnded";
const LAST: &str = "LookAtLastStates";
const PARKED: &str = "IsItParked";
const CLOSE: &str = "ClosePivot";
const SEAL: &str = "SealFences";
const WAIT: &str = "WaitUntilNothingIsAtWork";
const LOOK_AGAIN: &str = "LookAgain";
const AGAIN: &str = "DoesItRunAgain";
const LEFT: &str = "RecoveryParked";
const EXPIRING: &str = "LetFencesExpire";
const MORE: &str = "AreThereMoreFences";
const LIST_MORE: &str = "ListMoreFences";
const ENDED: &str = "SagaEnded";
const NOTHING: &str = "NothingToRecover";

/// The variable that says how the execution ended.
const STATUS: &str = "recoveredStatus";

/// The variable that says how often it had been redriven.
const RUN: &str = "recoveredRun";

/// The variable that says whether it has been redriven since: that end of it has a recovery of its own.
const RUNS_AGAIN: &str = "recoveredRunsAgain";

/// How often an execution has been redriven that is described.
const COUNT: &str =
    "($count := $states.result.RedriveCount; $type($count) = \"number\" ? $count : 0)";

/// The variable that says whether it ended in a parked state.
const IS_PARKED: &str = "recoveredIsParked";

/// The pages of the list of fences, each of up to a megabyte.
const PAGES: Pages = Pages {
    variable: "recoveredFencePages",
    most: 1_000,
    why: "the saga has more fences than are let expire here: nothing else is left to do. Let the others expire by hand",
};

/// The error of an execution that an expression failed which nothing catches: here the arguments of an undo.
const EVALUATION: &str = "States.QueryEvaluationError";

/// The variable that says whether the saga's own fences are sealed: it was recovered before.
const IS_SEALED: &str = "recoveredIsSealed";

/// What an operator is told where a redrive completed what was undone.
const FALSE: &str = "the execution completed after it had been recovered, for nothing that it did after its redrive has \
                     a fence: its steps before that are undone. See to what relies on it, and redrive this execution";

/// What an operator is told where the pivot was passed.
const PAST: &str = "the pivot was passed, or may have been: the saga is not undone. Repair the cause, and redrive \
                    the execution itself: its fences answer for what was done";

/// The states before undo and after it.
pub(super) fn states(sight: &Sight<'_>, history: &History<'_>) -> States {
    let mut states = States::new();
    let mut add = |name: &str, state: Value| states.insert(name.to_owned(), state);
    let fenced = Sight::fenced(sight.undo);
    let seal = if fenced.is_empty() { WAIT } else { SEAL };
    let closes: Vec<String> = (1..=sight.pivots.len()).map(close_name).collect();
    let recover = match &sight.blind {
        Some(_) => LEAVE,
        None => closes.first().map_or(seal, String::as_str),
    };
    add(START, look(sight, history));
    add(HOW, how());
    add(LAST, look_at_last(sight));
    add(PARKED, is_parked(recover));
    if sight.blind.is_none() {
        let afters = closes.iter().skip(1).map(String::as_str).chain([seal]);
        for ((pivot, name), after) in sight.pivots.iter().zip(&closes).zip(afters) {
            add(name, close(sight, pivot, after));
        }
        if !fenced.is_empty() {
            add(SEAL, seal_all(sight, &fenced));
        }
        let after = if history.is_idle() {
            BEGIN
        } else {
            history::READ
        };
        add(WAIT, wait(sight.longest, LOOK_AGAIN));
        add(LOOK_AGAIN, look_again());
        add(
            AGAIN,
            choice([rule(&format!("${RUNS_AGAIN}"), NOTHING)], after),
        );
    }
    add(LEAVE, message(sight.name(), &format!("${REASON}"), 0, LEFT));
    let why = "an operator was told what to do, and has not redriven this execution";
    add(LEFT, left(why, 0, START));
    // Of a saga that another one runs the fences are the other one's, and live as long.
    let called = rule(&format!("${SAGA_ID} != ${EXECUTION}"), ENDED);
    add(ENDS, choice([called], EXPIRE));
    let mut own = BTreeSet::new();
    collect(sight.undo, &mut own);
    add(EXPIRE, list(&own, None));
    add(EXPIRING, expiring());
    add(MORE, more());
    add(LIST_MORE, list(&own, Some("$recoveredLastKey")));
    add(ENDED, succeed("The saga has ended, and its fences will."));
    add(
        NOTHING,
        succeed("The execution is parked, or goes on: there is nothing to recover."),
    );
    if sight.blind.is_none() && !history.is_idle() {
        history.add(BEGIN, &mut states);
    }
    states
}

fn close_name(number: usize) -> String {
    match number {
        1 => CLOSE.to_owned(),
        _ => format!("{CLOSE}{number}"),
    }
}

fn look(sight: &Sight<'_>, history: &History<'_>) -> Value {
    let failure = "{\"step\": $states.result.Name, \"error\": $exists($states.result.Error) ? $states.result.Error : \
                   $states.result.Status, \"cause\": $exists($states.result.Cause) ? $states.result.Cause : \
                   \"the execution did not come to an end of its own\"}";
    let arn = object([(
        "ExecutionArn",
        delimited("$states.context.Execution.Input.detail.executionArn"),
    )]);
    let why = sight.blind.as_deref().unwrap_or_default();
    let own = "$states.result.ExecutionArn";
    let saga = match sight.saga.is_called {
        false => own.to_owned(),
        true => format!(
            "($id := $parse($states.result.Input).{SAGA}.id; $type($id) = \"string\" ? $id : {own})"
        ),
    };
    // The event tells which end of the execution this is about: in milliseconds since 1970, as Step Functions' API says
    // it in text.
    let since = "($since := $states.context.Execution.Input.detail.stopDate; $stopped := $states.result.StopDate; \
                 $type($since) = \"number\" and $type($stopped) = \"string\" ? $toMillis($stopped) > $since + 1000 : false)";
    let known = [
        (RUN, delimited(COUNT)),
        (RUNS_AGAIN, delimited(since)),
        (SAGA_ID, delimited(saga)),
        (EXECUTION, delimited(own)),
        (INPUT, delimited("$parse($states.result.Input)")),
        (FAILURE, delimited(failure)),
        (REASON, delimited(literal::quoted(why))),
        (STATUS, delimited("$states.result.Status")),
        ("recoveredRedrives", delimited(REDRIVES)),
        PAGES.none_yet(),
        (IS_SEALED, false.into()),
    ];
    let found = assign(known.into_iter().chain(history.nothing_yet()));
    task(
        "aws-sdk:sfn:describeExecution",
        arn,
        [found, nothing(), next(HOW)],
    )
}

/// Whether somebody has redriven the execution while its fences were sealed. It then goes back by itself, and this is
/// not to undo the same beside it.
fn look_again() -> Value {
    let arn = object([("ExecutionArn", delimited(format!("${EXECUTION}")))]);
    let again = format!("$states.result.Status = \"RUNNING\" or {COUNT} > ${RUN}");
    let found = assign([(RUNS_AGAIN, delimited(again))]);
    task(
        "aws-sdk:sfn:describeExecution",
        arn,
        [failing(), found, nothing(), next(AGAIN)],
    )
}

fn how() -> Value {
    let ended = format!(
        "${STATUS} = \"SUCCEEDED\" or ${FAILURE}.error = {}",
        literal::quoted(COMPENSATED)
    );
    let goes_on =
        format!("${RUNS_AGAIN} or $not(${STATUS} in [\"FAILED\", \"TIMED_OUT\", \"ABORTED\"])");
    choice([rule(&ended, ENDS), rule(&goes_on, NOTHING)], LAST)
}

/// Whether the execution ended in a parked state, which is not a failure: one of the last events enters it, and
/// none leaves it.
///
/// A parked undo whose arguments lack what they read stays parked however often it is redriven: the output was
/// lost with an outcome that was too large. That one is recovered, for its fence keeps the output.
fn look_at_last(sight: &Sight<'_>) -> Value {
    let request = object([
        ("ExecutionArn", delimited(format!("${EXECUTION}"))),
        ("ReverseOrder", true.into()),
        ("MaxResults", 200.into()),
        ("IncludeExecutionData", false.into()),
    ]);
    let parked = format!(
        "(${FAILURE}.error = {} ? {} : {})",
        literal::quoted(EVALUATION),
        listed(sight.parked_always.iter().map(String::as_str)),
        listed(sight.parked.iter().map(String::as_str))
    );
    // It is not farther back than that, for a parked call has few retries.
    let count = |details: &str| format!("$count($events.{details}.Name[$ = $state])");
    let is_parked = format!(
        "($events := $states.result.Events; $exists($filter({parked}, function($state) {{ {} > {} }})))",
        count("StateEnteredEventDetails"),
        count("StateExitedEventDetails")
    );
    let found = assign([(IS_PARKED, delimited(is_parked))]);
    task(
        "aws-sdk:sfn:getExecutionHistory",
        request,
        [found, nothing(), next(PARKED)],
    )
}

fn is_parked(recover: &str) -> Value {
    let parked = format!("${STATUS} = \"FAILED\" and ${IS_PARKED}");
    choice([rule(&parked, NOTHING)], recover)
}

fn close(sight: &Sight<'_>, pivot: &Pivot<'_>, after: &str) -> Value {
    let instance = |step: &str| recovered(&sight.scope(sight.undo).instance_value(step));
    let (request, why) = match pivot {
        Pivot::Fenced(step) => (fences::close(instance(step)), PAST.to_owned()),
        Pivot::Behind { pivot, before } => {
            let why = format!(
                "whether the pivot `{pivot}` was passed is not to be seen: it has no fence, and what comes before it \
                 is done. Redrive the execution itself if it was passed or is to be; else undo the saga by hand"
            );
            (fences::close_before(instance(before)), why)
        }
    };
    let passed = leaving(CONDITION_FAILED, constant(&why));
    let catches = array(std::iter::once(passed).chain(failures()));
    let answered = object([
        ("ErrorEquals", array([CONDITION_FAILED])),
        ("MaxAttempts", 0.into()),
    ]);
    let rest = [("Catch", catches), nothing(), next(after)];
    let mut close = task("dynamodb:updateItem", request, rest);
    if let Value::Object(fields) = &mut close {
        // The first retrier that names an error is the one that counts: what was answered is not asked again.
        fields.insert("Retry".into(), array([answered, retrier()]));
    }
    close
}

fn seal_all(sight: &Sight<'_>, fenced: &[String]) -> Value {
    let scope = sight.scope(sight.undo);
    let instances = fenced
        .iter()
        .map(|instance| recovered(&scope.instance_value(instance)));
    let end = [nothing(), ("End", true.into())];
    let item = task(
        "dynamodb:updateItem",
        fences::seal(delimited("$states.input"), Answer::Nothing),
        end,
    );
    let rest = [failing(), nothing(), next(WAIT)];
    for_each(array(instances), ("SealFence", item), rest)
}

/// The steps whose fences are sealed, also those of items.
fn collect(plan: &Plan<'_>, own: &mut BTreeSet<String>) {
    own.extend(Sight::fenced(plan));
    plan.inner().for_each(|inner| collect(inner, own));
}

fn list(own: &BTreeSet<String>, last: Option<&str>) -> Value {
    let last_key = delimited(
        "$exists($states.result.LastEvaluatedKey) ? $states.result.LastEvaluatedKey : null",
    );
    let sealed = format!(
        "${IS_SEALED} or $exists($states.result.Items[sealed.BOOL and $exists({BY_SAGA}) = false and $split({SORT_KEY}.S, \"/\")[0] in {}])",
        listed(own.iter().map(String::as_str))
    );
    let found = assign([
        ("recoveredLastKey", last_key),
        (IS_SEALED, delimited(sealed)),
        PAGES.one_more(),
    ]);
    let items = ("Output", delimited("{\"fences\": $states.result.Items}"));
    task(
        "aws-sdk:dynamodb:query",
        fences::list(last),
        [found, items, next(EXPIRING)],
    )
}

fn expiring() -> Value {
    let end = [nothing(), ("End", true.into())];
    let item = task("dynamodb:updateItem", fences::expire(), end);
    for_each(
        delimited("[$states.input.fences]"),
        ("LetFenceExpire", item),
        [nothing(), next(MORE)],
    )
}

fn more() -> Value {
    let more = "$type($recoveredLastKey) = \"object\"";
    let is_false = format!("${IS_SEALED} and ${STATUS} = \"SUCCEEDED\" and ({REDRIVES}) = 0");
    let is_false = object([
        ("Condition", delimited(is_false)),
        assign([(REASON, constant(FALSE))]),
        next(LEAVE),
    ]);
    choice(
        [PAGES.too_many(more), rule(more, LIST_MORE), is_false],
        ENDED,
    )
}
