//! The compiler from outside: manifests in, definitions and templates out.

mod fare_processing;
mod machine;
mod manifest;
