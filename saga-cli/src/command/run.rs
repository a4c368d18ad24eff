//! `saga-cli run`: runs a state machine on this machine.

pub(super) mod definition;
pub(super) mod input;
mod options;
pub(super) mod package;
mod progress;
mod verdict;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use saga_local::saga::Clock;

use crate::exit::{Exit, Failure};

use options::{Bucket, MockArgument, Presentation, TypeArgument};
use package::PackageArguments;

/// Run a saga, or any state machine, on this machine.
///
/// A package's saga runs with its real handlers, as processes, on embedded services; exits with 0
/// where it completed, 3 where it was compensated, 4 where it is parked. A definition runs with
/// mocks; exits with 0 where it succeeded. Waits and the intervals of retries take no time, but
/// with `--real-time`. Exits with 1 on any other end, with 2 where the command line is wrong.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli run -p fare-processing --input fare.json
  saga-cli run -p fare-processing --input fare.json --crash ChargeFare
  saga-cli run -p fare-processing --input fare.json --rows fares.json
  saga-cli run -p fare-processing --input fare.json --crash CreditCustomerAccount --redrive
  saga-cli run --definition order.asl.json --mock mocks.json#Happy")]
pub struct Run {
    /// The definition to run, in the Amazon States Language as JSON or YAML; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    definition: Option<PathBuf>,

    #[command(flatten)]
    of_package: PackageArguments,

    /// The input as JSON; `-` is stdin. Without one it is `{}`.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,

    /// A mock configuration as of AWS Step Functions Local, and the test case in it.
    #[arg(long, value_name = "FILE[#TESTCASE]", requires = "definition")]
    mock: Option<MockArgument>,

    /// The type of the execution.
    #[arg(long = "type", value_enum, default_value_t, value_name = "TYPE")]
    execution_type: TypeArgument,

    /// A folder that stands in for a bucket which item readers and result writers name.
    #[arg(long = "bucket", value_name = "NAME=FOLDER")]
    buckets: Vec<Bucket>,

    /// What random numbers follow from: jitter, UUIDs, tokens.
    #[arg(long, default_value_t, value_name = "NUMBER")]
    seed: u64,

    /// Let waits take their time.
    #[arg(long)]
    real_time: bool,

    #[command(flatten)]
    presentation: Presentation,
}

impl Run {
    /// The clock that waits and the intervals of retries go by, where a package's saga is run.
    fn clock(&self) -> Clock {
        match self.real_time {
            true => Clock::Real,
            false => Clock::skipping(),
        }
    }

    /// Runs the execution to its end.
    ///
    /// # Errors
    /// When something it needs cannot be read, or the definition cannot run.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        match &self.definition {
            Some(definition) => definition::run(definition, &self, out),
            None => package::run(&self, out),
        }
    }
}
