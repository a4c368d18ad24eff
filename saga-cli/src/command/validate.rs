//! `saga-cli validate`: lints state machines.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use saga_asl::lint::{Diagnostic, Options, Severity};
use saga_asl::model::ExecutionType;

use crate::exit::{Exit, Failure};
use crate::render::{self, Format};
use crate::source::{self, Checked};

/// Check Amazon States Language definitions in JSON, YAML, SAM and CloudFormation.
///
/// Exits with 0 where there is no error, with 1 where there is one, with 2 where the command line
/// is wrong.
#[derive(Debug, Args)]
pub struct Validate {
    /// Files and folders; `-` is stdin. Of a folder, all files that hold a state machine.
    #[arg(required = true)]
    paths: Vec<PathBuf>,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// The type of the executions, where a file does not say it.
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    execution_type: Option<TypeArgument>,

    /// Exit with 1 where there is a warning.
    #[arg(long)]
    deny_warnings: bool,

    /// Show notes on cost and habit too.
    #[arg(long)]
    notes: bool,

    /// Repair what has a certain repair, and write it back.
    #[arg(long)]
    fix: bool,
}

/// The type of a state machine's executions.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum TypeArgument {
    /// Up to a year, with a history.
    Standard,
    /// Up to five minutes.
    Express,
}

impl From<TypeArgument> for ExecutionType {
    fn from(argument: TypeArgument) -> Self {
        match argument {
            TypeArgument::Standard => Self::Standard,
            TypeArgument::Express => Self::Express,
        }
    }
}

impl Validate {
    /// Lints every path.
    ///
    /// # Errors
    /// When a path cannot be read or the output not written.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let places = source::find(&self.paths)?;
        let options = Options {
            execution_type: self.execution_type.map(ExecutionType::from),
            without_notes: !self.notes,
            ..Options::default()
        };
        let mut files = source::check(&places, options)?;
        if self.fix {
            for file in &mut files {
                file.fix(options)?;
            }
        }
        for file in &mut files {
            file.report
                .diagnostics
                .retain(|diagnostic| self.shows(diagnostic));
        }
        render::write(self.format, &files, out)?;
        Ok(self.exit(&files))
    }

    fn shows(&self, diagnostic: &Diagnostic) -> bool {
        self.notes || diagnostic.severity > Severity::Note
    }

    fn exit(&self, files: &[Checked]) -> Exit {
        let bad = if self.deny_warnings {
            Severity::Warning
        } else {
            Severity::Error
        };
        let found = files.iter().flat_map(|file| &file.report.diagnostics);
        let failed = found
            .map(|diagnostic| diagnostic.severity)
            .any(|severity| severity >= bad);
        if failed { Exit::Failure } else { Exit::Success }
    }
}
