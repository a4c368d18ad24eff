use std::ops::Range;

use super::tree::{Kind, Node};

/// What an expression reads and calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct References {
    /// The variables that the expression reads but does not bind itself.
    pub variables: Vec<Reference>,
    /// The functions that it calls by name and does not bind itself.
    pub calls: Vec<FunctionCall>,
}

/// A read of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The variable's name without `$`; `states` is the reserved one.
    pub variable: String,
    /// The fields taken of it, as far as they are plain names: `$states.input.id` has
    /// `input` and `id`.
    pub fields: Vec<String>,
    /// The bytes of the variable in the expression's text.
    pub span: Range<usize>,
}

/// A call of a function by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionCall {
    /// The name without `$`.
    pub name: String,
    /// How many arguments it is given.
    pub arguments: usize,
    /// The bytes of the name in the expression's text.
    pub span: Range<usize>,
}

/// Lists what `expression` reads and calls, in the order in which it is written.
pub fn references(expression: &Node) -> References {
    let mut walk = Walk::default();
    walk.node(expression);
    walk.found
}

#[derive(Default)]
struct Walk {
    bound: Vec<String>,
    found: References,
}

impl Walk {
    fn node(&mut self, node: &Node) {
        match &node.kind {
            Kind::Path(..) | Kind::Filter(..) => self.path(node),
            Kind::Variable(name) => self.variable(name, &node.span),
            Kind::Block(_) => self.scope(|walk| walk.children(node)),
            Kind::Lambda(parameters, body) => self.scope(|walk| {
                walk.bound.extend(parameters.iter().cloned());
                walk.node(body);
            }),
            Kind::Assign(name, value) => {
                // A function may call itself: its name is bound within its own value.
                self.bound.push(name.clone());
                self.node(value);
            }
            Kind::Bind(value, name) => {
                self.node(value);
                self.bound.push(name.clone());
            }
            Kind::Call(function, arguments) => self.call(function, arguments),
            _ => self.children(node),
        }
    }

    fn children(&mut self, node: &Node) {
        node.children()
            .into_iter()
            .for_each(|child| self.node(child));
    }

    fn scope(&mut self, walk: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        walk(self);
        self.bound.truncate(outer);
    }

    fn variable(&mut self, name: &str, span: &Range<usize>) {
        let of_the_language = name.is_empty() || name == "$";
        if !of_the_language && !self.bound.iter().any(|bound| bound == name) {
            self.found.variables.push(Reference {
                variable: name.to_owned(),
                fields: Vec::new(),
                span: span.clone(),
            });
        }
    }

    /// A path that starts at a variable takes fields of it; what else stands in it is walked.
    fn path(&mut self, node: &Node) {
        let before = self.found.variables.len();
        match &node.kind {
            Kind::Path(left, right) => {
                self.node(left);
                let fields = names(right);
                let starts = starts_with_variable(left) && is_plain(left);
                if let (true, Some(reference)) = (starts, self.found.variables.get_mut(before)) {
                    reference.fields.extend(fields);
                }
                if !matches!(right.kind, Kind::Name(_)) {
                    self.node(right);
                }
            }
            _ => self.children(node),
        }
    }

    fn call(&mut self, function: &Node, arguments: &[Node]) {
        match &function.kind {
            Kind::Variable(name) if !self.bound.iter().any(|bound| bound == name) => {
                self.found.calls.push(FunctionCall {
                    name: name.clone(),
                    arguments: arguments.len(),
                    span: function.span.clone(),
                });
            }
            _ => self.node(function),
        }
        arguments.iter().for_each(|argument| self.node(argument));
    }
}

fn starts_with_variable(node: &Node) -> bool {
    match &node.kind {
        Kind::Variable(_) => true,
        Kind::Path(left, _) | Kind::Filter(left, _) => starts_with_variable(left),
        _ => false,
    }
}

/// Whether every step so far is a plain name, so that the next name is a field of it.
fn is_plain(node: &Node) -> bool {
    match &node.kind {
        Kind::Variable(_) | Kind::Name(_) => true,
        Kind::Path(left, right) => is_plain(left) && is_plain(right),
        Kind::Filter(left, _) => is_plain(left),
        _ => false,
    }
}

fn names(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Name(name) | Kind::String(name) => Some(name.clone()),
        Kind::Filter(left, _) => names(left),
        _ => None,
    }
}
