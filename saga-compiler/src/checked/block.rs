//! What a block must be, whatever its steps are.

use std::ops::RangeInclusive;

use saga_manifest::flow::{Abort, End, Map, Node, Savepoint, Wait};
use saga_manifest::place::Place;
use saga_manifest::saga::Saga;

use super::limit::Bounded;
use crate::diagnostic::{Diagnostic, Report};

/// The longest name of an error, in characters (States Language specification, error names).
const LONGEST_ERROR: usize = 256;

/// Checks how a saga ends.
pub(super) fn check_body(saga: &Saga, report: &mut Report) {
    if matches!(saga.body.end, End::Continue(_)) {
        let message = format!("the saga `{}` has no end", saga.name);
        let help = "complete it with its output, or give up";
        report.push(Diagnostic::new(message, help).at(&saga.place, "this saga"));
    }
}

/// Checks the numbers of a node.
pub(super) fn check_node(node: &Node, report: &mut Report) {
    match node {
        Node::Step(_) => {}
        Node::Parallel(parallel) => {
            if parallel.branches.len() < 2 {
                let message = format!(
                    "`{}` runs {} at a time",
                    parallel.name,
                    match parallel.branches.len() {
                        0 => "no branch",
                        _ => "one branch",
                    }
                );
                let help = "give it two branches, or write its steps one after the other";
                report.push(Diagnostic::new(message, help).at(&parallel.place, "here"));
            }
        }
        Node::Choice(choice) => {
            if choice.cases.is_empty() {
                let message = format!("`{}` has no case to choose", choice.name);
                let help = "give it a condition, or write its steps one after the other";
                report.push(Diagnostic::new(message, help).at(&choice.place, "here"));
            }
        }
        Node::Map(map) => check_map(map, report),
        Node::Wait(wait) => check_wait(wait, report),
        Node::Savepoint(savepoint) => check_savepoint(savepoint, report),
    }
}

fn check_map(map: &Map, report: &mut Report) {
    let bound = |what, unit, value, range| Bounded {
        what,
        unit,
        value,
        range,
    };
    // What the bound on the history leaves of 10,000 is said where the states are known.
    let items = bound("maximum of items", "items", map.at_most, 1..=10_000);
    items.check(&map.name, &map.place, report);
    let at_a_time = bound(
        "concurrency",
        "items at a time",
        map.max_concurrency,
        1..=40,
    );
    at_a_time.check(&map.name, &map.place, report);
}

fn check_wait(wait: &Wait, report: &mut Report) {
    let seconds = "longest pause";
    // A year, as long as an execution may take (Step Functions quotas).
    bounded(
        seconds,
        wait.at_most_seconds,
        1..=31_536_000,
        &wait.name,
        &wait.place,
        report,
    );
}

fn check_savepoint(savepoint: &Savepoint, report: &mut Report) {
    let Savepoint { name, place, .. } = savepoint;
    let tries = Bounded {
        what: "number of tries",
        unit: "tries",
        value: savepoint.tries,
        range: 2..=5,
    };
    tries.check(name, place, report);
    bounded(
        "interval",
        savepoint.interval_seconds,
        0..=31_536_000,
        name,
        place,
        report,
    );
}

fn bounded(
    what: &str,
    value: u32,
    range: RangeInclusive<u32>,
    name: &str,
    place: &Place,
    report: &mut Report,
) {
    let bounded = Bounded {
        what,
        unit: "seconds",
        value,
        range,
    };
    bounded.check(name, place, report);
}

/// Checks the error that a saga gives up with.
pub(super) fn check_abort(abort: &Abort, report: &mut Report) {
    let length = abort.error.chars().count();
    if length == 0 || length > LONGEST_ERROR {
        let message = format!(
            "the error of `{}` has a name of {length} characters",
            abort.name
        );
        let help = format!("name it with 1 to {LONGEST_ERROR} characters");
        report.push(Diagnostic::new(message, help).at(&abort.place, "here"));
    }
}
