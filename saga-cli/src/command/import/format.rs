//! Source text as `cargo fmt` leaves it.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// The text as rustfmt has it, where there is one; else as it is, which compiles too.
pub(super) fn formatted(text: String) -> String {
    rustfmt(&text).unwrap_or(text)
}

fn rustfmt(text: &str) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // rustfmt reads all of its input before it writes.
    let written = child.stdin.take()?.write_all(text.as_bytes());
    let output = child.wait_with_output().ok()?;
    let formatted = String::from_utf8(output.stdout).ok()?;
    (written.is_ok() && output.status.success() && !formatted.is_empty()).then_some(formatted)
}
