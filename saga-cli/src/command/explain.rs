//! `saga-cli explain`: prints the page of a rule.

use std::io::Write;

use clap::Args;

use crate::exit::{Exit, Failure};

/// Explain a rule: what it finds, why that is bad, and what to write instead.
#[derive(Debug, Args)]
pub struct Explain {
    /// A rule's code or name.
    code: String,
}

impl Explain {
    /// Prints the page of the rule.
    ///
    /// # Errors
    /// When no rule has that code.
    pub fn run(self, _out: &mut dyn Write) -> Result<Exit, Failure> {
        let message = format!("no rule is called `{}`", self.code);
        Err(Failure::Usage {
            message,
            help: String::new(),
        })
    }
}
