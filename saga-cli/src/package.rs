//! A user's package: find it, build its binary, ask that for its manifest.

mod ask;
mod build;
mod find;
mod report;

use std::path::PathBuf;

pub use ask::ask;
pub use build::{Said, build, build_into, build_telling, cargo};
pub use find::{find, find_in};
pub use report::refused;

/// The package whose sagas are meant, and the one binary that holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The package's name.
    pub name: String,
    /// The binary's name.
    pub binary: String,
    /// The folder of its Cargo.toml.
    pub folder: PathBuf,
    /// The root of its workspace: places in source files are relative to it.
    pub workspace: PathBuf,
}
