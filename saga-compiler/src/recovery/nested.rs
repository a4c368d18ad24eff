//! What is left of a nested saga whose execution was stopped with its caller's: its own recovery undoes it, and
//! this one waits until its fences say so.

use saga_asl::json::{Value, array, object};

use super::frame::UNSETTLED;
use super::question::Way;
use super::state::{assign, at_depth, choice, next, nothing, pass, rule, task, wait};
use super::text::recovered;
use super::{States, fences};
use crate::jsonata::{Term, delimited};

/// The variable that says whether something is left.
const LEFT: &str = "recoveredIsLeft";

/// The variable that counts how often it was looked.
const LOOKS: &str = "recoveredLooks";

/// Seconds between two looks.
const INTERVAL: u32 = 60;

/// How often it is looked before an operator is asked: the other recovery waits out a function's longest time,
/// which is 15 minutes, and undoes then.
const MOST: u32 = 30;

/// Adds the states; gives the first. `below` is the step instance that the nested saga ran under, `asks` the
/// state that asks an operator.
pub(super) fn add(
    depth: usize,
    way: &Way<'_>,
    below: &Term,
    asks: &str,
    states: &mut States,
) -> String {
    let subject = way.undo.strip_prefix("Undo").unwrap_or(way.undo);
    let first = format!("Expect{subject}");
    let look = format!("LookInto{subject}");
    let found = format!("IsLeftOf{subject}");
    let pause = format!("WaitFor{subject}");
    let (left, looks) = (at_depth(LEFT, depth), at_depth(LOOKS, depth));
    let start = [(looks.clone(), Value::from(0))].into_iter().collect();
    states.insert(first.clone(), pass(start, &look));
    let prefix = below.operator("&", &Term::string("/"));
    let request = fences::count_below(recovered(&delimited(prefix)), &UNSETTLED);
    // What is beyond a page of the answer is taken as unsettled.
    let is_left = "$states.result.Count > 0 or $exists($states.result.LastEvaluatedKey)";
    let set = assign([
        (left.as_str(), delimited(is_left)),
        (looks.as_str(), delimited(format!("${looks} + 1"))),
    ]);
    let asked = ["States.DataLimitExceeded", "States.ALL"]
        .map(|error| object([("ErrorEquals", array([error])), nothing(), next(asks)]));
    let rest = [("Catch", array(asked)), set, nothing(), next(&found)];
    let query = task("aws-sdk:dynamodb:query", request, rest);
    states.insert(look.clone(), query);
    let rules = [
        rule(&format!("$not(${left})"), way.after),
        rule(&format!("${looks} >= {MOST}"), asks),
    ];
    states.insert(found, choice(rules, &pause));
    states.insert(pause, wait(INTERVAL, &look));
    first
}
