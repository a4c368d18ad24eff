//! A short run of fuzzing: arbitrary bytes, arbitrary JSON and mutated definitions through the
//! parser, all rules, the fixes, the model and every output format; and the inputs that longer runs
//! have found. `SAGA_FUZZ_SECONDS` makes it longer, `SAGA_FUZZ_SEED` another one. A long run says each
//! minute how far it is, and keeps what it finds in the folder for temporary files.
//!
//! Coverage-guided runs are `cargo +nightly fuzz run check` in `saga-cli`.

#[path = "bytes/random.rs"]
mod random;
#[path = "bytes/usage.rs"]
mod usage;

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use saga_asl::lint::{Diagnostic, Options, Report, apply, check_reference, check_with};
use saga_asl::model::{ExecutionType, StateMachine};
use saga_asl::syntax::{Format, parse};
use saga_cli::{Checked, render};

use self::random::Random;
use crate::{Outcome, corpus_folder, data};

/// One input may take so long; more in an unoptimised build on a busy machine, where it waits for its
/// turn.
const SLOW: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 2 });

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("bytes::what was found before", kept),
        Trial::test("bytes::mutated definitions", mutated),
        Trial::test("bytes::every output format", formats),
    ]
}

/// Everything that a library user can do with a text.
fn everything(text: &str) -> Result<(), String> {
    let started = Instant::now();
    let done = catch_unwind(|| {
        for format in [Format::Json, Format::Yaml] {
            let options = Options {
                format: Some(format),
                execution_type: text
                    .len()
                    .is_multiple_of(2)
                    .then_some(ExecutionType::Express),
                ..Options::default()
            };
            let report = check_with(text, options);
            marked(text, &report.diagnostics);
            referenced(text, format, &report);
            repaired(text, options, &report);
            let value = parse(text, format).root.to_value();
            if let Ok(machine) = StateMachine::from_value(&value) {
                assert_eq!(machine.to_value().to_string(), value.to_string());
            }
            rendered(Checked::new(NAME.to_owned(), text.to_owned(), report));
        }
    });
    if done.is_ok() && started.elapsed() <= SLOW {
        return Ok(());
    }
    let how = if done.is_err() {
        "panics"
    } else {
        "takes too long"
    };
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let name = format!("saga-fuzz-found-{:016x}", hasher.finish());
    let kept = std::env::temp_dir().join(name);
    fs::write(&kept, text).map_err(|error| error.to_string())?;
    Err(format!("a text {how}: {}", kept.display()))
}

fn marked(text: &str, diagnostics: &[Diagnostic]) {
    for found in diagnostics {
        let (start, end) = (found.span.start, found.span.end);
        assert!(text.get(start..end).is_some(), "half a character is marked");
    }
}

/// The text as a template, and as the file that its own `DefinitionUri` names.
fn referenced(text: &str, format: Format, report: &Report) {
    for reference in &report.references {
        for file in [None, Some((text, format))] {
            let found = check_reference(text, reference, file);
            marked(text, &found.template);
            marked(text, &found.report.diagnostics);
        }
    }
}

/// What `--fix` does.
fn repaired(text: &str, options: Options, report: &Report) {
    let (mut fixed, mut applied) = apply(text, &report.diagnostics);
    assert!(
        applied > 0 || fixed == text,
        "a text was changed without a fix"
    );
    for _ in 0..10 {
        if applied == 0 {
            return;
        }
        let again = check_with(&fixed, options);
        marked(&fixed, &again.diagnostics);
        (fixed, applied) = apply(&fixed, &again.diagnostics);
    }
}

/// A file's name that no output format may take for something else.
const NAME: &str = "a b,c:d%\u{fc}.asl.json";

