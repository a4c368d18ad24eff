//! The search for data that nobody can have produced.
//!
//! An execution's input may hold anything, so what is not found there is not certainly absent. The
//! search looks for signs: who else reads it, who might have written it, what it resembles.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use super::lookup::Why;
use crate::flow::{self, Fields, Origin, Payloads};
use crate::lint::{Context, Expression, Read, Source, did_you_mean};
use crate::outline::{Reach, ScopeId, State, StateId, StateType, reachable};
use crate::schema::Site;
use crate::syntax::{Node, Syntax};
use crate::words::Words;

/// Guesses are made only where there are at most so many names to guess from.
const MAX_GUESSES: usize = 40;

/// A definition, and what the search has found out of it so far.
pub(super) struct Search<'c, 't> {
    cx: &'c Context<'t>,
    payloads: &'c Payloads,
    /// The states of a machine that are reached without any failure.
    happy: Reach,
    /// By number of the machine.
    machines: Vec<Machine<'c>>,
}

/// What the states of a machine read and produce.
#[derive(Default)]
struct Machine<'c> {
    /// The fields of the payload that are read or produced.
    fields: HashMap<&'c str, Field>,
    /// The fields that somebody produces, in alphabetical order.
    produced: Vec<&'c str>,
    /// Whether a state hands its whole input to a service: nobody can tell what is in it.
    opaque: bool,
}

/// A field of the payload.
#[derive(Default)]
struct Field {
    /// The states that read it.
    readers: Vec<StateId>,
    /// The words of its name.
    words: OnceCell<Words>,
    /// The states behind those that produce it.
    behind: OnceCell<Reach>,
    /// The Tasks on the way to success whose names speak of it.
    speaking: OnceCell<Vec<StateId>>,
    /// The place among the produced fields of the one that may have been meant.
    near: OnceCell<Option<usize>>,
}

impl<'c, 't> Search<'c, 't> {
    pub(super) fn new(cx: &'c Context<'t>) -> Self {
        let starts = cx.outline.scopes().iter().filter_map(|scope| scope.start);
        let mut search = Self {
            cx,
            payloads: cx.payloads(),
            happy: reachable(&cx.outline, starts, |edge| !edge.kind.is_catch()),
            machines: Vec::new(),
        };
        for scope in cx.outline.scopes() {
            let produced = search.payloads.produced_fields(scope.id);
            let fields = produced.iter().map(|field| (*field, Field::default()));
            let machine = Machine {
                fields: fields.collect(),
                produced,
                opaque: false,
            };
            search.machines.push(machine);
        }
        for state in cx.outline.states() {
            search.note_reads(state);
        }
        search
    }

    fn note_reads(&mut self, state: &State<'_>) {
        let Some(machine) = self.machines.get_mut(state.scope.index()) else {
            return;
        };
        let argued = state
            .get("Parameters")
            .or_else(|| state.get("Arguments"))
            .is_some();
        let mut whole = !argued;
        let reads = self.cx.reads_of(state.id);
        for (_, read) in reads.filter(|(_, read)| read.source == Source::Input) {
            match read.fields.first() {
                Some(field) => {
                    let known = machine.fields.entry(field.as_str()).or_default();
                    known.readers.push(state.id);
                }
                None => whole = true,
            }
        }
        machine.opaque |= whole && state.is(StateType::Task);
    }

    /// Why a read finds nothing; none where it may find something.
    pub(super) fn why(
        &self,
        state: &State<'_>,
        expression: &Expression<'_>,
        read: &Read,
    ) -> Option<Why> {
        match read.source {
            Source::Input => self.input(state, expression, read),
            // The Lambda integration's answer is known; other results are not.
            Source::Result => flow::answer_of(state)
                .missing(&read.fields)
                .map(|_| Why::Wrapped(state.id)),
            _ => None,
        }
    }

    fn input(&self, state: &State<'_>, expression: &Expression<'_>, read: &Read) -> Option<Why> {
        let inputs = match expression.slot.site {
            Site::InputPath => Cow::Borrowed(self.payloads.inputs(state.id)),
            _ => self.payloads.effective_inputs(state),
        };
        let missing = inputs
            .iter()
            .filter_map(|input| input.missing(&read.fields));
        missing
            .filter_map(|(fields, depth)| self.reason(state, read, fields, depth))
            .next()
    }

    fn reason(&self, state: &State<'_>, read: &Read, fields: &Fields, depth: usize) -> Option<Why> {
        match fields.origin {
            Origin::Catch(by) if !fields.open => Some(Why::Clobbered(by)),
            Origin::Built(by) if !fields.open => Some(Why::NotBuilt(by)),
            Origin::Lambda(by) if !fields.open => Some(Why::Wrapped(by)),
            _ if depth == 0 => self.never_produced(state, read),
            _ => None,
        }
    }

    fn never_produced(&self, state: &State<'_>, read: &Read) -> Option<Why> {
        let name = read.fields.first()?;
        let machine = self.machines.get(state.scope.index())?;
        let field = machine.fields.get(name.as_str())?;
        if let Some(producer) = self.payloads.producers(state.scope, name).next() {
            let behind = self.behind(state.scope, name, field);
            let late = behind.contains(state.id) && !field.is_read_outside(behind);
            return late.then_some(Why::NotOnThisWay(producer.state));
        }
        self.misspelt(state, machine, name, field)
            .or_else(|| self.nobody(state, read, machine, name, field))
    }

