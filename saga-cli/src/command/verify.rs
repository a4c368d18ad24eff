//! `saga-cli verify`: explores every failure of a saga, and proves its guarantees or breaks one.

mod definition;
mod handlers;
mod in_flight;
mod package;
mod progress;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use saga_asl::model::StateMachine;
use saga_verify::model::Model;
use saga_verify::{Options, Verdict};
use serde_json::Value;

use super::generate::Target;
use super::run::definition::read;
use super::run::input::place;
use super::run::package::Pair;
use crate::exit::{Exit, Failure};
use progress::Progress;

/// Explore every failure of a saga's state machine and check its guarantees.
///
/// Prints a certificate of what was explored, or the shortest way to break a guarantee, with a test
/// to paste. Exits with 0 where the guarantees hold, with 1 where one is broken, with 2 where the
/// command line is wrong.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli verify -p fare-processing
  saga-cli verify -p fare-processing --depth 3
  saga-cli verify -p fare-processing --in-flight v1.4      executions that v1.4 started, after a deployment
  saga-cli verify --definition order.asl.json --annotations order.saga.yaml")]
pub struct Verify {
    /// The package whose saga is explored.
    #[arg(short, long, conflicts_with = "definition")]
    package: Option<String>,

    /// The saga, where the package has several.
    #[arg(long, value_name = "NAME", conflicts_with = "definition")]
    saga: Option<String>,

    /// What runs the saga.
    #[arg(long, value_enum, default_value_t = Target::StepFunctions, conflicts_with = "definition")]
    target: Target,

    /// A definition to explore instead, in the Amazon States Language as JSON or YAML; `-` is stdin.
    #[arg(long, value_name = "FILE", requires = "annotations")]
    definition: Option<PathBuf>,

    /// What the definition's tasks are for, as YAML or JSON: which state undoes which step, the kinds
    /// of steps, which errors say that nothing was done.
    #[arg(long, value_name = "FILE", requires = "definition")]
    annotations: Option<PathBuf>,

    /// Faults in one execution, at most. A compensation runs after one fault: it takes a second one
    /// to see it fail.
    #[arg(long, default_value_t = Options::default().depth, value_name = "NUMBER", value_parser = whole_number)]
    depth: usize,

    /// The input that executions start with, as JSON; `-` is stdin. Without one, inputs are made from
    /// the saga's schema, or taken from the annotations.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,

    /// Distinct states to explore at most, each about 100 bytes; beyond them it is given up.
    #[arg(long, default_value_t = Options::default().states, value_name = "NUMBER", value_parser = whole_number)]
    states: usize,

    /// Put the same faults, one at a time, into the real handlers too, on embedded services, and compare
    /// how the saga ends and what lies in the tables.
    #[arg(long, conflicts_with = "definition")]
    handlers: bool,

    /// Explore the executions instead that are in flight when the package is deployed over OLD: by OLD's
    /// definition, with the package's code for what undoes. OLD is a git revision, a folder with the package as it
    /// was, or its manifest.
    #[arg(long, value_name = "OLD", conflicts_with_all = ["definition", "handlers"])]
    in_flight: Option<String>,

    /// A value of a parameter of the template, which a handler's environment refers to.
    #[arg(long = "parameter", value_name = "NAME=VALUE", requires = "handlers")]
    parameters: Vec<Pair>,

    /// How the verdict is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How a verdict is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Human,
    /// One JSON object.
    Json,
}

impl Verify {
    /// Explores the saga.
    ///
    /// # Errors
    /// When something it needs cannot be read, or the saga cannot be explored.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        if self.target == Target::Choreography {
            return Err(Failure::Usage {
                message: "`verify` explores state machines, and a saga by events has none".into(),
                help: "verify the same saga with `--target step-functions`: both targets come to the same outcome; \
                       or try its events: `saga-cli run --target choreography --timeout STEP`"
                    .into(),
            });
        }
        match (&self.definition, &self.annotations) {
            (Some(definition), Some(annotations)) => {
                definition::verify(&self, definition, annotations, out)
            }
            _ => match &self.in_flight {
                Some(old) => in_flight::verify(&self, old, out),
                None => package::verify(&self, out),
            },
        }
    }

    /// The input that was given.
    fn given(&self) -> Result<Option<Value>, Failure> {
        self.input.as_deref().map(given).transpose()
    }

    /// Explores a state machine, and tells how far it is. `help` is for one that cannot be explored.
    fn explore(
        &self,
        machine: &StateMachine,
        model: &Model,
        inputs: &[Value],
        help: &str,
    ) -> Result<Verdict, Failure> {
        let mut progress = Progress::default();
        let options = Options {
            depth: self.depth,
            states: self.states,
        };
        let verdict = saga_verify::verify(machine, model, inputs, options, &mut |steps, states| {
            progress.tell(steps, states);
        });
        progress.end();
        verdict.map_err(|error| Failure::Failed {
            message: error.to_string(),
            help: help.into(),
        })
    }

    fn show(
        &self,
        verdict: &Verdict,
        test: Option<&str>,
        out: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        match self.format {
            Format::Json => {
                let text = serde_json::to_string_pretty(&verdict)
                    .map_err(|error| unexpected(&error.to_string()))?;
                writeln!(out, "{text}")?;
            }
            Format::Human => {
                write!(out, "{verdict}")?;
                if let Some(test) = test {
                    write!(out, "\nas a test\n\n{test}")?;
                }
            }
        }
        Ok(match verdict {
            Verdict::Holds(certificate) if certificate.complete => Exit::Success,
            Verdict::Holds(_) | Verdict::Broken(_) => Exit::Failure,
        })
    }
}

fn given(path: &Path) -> Result<Value, Failure> {
    serde_json::from_str(&read(path)?).map_err(|error| Failure::Usage {
        message: format!("the input {} is not valid JSON: {error}", place(path)),
        help: String::new(),
    })
}

fn whole_number(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| "a whole number is expected, such as 2".to_owned())
}

/// What is said of what cannot be, where the compiler made what is explored.
const REPORT: &str = "this is a mistake of saga-cli: please report it";

fn unexpected(message: &str) -> Failure {
    Failure::Failed {
        message: message.into(),
        help: REPORT.into(),
    }
}
