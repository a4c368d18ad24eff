//! The search for data that nobody can have produced.
//!
//! An execution's input may hold anything, so what is not found there is not certainly absent. The
//! search looks for signs: who else reads it, who might have written it, what it resembles.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::lookup::Why;
use crate::flow::{self, Fields, Origin, Payloads};
use crate::lint::{Context, Expression, Read, Source, did_you_mean};
use crate::outline::{Reach, ScopeId, State, StateId, StateType, reachable};
use crate::schema::Site;
use crate::syntax::Syntax;
use crate::words::{share, telling_words};

/// In machines with more fields or Tasks than that, guesses are not worth their time.
const MAX_GUESSES: usize = 40;

type Key = (ScopeId, String);

pub(super) struct Search<'c, 't> {
    cx: &'c Context<'t>,
    payloads: &'c Payloads,
    /// The states that read a field of the payload, by machine and field.
    readers: HashMap<Key, Vec<StateId>>,
    /// The states of a machine that are reached without any failure.
    happy: Reach,
    /// By machine, the fields that somebody produces.
    produced: HashMap<ScopeId, Vec<&'c str>>,
    /// The machines with a state that hands its whole input to a service: nobody can tell what is in it.
    opaque: HashSet<ScopeId>,
    /// By machine and field, the states behind those that produce it.
    behind: RefCell<HashMap<Key, Rc<Reach>>>,
    /// By machine and field, the produced field that may have been meant.
    near: RefCell<HashMap<Key, Option<&'c str>>>,
    /// By machine and field, the Tasks whose names speak of it.
    speaking: RefCell<HashMap<Key, Rc<Vec<StateId>>>>,
    /// By state, the words of its name.
    words: Vec<Vec<String>>,
}

impl<'c, 't> Search<'c, 't> {
    pub(super) fn new(cx: &'c Context<'t>) -> Self {
        let starts = cx.outline.scopes().iter().filter_map(|scope| scope.start);
        let payloads = cx.payloads();
        let scopes = cx.outline.scopes().iter();
        let produced = scopes.map(|scope| (scope.id, payloads.produced_fields(scope.id)));
        let words = cx
            .outline
            .states()
            .iter()
            .map(|state| telling_words(state.name()));
        let mut search = Self {
            cx,
            payloads,
            readers: HashMap::new(),
            happy: reachable(&cx.outline, starts, |edge| !edge.kind.is_catch()),
            produced: produced.collect(),
            opaque: HashSet::new(),
            behind: RefCell::default(),
            near: RefCell::default(),
            speaking: RefCell::default(),
            words: words.collect(),
        };
        cx.outline
            .states()
            .iter()
            .for_each(|state| search.note_reads(state));
        search
    }

    fn note_reads(&mut self, state: &State<'_>) {
        let argued = state
            .get("Parameters")
            .or_else(|| state.get("Arguments"))
            .is_some();
        let mut whole = !argued;
        for (_, read) in self
            .cx
            .reads_of(state.id)
            .filter(|(_, read)| read.source == Source::Input)
        {
            match read.fields.first().cloned() {
                Some(field) => self
                    .readers
                    .entry((state.scope, field))
                    .or_default()
                    .push(state.id),
                None => whole = true,
            }
        }
        if whole && state.is(StateType::Task) {
            self.opaque.insert(state.scope);
        }
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
        let field = read.fields.first()?;
        if let Some(producer) = self.payloads.producers(state.scope, field).next() {
            let behind = self.behind(state.scope, field);
            let late = behind.contains(state.id) && !self.is_read_outside(state, field, &behind);
            return late.then_some(Why::NotOnThisWay(producer.state));
        }
        self.misspelt(state, field)
            .or_else(|| self.nobody(state, read, field))
    }

    /// Nobody produces it, and somebody something that is spelt or called nearly so.
    fn misspelt(&self, state: &State<'_>, field: &str) -> Option<Why> {
        let near = self.near(state.scope, field)?;
        let behind = self.behind(state.scope, near);
        let is_input = self.is_read_outside(state, field, &behind);
        (!is_input && behind.contains(state.id)).then(|| Why::Misspelt(near.to_owned()))
    }

