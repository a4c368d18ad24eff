//! What calls and expressions read.

use saga_manifest::expr::{Expr, Test};
use saga_manifest::flow::Until;
use saga_manifest::task::{Attribute, Condition};

use super::variables::Fact;
use super::{Call, Target};

/// Something known that an expression reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read<'m> {
    /// A value, an item or its index.
    pub(crate) fact: Fact<'m>,
    /// Whether it must be there; else null does.
    pub(crate) sure: bool,
}

impl<'m> Call<'m> {
    /// The expressions of a call's arguments.
    pub(crate) fn expressions(&self) -> Vec<&'m Expr> {
        match self.target {
            Target::Lambda { input, .. } => vec![input],
            Target::Item(item) => {
                let mut found = item.operation.expressions();
                push_condition(item.condition, &mut found);
                found
            }
            Target::Saga { input, .. } => vec![input],
            Target::Approval(approval) => std::iter::once(approval.request)
                .chain(approval.unanswered)
                .collect(),
            Target::Message(message) => {
                let mut found = values(message.attributes);
                found.push(message.body);
                found
            }
        }
    }

    /// What a call's arguments read.
    pub(crate) fn reads(&self) -> Vec<Read<'m>> {
        self.expressions().into_iter().flat_map(reads).collect()
    }
}

/// What an expression reads.
pub(crate) fn reads(expr: &Expr) -> Vec<Read<'_>> {
    let mut found = Vec::new();
    visit(expr, &mut |expr| {
        let (fact, sure) = match expr {
            Expr::Output(node) => (Fact::Output(node), true),
            Expr::MaybeOutput(node) => (Fact::Output(node), false),
            Expr::Item(map) => (Fact::Item(map), true),
            Expr::ItemIndex(map) => (Fact::Index(map), true),
            _ => return,
        };
        found.push(Read { fact, sure });
    });
    found
}

/// The expressions of a condition.
pub(crate) fn tested(test: &Test) -> Vec<&Expr> {
    match test {
        Test::Compare { left, right, .. } | Test::Same(left, right) => vec![left, right],
        Test::Text { of, text, .. } => vec![of, text],
        Test::Present(expr) | Test::True(expr) => vec![expr],
        Test::All(tests) | Test::Any(tests) => tests.iter().flat_map(tested).collect(),
        Test::Not(test) => tested(test),
    }
}

/// The expression of a pause.
pub(crate) fn awaited(until: &Until) -> &Expr {
    match until {
        Until::Seconds(expr) | Until::Time(expr) => expr,
    }
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
