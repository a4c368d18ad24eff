//! A headless Chromium, driven by Playwright in Node.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::tools::pins::{CHROMIUM, PLAYWRIGHT};
use crate::tools::process;
use crate::tools::trial::Stop;
use crate::tools::{script, target, workspace};

/// A first build of the example's handlers may be among it.
const LIMIT: Duration = Duration::from_secs(300);

/// Where a machine has a browser of its own.
const PROGRAMS: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
];

/// Held by the trial that unpacks the browser from npm.
static UNPACKING: Mutex<()> = Mutex::new(());

/// What is driven.
pub struct Subject {
    /// The studio's address, with its token.
    pub url: String,
    /// The file that its package is made of.
    pub source: PathBuf,
}

/// Where screenshots are.
pub fn folder() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("studio");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {folder:?}: {error}"))?;
    Ok(folder)
}

/// Does in the browser what a function of `page.cjs` says.
pub fn drive(name: &str, subject: &Subject) -> Result<(), Stop> {
    let mut node = PLAYWRIGHT.installed()?.node();
    node.arg(script("studio.cjs"))
        .args([name, &subject.url])
        .arg(&subject.source)
        .arg(folder()?)
        .env("CHROMIUM", chromium()?)
        .env("SAGA_CLI", env!("CARGO_BIN_EXE_saga-cli"))
        .current_dir(workspace());
    let ran = process::run(&mut node, LIMIT)?.success()?;
    // What was measured.
    for line in ran.stdout.lines() {
        println!("page::{name}: {line}");
    }
    Ok(())
}

/// The one that `CHROMIUM` names, else the machine's, else one from npm.
fn chromium() -> Result<PathBuf, Stop> {
    if let Some(path) = env::var_os("CHROMIUM") {
        return Ok(path.into());
    }
    let runs = |path: &&&str| {
        let version = Command::new(path).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    if let Some(path) = PROGRAMS.iter().find(runs) {
        return Ok(path.into());
    }
    let mut node = CHROMIUM.installed()?.node();
    // What one trial is still writing, another cannot start.
    let _unpacking = UNPACKING.lock().unwrap_or_else(PoisonError::into_inner);
    let unpacked = target().join("tools/chromium-unpacked");
    node.arg(script("chromium.mjs")).arg(&unpacked);
    let ran = process::run(&mut node, LIMIT)
        .and_then(process::Ran::success)
        .map_err(Stop::Unavailable)?;
    Ok(ran.stdout.trim().into())
}
