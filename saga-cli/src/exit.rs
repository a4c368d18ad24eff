//! How a command ends: the exit codes of the command-line contract.

use std::io;
use std::process::ExitCode;

/// The exit codes that scripts may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The command did its work and found nothing wrong.
    Success = 0,
    /// What was checked or built is wrong.
    Failure = 1,
    /// The command line itself is wrong.
    Usage = 2,
    /// A saga ran and was compensated.
    Compensated = 3,
    /// A saga ran and was parked.
    Parked = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do its work at all.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The arguments make no sense together; the message says which and why.
    #[error("error: {message}{}", help_line(.help))]
    Usage {
        /// What is wrong, in lower case.
        message: String,
        /// What to do about it.
        help: String,
    },
    /// Something outside the command failed; the message says what and where.
    #[error("error: {message}{}", help_line(.help))]
    Failed {
        /// What is wrong, in lower case.
        message: String,
        /// What to do about it; may be empty.
        help: String,
    },
    /// What was to be compiled is wrong.
    #[error("{report}error: {count} {}; nothing was written", if *.count == 1 { "problem" } else { "problems" })]
    Checked {
        /// The problems, rendered.
        report: String,
        /// How many they are.
        count: usize,
    },
    /// Writing the output failed.
    #[error("error: cannot write the output: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// The exit code that goes with it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::Usage,
            Self::Failed { .. } | Self::Checked { .. } | Self::Output(_) => Exit::Failure,
        }
    }

    /// Whether the reader of the output has gone away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

fn help_line(help: &str) -> String {
    if help.is_empty() {
        String::new()
    } else {
        format!("\n  help: {help}")
    }
}
