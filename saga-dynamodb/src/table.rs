//! A table: items by key, and indexes over them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Error;
use super::expression::condition::ordered;
use super::value::{AttributeValue, Item, item_size};

/// The largest item: 400 KB (quotas of DynamoDB).
const LARGEST_ITEM: usize = 400 * 1024;
/// The longest partition key in bytes.
const LONGEST_PARTITION_KEY: usize = 2048;
/// The longest sort key in bytes.
const LONGEST_SORT_KEY: usize = 1024;

/// A key attribute's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `S`
    String,
    /// `N`
    Number,
    /// `B`
    Binary,
}

impl KeyType {
    fn name(self) -> &'static str {
        match self {
            Self::String => "S",
            Self::Number => "N",
            Self::Binary => "B",
        }
    }
}

/// A key attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAttribute {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: KeyType,
}

/// What identifies an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySchema {
    /// The partition key.
    pub partition: KeyAttribute,
    /// The sort key.
    pub sort: Option<KeyAttribute>,
}

/// A global secondary index that holds all attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its key: items without these attributes are not in it.
    pub key: KeySchema,
}

/// A key's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    partition: AttributeValue,
    sort: Option<AttributeValue>,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let by = |a: &AttributeValue, b: &AttributeValue| ordered(a, b).unwrap_or(Ordering::Equal);
        by(&self.partition, &other.partition).then_with(|| match (&self.sort, &other.sort) {
            (Some(a), Some(b)) => by(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its key.
    pub key: KeySchema,
    /// Its indexes.
    pub indexes: Vec<Index>,
    items: BTreeMap<Key, Item>,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(key: KeySchema, indexes: Vec<Index>) -> Self {
        Self {
            key,
            indexes,
            items: BTreeMap::new(),
        }
    }

    /// Its items, in the order of their keys.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.items.values()
    }

    /// The key of an item that is to be written.
    ///
    /// # Errors
    /// When a key attribute is missing, has another type, is empty or too long.
    pub fn key_of(&self, item: &Item) -> Result<Key, Error> {
        let partition = self.key.partition.of(item, LONGEST_PARTITION_KEY)?;
        let sort = match &self.key.sort {
            Some(sort) => Some(sort.of(item, LONGEST_SORT_KEY)?),
            None => None,
        };
        Ok(Key { partition, sort })
    }

    /// A key as a request states it: the key's attributes and no other.
    ///
    /// # Errors
    /// `ValidationException`, where it does not fit the table's key.
    pub fn exact_key(&self, stated: &Item) -> Result<Key, Error> {
        let expected = 1 + usize::from(self.key.sort.is_some());
        let fits = |attribute: &KeyAttribute| {
            stated
                .get(&attribute.name)
                .is_some_and(|value| value.kind() == attribute.kind.name())
        };
        let all = fits(&self.key.partition) && self.key.sort.as_ref().is_none_or(fits);
        if stated.len() != expected || !all {
            return Err(Error::Validation(
                "The provided key element does not match the schema".into(),
            ));
        }
        self.key_of(stated)
    }

    /// The item of a key.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Item> {
        self.items.get(key)
    }

    /// Whether an item may be written: its size, and the types of its indexes' keys.
    ///
    /// # Errors
    /// `ValidationException`.
    pub fn accepts(&self, item: &Item) -> Result<(), Error> {
        if item_size(item) > LARGEST_ITEM {
            return Err(Error::Validation(
                "Item size has exceeded the maximum allowed size".into(),
            ));
        }
        for index in &self.indexes {
            let keys = std::iter::once(&index.key.partition).chain(&index.key.sort);
            for attribute in keys.filter(|attribute| item.contains_key(&attribute.name)) {
                attribute
                    .of(item, LONGEST_PARTITION_KEY)
                    .map_err(|error| of_index(&error, index))?;
            }
        }
        Ok(())
    }

    /// Writes an item.
    pub fn put(&mut self, key: Key, item: Item) -> Option<Item> {
        self.items.insert(key, item)
    }

    /// Removes an item.
    pub fn delete(&mut self, key: &Key) -> Option<Item> {
        self.items.remove(key)
    }
}

fn of_index(error: &Error, index: &Index) -> Error {
    Error::Validation(format!("{error} IndexName: {}", index.name))
}

impl KeyAttribute {
    fn of(&self, item: &Item, longest: usize) -> Result<AttributeValue, Error> {
        let Some(value) = item.get(&self.name) else {
            return Err(Error::parameter(&format!(
                "Missing the key {} in the item",
                self.name
            )));
        };
        if value.kind() != self.kind.name() {
            return Err(Error::parameter(&format!(
                "Type mismatch for key {} expected: {} actual: {}",
                self.name,
                self.kind.name(),
                value.kind()
            )));
        }
        match value.size() {
            0 => Err(Error::Validation(format!(
                "One or more parameter values are not valid. The AttributeValue for a key attribute \
                 cannot contain an empty string value. Key: {}",
                self.name
            ))),
            size if size > longest => Err(Error::parameter(&format!(
                "Size of key {} has exceeded the maximum size limit of {longest} bytes",
                self.name
            ))),
            _ => Ok(value.clone()),
        }
    }
}
