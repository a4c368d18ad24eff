//! What is known of a value.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::outline::StateId;

/// What is known of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Nothing.
    Unknown,
    /// It is an object.
    Object(Rc<Fields>),
}

/// What is known of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// Where it comes from. First, for it tells most objects apart.
    pub origin: Origin,
    /// Whether it may have fields that are not known.
    pub open: bool,
    /// Fields that are there.
    pub known: BTreeMap<Rc<str>, Shape>,
}

/// Where an object comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// From the execution's input, with what states put into it.
    Input,
    /// A catcher of that state replaced everything by the error.
    Catch(StateId),
    /// That state built it.
    Built(StateId),
    /// The Lambda integration answered that state.
    Lambda(StateId),
}

/// So many fields of an object are followed; what has more is followed no longer.
const MAX_FIELDS: usize = 48;

impl Shape {
    /// An object of these fields and no others.
    pub(super) fn closed<K: Into<Rc<str>>>(
        origin: Origin,
        fields: impl IntoIterator<Item = (K, Self)>,
    ) -> Self {
        let known: BTreeMap<_, _> = fields
            .into_iter()
            .map(|(name, shape)| (name.into(), shape))
            .collect();
        if known.len() > MAX_FIELDS {
            return Self::Unknown;
        }
        Self::Object(Rc::new(Fields {
            known,
            open: false,
            origin,
        }))
    }

    /// The execution's input: any fields.
    pub(super) fn input() -> Self {
        let fields = Fields {
            known: BTreeMap::new(),
            open: true,
            origin: Origin::Input,
        };
        Self::Object(Rc::new(fields))
    }

    /// The value at a path; unknown where the path goes through what is unknown or absent.
    #[must_use]
    pub fn at<S: AsRef<str>>(&self, path: &[S]) -> Self {
        let Some((first, rest)) = path.split_first() else {
            return self.clone();
        };
        match self {
            Self::Object(fields) => fields
                .known
                .get(first.as_ref())
                .map_or(Self::Unknown, |inner| inner.at(rest)),
            Self::Unknown => Self::Unknown,
        }
    }

    /// The object that has no field of the path's next name, and how much of the path exists.
    #[must_use]
    pub fn missing<'s, S: AsRef<str>>(&'s self, path: &[S]) -> Option<(&'s Fields, usize)> {
        let mut shape = self;
        for (depth, name) in path.iter().enumerate() {
            let Self::Object(fields) = shape else {
                return None;
            };
            match fields.known.get(name.as_ref()) {
                Some(inner) => shape = inner,
                None => return Some((fields, depth)),
            }
        }
        None
    }

    /// The same object with a value put at a path.
    #[must_use]
    pub(super) fn with<S: AsRef<str>>(&self, path: &[S], value: Self) -> Self {
        let Some((first, rest)) = path.split_first() else {
            return value;
        };
        let Self::Object(fields) = self else {
            return Self::Unknown;
        };
        let inner = fields.known.get(first.as_ref()).cloned();
        // A place in something absent: AWS makes the objects on the way.
        let fresh = || Self::closed(fields.origin, std::iter::empty::<(Rc<str>, Self)>());
        let inner = match inner {
            Some(inner) => inner.with(rest, value),
            None if rest.is_empty() => value,
            None if fields.open => Self::Unknown,
            None => fresh().with(rest, value),
        };
        if fields.known.len() >= MAX_FIELDS {
            return Self::Unknown;
        }
        let mut fields = Fields::clone(fields);
        fields.known.insert(first.as_ref().into(), inner);
        Self::Object(Rc::new(fields))
    }
}
