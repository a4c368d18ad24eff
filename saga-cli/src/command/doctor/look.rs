//! Asking a program for its version.

use std::io::{self, Read as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt as _;

use super::tool::Tool;

/// How long a program may take to say its version: those in Python take seconds where nothing is cached.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a program is found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// There, of this version.
    Version(String),
    /// There, and older than it has to be.
    Old(String),
    /// Not on the PATH.
    Missing,
    /// There, and it does not run: what it says.
    Broken(String),
}

/// Looks for a program, and asks it.
pub fn look(tool: &Tool) -> Found {
    match asked(tool) {
        Ok(said) => judge(&said, tool.least),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Missing,
        Err(error) => Found::Broken(error.to_string()),
    }
}

/// What it says: on stdout, or the first line of what it complains with.
fn asked(tool: &Tool) -> io::Result<String> {
    let mut child = Command::new(tool.program())
        .args(tool.arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let Some(status) = child.wait_timeout(PATIENCE)? else {
        // INVARIANT: a child that has just ended by itself is what killing it would have made of it.
        let _ = child.kill();
        let _ = child.wait();
        let seconds = PATIENCE.as_secs();
        return Err(io::Error::other(format!(
            "it said nothing within {seconds} s"
        )));
    };
    // A version is less than a pipe holds: who writes more than that was waited for in vain, above.
    let (mut said, mut complaint) = (String::new(), String::new());
    if let Some(mut out) = child.stdout.take() {
        out.read_to_string(&mut said)?;
    }
    if let Some(mut err) = child.stderr.take() {
        err.read_to_string(&mut complaint)?;
    }
    if status.success() {
        return Ok(said);
    }
    let complaint = complaint.lines().find(|line| !line.trim().is_empty());
    Err(io::Error::other(complaint.map_or_else(
        || status.to_string(),
        |line| line.trim().to_owned(),
    )))
}

fn judge(said: &str, least: Option<&str>) -> Found {
    let Some(version) = version(said) else {
        let line = said.lines().next().unwrap_or_default();
        return Found::Broken(format!("it says no version, but `{line}`"));
    };
    match least {
        Some(least) if numbers(version) < numbers(least) => Found::Old(version.to_owned()),
        _ => Found::Version(version.to_owned()),
    }
}

/// The first version in a text: `rustc 1.95.0 (…)`, `v22.1.0`, `aws-cli/2.15.0 Python/3.11`.
fn version(text: &str) -> Option<&str> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | '(' | ')'));
    let parts = parts.map(|part| part.trim_start_matches('v'));
    parts
        .into_iter()
        .find(|part| part.starts_with(|c: char| c.is_ascii_digit()) && part.contains('.'))
}

/// `1.95.0-nightly` as `[1, 95, 0]`.
fn numbers(version: &str) -> Vec<u32> {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    plain
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: &str, least: Option<&str>, found: Found) {
        assert_eq!(judge(said, least), found, "{said}");
    }

    #[test]
    fn a_version_is_read_out_of_what_each_program_says() {
        let is = |version: &str| Found::Version(version.into());
        check(
            "rustc 1.95.0 (abc 2026-01-01)\n",
            Some("1.95"),
            is("1.95.0"),
        );
        check(
            "rustc 1.100.0-nightly (abc)",
            Some("1.95"),
            is("1.100.0-nightly"),
        );
        check("rustc 2.0.0", Some("1.95"), is("2.0.0"));
        check("rustc 1.94.9", Some("1.95"), Found::Old("1.94.9".into()));
        check("rustc 1.95.0", Some("1.95.1"), Found::Old("1.95.0".into()));
        check("v22.1.0\n", None, is("22.1.0"));
        check("SAM CLI, version 1.140.0", None, is("1.140.0"));
        check("aws-cli/2.15.0 Python/3.11.6 Linux/6.1", None, is("2.15.0"));
        check("Docker version 27.1.1, build 6312585", None, is("27.1.1"));
        check("cargo-lambda 1.8.6 (abc 2025-01-01Z)", None, is("1.8.6"));
        let none = "it says no version, but `hello`".to_owned();
        check("hello\nworld", None, Found::Broken(none));
    }
}
