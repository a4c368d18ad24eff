//! The tables of a definition: their keys and rows, as far as all calls of them tell.

use std::collections::BTreeMap;

use super::item::{Asked, Operation};
use super::row::{Row, Typed};
use crate::types::Type;

/// What names an item of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The attribute of the partition key.
    pub partition: String,
    /// The attribute of the sort key.
    pub sort: Option<String>,
}

impl Keys {
    /// Both, the partition key first.
    pub(crate) fn names(&self) -> Vec<&str> {
        let sort = self.sort.as_deref();
        std::iter::once(self.partition.as_str())
            .chain(sort)
            .collect()
    }
}

/// Tables by what the definition calls them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables(BTreeMap<String, Table>);

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) keys: Keys,
    /// Whether the definition says which of two keys comes first.
    pub(crate) is_guess: bool,
    /// The types of its attributes, the keys first.
    pub(crate) attributes: Vec<(String, Type)>,
    /// How many puts give each attribute.
    given: BTreeMap<String, usize>,
    puts: usize,
    gets: usize,
}

impl Tables {
    /// All that these calls say of their tables, where some tables' keys are known.
    pub(super) fn of<'c>(
        calls: impl Iterator<Item = &'c Asked> + Clone,
        known: &BTreeMap<String, Keys>,
    ) -> Self {
        let mut keys: BTreeMap<&str, (Keys, bool)> = BTreeMap::new();
        for call in calls.clone() {
            let found = match known.get(&call.table) {
                Some(keys) => Some((keys.clone(), false)),
                None => stated(call),
            };
            if let Some(found) = found {
                keys.entry(&call.table).or_insert(found);
            }
        }
        let mut tables: BTreeMap<String, Table> = keys
            .into_iter()
            .map(|(name, (keys, is_guess))| (name.to_owned(), Table::new(keys, is_guess)))
            .collect();
        for call in calls {
            if let Some(table) = tables.get_mut(&call.table) {
                table.learn(call);
            }
        }
        Self(tables)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Table> {
        self.0.get(name)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.0.get_mut(name)
    }

    /// Whether a call fits what is known of its table; else why not.
    pub(super) fn check(&self, call: &Asked) -> Result<(), String> {
        let Some(table) = self.get(&call.table) else {
            return Err(format!(
                "no call says what the key of `{}` is; a template would",
                call.table
            ));
        };
        let keys = table.keys.names();
        let given: Vec<&str> = match call.operation.key() {
            Some(key) => key.iter().map(|(name, _)| name.as_str()).collect(),
            None => call
                .operation
                .written()
                .iter()
                .map(|(name, _)| name.as_str())
                .collect(),
        };
        let exact = call.operation.key().is_none() || given.len() == keys.len();
        if !exact || !keys.iter().all(|key| given.contains(key)) {
            return Err(format!(
                "its key is not that of other calls of `{}`",
                call.table
            ));
        }
        let sets_key = matches!(&call.operation, Operation::Update { set, .. }
            if set.iter().any(|(name, _)| keys.contains(&name.as_str())));
        if sets_key {
            return Err("it sets a key".into());
        }
        let compared = call.when.iter().flat_map(Row::attributes);
        let compared = compared.filter_map(|(name, value)| Some((name, value?)));
        let values = call
            .operation
            .values()
            .map(|(name, value)| (name.as_str(), value));
        for (name, value) in values.chain(compared) {
            if !table.fits(name, value) {
                return Err(format!(
                    "other calls of `{}` give `{name}` another type",
                    call.table
                ));
            }
        }
        Ok(())
    }
}

/// The key that a call states: that of a put only where it is conditional on there being none.
fn stated(call: &Asked) -> Option<(Keys, bool)> {
    let names: Vec<&str> = match call.operation.key() {
        Some(key) => key.iter().map(|(name, _)| name.as_str()).collect(),
        None => {
            let item = call
                .operation
                .written()
                .iter()
                .map(|(name, _)| name.as_str());
            let is_new = |name: &&str| call.when.as_ref().is_some_and(|when| when.is_new(&[*name]));
            item.filter(is_new).collect()
        }
    };
    match names.as_slice() {
        [partition] => Some((*partition, None)),
        [partition, sort] => Some((*partition, Some((*sort).to_owned()))),
        _ => None,
    }
    .map(|(partition, sort)| {
        let is_guess = sort.is_some();
        let partition = partition.to_owned();
        (Keys { partition, sort }, is_guess)
    })
}

impl Table {
    fn new(keys: Keys, is_guess: bool) -> Self {
        Self {
            keys,
            is_guess,
            attributes: Vec::new(),
            given: BTreeMap::new(),
            puts: 0,
            gets: 0,
        }
    }

    fn learn(&mut self, call: &Asked) {
        match &call.operation {
            Operation::Put { item } => {
                self.puts += 1;
                for (name, _) in item {
                    *self.given.entry(name.clone()).or_default() += 1;
                }
            }
            Operation::Get { .. } => self.gets += 1,
            Operation::Update { .. } | Operation::Delete { .. } => {}
        }
        for (name, value) in call.operation.values() {
            self.attribute(name, Some(&value.of));
        }
        for (name, value) in call.when.iter().flat_map(Row::attributes) {
            self.attribute(name, value.map(|value| &value.of));
        }
        let keys = self.keys.names();
        let place = |name: &str| {
            keys.iter()
                .position(|key| *key == name)
                .unwrap_or(keys.len())
        };
        self.attributes.sort_by_key(|(name, _)| place(name));
    }

    /// Notes an attribute, and its type where it is known. A number that is whole in one place may have a fraction in another.
    pub(crate) fn attribute(&mut self, name: &str, of: Option<&Type>) {
        match self.attributes.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => match (&*known, of) {
                (Type::Any, Some(of)) => *known = of.clone(),
                (Type::Whole, Some(Type::Number)) => *known = Type::Number,
                _ => {}
            },
            None => {
                let of = of.cloned().unwrap_or(Type::Any);
                self.attributes.push((name.to_owned(), of));
            }
        }
    }

    fn fits(&self, name: &str, value: &Typed) -> bool {
        let known = self.attributes.iter().find(|(known, _)| known == name);
        known.is_some_and(|(_, known)| {
            *known == value.of || (*known == Type::Number && value.of == Type::Whole)
        })
    }

    /// Whether an item may be without the attribute.
    pub(crate) fn is_optional(&self, name: &str) -> bool {
        if self.keys.names().contains(&name) {
            return false;
        }
        let given = self.given.get(name).copied().unwrap_or_default();
        given < self.puts || (self.gets > 0 && self.puts == 0)
    }
}
