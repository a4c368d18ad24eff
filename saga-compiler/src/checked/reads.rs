//! What calls and expressions read.

use saga_manifest::expr::Expr;
use saga_manifest::task::{Attribute, Condition};

use super::{Call, Target};

/// An output that an expression reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutputRead<'m> {
    pub(crate) step: &'m str,
    /// Whether the step must have succeeded; else null does.
    pub(crate) sure: bool,
}

impl<'m> Call<'m> {
    /// The expressions of a call's arguments.
    pub(crate) fn expressions(&self) -> Vec<&'m Expr> {
        match self.target {
            Target::Lambda { input, .. } => vec![input],
            Target::Item(item) => {
                let mut found = values(item.operation.values());
                push_condition(item.condition, &mut found);
                found
            }
            Target::Message(message) => {
                let mut found = values(message.attributes);
                found.push(message.body);
                found
            }
        }
    }

    /// The outputs that a call's arguments read.
    pub(crate) fn reads(&self) -> Vec<OutputRead<'m>> {
        self.expressions().into_iter().flat_map(outputs).collect()
    }
}

/// The outputs that an expression reads.
pub(crate) fn outputs(expr: &Expr) -> Vec<OutputRead<'_>> {
    let mut found = Vec::new();
    visit(expr, &mut |expr| match expr {
        Expr::Output(step) => found.push(OutputRead { step, sure: true }),
        Expr::MaybeOutput(step) => found.push(OutputRead { step, sure: false }),
        _ => {}
    });
    found
}

/// Shows the expression and all of its parts.
fn visit<'m>(expr: &'m Expr, see: &mut impl FnMut(&'m Expr)) {
    see(expr);
    match expr {
        Expr::Literal(_)
        | Expr::Input
        | Expr::SagaId
        | Expr::Output(_)
        | Expr::MaybeOutput(_)
        | Expr::Item(_)
        | Expr::ItemIndex(_) => {}
        Expr::Field { of, .. } | Expr::Pick { of, .. } | Expr::Element { of, .. } => visit(of, see),
        Expr::IfPresent {
            value,
            then,
            otherwise,
        } => {
            visit(value, see);
            visit(then, see);
            visit(otherwise, see);
        }
        Expr::Object(fields) => fields.iter().for_each(|field| visit(&field.value, see)),
        Expr::List(items) => items.iter().for_each(|item| visit(item, see)),
    }
}

fn values<'m>(attributes: impl IntoIterator<Item = &'m Attribute>) -> Vec<&'m Expr> {
    attributes
        .into_iter()
        .map(|attribute| &attribute.value)
        .collect()
}

fn push_condition<'m>(condition: Option<&'m Condition>, found: &mut Vec<&'m Expr>) {
    match condition {
        None | Some(Condition::Exists(_) | Condition::NotExists(_)) => {}
        Some(Condition::Compare { value, .. }) => found.push(value),
        Some(Condition::All(parts) | Condition::Any(parts)) => {
            parts
                .iter()
                .for_each(|part| push_condition(Some(part), found));
        }
        Some(Condition::Not(part)) => push_condition(Some(part), found),
    }
}
