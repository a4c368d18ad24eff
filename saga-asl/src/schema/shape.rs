//! What a field may be.

use super::Record;

/// What a field may be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Any value, taken as it is.
    Any,
    /// A string, taken as it is.
    Text,
    /// A string, or in JSONata an expression that gives one.
    TextOrExpression,
    /// `true` or `false`.
    Flag,
    /// A whole number in a range, or in JSONata an expression that gives one.
    Whole {
        /// The least it may be.
        min: i64,
        /// The most it may be.
        max: i64,
    },
    /// A number in a range, or in JSONata an expression that gives one.
    Number {
        /// The least it may be.
        min: f64,
        /// The most it may be.
        max: f64,
    },
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// The name of a state of the same machine.
    StateName,
    /// A path.
    Path,
    /// A path or null.
    NullablePath,
    /// A reference path or null.
    NullableReferencePath,
    /// A path or an intrinsic function.
    PathOrCall,
    /// An instant (RFC 3339), or in JSONata an expression that gives one.
    Timestamp,
    /// Any value; in JSONPath, fields that end in `.$` are computed, in JSONata, strings in `{% %}`.
    Template,
    /// Such a value that must be an object.
    TemplateObject,
    /// An object or, in JSONata, an expression that gives one.
    Arguments,
    /// Variables and their values, as a template.
    Assign,
    /// In JSONata an array, or an expression that gives one.
    Items,
    /// A condition in JSONata: an expression or a boolean.
    Condition,
    /// A list of error names.
    ErrorNames,
    /// An object of these fields.
    Record(&'static Record),
    /// A list of such objects, of at least so many.
    List(&'static Record, usize),
    /// States by name.
    States,
}

/// The largest number of seconds that AWS takes anywhere (`99999999`, developer guide, "Task state").
pub(super) const MAX_SECONDS: i64 = 99_999_999;

/// Seconds from one to AWS's largest number.
pub(super) const SECONDS: Shape = Shape::Whole {
    min: 1,
    max: MAX_SECONDS,
};

/// Any number from zero on.
pub(super) const COUNT: Shape = Shape::Whole {
    min: 0,
    max: i64::MAX,
};
