//! The arguments of `run` for a package's saga.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use saga_asl::data::Data;
use saga_asl::lint::did_you_mean;
use saga_engine::fault as engine;
use saga_local::saga::{Answer, AnswerError, Answers, Fault, FaultError, Faults, Prepared};
use saga_manifest::Manifest;
use saga_manifest::handler::VariableValue;
use saga_manifest::step::Kind;

use crate::command::generate::Target;
use crate::exit::Failure;

/// A package's saga, and what goes wrong with it.
#[derive(Debug, Args)]
#[command(next_help_heading = "A package's saga")]
pub struct PackageArguments {
    /// The package whose saga is run.
    #[arg(short, long, conflicts_with = "definition")]
    pub package: Option<String>,

    /// The saga, where the package has several.
    #[arg(long, value_name = "NAME", conflicts_with = "definition")]
    pub saga: Option<String>,

    /// What runs the saga: its state machine, or events between its services.
    #[arg(long, value_enum, default_value_t = Target::StepFunctions, conflicts_with = "definition")]
    pub target: Target,

    /// Let a step fail with an error, without running it. STEP is a state's name; one item of a map:
    /// `STEP[2]`, counted from 0; a state of another saga that this one starts: `SAGA/STEP`.
    #[arg(long, value_name = "STEP=ERROR", conflicts_with = "definition")]
    fail: Vec<Pair>,

    /// Let a step run and its answer get lost: the task times out.
    #[arg(long, value_name = "STEP", conflicts_with = "definition")]
    timeout: Vec<String>,

    /// Let a step die after its effect, before its answer.
    #[arg(long, value_name = "STEP", conflicts_with = "definition")]
    crash: Vec<String>,

    /// Abort the execution while a step runs, after its effect and before its answer; then run the recovery that
    /// the template's rule would start.
    #[arg(long, value_name = "STEP", conflicts_with = "definition")]
    abort: Vec<String>,

    /// Redrive a saga that is parked, or was recovered, as after a repair: no fault hits it any more. Where its
    /// recovery was parked on its way, that is redriven. Exits by how it ends then.
    #[arg(long, conflicts_with = "definition")]
    pub redrive: bool,

    /// Deliver a step twice, as if its first answer had not arrived.
    #[arg(long, value_name = "STEP", conflicts_with = "definition")]
    duplicate: Vec<String>,

    /// Let faults hit only the first so many attempts of a step; every attempt without this.
    #[arg(long, value_name = "NUMBER", conflicts_with = "definition")]
    fault_attempts: Option<u32>,

    /// Answer a state that waits for its token, such as an approval, with an output. Without an answer its wait
    /// times out.
    #[arg(long, value_name = "STATE=JSON", conflicts_with = "definition")]
    answer: Vec<Pair>,

    /// Answer a state that waits for its token with an error.
    #[arg(long, value_name = "STATE=ERROR", conflicts_with = "definition")]
    reject: Vec<Pair>,

    /// A value of a parameter of the template, which a handler's environment refers to.
    #[arg(
        long = "parameter",
        value_name = "NAME=VALUE",
        conflicts_with = "definition"
    )]
    parameters: Vec<Pair>,

    /// Put rows into the embedded tables before the saga begins, as others may have left them: one object, the name of
    /// each table and its rows, `{"Orders": [{…}]}`; `-` is stdin.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["definition", "endpoint_url"]
    )]
    pub rows: Option<PathBuf>,

    /// Use the AWS-compatible services at this URL (`http://HOST:PORT`, `https://HOST`) instead of the embedded
    /// ones. Tables, topics and queues that they lack are created. Credentials and region are those of the
    /// environment or its profile. Needs a saga-cli that was built with the feature `aws`.
    #[arg(long, value_name = "URL", conflicts_with = "definition")]
    pub endpoint_url: Option<String>,

    /// Show what the handlers print, on stderr.
    #[arg(long, conflicts_with = "definition")]
    pub logs: bool,
}

/// `NAME=VALUE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub name: String,
    pub value: String,
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok(Self {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("expected a name, `=`, and a value".to_owned()),
        }
    }
}

/// The values of the template's parameters, of which each is some handler's variable.
///
/// # Errors
/// A usage error where no handler has a variable for one of them.
pub(in crate::command) fn parameters(
    pairs: &[Pair],
    manifest: &Manifest,
) -> Result<BTreeMap<String, String>, Failure> {
    let apis = manifest.apis.iter().map(|api| &api.function);
    let functions = manifest
        .handlers
        .iter()
        .chain(&manifest.authorizers)
        .chain(apis);
    let variables = functions.flat_map(|function| &function.environment);
    let known: Vec<String> = variables
        .filter_map(|variable| match &variable.value {
            VariableValue::Parameter(name) => Some(name.clone()),
            VariableValue::Literal(_) => None,
        })
        .collect();
    let mut values = BTreeMap::new();
    for Pair { name, value } in pairs {
        if !known.contains(name) {
            return Err(Failure::Usage {
                message: format!("no handler's variable is the parameter `{name}`"),
                help: match known.as_slice() {
                    [] => "none of the handlers has a parameter for a variable".into(),
                    known => meant(name, known, "their parameters are"),
                },
            });
        }
        values.insert(name.clone(), value.clone());
    }
    Ok(values)
}

