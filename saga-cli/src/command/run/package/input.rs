//! The input of a saga, checked with its schema before anything runs.

use std::path::Path;

use saga_asl::data::Data;
use saga_local::saga::Prepared;

use super::super::input;
use crate::exit::Failure;

pub(super) fn read(path: Option<&Path>, saga: &Prepared) -> Result<Data, Failure> {
    let data = input::read(path)?;
    let value = serde_json::to_value(&data).unwrap_or_default();
    let mismatches = saga.check_input(&value).err().unwrap_or_default();
    input::fits(&saga.saga, &mismatches, path)?;
    Ok(data)
}
