//! From JSON to types, collecting every error.

use std::fmt;

use super::codec::FromJson;
use super::layout::Layout;
use crate::json::{Object, Value};

/// Why a value is not of the language's shape, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// JSON Pointer (RFC 6901) to the value.
    pub pointer: String,
    /// What is wrong, in lower case.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

impl std::error::Error for ReadError {}

/// Where the reader is, and what it found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Place {
    pointer: String,
    pub(super) errors: Vec<ReadError>,
}

impl Place {
    pub(super) fn error(&mut self, message: impl Into<String>) {
        self.errors.push(ReadError {
            pointer: self.pointer.clone(),
            message: message.into(),
        });
    }

    /// Notes that the value here should have been something else.
    pub(super) fn expected<T>(&mut self, what: &str, found: &Value) -> Option<T> {
        self.error(format!("expected {what}, found {}", found.kind()));
        None
    }

    /// Reads a part of the value here.
    pub(super) fn within<T>(&mut self, part: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer
            .push_str(&part.replace('~', "~0").replace('/', "~1"));
        let value = read(self);
        self.pointer.truncate(length);
        value
    }
}

/// Takes the fields out of an object one by one; what is left over is the layout's.
pub(super) struct Reader<'v, 'p> {
    object: &'v Object,
    taken: Vec<&'static str>,
    place: &'p mut Place,
}

impl<'v, 'p> Reader<'v, 'p> {
    /// A reader of an object; notes an error where the value is none.
    pub(super) fn new(value: &'v Value, place: &'p mut Place) -> Option<Self> {
        match value.as_object() {
            Some(object) => Some(Self {
                object,
                taken: Vec::new(),
                place,
            }),
            None => place.expected("an object", value),
        }
    }

    /// The raw value of a field, which counts as read from here on.
    pub(super) fn take(&mut self, name: &'static str) -> Option<&'v Value> {
        self.taken.push(name);
        self.object.get(name)
    }

    /// A field that may be absent.
    pub(super) fn optional<T: FromJson>(&mut self, name: &'static str) -> Option<T> {
        let value = self.take(name)?;
        self.place.within(name, |place| T::from_json(value, place))
    }

    /// A field that must be there; notes an error and gives the default where it is not.
    pub(super) fn required<T: FromJson + Default>(&mut self, name: &'static str) -> T {
        if !self.object.contains_key(name) {
            self.error(format!("the field `{name}` is missing"));
        }
        self.optional(name).unwrap_or_default()
    }

    /// A list or an object that is empty where it is absent.
    pub(super) fn collection<T: FromJson + Default>(&mut self, name: &'static str) -> T {
        self.optional(name).unwrap_or_default()
    }

    pub(super) fn error(&mut self, message: impl Into<String>) {
        self.place.error(message);
    }

    /// Names of the object's fields that nobody has taken yet.
    pub(super) fn untaken(&self) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'_, 'v> {
        let fields = self
            .object
            .iter()
            .filter(|(name, _)| !self.taken.contains(&name.as_str()));
        fields.map(|(name, value)| (name.as_str(), value))
    }

    /// The author's order, and what nobody has taken.
    pub(super) fn layout(&self) -> Layout {
        let extra = self
            .untaken()
            .map(|(name, value)| (name.to_owned(), value.clone()));
        Layout {
            order: self.object.keys().cloned().collect(),
            extra: extra.collect(),
        }
    }
}
