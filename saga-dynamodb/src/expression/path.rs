//! Document paths: `address.lines[0]`.

use std::fmt;

use crate::value::{AttributeValue, Item};

/// A path from an item's root: the attribute's name, and the way inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// The attribute.
    pub attribute: String,
    /// The elements below it.
    pub below: Vec<Element>,
}

/// One element of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// A field of a map.
    Field(String),
    /// An index of a list, from 0.
    Index(usize),
}

impl Path {
    /// The value it leads to.
    #[must_use]
    pub fn read<'i>(&self, item: &'i Item) -> Option<&'i AttributeValue> {
        let root = item.get(&self.attribute)?;
        self.below
            .iter()
            .try_fold(root, |value, element| match (value, element) {
                (AttributeValue::Map(fields), Element::Field(name)) => fields.get(name),
                (AttributeValue::List(values), Element::Index(index)) => values.get(*index),
                _ => None,
            })
    }

    /// Puts a value where it leads; an index past a list's end appends. False where the way is missing.
    pub fn write(&self, item: &mut Item, value: AttributeValue) -> bool {
        let Some((last, way)) = self.below.split_last() else {
            item.insert(self.attribute.clone(), value);
            return true;
        };
        match (self.holder(item, way), last) {
            (Some(AttributeValue::Map(fields)), Element::Field(name)) => {
                fields.insert(name.clone(), value);
                true
            }
            (Some(AttributeValue::List(values)), Element::Index(index)) => {
                match values.get_mut(*index) {
                    Some(place) => *place = value,
                    None => values.push(value),
                }
                true
            }
            _ => false,
        }
    }

    /// Takes away what it leads to. False where the way is missing; nothing at its end is fine.
    pub fn remove(&self, item: &mut Item) -> bool {
        let Some((last, way)) = self.below.split_last() else {
            item.remove(&self.attribute);
            return true;
        };
        match (self.holder(item, way), last) {
            (Some(AttributeValue::Map(fields)), Element::Field(name)) => {
                fields.remove(name);
                true
            }
            (Some(AttributeValue::List(values)), Element::Index(index)) => {
                if *index < values.len() {
                    values.remove(*index);
                }
                true
            }
            _ => false,
        }
    }

    fn holder<'i>(&self, item: &'i mut Item, way: &[Element]) -> Option<&'i mut AttributeValue> {
        let root = item.get_mut(&self.attribute)?;
        way.iter()
            .try_fold(root, |value, element| match (value, element) {
                (AttributeValue::Map(fields), Element::Field(name)) => fields.get_mut(name),
                (AttributeValue::List(values), Element::Index(index)) => values.get_mut(*index),
                _ => None,
            })
    }

    /// Whether one of the two paths leads through the other.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.attribute == other.attribute
            && self
                .below
                .iter()
                .zip(&other.below)
                .all(|(one, other)| one == other)
    }
}

impl fmt::Display for Path {
    /// As the service's messages quote it: `[address, lines, [0]]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.attribute)?;
        for element in &self.below {
            match element {
                Element::Field(name) => write!(f, ", {name}")?,
                Element::Index(index) => write!(f, ", [{index}]")?,
            }
        }
        f.write_str("]")
    }
}
