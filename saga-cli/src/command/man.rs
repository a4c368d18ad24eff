//! `saga-cli man`: the manual's pages.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man as Page;

use super::Cli;
use crate::exit::{Exit, Failure};
use crate::files::{self, File};

/// Write the manual: a page for saga-cli, and one for each of its commands.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli man | man -l -              the first page
  saga-cli man --out ~/.local/share/man/man1")]
pub struct Man {
    /// Write all pages into this folder; without it the first one is printed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    /// Prints the first page, or writes all of them.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let mut cli = Cli::command();
        cli.build();
        match &self.out {
            None => out.write_all(&page(cli)?)?,
            Some(folder) => files::write(folder, &pages(&cli)?)?,
        }
        Ok(Exit::Success)
    }
}

/// The program's page and its commands', under the names that building gave them (`saga-cli-run`).
fn pages(cli: &Command) -> io::Result<Vec<File>> {
    let commands = [cli].into_iter().chain(cli.get_subcommands());
    let file = |command: &Command| {
        let name = command.get_display_name().unwrap_or(command.get_name());
        Ok(File {
            name: format!("{name}.1"),
            text: String::from_utf8_lossy(&page(command.clone())?).into_owned(),
        })
    };
    commands.map(file).collect()
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Page::new(command).render(&mut text)?;
    Ok(text)
}
