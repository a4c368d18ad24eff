//! A package that is built again whenever it is saved.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use saga_manifest::Manifest;
use saga_studio::{Built, Problem, Workshop};
use serde_json::Value;
use tempfile::TempDir;

use crate::command::run::input;
use crate::command::run::package::{Pair, compile, parameters, rows};
use crate::exit::Failure;
use crate::package::{self, Package, Said};

/// Where a package is built.
pub(super) struct Bench {
    package: Package,
    parameters: Vec<Pair>,
    /// The file with the rows that lie in the tables before.
    rows: Option<PathBuf>,
    /// Where binaries are kept as they were built: cargo writes over its own.
    kept: TempDir,
    builds: AtomicU64,
    /// The binary that cargo wrote last.
    last: Mutex<Option<PathBuf>>,
}

impl Bench {
    pub(super) fn new(
        package: Package,
        parameters: Vec<Pair>,
        rows: Option<PathBuf>,
    ) -> Result<Self, Failure> {
        if rows.as_deref() == Some(Path::new("-")) {
            return Err(Failure::Usage {
                message: "the studio reads the rows again and again, and stdin once".into(),
                help: "write them to a file, and name that: `--rows FILE`".into(),
            });
        }
        Ok(Self {
            package,
            parameters,
            rows,
            kept: tempfile::tempdir()?,
            builds: AtomicU64::default(),
            last: Mutex::default(),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.package.name
    }

    /// A port of the package's own, of those that are nobody's (RFC 6335: from 49152 on): the same at every start.
    pub(super) fn port(&self) -> u16 {
        let name = self.package.folder.as_os_str().as_encoded_bytes();
        let mixed = name.iter().fold(0_u16, |mixed, byte| {
            mixed.wrapping_mul(31).wrapping_add(u16::from(*byte))
        });
        49_152 + mixed % 16_384
    }

    fn keep(&self, executable: &Path) -> std::io::Result<PathBuf> {
        let number = self.builds.fetch_add(1, Ordering::Relaxed);
        let folder = self.kept.path().join(number.to_string());
        fs::create_dir(&folder)?;
        let kept = folder.join(&self.package.binary);
        fs::copy(executable, &kept)?;
        // Runs of the one before may go on; of those before that none does.
        if let Some(old) = number.checked_sub(2) {
            // INVARIANT: what is left goes with the whole folder.
            let _ = fs::remove_dir_all(self.kept.path().join(old.to_string()));
        }
        Ok(kept)
    }

    fn rows(&self, manifest: &Manifest) -> Result<Option<Value>, Failure> {
        let Some(path) = &self.rows else {
            return Ok(None);
        };
        rows::read(Some(path), manifest)?;
        // INVARIANT: what is read as rows is JSON.
        Ok(serde_json::from_str(&input::text(path)?).ok())
    }

    fn compiled(&self, executable: PathBuf) -> Result<Built, Failure> {
        let manifest = package::ask(&executable)?;
        let compiled = compile(&manifest, &self.package)?;
        Ok(Built {
            parameters: parameters(&self.parameters, &manifest)?,
            rows: self.rows(&manifest)?,
            definitions: compiled.definitions,
            executable,
            manifest,
        })
    }
}

impl Workshop for Bench {
    fn package(&self) -> &str {
        self.name()
    }

    fn build(&self) -> Result<Built, Problem> {
        let Said { built, stderr } = package::build_telling(&self.package);
        let executable = built.map_err(|failure| Problem {
            text: stderr,
            ..problem(failure)
        })?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(executable.clone());
        drop(last);
        let kept = self
            .keep(&executable)
            .map_err(|error| problem(error.into()))?;
        self.compiled(kept).map_err(problem)
    }

    /// What cargo says the binary is made of; and, since a module that is new or was never built is not among that, all
    /// there is in the package's folder.
    fn sources(&self) -> Vec<PathBuf> {
        let last = self
            .last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let mut found = vec![self.package.workspace.join("Cargo.toml")];
        found.extend(last.iter().flat_map(|executable| made_of(executable)));
        found.extend(self.rows.clone());
        walk(&self.package.folder, &mut found);
        found.sort();
        found.dedup();
        found
    }
}

/// The files that cargo names in the `.d` beside a binary, without those that a build writes.
fn made_of(executable: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(executable.with_extension("d")).unwrap_or_default();
    let target = executable.parent().and_then(Path::parent);
    let files = text.lines().filter_map(|line| line.split_once(": "));
    let files = files.flat_map(|(_, files)| words(files));
    files
        .map(PathBuf::from)
        .filter(|file| target.is_none_or(|target| !file.starts_with(target)))
        .collect()
}

/// Words that are separated by spaces; one of their own has a backslash before it.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some(' ')) => {
                letters.next();
                words
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|word| word.push(' '));
            }
            (' ', _) => words.push(String::new()),
            _ => words
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|word| word.push(letter)),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The Rust and TOML files below a folder, without what is hidden or built.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let hidden = name.to_string_lossy().starts_with('.') || name == "target";
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !hidden => walk(&path, found),
            Ok(kind) if kind.is_file() => {
                let ending = path.extension();
                if ending.is_some_and(|ending| ending == "rs" || ending == "toml") {
                    found.push(path);
                }
            }
            _ => {}
        }
    }
}

fn problem(failure: Failure) -> Problem {
    match failure {
        Failure::Usage { message, help } | Failure::Failed { message, help } => Problem {
            message,
            help,
            text: String::new(),
        },
        Failure::Checked { report, count } => Problem {
            message: match count {
                1 => "the saga has a problem".into(),
                count => format!("the sagas have {count} problems"),
            },
            help: String::new(),
            text: anstream::adapter::strip_str(&report).to_string(),
        },
        Failure::Output(error) => Problem {
            message: error.to_string(),
            ..Problem::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_may_have_spaces() {
        assert_eq!(words("/a/b.rs /c\\ d.rs"), ["/a/b.rs", "/c d.rs"]);
        assert!(words("").is_empty());
    }
}
