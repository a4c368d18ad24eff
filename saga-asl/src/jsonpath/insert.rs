use std::sync::Arc;

use super::{Path, Segment};
use crate::data::Data;

/// A value cannot be written at a path: something on the way is neither missing nor a
/// container of the right kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the path cannot be applied to this value")]
pub struct CannotInsert;

impl Path {
    /// `data` with `value` at this path, where missing objects are made. Containers off the
    /// way stay shared with `data`.
    ///
    /// # Errors
    /// [`CannotInsert`] if the path is no reference path, or does not fit `data`.
    pub fn insert(&self, data: &Data, value: Data) -> Result<Data, CannotInsert> {
        let mut changed = data.clone();
        let mut place = &mut changed;
        for segment in &self.segments {
            place = enter(place, segment).ok_or(CannotInsert)?;
        }
        *place = value;
        Ok(changed)
    }
}

fn enter<'d>(place: &'d mut Data, segment: &Segment) -> Option<&'d mut Data> {
    match segment {
        Segment::Names(names) => {
            if matches!(place, Data::Null) {
                *place = Data::empty_object();
            }
            match (place, names.as_slice()) {
                (Data::Object(members), [name]) => Some(Arc::make_mut(members).entry(name)),
                _ => None,
            }
        }
        Segment::Indexes(indexes) => match (place, indexes.as_slice()) {
            (Data::Array(items), [index]) => {
                Arc::make_mut(items).get_mut(usize::try_from(*index).ok()?)
            }
            _ => None,
        },
        _ => None,
    }
}
