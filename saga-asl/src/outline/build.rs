//! From a tree to its outline.

use super::{Edge, EdgeKind, Outline, Scope, ScopeId, ScopeKind, State, StateId, StateType};
use crate::integration::Resource;
use crate::model::QueryLanguage;
use crate::syntax::Node;
use crate::words::Words;

pub(super) fn build<'t>(root: &'t Node<'t>) -> Outline<'t> {
    let language = stated_language(root).unwrap_or_default();
    let outline = Outline {
        root,
        language,
        scopes: Vec::new(),
        states: Vec::new(),
        edges: Vec::new(),
    };
    let mut builder = Builder { outline };
    builder.scope(root, ScopeKind::Machine, None);
    builder.connect();
    builder.outline
}

fn stated_language(node: &Node<'_>) -> Option<QueryLanguage> {
    QueryLanguage::parse(node.text("QueryLanguage")?)
}

struct Builder<'t> {
    outline: Outline<'t>,
}

impl<'t> Builder<'t> {
    fn scope(&mut self, node: &'t Node<'t>, kind: ScopeKind, parent: Option<StateId>) -> ScopeId {
        let id = ScopeId(self.outline.scopes.len());
        let (states, names) = (Vec::new(), Vec::new());
        self.outline.scopes.push(Scope {
            id,
            kind,
            node,
            parent,
            states,
            start: None,
            names,
        });
        let members = node.get("States").map_or(&[][..], Node::members);
        for member in members.iter().filter(|member| member.value.is_object()) {
            let state = self.state(id, &member.name, &member.value);
            if let Some(scope) = self.outline.scopes.get_mut(id.0) {
                scope.states.push(state);
                scope.names.push((&member.name.text, state));
            }
        }
        if let Some(scope) = self.outline.scopes.get_mut(id.0) {
            scope.names.sort_by_key(|(name, _)| *name);
            scope.start = node.text("StartAt").and_then(|name| scope.find(name));
        }
        id
    }

    fn state(
        &mut self,
        scope: ScopeId,
        name: &'t crate::syntax::Name<'t>,
        node: &'t Node<'t>,
    ) -> StateId {
        let id = StateId(self.outline.states.len());
        let kind = node.text("Type").and_then(StateType::parse);
        let language = stated_language(node).unwrap_or(self.outline.language);
        let state = State {
            id,
            scope,
            name,
            node,
            kind,
            language,
            resource: resource(kind, node),
            words: Words::of(&name.text),
            inner: Vec::new(),
            edges: 0..0,
        };
        self.outline.states.push(state);
        let inner = self.inner(id, kind, node);
        if let Some(state) = self.outline.states.get_mut(id.0) {
            state.inner = inner;
        }
        id
    }

    fn inner(&mut self, id: StateId, kind: Option<StateType>, node: &'t Node<'t>) -> Vec<ScopeId> {
        match kind {
            Some(StateType::Parallel) => {
                let branches = node.get("Branches").map_or(&[][..], Node::items);
                branches
                    .iter()
                    .map(|branch| self.scope(branch, ScopeKind::Branch, Some(id)))
                    .collect()
            }
            Some(StateType::Map) => {
                let processors = ["ItemProcessor", "Iterator"].into_iter();
                let processors = processors.filter_map(|field| node.get(field));
                processors
                    .map(|node| self.scope(node, processor_kind(node), Some(id)))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// Finds the transitions, once all names are known.
    fn connect(&mut self) {
        for index in 0..self.outline.states.len() {
            let start = self.outline.edges.len();
            let state = self.outline.state(StateId(index));
            let scope = self.outline.scope(state.scope);
            let edges: Vec<_> = targets(state.node, state.kind)
                .map(|(target, kind)| Edge {
                    from: state.id,
                    to: target.as_str().and_then(|name| scope.find(name)),
                    target,
                    kind,
                })
                .collect();
            self.outline.edges.extend(edges);
            let end = self.outline.edges.len();
            if let Some(state) = self.outline.states.get_mut(index) {
                state.edges = start..end;
            }
        }
    }
}

fn resource<'t>(kind: Option<StateType>, node: &'t Node<'t>) -> Option<Resource<'t>> {
    let text = node
        .text("Resource")
        .filter(|_| kind == Some(StateType::Task));
    text.map(Resource::parse)
}

fn processor_kind(node: &Node<'_>) -> ScopeKind {
    let mode = node
        .get("ProcessorConfig")
        .and_then(|config| config.text("Mode"));
    if mode == Some("DISTRIBUTED") {
        ScopeKind::Distributed
    } else {
        ScopeKind::Inline
    }
}

/// The targets of a state's transitions, in the order in which they are tried.
fn targets<'t>(
    node: &'t Node<'t>,
    kind: Option<StateType>,
) -> impl Iterator<Item = (&'t Node<'t>, EdgeKind<'t>)> {
    let takes_next = kind.is_none_or(StateType::has_transition);
    let next = node
        .get("Next")
        .filter(|_| takes_next)
        .map(|next| (next, EdgeKind::Next));
    let is_choice = kind == Some(StateType::Choice);
    let choices = node
        .get("Choices")
        .filter(|_| is_choice)
        .map_or(&[][..], Node::items);
    let choices = choices
        .iter()
        .filter_map(|rule| Some((rule.get("Next")?, EdgeKind::Choice(rule))));
    let default = node
        .get("Default")
        .filter(|_| is_choice)
        .map(|next| (next, EdgeKind::Default));
    let catches = kind.is_some_and(StateType::can_catch);
    let catchers = node
        .get("Catch")
        .filter(|_| catches)
        .map_or(&[][..], Node::items);
    let catchers = catchers
        .iter()
        .filter_map(|entry| Some((entry.get("Next")?, EdgeKind::Catch(entry))));
    next.into_iter()
        .chain(choices)
        .chain(default)
        .chain(catchers)
}
