//! Where sensitive data goes.

use std::collections::BTreeMap;

use saga_manifest::expr::Expr;
use saga_manifest::flow::Abort;
use saga_manifest::place::Place;
use saga_manifest::saga::{Data, SensitiveField, SensitiveForm};

use super::flow::{End, Node};
use super::{Call, Kind, Saga, Target};
use crate::diagnostic::{Diagnostic, Report};
use crate::fence;

/// What of a saga's data is sensitive.
#[derive(Debug)]
pub(crate) struct Exposure<'m> {
    input: &'m Data,
    outputs: BTreeMap<&'m str, &'m Data>,
    /// The expressions that a block's value may be, and whether each is one of a list.
    values: BTreeMap<&'m str, Vec<(&'m Expr, bool)>>,
    /// The lists of maps.
    items: BTreeMap<&'m str, &'m Expr>,
}

/// A sensitive part of a value: the names on the way to it, and its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'m> {
    pub(crate) path: Vec<&'m str>,
    pub(crate) form: SensitiveForm,
}

impl<'m> Exposure<'m> {
    /// What is sensitive in this saga.
    pub(crate) fn new(saga: &Saga<'m>) -> Self {
        let steps = saga.body.steps().into_iter();
        let outputs = steps.filter_map(|step| match step.call.target {
            Target::Lambda { handler, .. } => Some((step.name, &handler.output)),
            Target::Saga { saga, .. } => Some((step.name, &saga.output)),
            _ => None,
        });
        let mut values = BTreeMap::new();
        let mut items = BTreeMap::new();
        for node in saga
            .body
            .blocks()
            .into_iter()
            .flat_map(|block| &block.nodes)
        {
            let listed = matches!(node, Node::Parallel(_) | Node::Map(_));
            let blocks = node.blocks().into_iter();
            let ends = blocks.filter_map(|block| match block.end {
                End::Continue(value) => Some((value, listed)),
                End::Complete(_) | End::Abort(_) => None,
            });
            values.insert(node.name(), ends.collect());
            if let Node::Map(map) = node {
                items.insert(node.name(), &map.definition.items);
            }
        }
        Self {
            input: &saga.definition.input,
            outputs: outputs.collect(),
            values,
            items,
        }
    }

    /// The sensitive parts of a step's output, or of a block's value.
    fn parts_of_node(&self, node: &str) -> Vec<Part<'_>> {
        if let Some(data) = self.outputs.get(node) {
            return Part::all_of(data);
        }
        let values = self.values.get(node).into_iter().flatten();
        let parts = values.flat_map(|(value, listed)| match listed {
            true => Part::below("*", self.parts(value)),
            false => self.parts(value),
        });
        parts.collect()
    }

    /// Whether nothing of the saga's data is sensitive, in whatever form.
    pub(crate) fn is_none(&self) -> bool {
        let mut all = self.outputs.values().chain([&self.input]);
        all.all(|data| data.sensitive.is_empty())
    }

    /// The sensitive parts of an expression's value.
    pub(crate) fn parts<'e>(&'e self, expr: &'e Expr) -> Vec<Part<'e>> {
        match expr {
            Expr::Literal(_) | Expr::SagaId | Expr::ItemIndex(_) => Vec::new(),
            Expr::Item(map) => {
                let items = self.items.get(map.as_str());
                items.map_or_else(Vec::new, |items| Part::within(self.parts(items), "*"))
            }
            Expr::Element { of, .. } => Part::within(self.parts(of), "*"),
            Expr::Input => Part::all_of(self.input),
            Expr::Output(node) | Expr::MaybeOutput(node) => self.parts_of_node(node),
            Expr::Field { of, name, .. } => Part::within(self.parts(of), name),
            Expr::Pick { of, fields } => {
                let parts = self.parts(of);
                let picked = fields.iter().flat_map(|field| {
                    Part::below(&field.name, Part::within(parts.clone(), &field.name))
                });
                picked.collect()
            }
            Expr::IfPresent {
                then, otherwise, ..
            } => {
                let mut parts = self.parts(then);
                parts.extend(self.parts(otherwise));
                parts
            }
            Expr::Object(fields) => {
                let parts = fields.iter();
                parts
                    .flat_map(|field| Part::below(&field.name, self.parts(&field.value)))
                    .collect()
            }
            Expr::List(items) => items
                .iter()
                .flat_map(|item| Part::below("*", self.parts(item)))
                .collect(),
        }
    }
}

impl<'m> Part<'m> {
    /// The sensitive parts of data.
    pub(crate) fn all_of(data: &'m Data) -> Vec<Self> {
        let parts = data
            .sensitive
            .iter()
            .map(|SensitiveField { path, form }| Self {
                path: path.iter().map(String::as_str).collect(),
                form: *form,
            });
        parts.collect()
    }

    /// The parts of a field, from those of its object. What is sensitive as a whole is so in its
    /// fields.
    pub(crate) fn within(parts: Vec<Self>, name: &str) -> Vec<Self> {
        let parts = parts
            .into_iter()
            .filter_map(|Self { path, form }| match path.split_first() {
                None => Some(Self { path, form }),
                Some((first, rest)) if *first == name || *first == "*" => Some(Self {
                    path: rest.to_vec(),
                    form,
                }),
                Some(_) => None,
            });
        parts.collect()
    }

