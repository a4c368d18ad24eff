//! Programs that a test starts as a user would: from no cargo.

use std::env;
use std::process::Command;

/// What `cargo test` tells a test of its own package. Build scripts that read it (`ring`'s does) would run again, and
/// all that depends on them would be built anew, whenever a test builds something and whenever nobody else does.
const OF_PACKAGE: [&str; 3] = ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_CRATE_NAME"];

/// The command without what cargo says of the package that this test is of.
pub fn outside(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if OF_PACKAGE.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}
