//! `saga-cli import`: a definition that somebody wrote, as a saga in Rust.

mod format;
mod package;
mod report;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use saga_asl::syntax::Format;

use super::new::Name;
use super::run::definition::{machine_name, read};
use super::scaffold::{checkout, locked, write};
use crate::exit::{Exit, Failure};

/// Turn an existing definition into a saga in Rust.
///
/// Writes the saga's source, and a report of what the definition leaves open: what is not compensated, not retried, not
/// bounded, and what becomes of it in the saga. What has no counterpart in a saga is refused, with its place.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli import order.asl.json                 the source on stdout, the report on stderr
  saga-cli import order.asl.json --out orders    a package in the folder `orders`, with the report in GAPS.md
  saga-cli import template.yaml --name Orders    the state machine in a SAM or CloudFormation template")]
pub struct Import {
    /// A definition in JSON or YAML, or a SAM or CloudFormation template with a state machine in it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Make a package in this folder, whose last part is its name.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What the saga is called; the file's name, if not stated.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The checkout of saga whose crates the package uses; this program's own, if not stated.
    #[arg(long, value_name = "DIR", requires = "out")]
    checkout: Option<PathBuf>,
}

impl Import {
    /// Imports the definition.
    ///
    /// # Errors
    /// When the file cannot be read, has something in it that a saga has nothing for, or the folder is taken.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let text = read(&self.file)?;
        let name = self.name.unwrap_or_else(|| machine_name(&self.file));
        let imported = saga_import::import(&text, format_of(&self.file, &text), &name);
        let shown = self.file.display().to_string();
        let mut imported = imported.map_err(|refusals| Failure::Checked {
            count: refusals.len(),
            report: report::refused(&shown, &refusals),
        })?;
        imported.source = format::formatted(imported.source);
        let report = report::human(&shown, &imported);
        let Some(folder) = self.out else {
            out.write_all(imported.source.as_bytes())?;
            // The report is for people; a stderr that is closed is nobody's loss.
            let _ = io::stderr().lock().write_all(report.as_bytes());
            return Ok(Exit::Success);
        };
        let name = Name::of(&folder)?;
        let checkout = checkout(self.checkout.as_deref())?;
        let files = package::files_of(&name, &checkout, &self.file, &imported);
        write(&folder, files.chain(locked(&checkout)))?;
        let folder = folder.display();
        write!(
            out,
            "Made `{folder}`, on the crates of saga in `{checkout}`: they are not published yet.

{report}
  cd {folder}
  saga-cli verify
  saga-cli generate > template.yaml
"
        )?;
        Ok(Exit::Success)
    }
}

fn format_of(path: &Path, text: &str) -> Format {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("yaml" | "yml") => Format::Yaml,
        Some("json") => Format::Json,
        _ => Format::guess(text),
    }
}
