//! `saga-cli doctor`: what this machine lacks, for each thing that is done with sagas.

mod account;
mod look;
mod report;
mod tool;

use std::io::Write;

use clap::{Args, ValueEnum};

use self::report::Report;
use crate::exit::{Exit, Failure};

/// Say what this machine lacks, for each command and for deploying, and how to get it.
///
/// Exits with 0 where nothing that is needed is missing, with 1 where something is.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli doctor              everything
  saga-cli doctor run verify   only what these need")]
pub struct Doctor {
    /// What is to be done with sagas; everything, if not stated.
    #[arg(value_enum, value_name = "WHAT")]
    tasks: Vec<Task>,
    /// What is printed.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// What is done with sagas, and needs more than `saga-cli` itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Task {
    /// `saga-cli generate`
    Generate,
    /// `saga-cli run`, of a package
    Run,
    /// `saga-cli verify`, of a package
    Verify,
    /// `saga-cli graph`, of a package
    Graph,
    /// `saga-cli status`, `parked`, `redrive`, `approve`: of a deployed stack
    Operate,
    /// `sam build` and `sam deploy`, with what `generate` made
    Deploy,
    /// `cargo test --workspace`, in a checkout of saga itself
    Test,
}

impl Task {
    /// Its name on the command line.
    fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Run => "run",
            Self::Verify => "verify",
            Self::Graph => "graph",
            Self::Operate => "operate",
            Self::Deploy => "deploy",
            Self::Test => "test",
        }
    }
}

/// How it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For machines: one object.
    Json,
}

impl Doctor {
    /// Looks at the machine and tells of it.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let tasks = match self.tasks.as_slice() {
            [] => Task::value_variants(),
            some => some,
        };
        let report = Report::of(tasks);
        match self.format {
            Format::Human => report.tell(out)?,
            Format::Json => report.write(out)?,
        }
        Ok(match report.is_ready() {
            true => Exit::Success,
            false => Exit::Failure,
        })
    }
}
