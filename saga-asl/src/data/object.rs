use std::collections::HashMap;
use std::sync::Arc;

use super::Data;

/// Objects of more members than this find them by a hash; a scan is faster for the others,
/// which are nearly all.
const SCANNED: usize = 16;

/// The members of a JSON object in the order in which they were written.
#[derive(Clone, Debug, Default)]
pub struct Object {
    members: Vec<(Arc<str>, Data)>,
    /// Where each member is, once there are too many to scan.
    places: Option<HashMap<Arc<str>, usize>>,
}

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Data> {
        let (_, value) = self.members.get(self.place(key)?)?;
        Some(value)
    }

    /// Mutable access to the value under `key`, made `null` first where it is missing.
    #[expect(
        clippy::indexing_slicing,
        reason = "INVARIANT: the place was found or just made"
    )]
    pub fn entry(&mut self, key: &str) -> &mut Data {
        let place = match self.place(key) {
            Some(place) => place,
            None => self.append(key.into(), Data::Null),
        };
        &mut self.members[place].1
    }

    /// Sets a member: in its old place if there is one, else at the end.
    pub fn insert(&mut self, key: impl Into<Arc<str>>, value: Data) {
        let key = key.into();
        let place = self.place(&key);
        match place.and_then(|place| self.members.get_mut(place)) {
            Some((_, old)) => *old = value,
            None => {
                self.append(key, value);
            }
        }
    }

    fn place(&self, key: &str) -> Option<usize> {
        match &self.places {
            Some(places) => places.get(key).copied(),
            None => self.members.iter().position(|(known, _)| **known == *key),
        }
    }

    fn append(&mut self, key: Arc<str>, value: Data) -> usize {
        let place = self.members.len();
        if let Some(places) = &mut self.places {
            places.insert(Arc::clone(&key), place);
        }
        self.members.push((key, value));
        if place == SCANNED {
            let keys = self.members.iter().enumerate();
            let places = keys.map(|(place, (key, _))| (Arc::clone(key), place));
            self.places = Some(places.collect());
        }
        place
    }

    /// Members in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Data)> {
        self.members.iter().map(|(key, value)| (key, value))
    }

    /// Keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        self.members.iter().map(|(key, _)| key)
    }

    /// Values in order.
    pub fn values(&self) -> impl Iterator<Item = &Data> {
        self.members.iter().map(|(_, value)| value)
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Of members with one key the last counts, in the place of the first.
impl FromIterator<(Arc<str>, Data)> for Object {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Data)>>(members: I) -> Self {
        let members = members.into_iter();
        let mut object = Object::new();
        object.members.reserve(members.size_hint().0);
        for (key, value) in members {
            object.insert(key, value);
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Data, Object};

    #[test]
    fn members_are_found_and_keep_their_order_in_small_and_large_objects() {
        for count in [1_usize, 16, 17, 500] {
            let members = (0..count).map(|n| (Arc::from(format!("k{n}")), Data::from(n)));
            let mut object: Object = members.collect();
            object.insert("k0", Data::from("changed"));
            *object.entry("new") = Data::Bool(true);
            assert_eq!(object.len(), count + 1);
            assert_eq!(object.get("k0"), Some(&Data::from("changed")));
            assert_eq!(object.get("new"), Some(&Data::Bool(true)));
            assert_eq!(object.get("missing"), None);
            assert_eq!(object.keys().next().map(|key| &**key), Some("k0"));
            assert_eq!(object.keys().last().map(|key| &**key), Some("new"));
        }
    }
}
