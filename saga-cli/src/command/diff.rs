//! `saga-cli diff`: what a deployment does to executions in flight.

pub(super) mod side;

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use saga_compiler::diff::{Change, Effect, diff};

use crate::exit::{Exit, Failure};

/// Tell what deploying NEW over OLD does to executions in flight.
///
/// An execution keeps its definition, and nothing else: the functions it calls, what they take and answer, what its
/// role may do, and what recovers it are the new ones. Exits with 1 where a change would strand an execution, with 0
/// where none would.
///
/// Each side is a template, a definition, a manifest, a folder with a package, a git revision (`HEAD~1`), or a file
/// of one (`HEAD~1:template.yaml`).
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli diff deployed.yaml template.yaml      what is deployed and what will be
  saga-cli diff main .                           the only package here, on main and as it stands
  saga-cli diff -p orders v1.4 HEAD --format json
  saga-cli diff HEAD:order.asl.json order.asl.json")]
pub struct Diff {
    /// What is deployed.
    old: String,

    /// What takes its place.
    new: String,

    /// The package, where a side is a revision or a folder with several.
    #[arg(short, long)]
    package: Option<String>,

    /// How changes are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How changes are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    #[default]
    Human,
    /// An array of objects.
    Json,
}

impl Diff {
    /// Reads both sides and compares them.
    ///
    /// # Errors
    /// When a side cannot be read or built, or the output not written.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let package = self.package.as_deref();
        let old = side::read(&self.old, package)?;
        let new = side::read(&self.new, package)?;
        let changes = diff(&old, &new);
        match self.format {
            Format::Human => human(&changes, out)?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut *out, &changes).map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
        let strands = changes
            .iter()
            .any(|change| change.effect == Effect::Strands);
        Ok(if strands {
            Exit::Failure
        } else {
            Exit::Success
        })
    }
}

fn human(changes: &[Change], out: &mut dyn Write) -> io::Result<()> {
    for change in changes {
        let effect = match change.effect {
            Effect::Strands => "strands",
            Effect::Differs => "differs",
            Effect::Keeps => "keeps",
        };
        let resource = &change.resource;
        writeln!(
            out,
            "{effect}[{}]: {resource}: {}",
            change.code, change.message
        )?;
        if !change.help.is_empty() {
            writeln!(out, "  help: {}", change.help)?;
        }
    }
    let count = |effect| {
        changes
            .iter()
            .filter(|change| change.effect == effect)
            .count()
    };
    match (count(Effect::Strands), count(Effect::Differs)) {
        (0, 0) => writeln!(out, "executions in flight end as they were started"),
        (0, _) => writeln!(
            out,
            "executions in flight end, and not all as they were started"
        ),
        (strand, _) => writeln!(
            out,
            "{strand} {} would strand executions in flight",
            changes_word(strand)
        ),
    }
}

fn changes_word(count: usize) -> &'static str {
    if count == 1 { "change" } else { "changes" }
}
