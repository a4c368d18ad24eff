//! A short run of fuzzing: arbitrary bytes, arbitrary JSON and mutated definitions through the
//! parser, all rules, the fixes, the model and every output format; and the inputs that longer runs
//! have found. `SAGA_FUZZ_SECONDS` makes it longer, `SAGA_FUZZ_SEED` another one.
//!
//! Coverage-guided runs are `cargo +nightly fuzz run check` in `saga-cli`.

#[path = "bytes/random.rs"]
mod random;

use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use saga_asl::lint::{Options, apply, check_with};
use saga_asl::model::StateMachine;
use saga_asl::syntax::{Format, parse};
use saga_cli::{Checked, render};

use self::random::Random;
use crate::{Outcome, corpus_folder, data};

/// One input may take so long, in an unoptimised build on a busy machine, where it waits for its turn.
const SLOW: Duration = Duration::from_secs(30);

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("bytes::what was found before", kept),
        Trial::test("bytes::mutated definitions", mutated),
        Trial::test("bytes::every output format", formats),
    ]
}

/// Everything that a library user can do with a text.
fn everything(text: &str) -> Outcome {
    let started = Instant::now();
    let done = catch_unwind(|| {
        for format in [Format::Json, Format::Yaml] {
            let report = check_with(
                text,
                Options {
                    format: Some(format),
                    ..Options::default()
                },
            );
            for found in &report.diagnostics {
                let (start, end) = (found.span.start, found.span.end);
                assert!(text.get(start..end).is_some(), "half a character is marked");
            }
            let (fixed, applied) = apply(text, &report.diagnostics);
            assert!(
                applied > 0 || fixed == text,
                "a text was changed without a fix"
            );
            let value = parse(text, format).root.to_value();
            if let Ok(machine) = StateMachine::from_value(&value) {
                assert_eq!(machine.to_value().to_string(), value.to_string());
            }
            rendered(Checked::new(NAME.to_owned(), text.to_owned(), report));
        }
    });
    if done.is_err() || started.elapsed() > SLOW {
        let kept = std::env::temp_dir().join("saga-fuzz-found");
        fs::write(&kept, text)?;
        let how = if done.is_err() {
            "panics"
        } else {
            "takes too long"
        };
        return Err(format!("a text {how}: {}", kept.display()).into());
    }
    Ok(())
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
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(3));
    let seeds = seeds();
    let mut random = Random::new(number("SAGA_FUZZ_SEED").unwrap_or(0x5a6a));
    let mut inputs = 0;
    while Instant::now() < until {
        everything(&random.text(&seeds))?;
        inputs += 1;
    }
    if seconds.is_some() {
        eprintln!(
            "{inputs} inputs, {} MiB at most",
            most_memory().unwrap_or_default()
        );
    }
    match most_memory() {
        Some(most) if most > MOST_MEMORY => Err(format!("{most} MiB were needed").into()),
        _ => Ok(()),
    }
}

/// MiB that this process, with all its suites, may take. The largest input has some 100 KiB.
const MOST_MEMORY: usize = 1024;

/// The MiB that this process took at most, where the system says it.
fn most_memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: usize = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

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

/// Definitions to start from: this suite's, and the corpus's sagas where they are.
fn seeds() -> Vec<String> {
    let mut folders = ["order", "texts"].map(data).to_vec();
    folders.extend(corpus_folder().map(|corpus| corpus.join("sagas")));
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    let texts = paths.iter().filter(|path| path.is_file());
    texts
        .map(|path| fs::read_to_string(path).expect("a text"))
        .collect()
}
