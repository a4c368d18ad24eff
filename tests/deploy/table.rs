//! What is deployed, and how each execution must end.

use serde_json::Value;

use crate::tools::emulator::Emulator;
use crate::tools::stack::Stack;
use crate::tools::trial::Stop;
use crate::{collection, fares, processing, shop};

/// A package that is deployed, and what is expected of it.
pub struct Deployment {
    /// The package's name; its stack has the same.
    pub package: &'static str,
    /// What its sagas are compiled to.
    pub target: &'static str,
    /// Parameters that have no default: `Name=value`.
    pub parameters: &'static [&'static str],
    /// How often `sam build` calls cargo: once for all functions that have the same metadata, the reasons of exceptions
    /// from a review among it.
    pub builds: usize,
    /// The number of functions; all are the one bootstrap.
    pub functions: usize,
    /// The input of a case, from the value that decides how it ends.
    pub input: fn(&str) -> Value,
    /// The field of the input that rows and messages have, too.
    pub key: &'static str,
    /// Where the outcome is read: attributes of tables, by their logical ids.
    pub shows: &'static [(&'static str, &'static str)],
    /// What must be found nowhere but in the execution's history.
    pub secrets: &'static [&'static str],
    /// The executions, one after another on one stack.
    pub cases: &'static [Case],
    /// What else is tried on the stack: all that went wrong.
    pub more: fn(&Emulator, &Stack<'_>) -> Result<Vec<String>, Stop>,
}

/// An execution.
pub struct Case {
    /// The logical id of the saga's state machine.
    pub machine: &'static str,
    /// The value that decides how the saga ends.
    pub input: &'static str,
    /// How it ends.
    pub ends: Ends,
    /// The states that are entered, in order.
    pub path: &'static str,
    /// What the tables show of it: the values of each attribute, sorted.
    pub rows: &'static [&'static str],
    /// The logical id of the queue that gets a message of it; every other one gets none.
    pub queue: Option<&'static str>,
}

/// How a saga ends.
#[derive(Clone, Copy, Debug)]
pub enum Ends {
    /// With an output in which this is found.
    Completed(&'static str),
    /// By this error, and nothing of it remains.
    Compensated(&'static str),
    /// At a state that failed with this error.
    Parked(&'static str),
}

/// Everything that is deployed: a package is an entry.
pub const DEPLOYMENTS: [&Deployment; 5] = [
    &fares::DEPLOYMENT,
    &collection::DEPLOYMENT,
    &processing::DEPLOYMENT,
    &shop::DEPLOYMENT,
    &shop::BY_MACHINES,
];

/// Nothing else is tried.
pub fn nothing(_: &Emulator, _: &Stack<'_>) -> Result<Vec<String>, Stop> {
    Ok(Vec::new())
}

/// A card that exists nowhere: its number, expiry date and code.
pub const CARD: [&str; 3] = ["4242424242424242", "11/79", "8675309"];
