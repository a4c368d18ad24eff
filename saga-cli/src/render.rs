//! Findings for people and for machines.

mod github;
mod human;
mod json;
mod sarif;

use std::io::{self, Write};

use clap::ValueEnum;

use crate::source::Checked;

/// How findings are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the text underlined, for a terminal.
    #[default]
    Human,
    /// An array of objects.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
}

/// Writes the findings of all files.
///
/// # Errors
/// What the stream reports.
pub fn write(format: Format, files: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(files, out),
        Format::Json => json::write(files, out),
        Format::Sarif => sarif::write(files, out),
        Format::Github => github::write(files, out),
    }
}
