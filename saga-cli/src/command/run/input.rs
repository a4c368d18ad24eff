//! The input of an execution, from a file or stdin.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use saga_asl::data::Data;
use saga_engine::limits::PAYLOAD_BYTES;
use saga_local::saga::Mismatch;

use crate::exit::Failure;
use crate::files;

/// Reads the input; `{}` without a file. Refuses what `StartExecution` does: no JSON, or too much of it.
pub(super) fn read(path: Option<&Path>) -> Result<Data, Failure> {
    let Some(path) = path else {
        return Ok(Data::empty_object());
    };
    let text = text(path)?;
    let refused = |what: String, help: &str| Failure::Usage {
        message: format!("the input {} {what}", place(path)),
        help: help.into(),
    };
    if text.len() > PAYLOAD_BYTES {
        let what = format!(
            "has {} bytes; at most {PAYLOAD_BYTES} start an execution",
            text.len()
        );
        return Err(refused(
            what,
            "keep the data elsewhere, and hand over its key",
        ));
    }
    Data::parse(&text).map_err(|error| refused(format!("is not valid JSON: {error}"), ""))
}

/// What is in a file; `-` is stdin.
pub(in crate::command) fn text(path: &Path) -> Result<String, Failure> {
    let read = if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    read.map_err(|error| files::unreadable(path, &error))
}

/// Refuses an input that does not fit its saga's schema, before anything runs.
pub(in crate::command) fn fits(
    saga: &str,
    mismatches: &[Mismatch],
    path: Option<&Path>,
) -> Result<(), Failure> {
    if mismatches.is_empty() {
        return Ok(());
    }
    let shown = path.map_or_else(|| "of the saga".to_owned(), place);
    let found: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
    Err(Failure::Failed {
        message: format!(
            "the input {shown} does not fit `{saga}`: {}",
            found.join("; ")
        ),
        help: match path {
            None => "give the input: `--input FILE`, or `--input -` for stdin".into(),
            Some(_) => "correct these fields; nothing was run".into(),
        },
    })
}

/// Where an input is.
pub(in crate::command) fn place(path: &Path) -> String {
    match path.as_os_str() == "-" {
        true => "on stdin".into(),
        false => format!("in `{}`", path.display()),
    }
}
