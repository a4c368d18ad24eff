//! The manifest of a package that was built.

use std::path::Path;
use std::process::Command;

use saga_manifest::Manifest;

/// Asks a package's binary for its manifest, which it writes into a folder.
///
/// # Panics
/// When the binary does not write one that can be read.
pub fn manifest(executable: &Path, folder: &Path) -> Manifest {
    let file = folder.join("manifest.json");
    let status = Command::new(executable)
        .env(saga_manifest::ASK, &file)
        .status();
    assert!(status.unwrap().success());
    Manifest::read(&std::fs::read_to_string(file).unwrap()).unwrap()
}
