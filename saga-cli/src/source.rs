//! The texts that a command line names, and what a check found in them.

mod reference;

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread;

use saga_asl::document;
use saga_asl::lint::{self, Options, Report};
use saga_asl::model::ExecutionType;
use saga_asl::syntax::{self, Format};

use crate::exit::Failure;

/// A text and where it comes from.
#[derive(Debug)]
pub struct Text {
    /// The path as the user gave it, or `-`.
    pub name: String,
    /// The path, where the text is a file.
    path: Option<PathBuf>,
    content: String,
    /// Found in a folder: it is left out where it holds no state machine.
    found: bool,
}

/// A text that has been checked.
#[derive(Debug)]
pub struct Checked {
    /// The path as the user gave it, or `-`.
    pub name: String,
    path: Option<PathBuf>,
    /// The text.
    pub content: String,
    /// What was found in it.
    pub report: Report,
}

/// Reads every file that the paths name.
///
/// # Errors
/// When a path cannot be read.
pub fn collect(paths: &[PathBuf]) -> Result<Vec<Text>, Failure> {
    let mut texts = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        if path.as_os_str() == "-" {
            texts.push(stdin()?);
        } else if path.is_dir() {
            let mut files = Vec::new();
            walk(path, &mut files)?;
            for file in files.into_iter().filter(|file| seen.insert(file.clone())) {
                texts.extend(read_found(&file)?);
            }
        } else if seen.insert(path.clone()) {
            texts.push(read(path)?);
        }
    }
    Ok(texts)
}

fn stdin() -> Result<Text, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| failed("stdin", &error.to_string()))?;
    let content = String::from_utf8(bytes).map_err(|_| failed("stdin", "it is not UTF-8"))?;
    Ok(Text {
        name: "-".to_owned(),
        path: None,
        content,
        found: false,
    })
}

fn read(path: &Path) -> Result<Text, Failure> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| failed(&name, &reason(&error)))?;
    let content = String::from_utf8(bytes).map_err(|_| failed(&name, "it is not UTF-8"))?;
    Ok(Text {
        name,
        path: Some(path.to_owned()),
        content,
        found: false,
    })
}

/// A file of a folder, where it may hold a state machine. One that is no text holds none.
fn read_found(path: &Path) -> Result<Option<Text>, Failure> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| failed(&name, &reason(&error)))?;
    let Ok(content) = String::from_utf8(bytes) else {
        return Ok(None);
    };
    let hinted = ["StartAt", "StateMachine"]
        .iter()
        .any(|hint| content.contains(hint));
    let found = !is_named_definition(path);
    Ok((hinted || !found).then(|| Text {
        name,
        path: Some(path.to_owned()),
        content,
        found,
    }))
}

/// Whether a file's name says that it is a definition.
fn is_named_definition(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    [".asl", ".asl.json", ".asl.yaml", ".asl.yml"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Folders that hold what others made.
const SKIPPED: [&str; 5] = [".git", ".aws-sam", "node_modules", "target", "cdk.out"];

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let name = folder.display().to_string();
    let entries = fs::read_dir(folder).map_err(|error| failed(&name, &reason(&error)))?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed(&name, &reason(&error)))?;
        let kind = entry
            .file_type()
            .map_err(|error| failed(&name, &reason(&error)))?;
        paths.push((entry.path(), kind.is_dir()));
    }
    paths.sort();
    for (path, is_folder) in paths {
        let skipped = path
            .file_name()
            .is_some_and(|name| SKIPPED.iter().any(|skipped| name == *skipped));
        if is_folder && !skipped {
            walk(&path, files)?;
        } else if !is_folder && has_known_ending(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn has_known_ending(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    ["asl", "json", "yaml", "yml", "template"].contains(&ending.as_ref())
}

fn failed(name: &str, why: &str) -> Failure {
    Failure::Usage {
        message: format!("cannot read `{name}`: {why}"),
        help: String::new(),
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        _ => error.to_string(),
    }
}

/// Checks every text, in order. Texts that were found in folders and hold no state machine are left out.
pub fn check(texts: Vec<Text>, execution_type: Option<ExecutionType>) -> Vec<Checked> {
    let mut checked = if texts.len() < WORTH_A_THREAD {
        check_some(texts, execution_type)
    } else {
        check_many(texts, execution_type)
    };
    reference::follow(&mut checked);
    checked
}

/// Fewer texts than that are checked before a thread has started.
const WORTH_A_THREAD: usize = 16;

fn check_some(texts: Vec<Text>, execution_type: Option<ExecutionType>) -> Vec<Checked> {
    let wanted = texts
        .into_iter()
        .filter(|text| !text.found || text.holds_state_machine());
    wanted.map(|text| text.check(execution_type)).collect()
}

/// Each processor gets a run of the texts, so that the order stays.
fn check_many(mut texts: Vec<Text>, execution_type: Option<ExecutionType>) -> Vec<Checked> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let share = texts.len().div_ceil(processors);
    thread::scope(|scope| {
        let mut workers = Vec::new();
        while !texts.is_empty() {
            let rest = texts.split_off(share.min(texts.len()));
            let run = std::mem::replace(&mut texts, rest);
            workers.push(scope.spawn(move || check_some(run, execution_type)));
        }
        let joined = workers.into_iter().map(|worker| match worker.join() {
            Ok(checked) => checked,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.flatten().collect()
    })
}

impl Text {
    fn format(&self) -> Format {
        format_of(self.path.as_deref(), &self.content)
    }

    fn holds_state_machine(&self) -> bool {
        document::looks_like_one(&syntax::parse(&self.content, self.format()).root)
    }

    fn check(self, execution_type: Option<ExecutionType>) -> Checked {
        let options = Options {
            format: Some(self.format()),
            execution_type,
        };
        let report = lint::check_with(&self.content, options);
        Checked {
            name: self.name,
            path: self.path,
            content: self.content,
            report,
        }
    }
}

/// How a file is written: as its ending says, else as it looks.
fn format_of(path: Option<&Path>, content: &str) -> Format {
    let ending = path
        .and_then(Path::extension)
        .unwrap_or_default()
        .to_string_lossy();
    match ending.as_ref() {
        "yaml" | "yml" => Format::Yaml,
        "json" => Format::Json,
        _ => Format::guess(content),
    }
}

impl Checked {
    /// Applies what can be repaired for certain, writes the file and checks it again. Repairs may
    /// make others possible, so this goes on until there is none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn fix(&mut self, execution_type: Option<ExecutionType>) -> Result<(), Failure> {
        const ROUNDS: usize = 10;
        let Some(path) = self.path.clone() else {
            return Ok(());
        };
        let before = self.content.clone();
        for _ in 0..ROUNDS {
            let (content, applied) = lint::apply(&self.content, &self.report.diagnostics);
            if applied == 0 {
                break;
            }
            let format = Some(format_of(Some(&path), &content));
            self.report = lint::check_with(
                &content,
                Options {
                    format,
                    execution_type,
                },
            );
            self.content = content;
        }
        if self.content == before {
            return Ok(());
        }
        fs::write(&path, &self.content).map_err(|error| Failure::Failed {
            message: format!("cannot write `{}`: {}", self.name, reason(&error)),
            help: String::new(),
        })
    }
}
