//! Arguments as an operator may see them.

use saga_manifest::expr::Expr;

use super::Writer;
use crate::checked::{Call, Operation, Part, Target};
use crate::jsonata::{Term, value};

/// What stands in a message for what may not be there.
const REDACTED: &str = "redacted";

impl<'s> Writer<'s> {
    /// A call's arguments, sensitive ones left out, and those that are missing: the message is to be
    /// sent also where the call failed for that reason.
    pub(super) fn readable_arguments(&self, call: &Call<'_>) -> Term {
        let readable = |expr: &Expr| self.readable(expr, &[]);
        match call.target {
            Target::Lambda { handler, input } => {
                self.readable(input, &Part::all_of(&handler.input))
            }
            Target::Item(item) => {
                let of = |attributes: &[saga_manifest::task::Attribute]| {
                    Term::object(
                        attributes
                            .iter()
                            .map(|a| (a.name.as_str(), readable(&a.value))),
                    )
                };
                match item.operation {
                    Operation::Put { item } => Term::object([("item", of(item))]),
                    Operation::Update { key, set, .. } => {
                        Term::object([("key", of(key)), ("set", of(set))])
                    }
                    Operation::Add(amount) => {
                        Term::object([("key", of(amount.key)), ("amount", readable(amount.amount))])
                    }
                    operation => Term::object([("key", of(operation.key()))]),
                }
            }
            Target::Message(message) => readable(message.body),
            Target::Saga { saga, input } => self.readable(input, &Part::all_of(&saga.input)),
            Target::Approval(approval) => readable(approval.request),
        }
    }

    /// An expression's value; `declared` are parts that its receiver declares sensitive.
    fn readable(&self, expr: &Expr, declared: &[Part<'_>]) -> Term {
        let mut parts = self.exposure.parts(expr);
        parts.extend(declared.iter().cloned());
        if parts.is_empty() {
            return value::value(expr, self.scope().loose());
        }
        match expr {
            Expr::Object(fields) if parts.iter().all(|part| !part.path.is_empty()) => {
                let fields = fields.iter().map(|field| {
                    let declared = Part::within(declared.to_vec(), &field.name);
                    (field.name.as_str(), self.readable(&field.value, &declared))
                });
                Term::object(fields)
            }
            _ => Term::string(REDACTED),
        }
    }
}
