//! The input of a saga, checked with its schema before anything runs.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use saga_asl::data::Data;
use saga_local::saga::Prepared;

use crate::exit::Failure;

pub(super) fn read(path: Option<&Path>, saga: &Prepared) -> Result<Data, Failure> {
    let text = match path {
        None => "{}".to_owned(),
        Some(path) => read_text(path)?,
    };
    let shown = path.map_or_else(
        || "of the saga".to_owned(),
        |path| format!("in `{}`", path.display()),
    );
    let data = Data::parse(&text).map_err(|error| Failure::Usage {
        message: format!("the input {shown} is not valid JSON: {error}"),
        help: String::new(),
    })?;
    let value = serde_json::to_value(&data).unwrap_or_default();
    saga.check_input(&value).map_err(|mismatches| {
        let found: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
        Failure::Failed {
            message: format!(
                "the input {shown} does not fit `{}`: {}",
                saga.saga,
                found.join("; ")
            ),
            help: match path {
                None => "give the input: `--input FILE`, or `--input -` for stdin".into(),
                Some(_) => "correct these fields; nothing was run".into(),
            },
        }
    })?;
    Ok(data)
}

fn read_text(path: &Path) -> Result<String, Failure> {
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
        message: format!("the input `{}` cannot be read: {error}", path.display()),
        help: String::new(),
    })
}
