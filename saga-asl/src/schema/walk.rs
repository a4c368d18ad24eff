//! Goes through a definition along the tables.

use super::choice::{CHOICE, CHOICE_RULE};
use super::machine::MACHINE;
use super::map::MAP;
use super::simple::{FAIL, PASS, SUCCEED, WAIT};
use super::task::{PARALLEL, TASK};
use super::{Field, Record, Shape};
use crate::model::Operator;
use crate::outline::{Outline, State, StateId, StateType};
use crate::syntax::{Member, Node, Syntax};

/// When an expression is evaluated, which says what it can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Site {
    /// `InputPath`: the state's raw input.
    InputPath,
    /// Before the work: what `InputPath` left.
    Arguments,
    /// For every item of a Map: what `InputPath` left, and the item in the context object.
    Item,
    /// `ResultSelector`: the work's result.
    ResultSelector,
    /// `ResultPath`: a place in the raw input.
    ResultPath,
    /// `OutputPath`: the input with the result in it.
    OutputPath,
    /// `Assign` and `Output`: after the work.
    Output,
    /// `Assign` and `Output` of a catcher: after the failure.
    CatchOutput,
    /// `ResultPath` of a catcher: a place in the raw input.
    CatchResultPath,
}

/// The language of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// A path, never null.
    Path,
    /// A path that can be written to.
    ReferencePath,
    /// A path or an intrinsic function.
    PathOrCall,
    /// JSONata between `{%` and `%}`.
    JsonAta,
}

/// A string that is an expression.
#[derive(Debug, Clone, Copy)]
pub struct Slot<'t> {
    /// The state it is in.
    pub state: StateId,
    /// When it is evaluated.
    pub site: Site,
    /// What it is written in.
    pub language: Language,
    /// The field it is in, such as `Parameters`.
    pub field: &'static str,
    /// The string.
    pub node: &'t Node<'t>,
    /// The retrier, catcher or Choice rule it is in, where there is one.
    pub entry: Option<&'t Node<'t>>,
}

/// How a definition departs from the tables.
#[derive(Debug, Clone)]
pub enum Departure {
    /// The object has no such field.
    Unknown(&'static Record),
    /// The field belongs to the other query language.
    OtherLanguage(&'static Record, &'static Field),
    /// A field is missing.
    Missing(&'static Record, &'static str),
    /// One of these fields is missing.
    MissingOneOf(&'static Record, &'static [&'static str]),
    /// Two fields exclude each other.
    Exclusive(&'static str, &'static str),
    /// The value is of another type; this is what it should be.
    WrongType(String),
    /// The value is none of those allowed.
    NotAllowed(&'static [&'static str]),
    /// The number is out of its range.
    OutOfRange {
        /// The least it may be.
        min: f64,
        /// The most it may be.
        max: f64,
    },
    /// The list has too few entries.
    TooFew(&'static Record),
    /// In a JSONata state, the string should be an expression between `{%` and `%}`.
    NotAnExpression,
}

/// What the walk finds: departures with the node or name they concern, and expressions.
pub trait Found<'t> {
    /// A departure. `member` is the field concerned, `node` the value (of the object, where a field is missing).
    fn departure(
        &mut self,
        departure: Departure,
        member: Option<&'t Member<'t>>,
        node: &'t Node<'t>,
    );

    /// An expression.
    fn slot(&mut self, slot: Slot<'t>);
}

/// Goes through a whole definition.
pub fn walk<'t>(outline: &Outline<'t>, found: &mut dyn Found<'t>) {
    let mut walk = Walk {
        jsonata: false,
        state: None,
        entry: None,
        found,
    };
    if outline.root.is_object() {
        walk.record(&MACHINE, outline.root);
    }
    for state in outline.states() {
        walk.jsonata = state.is_jsonata();
        walk.state = Some(state.id);
        walk.state(state);
    }
}

struct Walk<'t, 'f> {
    jsonata: bool,
    state: Option<StateId>,
    entry: Option<&'t Node<'t>>,
    found: &'f mut dyn Found<'t>,
}

fn record_of(kind: StateType) -> &'static Record {
    match kind {
        StateType::Task => &TASK,
        StateType::Parallel => &PARALLEL,
        StateType::Map => &MAP,
        StateType::Choice => &CHOICE,
        StateType::Wait => &WAIT,
        StateType::Pass => &PASS,
        StateType::Succeed => &SUCCEED,
        StateType::Fail => &FAIL,
    }
}

impl<'t> Walk<'t, '_> {
    fn state(&mut self, state: &State<'t>) {
        if let Some(kind) = state.kind {
            self.record(record_of(kind), state.node);
        }
    }

    fn record(&mut self, record: &'static Record, node: &'t Node<'t>) {
        for member in node.members() {
            match record.field(&member.name.text) {
                Some(field) => self.field(record, field, member),
                None => self.unknown(record, member, node),
            }
        }
        self.missing(record, node);
        for group in record.exclusive {
            let mut present = group.iter().filter_map(|name| node.member(name));
            if let (Some(first), Some(second)) = (present.next(), present.next()) {
                let names = (name_in(group, first), name_in(group, second));
                self.found
                    .departure(Departure::Exclusive(names.0, names.1), Some(second), node);
            }
        }
    }

    fn missing(&mut self, record: &'static Record, node: &'t Node<'t>) {
        for field in record.fields.iter().filter(|field| field.required) {
            if node.get(field.name).is_none() {
                self.found
                    .departure(Departure::Missing(record, field.name), None, node);
            }
        }
        for group in record.one_of {
            if group.iter().all(|name| node.get(name).is_none()) {
                self.found
                    .departure(Departure::MissingOneOf(record, group), None, node);
            }
        }
    }

