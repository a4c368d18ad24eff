//! `saga-cli generate`: from a package of sagas to its SAM template.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use saga_asl::lint::did_you_mean;
use saga_compiler::{Architecture, Definitions, Diagnostic, Options, Output};
use saga_manifest::Manifest;

use crate::exit::{Exit, Failure};
use crate::files::{self, File};
use crate::package::{self, Package};

/// Compile the sagas of a package to a SAM template, on stdout.
///
/// The template is ready for `sam build && sam deploy`: functions, state machines with their
/// definitions, roles, tables, topics and queues.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli generate > template.yaml          the only package of sagas here
  saga-cli generate -p fare-processing       one of several packages
  saga-cli generate --out deploy             deploy/template.yaml and deploy/<saga>.asl.json")]
pub struct Generate {
    /// The package whose sagas are compiled.
    #[arg(short, long)]
    package: Option<String>,
    /// Only this saga of the package.
    #[arg(long, value_name = "NAME")]
    saga: Option<String>,
    /// What the sagas are compiled to.
    #[arg(long, value_enum, default_value_t = Target::StepFunctions)]
    target: Target,
    /// Write `template.yaml` and `<saga>.asl.json` into this folder instead.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The processors that the functions run on.
    ///
    /// `arm64` is cheaper for the same work; building for it elsewhere takes a cross compiler, which
    /// `cargo lambda` brings along or asks for.
    #[arg(long, value_enum, default_value_t = Processor::X86_64)]
    architecture: Processor,
    /// Tell on stderr how long building, asking and compiling took.
    #[arg(long)]
    timings: bool,
}

/// What runs the sagas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Target {
    /// AWS Step Functions: a state machine a saga.
    StepFunctions,
    /// Events between services, without an orchestrator.
    Choreography,
}

/// The processors of Lambda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Processor {
    /// Intel and AMD.
    #[value(name = "x86_64")]
    X86_64,
    /// Graviton.
    #[value(name = "arm64")]
    Arm64,
}

impl Generate {
    /// Builds the package, asks it for its manifest, compiles that and prints the template.
    ///
    /// # Errors
    /// When there is no such package, it does not build, its sagas do not check, or the output cannot
    /// be written. Nothing is printed or written then.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let mut clock = Clock::start(self.timings);
        let package = package::find(self.package.as_deref())?;
        clock.lap("find");
        let executable = package::build(&package)?;
        clock.lap("build");
        let manifest = chosen(package::ask(&executable)?, self.saga.as_deref())?;
        clock.lap("ask");
        let compiled = self.compile(&manifest, &package)?;
        clock.lap("compile");
        match &self.out {
            None => out.write_all(text(&compiled, Definitions::Inline)?.as_bytes())?,
            Some(folder) => files::write(folder, &outputs(&compiled)?)?,
        }
        Ok(Exit::Success)
    }

    fn compile(&self, manifest: &Manifest, package: &Package) -> Result<Output, Failure> {
        let options = Options {
            package: package.name.clone(),
            binary: package.binary.clone(),
            code_uri: code_uri(package, self.out.as_deref())?,
            architecture: match self.architecture {
                Processor::X86_64 => Architecture::X86_64,
                Processor::Arm64 => Architecture::Arm64,
            },
            definitions: match self.out {
                None => Definitions::Inline,
                Some(_) => Definitions::Files,
            },
        };
        let compile = match self.target {
            Target::StepFunctions => saga_compiler::compile,
            Target::Choreography => saga_compiler::choreograph,
        };
        compile(manifest, &options)
            .map_err(|diagnostics| package::refused(&diagnostics, &package.workspace))
    }
}

/// The manifest with only the saga that was asked for, if one was, and those that it runs.
fn chosen(mut manifest: Manifest, saga: Option<&str>) -> Result<Manifest, Failure> {
    let Some(name) = saga else {
        return Ok(manifest);
    };
    let known: Vec<String> = manifest
        .sagas
        .iter()
        .map(|saga| saga.name.clone())
        .collect();
    manifest.retain_sagas(name);
    if manifest.sagas.is_empty() {
        return Err(Failure::Usage {
            message: format!("the package has no saga `{name}`"),
            help: match did_you_mean(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its sagas are {}", known.join(", ")),
            },
        });
    }
    Ok(manifest)
}

/// The package's folder as the template names it: relative to the folder that the template is for.
fn code_uri(package: &Package, out: Option<&Path>) -> Result<String, Failure> {
    let base = std::env::current_dir()
        .and_then(|here| std::path::absolute(here.join(out.unwrap_or(Path::new("")))))?;
    let base = base.canonicalize().unwrap_or(base);
    let folder = package.folder.canonicalize()?;
    let relative = pathdiff::diff_paths(&folder, &base).unwrap_or(folder);
    let text = relative.to_str().ok_or_else(|| Failure::Failed {
        message: format!(
            "the path `{}` is no UTF-8, and a template is",
            relative.display()
        ),
        help: "move the package to a folder with another name".into(),
    })?;
    // A template is read on any system, and SAM takes `/` on each.
    Ok(if text.is_empty() {
        ".".into()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    })
}

fn outputs(compiled: &Output) -> Result<Vec<File>, Failure> {
    let definitions = compiled.definitions.iter();
    let definitions = definitions.flat_map(saga_compiler::Definition::files);
    let definitions = definitions.map(|(name, text)| File { name, text });
    let template = File {
        name: "template.yaml".into(),
        text: text(compiled, Definitions::Files)?,
    };
    Ok(definitions.chain([template]).collect())
}

/// The template's text, if CloudFormation takes it.
fn text(compiled: &Output, definitions: Definitions) -> Result<String, Failure> {
    let text = compiled
        .template
        .to_text()
        .map_err(|error| Failure::Failed {
            message: format!("the template cannot be written as YAML: {error}"),
            help: "this is a mistake of saga-cli: please report it".into(),
        })?;
    match saga_compiler::fits(&text, definitions) {
        Ok(()) => Ok(text),
        Err(Diagnostic { message, help, .. }) => Err(Failure::Failed { message, help }),
    }
}

/// Tells what took how long.
struct Clock {
    shown: bool,
    since: Instant,
}

impl Clock {
    fn start(shown: bool) -> Self {
        Self {
            shown,
            since: Instant::now(),
        }
    }

    #[expect(clippy::print_stderr, reason = "stdout is the template's alone")]
    fn lap(&mut self, what: &str) {
        if self.shown {
            eprintln!(
                "{what:>8} {:>9.3} ms",
                self.since.elapsed().as_secs_f64() * 1000.0
            );
        }
        self.since = Instant::now();
    }
}