    /// The parts of an object, from those of one of its fields.
    fn below(name: &'m str, parts: Vec<Self>) -> Vec<Self> {
        let parts = parts.into_iter().map(|Self { mut path, form }| {
            path.insert(0, name);
            Self { path, form }
        });
        parts.collect()
    }
}

/// Checks that sensitive data stays out of tables and messages, and out of a history that nobody
/// encrypts.
pub(super) fn check(saga: &Saga<'_>, report: &mut Report) {
    let exposure = Exposure::new(saga);
    for (owner, place, call) in saga.calls() {
        check_call(&exposure, call, owner, place, report);
    }
    check_fences(saga, report);
    for block in saga.body.blocks() {
        if let End::Abort(abort) = block.end {
            check_abort(&exposure, abort, report);
        }
    }
    if saga.definition.history_key.is_none() {
        check_history(saga, report);
    }
}

/// A fence keeps the answer of what is done: in clear, so that it takes none that is sensitive. It keeps no
/// input, and nothing of an undo's answer.
fn check_fences(saga: &Saga<'_>, report: &mut Report) {
    let steps = saga.body.steps().into_iter();
    let steps = steps.filter(|step| !matches!(step.kind, Kind::ReadOnly));
    for step in steps.filter(|step| fence::guards(&step.call)) {
        let Target::Lambda { handler, .. } = step.call.target else {
            continue;
        };
        let fields = handler.output.sensitive.iter();
        for field in fields.filter(|field| field.form == SensitiveForm::Clear) {
            let message = format!(
                "the fence of `{}` would keep the sensitive field `{}` of its answer in clear",
                step.name,
                field.path.join(".")
            );
            let help = "answer with a token or with ciphertext; or, where the step is idempotent by nature, \
                        say so: `#[step(unfenced = \"naturally idempotent because …\")]`";
            let mistake = Diagnostic::new(message, help).at(step.place, "the step");
            report.push(mistake.at(&handler.place, "its answer is declared here"));
        }
    }
}

/// A table or a message takes no sensitive data in clear.
fn check_call(
    exposure: &Exposure<'_>,
    call: &Call<'_>,
    owner: &str,
    place: &Place,
    report: &mut Report,
) {
    let to = match call.target {
        Target::Lambda { .. } | Target::Saga { .. } => return,
        Target::Message(_) | Target::Approval(_) => "a message",
        Target::Item(_) => "a table",
    };
    let parts = call
        .expressions()
        .into_iter()
        .flat_map(|expr| exposure.parts(expr));
    if parts
        .into_iter()
        .any(|part| part.form == SensitiveForm::Clear)
    {
        let message = format!("`{owner}` writes sensitive data in clear to {to}");
        let help = "leave the field out, or let it enter as a token (`#[saga(sensitive(token))]`) or as \
                    ciphertext (`#[saga(sensitive(ciphertext))]`)";
        report.push(Diagnostic::new(message, help).at(place, "this call"));
    }
}

/// The cause of a failure stands in messages to operators and where the execution's end is told.
fn check_abort(exposure: &Exposure<'_>, abort: &Abort, report: &mut Report) {
    let mut parts = exposure.parts(&abort.cause).into_iter();
    if parts.any(|part| part.form == SensitiveForm::Clear) {
        let message = format!(
            "`{}` gives sensitive data in clear as its cause",
            abort.name
        );
        let help = "say what is wrong without it";
        report.push(Diagnostic::new(message, help).at(&abort.place, "here"));
    }
}

/// An execution's history holds its input, and every call's input and output.
fn check_history(saga: &Saga<'_>, report: &mut Report) {
    let place = &saga.definition.place;
    check_data(
        "the saga's input",
        &saga.definition.input,
        place,
        None,
        report,
    );
    let mut seen = Vec::new();
    for (_, called_at, call) in saga.calls() {
        let (name, declared, input, output) = match call.target {
            Target::Lambda { handler, .. } => (
                &handler.name,
                &handler.place,
                &handler.input,
                &handler.output,
            ),
            Target::Saga { saga, .. } => (&saga.name, &saga.place, &saga.input, &saga.output),
            _ => continue,
        };
        if seen.contains(&name.as_str()) {
            continue;
        }
        seen.push(name);
        for (what, data) in [("input", input), ("output", output)] {
            let what = format!("the {what} of `{name}`");
            check_data(&what, data, called_at, Some(declared), report);
        }
    }
}

fn check_data(
    what: &str,
    data: &Data,
    place: &Place,
    declared: Option<&Place>,
    report: &mut Report,
) {
    let clear = data
        .sensitive
        .iter()
        .filter(|field| field.form == SensitiveForm::Clear);
    for field in clear {
        let message = format!(
            "the sensitive field `{}` in {what} would stand in clear in the execution history",
            field.path.join(".")
        );
        let help = "let it enter as a token (`#[saga(sensitive(token))]`) or as ciphertext \
                    (`#[saga(sensitive(ciphertext))]`), or name a customer KMS key for the saga's history and a \
                    reason: `#[saga(history_key(created, reason = \"…\"))]`";
        let mistake = Diagnostic::new(message, help).at(place, "it enters the history here");
        report.push(match declared {
            Some(declared) => mistake.at(declared, "it is declared here"),
            None => mistake,
        });
    }
}
