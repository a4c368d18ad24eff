use std::sync::Arc;

use saga_asl::data::Data;

use crate::fault::{Failure, Fault};
use crate::limits::{CAUSE_CHARACTERS, ERROR_CHARACTERS};
use crate::program::Source;
use crate::query::Scope;
use crate::random::Seeded;

/// The failure that a Fail state ends with.
///
/// # Errors
/// A path that leads nowhere, a function or an expression that fails.
pub fn fail(
    error: Option<&Source>,
    cause: Option<&Source>,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Failure, Fault> {
    Ok(Failure {
        error: text(
            error,
            ("Error", "ErrorPath"),
            ERROR_CHARACTERS,
            scope,
            random,
        )?,
        cause: text(
            cause,
            ("Cause", "CausePath"),
            CAUSE_CHARACTERS,
            scope,
            random,
        )?,
        ..Failure::default()
    })
}

fn text(
    source: Option<&Source>,
    (field, path_field): (&str, &str),
    most: usize,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Option<Arc<str>>, Fault> {
    let Some(source) = source else {
        return Ok(None);
    };
    let value = source.evaluate(scope, random).map_err(|fault| match source.path() {
        Some(path) => Fault::Runtime(format!(
            "The JSONPath '{path}' specified for the field '{path_field}' could not be found in the input '{}'",
            scope.input
        )),
        None => fault,
    })?;
    match (&value, source) {
        (Data::String(text), _) => Ok(Some(clipped(text, most))),
        (_, Source::Expression(expression)) => Err(expression.unexpected(&value, "string")),
        _ => Err(Fault::Runtime(format!(
            "The {path_field} field of a Fail state must be a string for `{field}` but was: {value}"
        ))),
    }
}

fn clipped(text: &Arc<str>, most: usize) -> Arc<str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => text.get(..end).unwrap_or_default().into(),
        None => Arc::clone(text),
    }
}