/// Every output format; what machines read is JSON.
fn rendered(checked: Checked) {
    use render::Format::{Github, Human, Json, Sarif};
    let findings = checked.report.diagnostics.len();
    let files = [checked];
    for format in [Human, Json, Sarif, Github] {
        let mut out = Vec::new();
        render::write(format, &files, &mut out).expect("a vector takes all");
        let text = String::from_utf8(out).expect("UTF-8");
        match format {
            Json => {
                let all: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                assert_eq!(all.as_array().map(Vec::len), Some(findings));
            }
            Sarif => drop(serde_json::from_str::<serde_json::Value>(&text).expect("JSON")),
            Github => assert_eq!(text.lines().count(), findings, "a line a finding"),
            Human => {}
        }
    }
}

fn kept() -> Outcome {
    for file in fs::read_dir(data("fuzz"))? {
        let bytes = fs::read(file?.path())?;
        everything(&String::from_utf8_lossy(&bytes))?;
    }
    Ok(())
}

fn mutated() -> Outcome {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seconds = number("SAGA_FUZZ_SECONDS");
    let length = Duration::from_secs(seconds.unwrap_or(3));
    let seeds = seeds();
    let mut random = Random::new(number("SAGA_FUZZ_SEED").unwrap_or(0x5a6a));
    let (started, mut said) = (Instant::now(), Instant::now());
    let (mut inputs, mut findings) = (0_u64, Vec::new());
    while started.elapsed() < length && findings.len() < ENOUGH {
        if let Err(finding) = everything(&random.text(&seeds)) {
            eprintln!("{finding}");
            findings.push(finding);
        }
        inputs += 1;
        let over = started.elapsed() >= length;
        if seconds.is_some() && (over || said.elapsed() >= Duration::from_secs(60)) {
            said = Instant::now();
            let (elapsed, cpu) = (started.elapsed().as_secs(), usage::cpu().as_secs());
            let (memory, found) = (usage::most_memory().unwrap_or_default(), findings.len());
            eprintln!(
                "{elapsed} s, {cpu} s of CPU, {inputs} inputs, {found} findings, {memory} MiB at most"
            );
        }
    }
    match usage::most_memory() {
        _ if !findings.is_empty() => Err(findings.join("\n").into()),
        Some(most) if most > MOST_MEMORY => Err(format!("{most} MiB were needed").into()),
        _ => Ok(()),
    }
}

/// A run that has found so much need not go on.
const ENOUGH: usize = 100;

/// MiB that this process, with all its suites, may take. The largest input has some 100 KiB.
const MOST_MEMORY: usize = 1024;

/// The same texts as files, through the command line in each format.
fn formats() -> Outcome {
    let folder = tempfile::tempdir()?;
    let seeds = seeds();
    let mut random = Random::new(0xa51);
    for number in 0..60 {
        let ending = if number % 2 == 0 { "json" } else { "yaml" };
        fs::write(
            folder.path().join(format!("{number}.asl.{ending}")),
            random.text(&seeds),
        )?;
    }
    for format in ["human", "json", "sarif", "github"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_saga-cli"));
        let output = command
            .args(["validate", "--notes", "--format", format])
            .arg(folder.path())
            .output()?;
        if !matches!(output.status.code(), Some(0 | 1)) || !output.stderr.is_empty() {
            return Err(format!(
                "{format}: {:?} {}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )
            .into());
        }
        if matches!(format, "json" | "sarif") {
            serde_json::from_slice::<serde_json::Value>(&output.stdout)?;
        }
    }
    Ok(())
}

/// Definitions and templates to start from: this suite's, and the corpus's where it is.
fn seeds() -> Vec<String> {
    let mut folders = ["order", "texts", "fuzz", "cli/definition-uri"]
        .map(data)
        .to_vec();
    if let Some(corpus) = corpus_folder() {
        folders.extend(["sagas", "lint/valid", "lint/invalid"].map(|folder| corpus.join(folder)));
    }
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    let texts = paths.iter().filter(|path| path.is_file());
    texts
        .map(|path| fs::read(path).expect("a file"))
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .filter(|text| text.len() <= LARGEST)
        .collect()
}

/// Larger definitions would take the time of many small ones.
const LARGEST: usize = 8 * 1024;
