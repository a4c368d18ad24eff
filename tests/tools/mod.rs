//! The real tools that the integration suites put our output through:
//! provisioned once into `<target>/tools/`, and driven as child processes.
//!
//! Only `python3` with `venv`, and `node` with `npm` for two linters, are
//! presumed. What cannot be had is a reason to report a test as ignored; under
//! `CI=true` it is a failure.

pub mod aws;
pub mod emulator;
pub mod http;
pub mod outer;
pub mod pins;
pub mod process;
pub mod provision;
pub mod stack;
pub mod subject;
pub mod trial;

use std::path::{Path, PathBuf};

/// The workspace's root.
pub fn workspace() -> &'static Path {
    parent(env!("CARGO_MANIFEST_DIR"))
}

/// Cargo's target directory for this build.
pub fn target() -> &'static Path {
    parent(env!("CARGO_TARGET_TMPDIR"))
}

fn parent(folder: &'static str) -> &'static Path {
    let folder = Path::new(folder);
    // INVARIANT: both are folders that cargo made inside another.
    folder.parent().unwrap_or(folder)
}

/// One of the scripts that drive a Python or Node tool.
pub fn script(name: &str) -> PathBuf {
    workspace().join("tests/tools/scripts").join(name)
}
