//! Packages of the workspace, built by cargo.

#[path = "outer.rs"]
mod outer;

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// Builds a package with these features, separated by commas, and gives the path of its binary.
///
/// # Panics
/// With what cargo says, when the package does not build, or has no binary.
pub fn executable(package: &str, features: &str) -> PathBuf {
    let built = outer::outside(&mut Command::new(env!("CARGO")))
        .args([
            "build",
            "--quiet",
            "--message-format=json-render-diagnostics",
        ])
        .args(["-p", package, "--features", features])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    let messages = String::from_utf8(built.stdout).unwrap();
    let executable = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).unwrap();
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.expect("a package with a binary")
}
