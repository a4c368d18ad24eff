//! Rows that lie in the tables before the saga begins, from a file.

use std::path::Path;

use saga_local::services::{Rows, RowsError};
use saga_manifest::Manifest;

use super::super::input;
use crate::exit::Failure;

/// Reads the rows from a file; none without one.
///
/// # Errors
/// When it cannot be read, is not of that shape, names a table that the package does not have, or has a row
/// without its key.
pub(in crate::command) fn read(path: Option<&Path>, manifest: &Manifest) -> Result<Rows, Failure> {
    let Some(path) = path else {
        return Ok(Rows::default());
    };
    let text = input::text(path)?;
    Rows::parse(&text, &manifest.tables).map_err(|RowsError { what, help }| Failure::Usage {
        message: format!("the rows in `{}`: {what}", path.display()),
        help,
    })
}
