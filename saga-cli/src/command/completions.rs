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
        out.write_all(&amended(self.shell, script))?;
        Ok(Exit::Success)
    }
}

/// clap_complete 4.6 writes the hyphen of a program's name in two ways into bash's script, so that no option of a
/// command is completed (clap-rs/clap#6421).
fn amended(shell: Shell, script: Vec<u8>) -> Vec<u8> {
    match (shell, String::from_utf8(script)) {
        (Shell::Bash, Ok(script)) => script
            .replace("saga__subcmd__cli", "saga__cli")
            .into_bytes(),
        (_, Ok(script)) => script.into_bytes(),
        (_, Err(error)) => error.into_bytes(),
    }
}
