//! `saga-cli completions`: what a shell needs to complete a command line.

use std::io::Write;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Cli;
use crate::exit::{Exit, Failure};

/// Print what completes command lines in a shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli completions bash > ~/.local/share/bash-completion/completions/saga-cli
  saga-cli completions fish > ~/.config/fish/completions/saga-cli.fish
  saga-cli completions zsh > \"${fpath[1]}/_saga-cli\"")]
pub struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    /// Writes the shell's script.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let mut command = Cli::command();
        let name = command.get_name().to_owned();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        out.write_all(&script)?;
        Ok(Exit::Success)
    }
}
