//! The functions on arrays.

use super::evaluate::Computed;
use super::number::integer;
use crate::data::Data;

/// The most items that a range may have (developer guide, `States.ArrayRange`).
const MAX_RANGE: usize = 1000;

fn items(data: &Data) -> Result<&[Data], String> {
    data.as_array()
        .ok_or_else(|| format!("expected an array, found {data}"))
}

pub(super) fn partition(array: &Data, size: &Data) -> Computed {
    let size = integer(size)?;
    match usize::try_from(size) {
        Ok(size) if size > 0 => {
            let parts = items(array)?.chunks(size);
            Ok(Data::array(
                parts.map(|part| Data::array(part.to_vec())).collect(),
            ))
        }
        _ => Err(format!(
            "the chunk size must be a positive integer, found {size}"
        )),
    }
}

pub(super) fn contains(array: &Data, value: &Data) -> Computed {
    Ok(Data::Bool(items(array)?.contains(value)))
}

pub(super) fn range(first: &Data, last: &Data, step: &Data) -> Computed {
    let (first, last, step) = (integer(first)?, integer(last)?, integer(step)?);
    if step == 0 {
        return Err("the step must not be 0".to_owned());
    }
    let mut range = Vec::new();
    let mut next = Some(first);
    while let Some(value) = next.filter(|v| if step > 0 { *v <= last } else { *v >= last }) {
        if range.len() == MAX_RANGE {
            return Err(format!("a range has at most {MAX_RANGE} items"));
        }
        range.push(Data::from(value));
        next = value.checked_add(step);
    }
    Ok(Data::array(range))
}

pub(super) fn item(array: &Data, index: &Data) -> Computed {
    let index = integer(index)?;
    let found = usize::try_from(index).ok();
    match found.and_then(|index| items(array).ok()?.get(index)) {
        Some(item) => Ok(item.clone()),
        None => Err(format!(
            "the index {index} is out of bounds for an array of {} items",
            items(array)?.len()
        )),
    }
}

pub(super) fn length(array: &Data) -> Computed {
    Ok(Data::from(items(array)?.len()))
}

pub(super) fn unique(array: &Data) -> Computed {
    let mut seen = std::collections::HashSet::new();
    let mut unique = Vec::new();
    for item in items(array)? {
        if seen.insert(item.to_string()) {
            unique.push(item.clone());
        }
    }
    Ok(Data::array(unique))
}
