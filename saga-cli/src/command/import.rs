//! `saga-cli import`: a definition that somebody wrote, as a saga in Rust.

mod format;
mod package;
mod report;
mod source;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use self::source::Source;
use super::new::Name;
use super::scaffold::{checkout, locked, write};
use crate::exit::{Exit, Failure};

/// Turn an existing definition into a saga in Rust.
///
/// Writes the saga's source, and a report of what the definition leaves open: what is not compensated, not retried, not
/// bounded, and what becomes of it in the saga. What has no counterpart in a saga is refused, with its place.
///
/// A template says more: functions, tables, topics and queues have the names of their resources, tables their keys, functions
/// their time and memory; and the report tells what of the template the saga replaces, what it leaves, and what is weak in it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli import order.asl.json                 the source on stdout, the report on stderr
  saga-cli import order.asl.json --out orders    a package in the folder `orders`, with the report in GAPS.md
  saga-cli import template.yaml --name Orders    the state machine in a SAM or CloudFormation template
  saga-cli import template.yaml --machine Order  one of several
  saga-cli import order.asl.json --template template.yaml
                                                 a definition with the template that deploys it")]
pub struct Import {
    /// A definition in JSON or YAML, or a SAM or CloudFormation template with a state machine in it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The SAM or CloudFormation template that deploys the definition, if FILE is not that itself.
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// The logical id of the state machine, where a template has several.
    #[arg(long, value_name = "LOGICAL_ID")]
    machine: Option<String>,
    /// Make a package in this folder, whose last part is its name.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What the saga is called; the state machine's logical id or the file's name, if not stated.
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
        let source = Source::find(
            &self.file,
            self.template.as_deref(),
            self.machine.as_deref(),
        )?;
        let name = self.name.as_ref().unwrap_or(&source.name);
        let imported = saga_import::import_with(&source.text, source.format, name, &source.context);
        let shown = source.file.display().to_string();
        let mut imported = imported.map_err(|refusals| Failure::Checked {
            count: refusals.len(),
            report: report::refused(&shown, &refusals),
        })?;
        imported.source = format::formatted(imported.source);
        let around = source.around.as_ref().map(|around| {
            let file = around.file.display().to_string();
            (file, around.stack.report(&around.machine, &imported.source))
        });
        let mut report = report::human(&shown, &imported);
        if let Some((file, around)) = &around {
            report.push_str(&report::around(file, around));
        }
        let Some(folder) = self.out else {
            out.write_all(imported.source.as_bytes())?;
            // The report is for people; a stderr that is closed is nobody's loss.
            let _ = io::stderr().lock().write_all(report.as_bytes());
            return Ok(Exit::Success);
        };
        let name = Name::of(&folder)?;
        let checkout = checkout(self.checkout.as_deref())?;
        let files = package::files_of(&name, &checkout, &source.file, &imported, around.as_ref());
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
