//! Projections: which parts of an item are answered.

use super::Path;
use super::path::Element;
use crate::value::{AttributeValue, Item};

/// The paths that are answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection(pub Vec<Path>);

impl Projection {
    /// The parts of an item that it names.
    #[must_use]
    pub fn apply(&self, item: &Item) -> Item {
        let mut projected = Item::new();
        for path in &self.0 {
            if let Some(value) = path.read(item) {
                let nested = wrap(&path.below, value.clone());
                merge(projected.entry(path.attribute.clone()), nested);
            }
        }
        projected
    }
}

/// A value inside the maps and lists that lead to it; a list is answered without its other elements.
fn wrap(below: &[Element], value: AttributeValue) -> AttributeValue {
    below
        .iter()
        .rev()
        .fold(value, |value, element| match element {
            Element::Field(name) => AttributeValue::Map(Item::from([(name.clone(), value)])),
            Element::Index(_) => AttributeValue::List(vec![value]),
        })
}

fn merge(
    place: std::collections::btree_map::Entry<'_, String, AttributeValue>,
    added: AttributeValue,
) {
    use std::collections::btree_map::Entry;
    match place {
        Entry::Vacant(place) => {
            place.insert(added);
        }
        Entry::Occupied(mut place) => match (place.get_mut(), added) {
            (AttributeValue::Map(fields), AttributeValue::Map(more)) => {
                for (name, value) in more {
                    merge(fields.entry(name), value);
                }
            }
            (AttributeValue::List(values), AttributeValue::List(more)) => values.extend(more),
            (place, added) => *place = added,
        },
    }
}
