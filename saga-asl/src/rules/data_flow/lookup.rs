//! Reads of data that is not there, and why it is not.

use std::collections::HashMap;

use crate::flow::{Fields, Origin, Payloads};
use crate::lint::{Context, Expression, Read, Source, did_you_mean};
use crate::outline::{Reach, ScopeId, State, StateId, StateType, reachable};
use crate::schema::Site;
use crate::syntax::Syntax;
use crate::words::{share, telling_words};

/// A read of something that is not there.
pub(super) struct Absent {
    /// The read.
    pub(super) read: Read,
    /// The state that reads.
    pub(super) state: StateId,
    /// Why it is not there.
    pub(super) why: Why,
}

/// Why something is not there.
pub(super) enum Why {
    /// The catcher of that state replaced the data by the error.
    Clobbered(StateId),
    /// That state built an object without it.
    NotBuilt(StateId),
    /// The Lambda integration wraps the function's answer.
    Wrapped(StateId),
    /// The states that produce it have not run on some way here.
    NotOnThisWay(StateId),
    /// Nobody produces it; this is produced, and may have been meant.
    Misspelt(String),
    /// Nobody produces it, and that state, which might, throws its result away.
    Discarded(StateId),
    /// Nobody produces it, and that state, which might, puts its result elsewhere.
    Elsewhere(StateId),
    /// Nobody produces it, and nobody else reads it.
    Nowhere,
}

impl Why {
    /// Whether it rests on a guess: an execution's input may hold anything.
    pub(super) fn is_inferred(&self) -> bool {
        !matches!(
            self,
            Self::Clobbered(_) | Self::NotBuilt(_) | Self::Wrapped(_)
        )
    }
}

/// All reads of a definition's payload that find nothing.
pub(super) fn absent(cx: &Context<'_>) -> Vec<Absent> {
    let search = Search::new(cx);
    let mut found = Vec::new();
    for state in cx.outline.states() {
        for (expression, read) in cx.reads_of(state.id) {
            if is_guarded(state, expression) || read.fields.is_empty() || !read.definite {
                continue;
            }
            if let Some(why) = search.why(state, expression, &read) {
                found.push(Absent {
                    read,
                    state: state.id,
                    why,
                });
            }
        }
    }
    found
}

/// Whether the author asks whether something is there before it is read.
pub(super) fn is_guarded(state: &State<'_>, expression: &Expression<'_>) -> bool {
    let text = expression.slot.node.as_str().unwrap_or_default();
    if state.is_jsonata() {
        return text.contains("$exists") || text.contains('?') || text.contains("$lookup");
    }
    state.is(StateType::Choice) && state.get("Choices").is_some_and(mentions_presence)
}

fn mentions_presence(node: &crate::syntax::Node<'_>) -> bool {
    let members = node.members().iter();
    members
        .clone()
        .any(|member| member.name.text == "IsPresent")
        || members
            .map(|member| &member.value)
            .chain(node.items())
            .any(mentions_presence)
}

struct Search<'c, 't> {
    cx: &'c Context<'t>,
    payloads: &'c Payloads,
    /// The states that read a field of the payload, by machine and field.
    readers: HashMap<(ScopeId, String), Vec<StateId>>,
    /// The states of a machine that are reached without any failure.
    happy: Reach,
}

impl<'c, 't> Search<'c, 't> {
    fn new(cx: &'c Context<'t>) -> Self {
        let mut readers: HashMap<_, Vec<_>> = HashMap::new();
        for state in cx.outline.states() {
            for (_, read) in cx
                .reads_of(state.id)
                .filter(|(_, read)| read.source == Source::Input)
            {
                if let Some(field) = read.fields.first() {
                    readers
                        .entry((state.scope, field.clone()))
                        .or_default()
                        .push(state.id);
                }
            }
        }
        let starts = cx.outline.scopes().iter().filter_map(|scope| scope.start);
        let happy = reachable(&cx.outline, starts, |edge| !edge.kind.is_catch());
        Self {
            cx,
            payloads: cx.payloads(),
            readers,
            happy,
        }
    }

    fn why(&self, state: &State<'_>, expression: &Expression<'_>, read: &Read) -> Option<Why> {
        match read.source {
            Source::Input => self.input(state, expression, read),
            Source::Result => self.result(state, read),
            _ => None,
        }
    }

    /// The Lambda integration's answer is known; other results are not.
    fn result(&self, state: &State<'_>, read: &Read) -> Option<Why> {
        let answer = crate::flow::answer_of(state);
        answer.missing(&read.fields).map(|_| Why::Wrapped(state.id))
    }

