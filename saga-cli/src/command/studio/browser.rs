//! The user's browser.

use std::process::{Command, Stdio};

/// Shows an address, where the system has a program for that. Its address is printed, too: nothing depends on this.
pub(super) fn open(url: &str) {
    let program = match cfg!(target_os = "macos") {
        true => "open",
        false => "xdg-open",
    };
    let started = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(mut child) = started {
        // It ends soon; who asked for it does not wait.
        std::thread::spawn(move || child.wait());
    }
}
