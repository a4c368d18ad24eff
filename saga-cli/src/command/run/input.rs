//! The input of an execution, from a file or stdin.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use saga_asl::data::Data;
use saga_engine::limits::PAYLOAD_BYTES;

use crate::exit::Failure;

/// Reads the input; `{}` without a file. Refuses what `StartExecution` does: no JSON, or too much of it.
pub(super) fn read(path: Option<&Path>) -> Result<Data, Failure> {
    let Some(path) = path else {
        return Ok(Data::empty_object());
    };
    let text = text(path)?;
    let refused = |what: String, help: &str| Failure::Usage {
        message: format!("the input in `{}` {what}", path.display()),
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
    read.map_err(|error| Failure::Usage {
        message: format!("cannot read `{}`: {error}", path.display()),
        help: String::new(),
    })
}