    fn input(&self, state: &State<'_>, expression: &Expression<'_>, read: &Read) -> Option<Why> {
        let inputs = match expression.slot.site {
            Site::InputPath => self.payloads.inputs(state.id).to_vec(),
            Site::ResultPath | Site::CatchResultPath => return None,
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

    /// The payload began as the execution's input, which may hold anything: so look for signs that
    /// it does not hold this.
    fn never_produced(&self, state: &State<'_>, read: &Read) -> Option<Why> {
        let field = read.fields.first()?;
        let producer = self
            .payloads
            .producers(state.scope, field)
            .map(|by| by.state)
            .next();
        if let Some(producer) = producer {
            let behind = self.payloads.behind(&self.cx.outline, state.scope, field);
            let late = behind.contains(state.id) && !self.is_read_outside(state, field, &behind);
            return late.then_some(Why::NotOnThisWay(producer));
        }
        self.misspelt(state, field)
            .or_else(|| self.nobody(state, read, field))
    }

    /// Whether a state reads the field where nobody can have produced it: then it is input.
    fn is_read_outside(&self, state: &State<'_>, field: &str, behind: &Reach) -> bool {
        let readers = self.readers.get(&(state.scope, field.to_owned()));
        readers
            .into_iter()
            .flatten()
            .any(|reader| !behind.contains(*reader))
    }

    fn misspelt(&self, state: &State<'_>, field: &str) -> Option<Why> {
        let produced = self.payloads.produced_fields(state.scope);
        let near = did_you_mean(field, produced.iter().copied())?;
        let behind = self.payloads.behind(&self.cx.outline, state.scope, near);
        let read_as_input = self.is_read_outside(state, field, &behind);
        (!read_as_input && behind.contains(state.id)).then(|| Why::Misspelt(near.to_owned()))
    }

    /// Nobody produces anything like it. A state whose name speaks of it may have been meant to;
    /// an object that only one state reads, behind others that put their results into the payload,
    /// is hardly input; nor is what only a state reads that runs after failures alone.
    fn nobody(&self, state: &State<'_>, read: &Read, field: &str) -> Option<Why> {
        let nested = read.fields.len() > 1;
        if let Some(meant) = self.might_produce(state, field).filter(|_| nested) {
            let thrown_away = meant
                .get("ResultPath")
                .is_some_and(|path| path.syntax == Syntax::Null);
            return Some(if thrown_away {
                Why::Discarded(meant.id)
            } else {
                Why::Elsewhere(meant.id)
            });
        }
        let readers = self.readers.get(&(state.scope, field.to_owned()));
        let alone = readers
            .into_iter()
            .flatten()
            .all(|reader| *reader == state.id);
        let produced = self.payloads.produced_fields(state.scope);
        let follows = produced.iter().any(|other| {
            self.payloads
                .behind(&self.cx.outline, state.scope, other)
                .contains(state.id)
        });
        let only_after_failures =
            !self.happy.contains(state.id) && !self.passes_everything(state.scope);
        (alone && follows && (nested || only_after_failures)).then_some(Why::Nowhere)
    }

    /// Whether a state hands its whole input to a service: then nobody can tell what is in it.
    fn passes_everything(&self, scope: ScopeId) -> bool {
        let states = self
            .cx
            .outline
            .scope(scope)
            .states
            .iter()
            .map(|id| self.cx.outline.state(*id));
        let mut tasks = states.filter(|state| state.is(StateType::Task));
        tasks.any(|task| {
            let whole = |read: &Read| read.source == Source::Input && read.fields.is_empty();
            let reads = self.cx.reads_of(task.id).any(|(_, read)| whole(&read));
            reads || (task.get("Parameters").is_none() && task.get("Arguments").is_none())
        })
    }

    /// A state that can run before, whose name speaks of the field, and which nobody precedes in
    /// reading it.
    fn might_produce(&self, state: &State<'_>, field: &str) -> Option<&State<'t>> {
        let about = telling_words(field);
        let scope = self.cx.outline.scope(state.scope);
        let candidates = scope.states.iter().map(|id| self.cx.outline.state(*id));
        let candidates =
            candidates.filter(|other| other.is(StateType::Task) && other.id != state.id);
        candidates
            .filter(|other| share(&about, &telling_words(other.name())))
            .find(|other| {
                let behind = reachable(
                    &self.cx.outline,
                    self.cx.outline.successors(other.id),
                    |_| true,
                );
                behind.contains(state.id)
                    && self.happy.contains(other.id)
                    && !self.is_read_outside(state, field, &behind)
            })
    }
}

/// The name of a state in a message.
pub(super) fn name<'c>(cx: &'c Context<'_>, state: StateId) -> &'c str {
    cx.outline.state(state).name()
}