    /// The produced field that is spelt or called nearly so.
    fn near(&self, scope: ScopeId, field: &str) -> Option<&'c str> {
        let mut known = self.near.borrow_mut();
        *known.entry((scope, field.to_owned())).or_insert_with(|| {
            let produced = self.produced(scope);
            if produced.len() > MAX_GUESSES {
                return None;
            }
            let about = telling_words(field);
            let related = |other: &&&str| share(&about, &telling_words(other));
            let near = did_you_mean(field, produced.iter().copied());
            near.or_else(|| produced.iter().find(related).copied())
        })
    }

    /// Nobody produces anything like it. A state whose name speaks of it may have been meant to;
    /// an object that only one state reads, behind others that put their results into the payload,
    /// is hardly input; nor is what only a state reads that runs after failures alone.
    fn nobody(&self, state: &State<'_>, read: &Read, field: &str) -> Option<Why> {
        let nested = read.fields.len() > 1;
        if let Some(meant) = nested.then(|| self.might_produce(state, field)).flatten() {
            let path = meant.get("ResultPath");
            let thrown_away = path.is_some_and(|path| path.syntax == Syntax::Null);
            return Some(if thrown_away {
                Why::Discarded(meant.id)
            } else {
                Why::Elsewhere(meant.id)
            });
        }
        let readers = self.readers.get(&(state.scope, field.to_owned()));
        let alone = readers.is_some_and(|readers| readers.len() == 1);
        let after_failures = !self.happy.contains(state.id) && !self.opaque.contains(&state.scope);
        // What a step's own name speaks of is likely its own input.
        let own = self.speaks_of(state, &telling_words(field));
        if !alone || own || !(nested || after_failures) {
            return None;
        }
        let mut produced = self.produced(state.scope).iter().take(MAX_GUESSES);
        let follows = produced.any(|other| self.behind(state.scope, other).contains(state.id));
        follows.then_some(Why::Nowhere)
    }

    /// A Task that can run before, whose name speaks of the field, and before which nobody reads it.
    fn might_produce(&self, state: &State<'_>, field: &str) -> Option<&State<'t>> {
        let candidates = self.speaking_of(state.scope, field);
        let mut others = candidates.iter().filter(|id| **id != state.id);
        let found = others.find(|id| {
            let next = self.cx.outline.successors(**id);
            let behind = reachable(&self.cx.outline, next, |_| true);
            behind.contains(state.id) && !self.is_read_outside(state, field, &behind)
        });
        found.map(|id| self.cx.outline.state(*id))
    }

    /// The Tasks on the way to success whose names speak of a field.
    fn speaking_of(&self, scope: ScopeId, field: &str) -> Rc<Vec<StateId>> {
        let mut known = self.speaking.borrow_mut();
        let entry = known.entry((scope, field.to_owned()));
        Rc::clone(entry.or_insert_with(|| {
            let about = telling_words(field);
            let states = self
                .cx
                .outline
                .scope(scope)
                .states
                .iter()
                .map(|id| self.cx.outline.state(*id));
            let tasks =
                states.filter(|state| state.is(StateType::Task) && self.happy.contains(state.id));
            let speaking = tasks.filter(|state| self.speaks_of(state, &about));
            Rc::new(speaking.map(|state| state.id).take(MAX_GUESSES).collect())
        }))
    }

    fn speaks_of(&self, state: &State<'_>, about: &[String]) -> bool {
        self.words
            .get(state.id.index())
            .is_some_and(|words| share(about, words))
    }

    /// Whether a state reads the field where nobody can have produced it: then it is input.
    fn is_read_outside(&self, state: &State<'_>, field: &str, behind: &Reach) -> bool {
        let readers = self.readers.get(&(state.scope, field.to_owned()));
        readers
            .into_iter()
            .flatten()
            .any(|reader| !behind.contains(*reader))
    }

    /// The states behind those that produce a field.
    fn behind(&self, scope: ScopeId, field: &str) -> Rc<Reach> {
        let mut known = self.behind.borrow_mut();
        let entry = known.entry((scope, field.to_owned()));
        let follow = || Rc::new(self.payloads.behind(&self.cx.outline, scope, field));
        Rc::clone(entry.or_insert_with(follow))
    }

    /// The fields that somebody produces in a machine.
    fn produced(&self, scope: ScopeId) -> &[&'c str] {
        self.produced.get(&scope).map_or(&[], Vec::as_slice)
    }
}
