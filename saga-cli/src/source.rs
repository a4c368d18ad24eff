//! The texts that a command line names, and what a check found in them.

mod find;
mod reference;

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use saga_asl::lint::{self, Options, Report};
use saga_asl::syntax::Format;

pub(crate) use self::find::find;
use crate::exit::Failure;
use crate::files;

/// Where a text is.
#[derive(Debug)]
pub(crate) enum Place {
    /// On stdin.
    Stdin,
    /// In a file that the command line names.
    Named(PathBuf),
    /// In a file of a folder that it names, which may as well hold something else.
    Found(PathBuf),
}

/// A text that has been checked.
#[derive(Debug)]
pub struct Checked {
    /// The path as the user gave it, or `-`.
    pub name: String,
    path: Option<PathBuf>,
    /// The text; empty where nothing is said of it.
    pub content: String,
    /// What was found in it.
    pub report: Report,
}

/// Reads and checks every text, in order. Texts that were found in folders and hold no state
/// machine are left out.
///
/// # Errors
/// When a text cannot be read.
pub(crate) fn check(places: &[Place], options: Options) -> Result<Vec<Checked>, Failure> {
    let all = if places.len() < WORTH_A_THREAD {
        let all = places.iter().map(|place| place.check(options));
        all.collect()
    } else {
        check_many(places, options)
    };
    let mut checked = Vec::with_capacity(all.len());
    for one in all {
        checked.extend(one?);
    }
    reference::follow(&mut checked);
    Ok(checked)
}

/// Fewer texts than that are checked before a thread has started.
const WORTH_A_THREAD: usize = 16;

/// What became of a text: none where it was found and holds no state machine.
type Outcome = Result<Option<Checked>, Failure>;

/// Each processor takes some texts, and then some more.
fn check_many(places: &[Place], options: Options) -> Vec<Outcome> {
    const SHARE: usize = 8;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(SHARE, Ordering::Relaxed);
            let share = places.iter().enumerate().skip(start).take(SHARE);
            let before = done.len();
            done.extend(share.map(|(number, place)| (number, place.check(options))));
            if done.len() == before {
                return done;
            }
        }
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let mut done = thread::scope(|scope| {
        let workers: Vec<_> = (1..processors).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for worker in workers {
            match worker.join() {
                Ok(others) => done.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

impl Place {
    fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::Named(path) | Self::Found(path) => Some(path),
        }
    }

    /// The path as the user gave it, or `-`.
    fn name(&self) -> String {
        self.path()
            .map_or_else(|| "-".to_owned(), |path| path.display().to_string())
    }

    /// Its text. Of a file that was found, none where it cannot hold a state machine.
    fn read(&self) -> Result<Option<String>, Failure> {
        let read = match self.path() {
            Some(path) => fs::read(path),
            None => {
                let mut bytes = Vec::new();
                let read = std::io::stdin().lock().read_to_end(&mut bytes);
                read.map(|_| bytes)
            }
        };
        let shown = || match self {
            Self::Stdin => "stdin".to_owned(),
            _ => self.name(),
        };
        let bytes = read.map_err(|error| match self.path() {
            Some(path) => files::unreadable(path, &error),
            None => failed(&shown(), &files::reason(&error)),
        })?;
        match (self, String::from_utf8(bytes)) {
            (Self::Found(path), Ok(content)) => Ok(may_hold_one(path, &content).then_some(content)),
            (Self::Found(_), Err(_)) => Ok(None),
            (_, Ok(content)) => Ok(Some(content)),
            (_, Err(_)) => Err(failed(&shown(), "it is not UTF-8")),
        }
    }

    fn check(&self, options: Options) -> Outcome {
        let Some(content) = self.read()? else {
            return Ok(None);
        };
        let options = Options {
            format: Some(format_of(self.path(), &content)),
            ..options
        };
        let report = match self {
            Self::Found(path) if !is_named_definition(path) => {
                lint::check_if_one(&content, options)
            }
            _ => Some(lint::check_with(&content, options)),
        };
        Ok(report.map(|report| {
            let silent = report.diagnostics.is_empty() && report.references.is_empty();
            Checked {
                name: self.name(),
                path: self.path().map(Path::to_owned),
                content: if silent { String::new() } else { content },
                report,
            }
        }))
    }
}

/// Whether a text can hold a state machine at all: most files of a folder hold none, and need not
/// be parsed.
fn may_hold_one(path: &Path, content: &str) -> bool {
    is_named_definition(path) || content.contains("StartAt") || content.contains("StateMachine")
}

/// Whether a file's name says that it is a definition.
fn is_named_definition(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    [".asl", ".asl.json", ".asl.yaml", ".asl.yml"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn failed(name: &str, why: &str) -> Failure {
    Failure::Usage {
        message: format!("cannot read `{name}`: {why}"),
        help: String::new(),
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
    /// A text that is no file, and what was found in it.
    #[must_use]
    pub fn new(name: String, content: String, report: Report) -> Self {
        Self {
            name,
            path: None,
            content,
            report,
        }
    }

    /// Applies what can be repaired for certain, writes the file and checks it again. Repairs may
    /// make others possible, so this goes on until there is none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn fix(&mut self, options: Options) -> Result<(), Failure> {
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
            self.report = lint::check_with(&content, Options { format, ..options });
            self.content = content;
        }
        if self.content == before {
            return Ok(());
        }
        fs::write(&path, &self.content).map_err(|error| Failure::Failed {
            message: format!("cannot write `{}`: {}", self.name, files::reason(&error)),
            help: String::new(),
        })
    }
}