    /// Nobody produces it, and somebody something that is spelt or called nearly so.
    fn misspelt(
        &self,
        state: &State<'_>,
        machine: &Machine<'c>,
        name: &str,
        field: &Field,
    ) -> Option<Why> {
        let near = machine.near(name, field)?;
        let behind = self.behind(state.scope, near, machine.fields.get(near)?);
        let is_input = field.is_read_outside(behind);
        (!is_input && behind.contains(state.id)).then(|| Why::Misspelt(near.to_owned()))
    }

    /// Nobody produces anything like it. A state whose name speaks of it may have been meant to;
    /// an object that only one state reads, behind others that put their results into the payload,
    /// is hardly input; nor is what only a state reads that runs after failures alone.
    fn nobody(
        &self,
        state: &State<'_>,
        read: &Read,
        machine: &Machine<'c>,
        name: &str,
        field: &Field,
    ) -> Option<Why> {
        let nested = read.fields.len() > 1;
        let meant = nested.then(|| self.might_produce(state, name, field));
        if let Some(meant) = meant.flatten() {
            return Some(if throws_away(meant) {
                Why::Discarded(meant.id)
            } else {
                Why::Elsewhere(meant.id)
            });
        }
        let after_failures = !self.happy.contains(state.id) && !machine.opaque;
        // What a step's own name speaks of is likely its own input.
        let own = || state.words.share(field.words(name));
        if field.readers.len() != 1 || !(nested || after_failures) || own() {
            return None;
        }
        let mut produced = machine.produced.iter().take(MAX_GUESSES);
        let follows = produced.any(|other| {
            let field = machine.fields.get(other);
            field.is_some_and(|field| self.behind(state.scope, other, field).contains(state.id))
        });
        follows.then_some(Why::Nowhere)
    }

    /// A Task that can run before, whose name speaks of the field, and before which nobody reads it.
    fn might_produce(&self, state: &State<'_>, name: &str, field: &Field) -> Option<&State<'t>> {
        let candidates = self.speaking_of(state.scope, name, field);
        let mut others = candidates.iter().filter(|id| **id != state.id);
        let found = others.find(|id| {
            let next = self.cx.outline.successors(**id);
            let behind = reachable(&self.cx.outline, next, |_| true);
            behind.contains(state.id) && !field.is_read_outside(&behind)
        });
        found.map(|id| self.cx.outline.state(*id))
    }

    /// The Tasks on the way to success whose names speak of a field.
    fn speaking_of<'f>(&self, scope: ScopeId, name: &str, field: &'f Field) -> &'f [StateId] {
        field.speaking.get_or_init(|| {
            let states = self.cx.outline.scope(scope).states.iter();
            let states = states.map(|id| self.cx.outline.state(*id));
            let tasks =
                states.filter(|state| state.is(StateType::Task) && self.happy.contains(state.id));
            let speaking = tasks.filter(|state| state.words.share(field.words(name)));
            speaking.map(|state| state.id).take(MAX_GUESSES).collect()
        })
    }

    /// The states behind those that produce a field.
    fn behind<'f>(&self, scope: ScopeId, name: &str, field: &'f Field) -> &'f Reach {
        let follow = || self.payloads.behind(&self.cx.outline, scope, name);
        field.behind.get_or_init(follow)
    }
}

/// Whether a state's result goes nowhere.
fn throws_away(state: &State<'_>) -> bool {
    if !state.is_jsonata() {
        let path = state.get("ResultPath");
        return path.is_some_and(|path| path.syntax == Syntax::Null);
    }
    let kept = ["Output", "Assign"].into_iter();
    let kept = kept.filter_map(|field| state.get(field));
    state.get("Output").is_some() && !kept.into_iter().any(mentions_result)
}

fn mentions_result(node: &Node<'_>) -> bool {
    let members = node.members().iter().map(|member| &member.value);
    node.as_str()
        .is_some_and(|text| text.contains("$states.result"))
        || members.chain(node.items()).any(mentions_result)
}

impl<'c> Machine<'c> {
    /// The produced field that is spelt or called nearly so.
    fn near(&self, name: &str, field: &Field) -> Option<&'c str> {
        let find = || {
            if self.produced.len() > MAX_GUESSES {
                return None;
            }
            let related = |other: &&str| field.words(name).share(&Words::of(other));
            let near = did_you_mean(name, self.produced.iter().copied());
            let near = near.or_else(|| self.produced.iter().copied().find(related))?;
            self.produced.iter().position(|other| *other == near)
        };
        let place = *field.near.get_or_init(find);
        self.produced.get(place?).copied()
    }
}

impl Field {
    /// The words of its name.
    fn words(&self, name: &str) -> &Words {
        self.words.get_or_init(|| Words::of(name))
    }

    /// Whether a state reads it where nobody can have produced it: then it is input.
    fn is_read_outside(&self, behind: &Reach) -> bool {
        self.readers.iter().any(|reader| !behind.contains(*reader))
    }
}
