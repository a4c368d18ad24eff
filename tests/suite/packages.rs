//! What would be published.

use std::process::Command;

use serde_json::{Value, json};

use super::command::root;

/// Every crate that is for others has what it needs of itself in its package. (That it builds from there, building it
/// tells: `cargo package` without `--no-verify`, which compiles everything anew.)
#[test]
fn every_crate_can_be_packaged() {
    let folder = tempfile::tempdir().unwrap();
    let published = published();
    let packaged = Command::new(env!("CARGO"))
        .args([
            "package",
            "--no-verify",
            "--allow-dirty",
            "--locked",
            "--offline",
        ])
        .args(published.iter().flat_map(|name| ["-p", name]))
        .arg("--target-dir")
        .arg(folder.path())
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&packaged.stderr);
    assert!(packaged.status.success(), "{said}");
    assert!(published.contains(&"saga-cli".to_owned()), "{published:?}");
    for name in &published {
        let file = folder.path().join(format!(
            "package/{name}-{}.crate",
            env!("CARGO_PKG_VERSION")
        ));
        assert!(file.exists(), "{file:?}\n{said}");
    }
}

/// The crates of the workspace that do not say otherwise.
fn published() -> Vec<String> {
    let asked = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&asked.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    // `publish = false` is the empty list of registries.
    let ours = packages.filter(|package| package["publish"] != json!([]));
    ours.map(|package| package["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The version of Rust that the crates ask for is the one that everything is built and tested with.
#[test]
fn the_oldest_rust_is_the_one_that_is_tested() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let value = |text: &str, key: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{key} = ")));
        line.unwrap().trim_matches('"').to_owned()
    };
    let stated = value(&read("Cargo.toml"), "rust-version");
    let tested = value(&read("rust-toolchain.toml"), "channel");
    assert_eq!(tested, format!("{stated}.0"));
}
