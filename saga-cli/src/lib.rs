//! The command line of `saga`. One file a command; a command writes to the
//! stream it is handed and says how it ended. See ARCHITECTURE.md.
//!
//! The program is [`main`]; what fuzzing has to reach besides is public.

mod aws;
mod command;
mod consent;
mod deployed;
mod exit;
mod files;
mod package;
pub mod render;
mod show;
mod source;

pub use self::source::Checked;

use std::io::{BufWriter, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::exit::{Exit, Failure};

/// Does what the process's arguments say.
#[must_use]
pub fn main() -> ExitCode {
    let cli = command::Cli::parse();
    let mut out = BufWriter::new(anstream::stdout().lock());
    let ended = cli.run(&mut out).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => report(&failure).into(),
    }
}

/// Says on stderr why a command could not do its work. A reader that has gone
/// away (`saga-cli … | head`) is no failure of ours and stays silent.
fn report(failure: &Failure) -> Exit {
    if failure.is_broken_pipe() {
        return Exit::Success;
    }
    // INVARIANT: nothing is left to do where stderr itself cannot be written.
    let _ = writeln!(anstream::stderr(), "{failure}");
    failure.exit()
}