impl PackageArguments {
    /// The values of the template's parameters.
    ///
    /// # Errors
    /// A usage error where no handler has a variable for one of them.
    pub(super) fn parameters(
        &self,
        manifest: &Manifest,
    ) -> Result<BTreeMap<String, String>, Failure> {
        parameters(&self.parameters, manifest)
    }

    /// Refuses what is asked of an execution, where there is none.
    ///
    /// # Errors
    /// A usage error.
    pub(super) fn needs_no_execution(&self) -> Result<(), Failure> {
        let asked = [
            (!self.abort.is_empty(), "--abort"),
            (!self.answer.is_empty(), "--answer"),
            (!self.reject.is_empty(), "--reject"),
            (self.redrive, "--redrive"),
        ];
        match asked.iter().find(|(asked, _)| *asked) {
            None => Ok(()),
            Some((_, flag)) => Err(Failure::Usage {
                message: format!("`{flag}` is for an execution, and a saga by events has none"),
                help: "leave it out, or run the state machine: `--target step-functions`".into(),
            }),
        }
    }

    /// Whether an execution that is aborted is recovered: one that the user stopped is not.
    pub(super) fn recovers(&self) -> bool {
        !self.abort.is_empty()
    }

    /// The faults, checked against the saga's states.
    ///
    /// # Errors
    /// A usage error that names what was probably meant.
    pub(super) fn faults(&self, saga: &Prepared) -> Result<Faults, Failure> {
        let named = |states: &[String], fault: Fault| -> Vec<(String, Fault)> {
            states
                .iter()
                .map(|state| (state.clone(), fault.clone()))
                .collect()
        };
        let failing = self.fail.iter().cloned();
        let mut all: Vec<_> = failing
            .map(|pair| (pair.name, Fault::Fail(pair.value)))
            .collect();
        all.extend(named(&self.timeout, Fault::Timeout));
        all.extend(named(&self.crash, Fault::Crash));
        all.extend(named(&self.abort, Fault::Abort));
        all.extend(named(&self.duplicate, Fault::Duplicate));
        let mut faults = Faults::on_attempts(self.fault_attempts);
        for (state, fault) in all {
            faults
                .add(&state, fault, &saga.tasks)
                .map_err(|error| refused(&error))?;
        }
        Ok(faults)
    }
}

impl PackageArguments {
    /// What is to be said of errors that no call of the package declares: a slip would test the opposite of what was meant.
    pub(super) fn undeclared(&self, manifest: &Manifest) -> Vec<String> {
        let steps = manifest.sagas.iter().flat_map(|saga| saga.body.all_steps());
        let calls = steps.flat_map(|step| {
            let undo = match &step.kind {
                Kind::Compensatable { compensation } => Some(&**compensation),
                _ => None,
            };
            std::iter::once(&step.call).chain(undo)
        });
        let declared: Vec<&str> = calls
            .flat_map(|call| &call.errors)
            .map(|error| error.name.as_str())
            .collect();
        // Names with a dot are those of services and of the language.
        let undeclared = self
            .fail
            .iter()
            .filter(|pair| !pair.value.contains('.') && !declared.contains(&pair.value.as_str()));
        let note = |pair: &Pair| {
            let near = did_you_mean(&pair.value, declared.iter().copied());
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            format!(
                "no step declares the error `{}`: after it nobody knows whether `{}` happened{near}",
                pair.value, pair.name
            )
        };
        undeclared.map(note).collect()
    }

    /// The answers to states that wait for their token, checked against the saga's states.
    ///
    /// # Errors
    /// A usage error that names what was probably meant.
    pub(super) fn answers(&self, saga: &Prepared) -> Result<Answers, Failure> {
        let mut answers = Answers::default();
        let mut add = |state: &str, answer: Answer| {
            answers
                .add(state, answer, Duration::ZERO, &saga.callbacks)
                .map_err(|error| no_answer(&error))
        };
        for Pair { name, value } in &self.answer {
            let output = Data::parse(value).map_err(|error| Failure::Usage {
                message: format!("the answer to `{name}` is no JSON: {error}"),
                help: format!(
                    "a text has its quotes within the shell's: `--answer '{name}=\"yes\"'`"
                ),
            })?;
            add(name, Answer::Succeed(output))?;
        }
        for Pair { name, value } in &self.reject {
            let cause = "rejected by `--reject`";
            add(
                name,
                Answer::Fail(engine::Failure::new(value.as_str(), cause)),
            )?;
        }
        Ok(answers)
    }
}

fn no_answer(error: &AnswerError) -> Failure {
    let help = match error {
        AnswerError::Unknown { known, .. } if known.is_empty() => {
            "the saga has no state that waits for its token".into()
        }
        AnswerError::Unknown { name, known } => meant(name, known, "the states that wait are"),
        AnswerError::Twice(_) => "a state has one answer".into(),
    };
    Failure::Usage {
        message: error.to_string(),
        help,
    }
}

/// What a name was probably meant to be, or all that it could be.
fn meant(name: &str, known: &[String], all: &str) -> String {
    match did_you_mean(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{all} {}", known.join(", ")),
    }
}

fn refused(error: &FaultError) -> Failure {
    let help = match error {
        FaultError::UnknownStep { name, known } => {
            meant(name, known, "its steps and their undo are")
        }
        FaultError::Twice(_) => "a step has one fault at a time: run it once for each".into(),
    };
    Failure::Usage {
        message: error.to_string(),
        help,
    }
}
