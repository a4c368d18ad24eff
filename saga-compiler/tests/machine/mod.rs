//! Emitted definitions, read as JSON.
