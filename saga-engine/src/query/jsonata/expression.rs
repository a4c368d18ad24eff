use std::fmt;

use saga_asl::data::Data;
use saga_asl::jsonata;

use super::evaluate::{Jsonata, Unevaluated};
use super::needs::plain;
use crate::fault::Fault;
use crate::query::Scope;
use crate::random::Seeded;

/// A parsed expression, with the field of the state that it stands in.
pub struct Expression {
    source: Box<str>,
    field: Box<str>,
    /// `$variable.name.name`, if it is no more than that.
    plain: Option<(Box<str>, Vec<Box<str>>)>,
    general: Jsonata,
}

impl Expression {
    /// Parses `source`, what stands between `{%` and `%}` in the field `field`.
    ///
    /// # Errors
    /// A message that says what no expression has there.
    pub fn compile(source: &str, field: &str) -> Result<Self, String> {
        let tree = jsonata::parse(source)
            .map_err(|error| format!("{error} (at character {})", error.at + 1))?;
        let plain = plain(&tree).filter(|(variable, _)| !matches!(*variable, "" | "$"));
        Ok(Expression {
            source: source.into(),
            field: field.into(),
            plain: plain.map(|(variable, names)| {
                (variable.into(), names.into_iter().map(Into::into).collect())
            }),
            general: Jsonata::from_tree(source, &tree)?,
        })
    }

    /// The expression as it was written, without its braces.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The value of the expression.
    ///
    /// # Errors
    /// `States.QueryEvaluationError` where it has none or fails.
    pub fn evaluate(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<Data, Fault> {
        // A plain path that meets an array, or nothing, means what JSONata says it means.
        let plain = self.plain.as_ref();
        match plain.and_then(|(variable, names)| read(variable, names, scope)) {
            Some(data) => Ok(data),
            None => self.finish(self.general.evaluate(None, scope, random)),
        }
    }

    fn finish(&self, value: Result<Data, Unevaluated>) -> Result<Data, Fault> {
        value.map_err(|reason| {
            self.fault(match reason {
                Unevaluated::Nothing => format!("{self} returned nothing (undefined)."),
                Unevaluated::NoData(what) => format!("{self} returned a result that {what}."),
                Unevaluated::Coded(message) => {
                    format!("{self} threw an error during evaluation. {message}")
                }
                Unevaluated::Bounded(message) => {
                    format!("{self} threw an error during evaluation: {message}")
                }
            })
        })
    }

    /// The fault of a result of another kind than the field needs.
    pub fn unexpected(&self, value: &Data, expected: &str) -> Fault {
        self.fault(format!(
            "{self} returned an unexpected result type. Expected '{expected}', but was '{}' for value: {value}",
            kind(value)
        ))
    }

    fn fault(&self, message: String) -> Fault {
        Fault::Query {
            location: self.field.to_string(),
            message,
        }
    }
}

/// The expression in a message, with the field that it stands in.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The JSONata expression '{}' specified for the field '{}'",
            self.source, self.field
        )
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{% {} %}}", self.source)
    }
}

/// The name of a value's kind in JSONata.
pub(super) fn kind(value: &Data) -> &'static str {
    match value {
        Data::Null => "null",
        Data::Bool(_) => "boolean",
        Data::Number(_) => "number",
        Data::String(_) => "string",
        Data::Array(_) => "array",
        Data::Object(_) => "object",
    }
}

/// Reads a plain path as long as all on the way are objects.
fn read(variable: &str, names: &[Box<str>], scope: &Scope<'_>) -> Option<Data> {
    let (start, names) = match (variable, names) {
        ("states", [first, rest @ ..]) => (scope.of_states(first)?, rest),
        ("states", []) => return None,
        _ => (scope.variables.get(variable)?.clone(), names),
    };
    let mut current = &start;
    for name in names {
        current = current.get(name)?;
    }
    Some(current.clone())
}