    fn unknown(&mut self, record: &'static Record, member: &'t Member<'t>, node: &'t Node<'t>) {
        if std::ptr::eq(record, &raw const CHOICE_RULE) && !self.jsonata {
            return self.comparison(member);
        }
        self.found
            .departure(Departure::Unknown(record), Some(member), node);
    }

    fn field(&mut self, record: &'static Record, field: &'static Field, member: &'t Member<'t>) {
        let stated = if self.jsonata { "JSONata" } else { "JSONPath" };
        if field.only.is_some_and(|only| only.as_str() != stated) {
            let departure = Departure::OtherLanguage(record, field);
            return self.found.departure(departure, Some(member), &member.value);
        }
        let value = &member.value;
        if value.is_opaque() && !is_expression(value) {
            return;
        }
        match field.shape {
            Shape::Record(inner) if value.is_object() => self.record(inner, value),
            Shape::List(inner, least) if matches!(value.syntax, Syntax::Array(_)) => {
                self.list(inner, least, value);
            }
            Shape::States if value.is_object() => self.states(value),
            Shape::Assign if value.is_object() => self.template(field, value),
            Shape::Template => self.template(field, value),
            Shape::TemplateObject | Shape::Arguments if value.is_object() => {
                self.template(field, value);
            }
            Shape::Items if matches!(value.syntax, Syntax::Array(_)) => self.template(field, value),
            _ => self.scalar(field, member),
        }
    }

    /// The states themselves are the outline's; here only what is none.
    fn states(&mut self, node: &'t Node<'t>) {
        let wrong = node
            .members()
            .iter()
            .filter(|member| !member.value.is_object());
        for member in wrong.filter(|member| !member.value.is_opaque()) {
            let departure = Departure::WrongType("an object".to_owned());
            self.found.departure(departure, Some(member), &member.value);
        }
    }

    fn list(&mut self, record: &'static Record, least: usize, node: &'t Node<'t>) {
        if node.items().len() < least {
            self.found.departure(Departure::TooFew(record), None, node);
        }
        for item in node.items() {
            if !item.is_object() {
                if !item.is_opaque() {
                    let departure = Departure::WrongType("an object".to_owned());
                    self.found.departure(departure, None, item);
                }
                continue;
            }
            self.entry = Some(item);
            self.record(record, item);
            self.entry = None;
        }
    }

    /// A field of a Choice rule in JSONPath: the comparison, or a composition of some.
    fn comparison(&mut self, member: &'t Member<'t>) {
        let name = member.name.text.as_ref();
        let is_path = Operator::parse(name).is_some_and(Operator::takes_path);
        match name {
            "And" | "Or" => {
                let parts = member.value.items().iter().flat_map(Node::members);
                parts.for_each(|part| self.comparison(part));
            }
            "Not" => member
                .value
                .members()
                .iter()
                .for_each(|part| self.comparison(part)),
            "Variable" => self.path("Variable", &member.value),
            _ if is_path => self.path("Variable", &member.value),
            _ => {}
        }
    }

    fn path(&mut self, field: &'static str, node: &'t Node<'t>) {
        if node.as_str().is_some() && !node.is_placeholder() {
            self.expression(field, Site::Arguments, Language::Path, node);
        }
    }

    /// A value in which some strings are expressions.
    fn template(&mut self, field: &'static Field, node: &'t Node<'t>) {
        match &node.syntax {
            Syntax::Object(members) => {
                for member in members {
                    let computed = !self.jsonata && member.name.text.ends_with(".$");
                    if computed {
                        self.computed(field, member);
                    } else {
                        self.template(field, &member.value);
                    }
                }
            }
            Syntax::Array(items) => items.iter().for_each(|item| self.template(field, item)),
            Syntax::String(_) if self.jsonata && is_expression(node) => {
                self.expression(field.name, field.site, Language::JsonAta, node);
            }
            _ => {}
        }
    }

    /// A field of a template whose name ends in `.$`.
    fn computed(&mut self, field: &'static Field, member: &'t Member<'t>) {
        if member.value.as_str().is_some() {
            if !member.value.is_placeholder() {
                self.expression(field.name, field.site, Language::PathOrCall, &member.value);
            }
        } else if !member.value.is_opaque() {
            let wanted = "a path or an intrinsic function, for the name ends in `.$`";
            let departure = Departure::WrongType(wanted.to_owned());
            self.found.departure(departure, Some(member), &member.value);
        }
    }

    fn expression(
        &mut self,
        field: &'static str,
        site: Site,
        language: Language,
        node: &'t Node<'t>,
    ) {
        let Some(state) = self.state else { return };
        self.found.slot(Slot {
            state,
            site,
            language,
            field,
            node,
            entry: self.entry,
        });
    }

    /// A field that is a single value.
    fn scalar(&mut self, field: &'static Field, member: &'t Member<'t>) {
        let value = &member.value;
        if self.jsonata && is_expression(value) && field.shape.may_be_expression() {
            return self.expression(field.name, field.site, Language::JsonAta, value);
        }
        match field.shape.check(value, self.jsonata) {
            Ok(Some(language)) => self.expression(field.name, field.site, language, value),
            Ok(None) => {}
            Err(departure) => self.found.departure(departure, Some(member), value),
        }
    }
}

fn name_in(group: &'static [&'static str], member: &Member<'_>) -> &'static str {
    group
        .iter()
        .copied()
        .find(|name| *name == member.name.text)
        .unwrap_or_default()
}

/// Whether a string is a JSONata expression.
pub(super) fn is_expression(node: &Node<'_>) -> bool {
    node.as_str()
        .is_some_and(|text| crate::jsonata::expression(text).is_some())
}
