//! `saga-cli validate`: lints state machines.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::exit::{Exit, Failure};

/// Check Amazon States Language definitions in JSON, YAML, SAM and CloudFormation.
#[derive(Debug, Args)]
pub struct Validate {
    /// Files and folders; `-` is stdin.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

impl Validate {
    /// Lints every path. Exits with 1 where there is an error.
    ///
    /// # Errors
    /// When a path cannot be read or the output not written.
    pub fn run(self, _out: &mut dyn Write) -> Result<Exit, Failure> {
        let message = format!("cannot check {} paths yet", self.paths.len());
        Err(Failure::Usage {
            message,
            help: "wait for the rules".to_owned(),
        })
    }
}
