//! The pages that are made of what the code says: the command line, and mistakes in Rust. `UPDATE_EXPECT=1` writes
//! them anew.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::pages::book;
use crate::tools::trial::Stop;
use crate::tools::{process, workspace};

const LIMIT: Duration = Duration::from_secs(20);

/// The page of the command line: what each command says of itself.
pub fn check_command_line() -> Result<(), Stop> {
    let overview = help(&[])?;
    let mut page = String::from("# The command line\n");
    let mut section = |name: &str, help: &str| {
        let lines: Vec<_> = help.lines().map(str::trim_end).collect();
        let lines = lines.join("\n");
        // INVARIANT: writing to a string does not fail.
        let _ = write!(
            page,
            "\n## `{name}`\n\n```text\n{}\n```\n",
            lines.trim_end()
        );
    };
    section("saga-cli", &overview);
    for command in commands(&overview) {
        section(&format!("saga-cli {command}"), &help(&[command])?);
    }
    is_kept("reference/cli.md", &page)
}

/// The derives, and the files of `saga-macros` that document them.
const DERIVES: [(&str, &str); 9] = [
    ("SagaData", "saga_data"),
    ("SagaError", "saga_error"),
    ("SagaStep", "saga_step"),
    ("Saga", "saga"),
    ("SagaTable", "saga_table"),
    ("SagaTopic", "saga_topic"),
    ("SagaQueue", "saga_queue"),
    ("SagaApi", "saga_api"),
    ("SagaAuthorizer", "saga_authorizer"),
];

/// The page of attributes: what the derives' documentation says. It is no `{{#include}}`, which only mdBook reads.
pub fn check_attributes() -> Result<(), Stop> {
    let mut page = String::from("# Attributes\n");
    for (derive, file) in DERIVES {
        let path = workspace().join(format!("saga-macros/docs/{file}.md"));
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        // INVARIANT: writing to a string does not fail.
        let _ = write!(page, "\n## `#[derive({derive})]`\n\n{}\n", shown(&text));
    }
    is_kept("reference/attributes.md", &page)
}

/// Documentation as rustdoc shows it: without the lines of its code that are only compiled.
fn shown(documentation: &str) -> String {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in documentation.trim_end().lines() {
        match line {
            "```" => {
                in_code = !in_code;
                lines.push(if in_code { "```rust,ignore" } else { line });
            }
            _ if in_code && (line == "#" || line.starts_with("# ")) => {}
            _ => lines.push(line),
        }
    }
    lines.join("\n")
}

/// The commands that the overview lists.
fn commands(overview: &str) -> impl Iterator<Item = &str> {
    let listed = overview.split("Commands:\n").nth(1).unwrap_or_default();
    listed
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
}

fn help(command: &[&str]) -> Result<String, String> {
    let mut saga = Command::new(env!("CARGO_BIN_EXE_saga-cli"));
    saga.args(command).arg("--help").env("COLUMNS", "100");
    Ok(process::run(&mut saga, LIMIT)?.success()?.stdout)
}

/// The page of mistakes in Rust: what `saga-dsl` is tested to refuse, with rustc's words.
pub fn check_rust_mistakes() -> Result<(), Stop> {
    let mut page = String::from(
        "# In Rust\n\nEach of these does not compile, and rustc says so on the line where the mistake is.\n\n\
         Several come of one thing: a `Ref` is not the value. `define` runs before any saga does, and states what will be done. So a value is\n\
         compared by a condition (`price.is_greater_than(5)` in `saga.choose(…)`) and not by `if`, made into text by a handler and not by\n\
         `format!`, and absent as `Ref::none()` and not as `None`.\n",
    );
    for path in refused()? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let source = text(&path)?;
        let said = text(&path.with_extension("stderr"))?;
        let title = sentence(&name);
        // INVARIANT: writing to a string does not fail.
        let _ = write!(
            page,
            "\n## {title}\n\n```rust,ignore\n{}\n```\n\n```text\n{}\n```\n",
            source.trim_end(),
            said.trim_end()
        );
    }
    is_kept("mistakes/rust.md", &page)
}

/// The programs that rustc refuses, by name.
fn refused() -> Result<Vec<PathBuf>, String> {
    let folder = workspace().join("saga-dsl/tests/ui");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{folder:?}: {error}"))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.with_extension("stderr").is_file())
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect();
    paths.sort();
    Ok(paths)
}

fn sentence(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn text(path: &std::path::Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{path:?}: {error}"))
}

fn is_kept(name: &str, page: &str) -> Result<(), Stop> {
    let path = book().join(name);
    if env::var_os("UPDATE_EXPECT").is_some() {
        return Ok(fs::write(&path, page).map_err(|error| format!("{path:?}: {error}"))?);
    }
    match text(&path)? == page {
        true => Ok(()),
        false => Err(Stop::Failed(format!(
            "guide/book/{name} is not what the code says: run with UPDATE_EXPECT=1"
        ))),
    }
}
