//! JSONPath in the dialect of Step Functions: Jayway's, with the context object (`$$`) and
//! variables (`$name`) as further roots.
//!
//! A path is parsed once ([`Path::parse`]) and then selects from any number of values
//! ([`Path::select`]). A *definite* path names one place and fails where there is nothing;
//! an *indefinite* one (wildcard, slice, filter, `..`) selects an array, possibly empty. A
//! *reference path* has only names and indexes; only such a path can be written to
//! ([`Path::insert`]).

mod cursor;
mod filter;
mod function;
mod insert;
mod parse;
mod predicate;
mod select;

use std::fmt;

pub(crate) use cursor::Cursor;
pub use filter::{Comparison, Filter, Operand};
pub use function::Function;
pub use insert::CannotInsert;
pub use parse::PathError;
pub(crate) use parse::parse_prefix;
pub use select::{NotFound, Roots};

/// A parsed JSONPath.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    text: Box<str>,
    root: Root,
    segments: Vec<Segment>,
}

/// What a path starts from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Root {
    /// `$`: the state's (effective) input, or its result.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(Box<str>),
    /// `@`: the item that a filter looks at.
    Item,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// `.name`, `['name']`, `['a','b']`
    Names(Vec<Box<str>>),
    /// `[0]`, `[-1]`, `[0,2]`
    Indexes(Vec<i64>),
    /// `[from:to]`, negative from the end
    Slice(Option<i64>, Option<i64>),
    /// `.*`, `[*]`
    Wildcard,
    /// `..`: this value and everything below it
    Descendants,
    /// `[?(…)]`
    Filter(Box<Filter>),
    /// `.length()` and its like, at the end of a path
    Function(Function),
}

/// `$`
impl Default for Path {
    fn default() -> Self {
        Path {
            text: "$".into(),
            root: Root::Input,
            segments: Vec::new(),
        }
    }
}

impl Path {
    /// The path as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the path starts from.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Its steps, without the root.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether the path names one place, so that nothing there is an error.
    pub fn is_definite(&self) -> bool {
        self.segments.iter().all(Segment::is_definite)
    }

    /// Whether the path is a reference path (section "Reference Paths" of the States
    /// Language specification): names and indexes only, so that it can be written to.
    pub fn is_reference(&self) -> bool {
        self.segments.iter().all(|segment| match segment {
            Segment::Names(names) => names.len() == 1,
            Segment::Indexes(indexes) => matches!(indexes.as_slice(), [index] if *index >= 0),
            _ => false,
        })
    }
}

impl Segment {
    fn is_definite(&self) -> bool {
        match self {
            Segment::Names(names) => names.len() == 1,
            Segment::Indexes(indexes) => indexes.len() == 1,
            Segment::Function(_) => true,
            Segment::Slice(..) | Segment::Wildcard | Segment::Descendants | Segment::Filter(_) => {
                false
            }
        }
    }
}

/// The canonical form with brackets, `$['a'][0]`, which AWS's messages use.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.root)?;
        self.segments
            .iter()
            .try_for_each(|segment| write!(f, "{segment}"))
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Root::Input | Root::Context | Root::Variable(_) => f.write_str("$"),
            Root::Item => f.write_str("@"),
        }
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Names(names) => {
                let names: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
                write!(f, "[{}]", names.join(","))
            }
            Segment::Indexes(indexes) => {
                let indexes: Vec<_> = indexes.iter().map(i64::to_string).collect();
                write!(f, "[{}]", indexes.join(","))
            }
            Segment::Slice(from, to) => {
                let shown = |bound: &Option<i64>| bound.map_or(String::new(), |b| b.to_string());
                write!(f, "[{}:{}]", shown(from), shown(to))
            }
            Segment::Wildcard => f.write_str("[*]"),
            Segment::Descendants => f.write_str(".."),
            Segment::Filter(_) => f.write_str("[?]"),
            Segment::Function(function) => write!(f, ".{}()", function.name()),
        }
    }
}

#[cfg(test)]
mod tests;
