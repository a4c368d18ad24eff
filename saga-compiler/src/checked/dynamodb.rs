//! What DynamoDB asks of items, keys and conditions.

use std::collections::BTreeSet;

use saga_manifest::place::Place;
use saga_manifest::resource::{Key, KeyKind, Table};
use saga_manifest::task::{Attribute, Condition, Shape};

use super::{Item, Operation};
use crate::diagnostic::{Diagnostic, Report};

pub(crate) use saga_fence::mark::{SAGA_AT, SAGA_ID, SAGA_UNDONE};

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
        Operation::Get { key, .. } | Operation::Delete { key } => {
            checker.check_key(table, key, true);
        }
        Operation::Update { key, set } => {
            checker.check_key(table, key, true);
            checker.check_set(table, set);
            checker.check_attributes(set);
        }
    }
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

    fn check_attributes(&mut self, attributes: &[Attribute]) {
        let mut names = BTreeSet::new();
        for Attribute { name, .. } in attributes {
            if [SAGA_ID, SAGA_UNDONE, SAGA_AT].contains(&name.as_str()) {
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
