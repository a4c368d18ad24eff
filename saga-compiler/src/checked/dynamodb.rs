//! What DynamoDB asks of items, keys and conditions.

use std::collections::BTreeSet;

use saga_manifest::place::Place;
use saga_manifest::resource::{Isolation, Key, KeyKind, Table};
use saga_manifest::task::{Attribute, Basis, Condition, Shape};

use super::{Item, Operation};
use crate::diagnostic::{Diagnostic, Report};

pub(crate) use saga_fence::mark::{SAGA_AT, SAGA_ID, SAGA_STEP, SAGA_UNDONE};

/// The attribute that names the step instance which gave an item its version.
pub(crate) const SAGA_MARK: &str = "saga_mark";

/// Attributes whose names begin so keep the record of fences.
const RESERVED: &str = "saga_";

/// What DynamoDB answers when a condition does not hold.
pub(crate) const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";

/// Checks a call of DynamoDB.
pub(super) fn check(item: &Item<'_>, owner: &str, place: &Place, report: &mut Report) {
    let table = item.table;
    let mut checker = Checker {
        owner,
        place,
        report,
    };
    match item.operation {
        Operation::Put { item: attributes } => {
            checker.check_key(table, attributes, false);
            checker.check_attributes(attributes);
        }
        Operation::Update { key, set, .. } => {
            checker.check_key(table, key, true);
            checker.check_set(table, set);
            checker.check_attributes(set);
        }
        Operation::Add(amount) => {
            checker.check_key(table, amount.key, true);
            checker.check_number(table, amount.attribute);
        }
        operation => checker.check_key(table, operation.key(), true),
    }
    checker.check_isolation(item);
    checker.check_condition(item.condition);
}

/// A table's key attributes: one or two.
pub(crate) fn keys(table: &Table) -> impl Iterator<Item = &Key> {
    std::iter::once(&table.partition_key).chain(&table.sort_key)
}

struct Checker<'a> {
    owner: &'a str,
    place: &'a Place,
    report: &'a mut Report,
}

impl Checker<'_> {
    fn mistake(&mut self, message: String, help: impl Into<String>) {
        let mistake = Diagnostic::new(message, help);
        self.report.push(mistake.at(self.place, "this call"));
    }

    /// The attributes must hold the table's key, and be nothing else where they are a key themselves.
    fn check_key(&mut self, table: &Table, attributes: &[Attribute], only: bool) {
        for key in keys(table) {
            let shape = match key.kind {
                KeyKind::String => Shape::String,
                KeyKind::Number => Shape::Number,
            };
            let fits = |a: &&Attribute| a.name == key.name && a.shape == shape;
            if !attributes.iter().any(|attribute| fits(&attribute)) {
                let message = format!(
                    "`{}` does not give the key `{}` of the table `{}`",
                    self.owner, key.name, table.name
                );
                let help = format!(
                    "give `{}` a value of the key's own type, never none",
                    key.name
                );
                self.mistake(message, help);
            }
        }
        if only && attributes.len() > keys(table).count() {
            let message = format!(
                "`{}` names more than the key of `{}`",
                self.owner, table.name
            );
            self.mistake(message, "give the key's attributes only");
        }
    }

    fn check_set(&mut self, table: &Table, set: &[Attribute]) {
        if set.is_empty() {
            let message = format!("`{}` updates no attribute", self.owner);
            self.mistake(message, "set at least one");
        }
        for key in keys(table).filter(|key| set.iter().any(|a| a.name == key.name)) {
            let message = format!("`{}` sets `{}`, which is a key", self.owner, key.name);
            self.mistake(
                message,
                "a key never changes: delete the item, and put another",
            );
        }
    }

    fn check_number(&mut self, table: &Table, attribute: &str) {
        if attribute.is_empty() || attribute.starts_with(RESERVED) {
            let message = format!("`{}` changes no number of the item", self.owner);
            self.mistake(message, "name a field of the item: `|row| row.stock`");
        }
        if keys(table).any(|key| key.name == attribute) {
            let message = format!("`{}` changes `{attribute}`, which is a key", self.owner);
            self.mistake(message, "change another number: a key never changes");
        }
    }

    /// What a table's isolation does not provide for is a change past it.
    fn check_isolation(&mut self, item: &Item<'_>) {
        let table = item.table;
        let (fits, help) = match (&table.isolation, item.operation) {
            (_, Operation::Get { .. }) => return,
            (Isolation::Lock(holder), operation) => {
                let fits = match operation {
                    Operation::Lock { .. } | Operation::Release { .. } => true,
                    Operation::Update { set, basis, .. } => {
                        matches!(basis, Some(Basis::Lock(_)))
                            && set.iter().all(|attribute| attribute.name != *holder)
                    }
                    _ => false,
                };
                (fits, "take its lock, and change the item through it")
            }
            (Isolation::Version(version), operation) => {
                let fits = matches!(operation, Operation::Update { set, basis: Some(Basis::Version(_)), .. }
                    if set.iter().all(|attribute| attribute.name != *version));
                (fits, "update it from the version that was read")
            }
            (Isolation::Commutative, operation) => {
                let fits = matches!(operation, Operation::Add(_));
                (fits, "add to its numbers and subtract from them")
            }
            (Isolation::Reread | Isolation::None(_), operation) => {
                let fits = matches!(
                    operation,
                    Operation::Put { .. }
                        | Operation::Delete { .. }
                        | Operation::Update { basis: None, .. }
                );
                (fits, "say so: `#[table(isolation = …)]`")
            }
        };
        if !fits {
            let message = format!(
                "`{}` changes an item of `{}` otherwise than its isolation says",
                self.owner, table.name
            );
            let mistake = Diagnostic::new(message, help).at(self.place, "this call");
            self.report
                .push(mistake.at(&table.place, "the isolation is stated here"));
        }
    }

    fn check_attributes(&mut self, attributes: &[Attribute]) {
        let mut names = BTreeSet::new();
        for Attribute { name, .. } in attributes {
            if name.starts_with(RESERVED) {
                let message = format!("`{}` writes the attribute `{name}`", self.owner);
                self.mistake(
                    message,
                    "choose another name: the fence of a put keeps its record there",
                );
            }
            if !names.insert(name) {
                let message = format!("`{}` writes the attribute `{name}` twice", self.owner);
                self.mistake(message, "write it once");
            }
        }
    }

    fn check_condition(&mut self, condition: Option<&Condition>) {
        let complete = match condition {
            None | Some(Condition::Exists(_) | Condition::NotExists(_)) => true,
            Some(Condition::Compare { .. }) => true,
            Some(Condition::Not(part)) => return self.check_condition(Some(part)),
            Some(Condition::All(parts) | Condition::Any(parts)) => {
                parts
                    .iter()
                    .for_each(|part| self.check_condition(Some(part)));
                !parts.is_empty()
            }
        };
        if !complete {
            let message = format!("`{}` has a condition of no parts", self.owner);
            self.mistake(message, "join at least one condition");
        }
    }
}
