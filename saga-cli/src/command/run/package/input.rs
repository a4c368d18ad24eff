//! The input of a saga, checked with its schema before anything runs.

use std::path::Path;

use saga_asl::data::Data;
use saga_local::saga::Prepared;

use super::super::input;
use crate::exit::Failure;

pub(super) fn read(path: Option<&Path>, saga: &Prepared) -> Result<Data, Failure> {
    let data = input::read(path)?;
    let shown = path.map_or_else(
        || "of the saga".to_owned(),
        |path| format!("in `{}`", path.display()),
    );
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
