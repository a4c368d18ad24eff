//! The commands, a file each. A command is its arguments, and `run` does it.

mod approve;
mod completions;
mod diff;
mod doctor;
mod explain;
mod generate;
mod graph;
mod import;
mod invoke;
mod man;
mod new;
mod parked;
mod redrive;
mod run;
mod scaffold;
mod status;
mod studio;
mod validate;
mod verify;

use std::io::Write;

use clap::{Parser, Subcommand};

use crate::exit::{Exit, Failure};

/// Compile, check and run sagas for AWS Step Functions.
#[derive(Debug, Parser)]
#[command(name = "saga-cli", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Run(Box<run::Run>),
    Studio(studio::StudioPage),
    Verify(verify::Verify),
    Validate(validate::Validate),
    Graph(graph::Graphs),
    Generate(generate::Generate),
    Diff(diff::Diff),
    Import(import::Import),
    Invoke(invoke::Invoke),
    Status(status::Status),
    Parked(parked::ParkedSagas),
    Redrive(redrive::Redrive),
    Approve(approve::Approve),
    Explain(explain::Explain),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Cli {
    /// Runs the chosen command, writing its output to `out`.
    ///
    /// # Errors
    /// When the command could not do its work at all; what it *found* is in the exit.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        match self.command {
            Command::Approve(approve) => approve.run(out),
            Command::Generate(generate) => generate.run(out),
            Command::New(new) => new.run(out),
            Command::Import(import) => import.run(out),
            Command::Diff(diff) => diff.run(out),
            Command::Graph(graph) => graph.run(out),
            Command::Run(run) => run.run(out),
            Command::Studio(studio) => studio.run(out),
            Command::Validate(validate) => validate.run(out),
            Command::Verify(verify) => verify.run(out),
            Command::Invoke(invoke) => invoke.run(out),
            Command::Status(status) => status.run(out),
            Command::Parked(parked) => parked.run(out),
            Command::Redrive(redrive) => redrive.run(out),
            Command::Explain(explain) => explain.run(out),
            Command::Doctor(doctor) => doctor.run(out),
            Command::Completions(completions) => completions.run(out),
            Command::Man(man) => man.run(out),
        }
    }
}
