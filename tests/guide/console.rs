//! The guide's commands: each is run, page by page, as somebody would who reads the book from its first page on.
//!
//! A page shows some lines of what a command prints. Those of `mistakes/` show all of it, and how the command
//! exits: `UPDATE_EXPECT=1` writes them anew.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use pretty_assertions::StrComparison;
use tempfile::TempDir;

use super::pages::{Page, book, pages};
use crate::markdown::blocks_of;
use crate::tools::outer::outside;
use crate::tools::process::{self, Ran};
use crate::tools::trial::Stop;
use crate::tools::{target, workspace};

/// Packages are built among them.
const LIMIT: Duration = Duration::from_secs(600);
/// Where a reader stands who has read the first page.
const PACKAGE: &str = "orders";
/// A definition of the reader's own, which pages name.
const DEFINITION: &str = "examples/fare-processing/expected/FareProcessing.asl.json";
/// What a page says of a command that does not exit with 0.
const EXIT: &str = "# exits with ";

/// A command as a page shows it, and the lines that it shows below.
struct Shown<'t> {
    lines: Vec<&'t str>,
    says: Vec<&'t str>,
}

pub fn check() -> Result<(), Stop> {
    let scratch = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).map_err(|e| e.to_string())?;
    let reader = Reader {
        home: scratch.path().to_owned(),
    };
    let mut stale = String::new();
    for page in pages()? {
        let told = |error| format!("{}: {error}", page.name);
        if page.name.starts_with("mistakes/") {
            let text = reader.reads_all(&page).map_err(told)?;
            if text != page.text {
                let compared = StrComparison::new(&page.text, &text);
                stale += &format!("{}: run with UPDATE_EXPECT=1\n{compared}\n", page.name);
            }
        } else {
            reader.reads(&page).map_err(told)?;
        }
    }
    match stale.is_empty() {
        true => Ok(()),
        false => Err(Stop::Failed(stale)),
    }
}

/// Somebody with an empty folder.
struct Reader {
    home: PathBuf,
}

impl Reader {
    /// Runs a page's commands: what they print has the lines that are shown, in their order.
    fn reads(&self, page: &Page) -> Result<(), String> {
        let mut folder = self.folder()?;
        let blocks = blocks_of("console", &page.text);
        for shown in blocks.iter().flat_map(|block| commands(block)) {
            let (line, exit) = shown.line();
            match line.strip_prefix("cd ") {
                Some(into) => folder = folder.join(into),
                None => shown.holds(&self.run(&line, &folder)?, exit)?,
            }
        }
        Ok(())
    }

    /// Runs a page's commands: the page as it is with what they print.
    fn reads_all(&self, page: &Page) -> Result<String, String> {
        let folder = self.folder()?;
        let mut text = page.text.clone();
        for block in &blocks_of("console", &page.text) {
            let mut anew = String::new();
            for shown in commands(block) {
                let (line, _) = shown.line();
                let ran = self.run(&line, &folder)?;
                anew += &format!("$ {}\n", shown.lines.join("\n> "));
                anew += &self.printed(&ran);
                if let Some(code) = ran.status.code().filter(|code| *code != 0) {
                    anew += &format!("{EXIT}{code}\n");
                }
            }
            let fenced = |block: &str| format!("```console\n{block}```");
            text = text.replace(&fenced(block), &fenced(&format!("{}\n", anew.trim_end())));
        }
        if env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(book().join(&page.name), &text).map_err(|e| e.to_string())?;
            return Ok(page.text.clone());
        }
        Ok(text)
    }

    /// What was printed, wherever it was run.
    fn printed(&self, ran: &Ran) -> String {
        let places = [
            (self.home.as_path(), "/home/you"),
            (target(), "/saga/target"),
            (workspace(), "/saga"),
        ];
        let name = |text: String, (path, name): (&Path, &str)| {
            text.replace(&path.display().to_string(), name)
        };
        let text = places.into_iter().fold(ran.stdout.clone(), name);
        let lines = text.lines().map(|line| format!("{}\n", line.trim_end()));
        lines.collect()
    }

    /// Where the reader stands: in the package, once it was made.
    fn folder(&self) -> Result<PathBuf, String> {
        let package = self.home.join(PACKAGE);
        if !package.is_dir() {
            return Ok(self.home.clone());
        }
        let own = package.join("order.asl.json");
        fs::copy(workspace().join(DEFINITION), own).map_err(|e| e.to_string())?;
        Ok(package)
    }

    /// Runs a line in a shell that finds `saga-cli`.
    fn run(&self, line: &str, folder: &Path) -> Result<Ran, String> {
        let mut shell = Command::new("sh");
        // What serves until it is told to end is told so.
        let line = match line.strip_suffix(" &") {
            Some(serves) => format!("timeout --preserve-status --signal INT 3 {serves}"),
            None => line.to_owned(),
        };
        outside(&mut shell)
            .args(["-c", &format!("exec 2>&1\n{line}")])
            .current_dir(folder)
            .env("PATH", path()?)
            .env("HOME", &self.home)
            .env("CARGO_HOME", cargo_home())
            .env("RUSTUP_HOME", rustup_home())
            // A reader has the one on the search path.
            .env_remove("CARGO")
            .env("CARGO_TERM_QUIET", "true")
            .env("CARGO_TERM_COLOR", "never")
            // The packages are built where everything else is.
            .env("CARGO_TARGET_DIR", target());
        process::run(&mut shell, LIMIT)
    }
}

impl<'t> Shown<'t> {
    /// The line as it is handed to a shell, and how it is to exit.
    fn line(&self) -> (String, i32) {
        let line = self.lines.join("\n");
        match line.split_once("   # exits with ") {
            Some((line, code)) => (line.to_owned(), code.parse().unwrap_or(-1)),
            None => (line, 0),
        }
    }

    fn holds(&self, ran: &Ran, exit: i32) -> Result<(), String> {
        if ran.status.code() != Some(exit) {
            return Err(ran.failure(&format!("does not exit with {exit}")));
        }
        let mut rest = ran.stdout.as_str();
        for line in &self.says {
            let Some((_, after)) = rest.split_once(line) else {
                return Err(ran.failure(&format!("does not print `{line}` there")));
            };
            rest = after;
        }
        Ok(())
    }
}

fn commands(block: &str) -> Vec<Shown<'_>> {
    let mut commands: Vec<Shown<'_>> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(line), _) => commands.push(Shown {
                lines: vec![line],
                says: Vec::new(),
            }),
            (None, Some(command)) => match line.strip_prefix("> ") {
                Some(more) if command.says.is_empty() => command.lines.push(more),
                _ => command.says.push(line.trim()),
            },
            (None, None) => {}
        }
    }
    commands
}

/// The search path, with the `saga-cli` under test before all others.
fn path() -> Result<OsString, String> {
    let own = Path::new(env!("CARGO_BIN_EXE_saga-cli")).parent();
    let others = env::var_os("PATH").unwrap_or_default();
    let all = own
        .map(PathBuf::from)
        .into_iter()
        .chain(env::split_paths(&others));
    env::join_paths(all).map_err(|e| e.to_string())
}

fn cargo_home() -> OsString {
    of_home("CARGO_HOME", ".cargo")
}

fn rustup_home() -> OsString {
    of_home("RUSTUP_HOME", ".rustup")
}

fn of_home(variable: &str, folder: &str) -> OsString {
    let home = PathBuf::from(env::var_os("HOME").unwrap_or_default());
    env::var_os(variable).unwrap_or_else(|| home.join(folder).into())
}
