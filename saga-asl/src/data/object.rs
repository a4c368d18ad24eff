use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use super::{Data, Wide};

/// Objects of more members than this find them by a hash; a scan is faster for the others,
/// which are nearly all.
const SCANNED: usize = 16;

/// The members of a JSON object in the order in which they were written.
#[derive(Clone, Default)]
pub struct Object {
    members: Vec<(Arc<str>, Data)>,
    /// Where each member is, once there are too many to scan. Shared as long as no member is added.
    places: Option<Arc<HashMap<Arc<str>, usize>>>,
    /// [`Self::digest`], once it was asked for.
    digest: OnceLock<u128>,
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
        // What it is changed to is not seen here.
        self.digest.take();
        &mut self.members[place].1
    }

    /// Sets a member: in its old place if there is one, else at the end.
    pub fn insert(&mut self, key: impl Into<Arc<str>>, value: Data) {
        let key = key.into();
        let place = self.place(&key);
        match place.and_then(|place| self.members.get_mut(place)) {
            Some((_, old)) => {
                if let Some(digest) = self.digest.get_mut() {
                    let others = digest.wrapping_sub(digest_of(&key, old));
                    *digest = others.wrapping_add(digest_of(&key, &value));
                }
                *old = value;
            }
            None => {
                self.append(key, value);
            }
        }
    }

    /// 128 bits that stand for the members, in whatever order: computed once, and kept up when a member is set.
    pub(super) fn digest(&self) -> u128 {
        *self.digest.get_or_init(|| {
            let members = self.members.iter();
            members.fold(0, |sum: u128, (key, value)| {
                sum.wrapping_add(digest_of(key, value))
            })
        })
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
            Arc::make_mut(places).insert(Arc::clone(&key), place);
        }
        if let Some(digest) = self.digest.get_mut() {
            *digest = digest.wrapping_add(digest_of(&key, &value));
        }
        self.members.push((key, value));
        if place == SCANNED {
            let keys = self.members.iter().enumerate();
            let places = keys.map(|(place, (key, _))| (Arc::clone(key), place));
            self.places = Some(Arc::new(places.collect()));
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

/// What a member adds to the digest of its object.
fn digest_of(key: &str, value: &Data) -> u128 {
    let mut hasher = Wide::default();
    (key, value).hash(&mut hasher);
    hasher.wide()
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
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

    #[test]
    fn a_digest_is_kept_up_and_knows_no_order() {
        for count in [1_usize, 16, 17, 500] {
            let members = |n: usize| (Arc::from(format!("k{n}")), Data::from(n));
            let one: Object = (0..count).map(members).collect();
            let other: Object = (0..count).rev().map(members).collect();
            assert_eq!(one.digest(), other.digest());
            let mut changed = one.clone();
            changed.insert("k0", Data::Null);
            changed.insert("new", Data::Null);
            assert_ne!(changed.digest(), one.digest());
            *changed.entry("new") = Data::Bool(true);
            let anew: Object = changed.members.iter().cloned().collect();
            assert_eq!(changed.digest(), anew.digest());
        }
    }
}
