//! The entries of attributes: `key`, `key = value`, `key(…)`.

pub mod duration;
pub mod keys;
pub mod near;
pub mod origin;
