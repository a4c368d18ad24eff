//! Rows of states: choices, branches, items and pauses around the calls.

use std::fmt::Write as _;

use saga_asl::json::Value;

use super::text::reads;
use super::{Writer, pascal, snake};
use crate::condition::Test;
use crate::data::Data;
use crate::flow::{Block, End, Node, Time};
use crate::types::Type;

/// The longest that a time in the data is waited for, in seconds, until the author says otherwise.
const A_DAY: u64 = 86_400;

/// How many steps of items the history surely holds, each with its retries and its undo.
const STEPS_OF_ITEMS: usize = 16;

impl Writer<'_> {
    /// The statements of a row.
    pub(super) fn row(&mut self, nodes: &[Node], text: &mut String) {
        for node in nodes {
            match node {
                Node::Task(step) => self.step(step, text),
                Node::Wait { name, time } => self.pause(name, time, text),
                Node::Choice {
                    name,
                    cases,
                    otherwise,
                } => self.choice(name, cases, otherwise, text),
                Node::Parallel { name, branches } => {
                    let mut line = format!("saga.parallel({name:?})");
                    for branch in branches {
                        let closure = self.closure(branch, "saga");
                        write!(line, ".branch({closure})").unwrap_or_default();
                    }
                    writeln!(text, "{line}.join();").unwrap_or_default();
                }
                Node::Map {
                    name,
                    list,
                    at_a_time,
                    item,
                } => {
                    let optional = matches!(self.types.of(list), Type::Optional(_));
                    let items = self.stated_items(list).unwrap_or_else(|| self.most_items());
                    let mut list = self.value(list, None, text);
                    if optional {
                        list.push_str(".or(saga.list([]))");
                    }
                    let closure = self.closure(item, &format!("saga, {}", snake(name)));
                    writeln!(
                        text,
                        "saga.map({name:?}, {list}.at_most({items}).at_a_time({at_a_time}), {closure});"
                    )
                    .unwrap_or_default();
                }
            }
        }
    }

    /// How many items a list has that the definition states, or that is in such a list.
    fn stated_items(&self, list: &Data) -> Option<usize> {
        let length = |value: &Value| match value {
            Value::Array(items) => Some(items.len().max(1)),
            _ => None,
        };
        match list {
            Data::Item(map) => match self.plan.block.list_of(map)?.constant()? {
                Value::Array(lists) => lists.iter().filter_map(length).max(),
                _ => None,
            },
            list => length(&list.constant()?),
        }
    }

    /// How many items each list may have, until the author says otherwise: so many that the history holds all of them.
    fn most_items(&self) -> usize {
        let (steps, maps) = (self.plan.block.steps(), self.plan.block.maps().len());
        let within = steps.iter().filter(|step| step.is_within).count();
        let share = STEPS_OF_ITEMS / within.max(maps).max(1);
        // Of lists in lists the numbers are multiplied.
        let most = if self.plan.block.has_nested_maps() {
            share.isqrt()
        } else {
            share
        };
        most.max(1)
    }

    fn pause(&mut self, name: &str, time: &Time, text: &mut String) {
        match time {
            Time::Seconds(seconds) => {
                writeln!(text, "saga.wait({name:?}, Duration::from_secs({seconds}));")
            }
            Time::OfTheData(data) => {
                let seconds = self.value(data, None, text);
                writeln!(
                    text,
                    "saga.wait_seconds({name:?}, {seconds}, Duration::from_secs({A_DAY}));"
                )
            }
            Time::Until(data) => {
                let until = self.value(data, None, text);
                writeln!(
                    text,
                    "saga.wait_until({name:?}, {until}, Duration::from_secs({A_DAY}));"
                )
            }
        }
        .unwrap_or_default();
    }

    /// A part of the saga as a closure. It has no value: nothing behind it reads one.
    fn closure(&mut self, block: &Block, parameters: &str) -> String {
        let mut text = String::new();
        self.row(&block.nodes, &mut text);
        let parameters: Vec<_> = parameters
            .split(", ")
            .map(|name| if reads(&text, name) { name } else { "_" })
            .collect();
        format!("|{}| {{ {text} Ref::from(()) }}", parameters.join(", "))
    }

    /// Ways that end first, each by a condition that none before it holds, and then those that go on.
    fn choice(
        &mut self,
        name: &str,
        cases: &[(Test, Block)],
        otherwise: &Block,
        text: &mut String,
    ) {
        let mut before: Vec<String> = Vec::new();
        let mut going: Vec<(String, &Block)> = Vec::new();
        let does = |block: &Block| !block.nodes.is_empty() && !block.ends();
        let only = !cases.iter().any(|(_, block)| does(block)) && !does(otherwise);
        let conditions: Vec<String> = cases
            .iter()
            .map(|(test, _)| self.condition(test, text))
            .collect();
        let blocks = cases.iter().map(|(_, block)| block).chain([otherwise]);
        let mut ended = 0;
        for (index, block) in blocks.enumerate() {
            let own = conditions.get(index);
            let alone = whole(own, &before);
            // Where the saga has ended, nothing is asked any more.
            if block.ends() {
                ended += 1;
                let state = if only && ended == 1 {
                    name.to_owned()
                } else {
                    format!("{name}Ends{ended}")
                };
                self.ending(&state, bare(&alone), block, text);
            } else {
                going.push((own.cloned().unwrap_or_default(), block));
                before.extend(own.cloned());
            }
        }
        if only {
            return;
        }
        let mut line = format!("saga.cases({name:?})");
        let last = going.len().saturating_sub(1);
        for (index, (condition, block)) in going.iter().enumerate() {
            let closure = self.closure(block, "saga");
            // Where the default ends the saga, what is left goes on whatever holds.
            match index == last {
                true => write!(line, ".otherwise({closure})"),
                false => write!(line, ".case({}, {closure})", bare(condition)),
            }
            .unwrap_or_default();
        }
        writeln!(text, "{line};").unwrap_or_default();
    }

    /// A way on which the saga gives up or is completed.
    fn ending(&mut self, state: &str, condition: &str, block: &Block, text: &mut String) {
        match &block.end {
            End::GivesUp { error } => {
                if !self.given_up.contains(error) {
                    self.given_up.push(error.clone());
                }
                let variant = pascal(error);
                writeln!(text, "saga.abort_if({state:?}, {condition}, GivenUp::{variant});")
            }
            _ => {
                let mut inner = String::new();
                self.row(&block.nodes, &mut inner);
                writeln!(
                    text,
                    "let (mut saga, _) = saga.choose_way({state:?}, {condition}, \
                     |mut saga| {{ {inner} saga.complete(()).into() }}, |saga| saga.goes_on(Ref::from(())));"
                )
            }
        }
        .unwrap_or_default();
    }

    fn condition(&mut self, test: &Test, before: &mut String) -> String {
        let mut joined = |all: &[Test], by: &str| {
            let all: Vec<_> = all
                .iter()
                .map(|test| self.condition(test, before))
                .collect();
            format!("({})", all.join(by))
        };
        match test {
            Test::All(all) => joined(all, " & "),
            Test::Any(any) => joined(any, " | "),
            Test::Not(one) => format!("!{}", self.condition(one, before)),
            Test::Present(data) => format!("{}.exists()", self.value(data, None, before)),
            Test::Compare {
                verb,
                left,
                right,
                of,
            } => {
                let optional = matches!(self.types.of(left), Type::Optional(_));
                let left = self.operand(left, of, before);
                let right = self.operand(right, of, before);
                let partial = matches!(*verb, "starts_with" | "ends_with" | "contains");
                match (optional, partial) {
                    (true, true) => format!("{left}.or(\"\").{verb}({right})"),
                    (true, false) => format!("{left}.{verb}(Ref::<{of}>::from({right}))"),
                    (false, _) => format!("{left}.{verb}({right})"),
                }
            }
        }
    }

    pub(super) fn operand(&mut self, data: &Data, of: &Type, before: &mut String) -> String {
        match (data, of) {
            (Data::Literal(Value::Number(number)), Type::Number) => {
                format!("{:?}", number.as_f64())
            }
            (data, _) if data.constant().is_some() => {
                let text = self.value(data, None, before);
                text.strip_suffix(".into()")
                    .map_or(text.clone(), str::to_owned)
            }
            (data, _) => self.value(data, None, before),
        }
    }
}

