//! The questions before undo states: whether there is anything to undo, and what is asked an operator about.

use saga_asl::json::Value;

use super::frame::{Frame, UNDO_FROM, UNSETTLED};
use super::history::{entered, succeeded};
use super::sight::Trace;
use super::state::{at_depth, choice, left, listed, message, rule};
use super::text::recovered;
use super::{States, nested};
use crate::checked::flow::Map;
use crate::checked::variables::Fact;
use crate::checked::{Call, Step};
use crate::jsonata::{delimited, literal, value};
use crate::plan::{Node, Parked, Role, Trigger};

/// The stages of a step that was begun.
const BEGUN: [&str; 7] = [
    "done",
    "begun",
    "unsure",
    "undoing",
    "undo-failed",
    "undone",
    "refused",
];

/// An undo state, and where its question leads.
pub(super) struct Way<'n> {
    /// The undo state.
    pub(super) undo: &'n str,
    /// What follows where there is nothing to undo.
    pub(super) after: &'n str,
}

impl<'s> Frame<'_, 's> {
    /// The question whether there is something of a step to undo, and what depends on its answer.
    pub(super) fn question(
        &self,
        name: &str,
        node: &Node<'s>,
        step: &Step<'s>,
        undo: &Call<'s>,
        states: &mut States,
    ) {
        let after = self.after(node);
        let way = Way {
            undo: name,
            after: &after,
        };
        let done_by = node.state_of(step.name);
        let undone = self.sight.undone_by(name);
        let undone = || undone.iter().map(String::as_str);
        let seen = self.reached(&done_by);
        let rules = match self.sight.trace(step, undo) {
            Trace::Fence => vec![rule(&self.is_unsettled(&node.instance.of(step.name)), name)],
            Trace::Item => vec![rule(&seen, name)],
            trace => {
                let mut rules = vec![rule(&succeeded(undone()), &after)];
                // In a map one history is told of all items.
                if self.depth == 0 {
                    let done = succeeded([done_by.as_str()]);
                    let begun = entered(undone());
                    rules.push(rule(&format!("{done} or {begun}"), name));
                } else {
                    rules = vec![rule(&self.came_past(name, node, step), name)];
                }
                let unclear = match trace {
                    Trace::Nested => self.nested(&way, node, step, states),
                    _ => self.ask(&way, step, states),
                };
                rules.push(rule(&seen, &unclear));
                rules
            }
        };
        states.insert(question_name(name), choice(rules, &after));
    }

    /// Whether there is, or may be, something of a step with a fence to undo.
    fn is_unsettled(&self, instance: &str) -> String {
        format!(
            "$lookup(${}, {}) in {}",
            self.stages(),
            literal::quoted(instance),
            listed(UNSETTLED)
        )
    }

    /// Whether an execution came to a state: it was entered, and what must be done before is.
    fn reached(&self, state: &str) -> String {
        let entered = entered([state]);
        match self.sight.preceding.get(state) {
            Some(before) => format!(
                "$lookup(${}, {}) = \"done\" and {entered}",
                self.stages(),
                literal::quoted(before)
            ),
            None => entered,
        }
    }

    /// States that ask an operator about a step; gives the first.
    fn ask(&self, way: &Way<'_>, step: &Step<'s>, states: &mut States) -> String {
        let why = format!(
            "whether `{}` was done is not to be seen: it has no fence. See to it that it is undone, and redrive \
             this execution: the rest is undone then",
            step.name
        );
        self.ask_about(way, step.name, &why, states)
    }

    pub(super) fn ask_about(
        &self,
        way: &Way<'_>,
        name: &str,
        why: &str,
        states: &mut States,
    ) -> String {
        let subject = way.undo.strip_prefix("Undo").unwrap_or(way.undo);
        let asked = format!("AskAbout{subject}");
        let unseen = format!("{subject}Unseen");
        states.insert(asked.clone(), self.message(&literal::quoted(why), &unseen));
        let waits =
            format!("an operator was asked about {name}, and has not redriven this execution");
        states.insert(unseen, left(&waits, self.depth, way.after));
        asked
    }

    pub(super) fn message(&self, why: &str, after: &str) -> Value {
        message(self.sight.name(), why, self.depth, after)
    }

    /// States that look what is left of a nested saga; gives the first.
    fn nested(
        &self,
        way: &Way<'_>,
        node: &Node<'s>,
        step: &Step<'s>,
        states: &mut States,
    ) -> String {
        let why = format!(
            "what is left of the saga that `{}` ran is not undone: see to it that it is, and redrive this \
             execution: the rest is undone then",
            step.name
        );
        let asks = self.ask_about(way, step.name, &why, states);
        let below = self.sight.instance(self.plan, &node.instance.of(step.name));
        nested::add(self.depth, way, &below, &asks, states)
    }

    /// The question whether a map was begun.
    pub(super) fn map_question(
        &self,
        name: &str,
        node: &Node<'s>,
        map: &Map<'s>,
        states: &mut States,
    ) {
        let after = self.after(node);
        let definition = map.definition;
        let begun = self.reached(&node.state_of(&definition.name));
        let scope = self.sight.scope(self.plan);
        let outcomes = scope.known(Fact::Outcomes(&definition.name));
        let is_over = format!("$type({outcomes}) = \"array\"");
        let items = value::value(&definition.items, scope.guarded());
        let is_list = recovered(&delimited(format!("$type({items}) = \"array\"")));
        let is_list = is_list.as_str().map(undelimited).unwrap_or_default();
        let over = rule(&format!("{begun} and {is_over}"), name);
        let inner = node.inner.first();
        let unknown = inner.and_then(|inner| self.sight.unknown(inner).into_iter().next());
        let rules = match unknown.and_then(Fact::node) {
            None => vec![over, rule(&format!("{begun} and {is_list}"), name)],
            Some(read) => {
                let why = format!(
                    "`{}` did not come to its end, and the undo of its items reads the output of `{read}`, which no \
                     fence keeps. See to it that its items are undone, and redrive this execution: the rest is undone \
                     then",
                    definition.name
                );
                let way = Way {
                    undo: name,
                    after: &after,
                };
                let asks = self.ask_about(&way, &definition.name, &why, states);
                vec![over, rule(&begun, &asks)]
            }
        };
        states.insert(question_name(name), choice(rules, &after));
    }

    /// Whether there is a step here that neither a fence nor an item tells of.
    pub(super) fn asks(&self) -> bool {
        let mut nodes = self.plan.nodes.values();
        nodes.any(|node| match node.role {
            Role::Undo(step, undo) => {
                let trace = self.sight.trace(step, undo);
                matches!(trace, Trace::Nested | Trace::History)
            }
            _ => false,
        })
    }

    /// Whether the item is known to have come past a step that nothing tells of: it said so itself when the map
    /// came to its end, or has begun what comes after it.
    fn came_past(&self, undo: &str, node: &Node<'s>, step: &Step<'s>) -> String {
        let place = |name: &str| self.plan.nodes.get_index_of(name);
        let holds = |name: &str| {
            let role = self.plan.nodes.get(name).map(|node| &node.role);
            matches!(role, Some(Role::Park(Parked::Held(held))) if held.name == step.name)
        };
        let start = self.plan.nodes.get(&self.plan.start);
        let entries = start.into_iter().flat_map(|node| &node.exits);
        let points = entries.filter_map(|exit| match &exit.trigger {
            Trigger::From(from) if place(&exit.to) <= place(undo) && !holds(&exit.to) => {
                Some(from.point.as_str())
            }
            _ => None,
        });
        let said = format!("${} in {}", at_depth(UNDO_FROM, self.depth), listed(points));
        match self.sight.following.get(&node.state_of(step.name)) {
            Some(steps) if !steps.is_empty() => format!(
                "{said} or $exists({}[$lookup(${}, $) in {}])",
                listed(steps.iter().map(String::as_str)),
                self.stages(),
                listed(BEGUN)
            ),
            _ => said,
        }
    }
}

/// The question before an undo state.
pub(super) fn question_name(undo: &str) -> String {
    format!("Was{}Done", undo.strip_prefix("Undo").unwrap_or(undo))
}

fn undelimited(text: &str) -> &str {
    let inner = text
        .strip_prefix("{%")
        .and_then(|text| text.strip_suffix("%}"));
    inner.map_or(text, str::trim)
}
