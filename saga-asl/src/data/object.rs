use std::sync::Arc;

use indexmap::IndexMap;

use super::Data;

/// The members of a JSON object in the order in which they were written.
#[derive(Clone, Debug, Default)]
pub struct Object(IndexMap<Arc<str>, Data>);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Data> {
        self.0.get(key)
    }

    /// Mutable access to the value under `key`, made `null` first where it is missing.
    pub fn entry(&mut self, key: &str) -> &mut Data {
        self.0.entry(Arc::from(key)).or_default()
    }

    /// Sets a member: in its old place if there is one, else at the end.
    pub fn insert(&mut self, key: impl Into<Arc<str>>, value: Data) {
        self.0.insert(key.into(), value);
    }

    /// Members in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Data)> {
        self.0.iter()
    }

    /// Keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.keys()
    }

    /// Values in order.
    pub fn values(&self) -> impl Iterator<Item = &Data> {
        self.0.values()
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Arc<str>, Data)> for Object {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Data)>>(members: I) -> Self {
        Object(members.into_iter().collect())
    }
}