/// A condition where none of those before it holds. Where a default has none of its own, that is all of it.
fn whole(own: Option<&String>, before: &[String]) -> String {
    let none_before = match before {
        [] => None,
        [only] => Some(format!("!{only}")),
        all => Some(format!("!({})", all.join(" | "))),
    };
    match (own, none_before) {
        (Some(own), None) => own.clone(),
        (Some(own), Some(none)) => format!("{own} & {none}"),
        (None, none) => none.unwrap_or_default(),
    }
}

/// What comes behind the first call of a text: behind the parenthesis that closes its own.
fn behind_call(text: &str) -> &str {
    let from = text.find("= saga.").unwrap_or_default();
    let called = text.get(from..).unwrap_or_default();
    let mut open = 0_usize;
    for (at, character) in called.char_indices() {
        match character {
            '(' => open += 1,
            ')' if open == 1 => return called.get(at..).unwrap_or_default(),
            ')' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    ""
}

/// A condition without parentheses around all of it.
pub(super) fn bare(condition: &str) -> &str {
    let inner = condition
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let mut open = 0_i32;
    let closes_before = inner.is_some_and(|inner| {
        inner.chars().any(|character| {
            open += match character {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            open < 0
        })
    });
    inner.filter(|_| !closes_before).unwrap_or(condition)
}

/// Takes `mut` from the flows that are first of all handed on.
pub(super) fn with_mut_where_needed(text: &str) -> String {
    const ONLY_READS: [&str; 4] = ["saga.id(", "saga.value(", "saga.data(", "saga.list("];
    const HANDS_ON: [&str; 4] = [
        "saga.pivot(",
        "saga.choose_way(",
        "saga.complete(",
        "saga.goes_on(",
    ];
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("mut saga") {
        let (before, from) = rest.split_at(at);
        let after = from.get("mut ".len()..).unwrap_or_default();
        // Of a flow that a call gives back, what counts comes behind the call.
        let behind = if before.ends_with("let (") {
            behind_call(after)
        } else {
            after
        };
        let mut used = behind
            .match_indices("saga.")
            .map(|(at, _)| behind.get(at..).unwrap_or_default());
        let first = used.find(|used| !ONLY_READS.iter().any(|verb| used.starts_with(verb)));
        let handed_on =
            first.is_none_or(|first| HANDS_ON.iter().any(|verb| first.starts_with(verb)));
        made.push_str(before);
        made.push_str(if handed_on { "" } else { "mut " });
        rest = after;
    }
    made.push_str(rest);
    made
}
