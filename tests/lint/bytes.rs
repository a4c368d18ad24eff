//! A short run of fuzzing: mutated definitions and arbitrary text through everything, and the
//! inputs that longer runs have found. `SAGA_FUZZ_SECONDS` makes it longer.
//!
//! Coverage-guided runs are `cargo +nightly fuzz run check` in `saga-asl`.

use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use saga_asl::lint::{Options, apply, check_with};
use saga_asl::model::StateMachine;
use saga_asl::syntax::{Format, parse};

use crate::{Outcome, data};

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
            let (fixed, applied) = apply(text, &report.diagnostics);
            assert!(
                applied > 0 || fixed == text,
                "a text was changed without a fix"
            );
            let value = parse(text, format).root.to_value();
            if let Ok(machine) = StateMachine::from_value(&value) {
                assert_eq!(machine.to_value().to_string(), value.to_string());
            }
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

fn kept() -> Outcome {
    for file in fs::read_dir(data("fuzz"))? {
        let bytes = fs::read(file?.path())?;
        everything(&String::from_utf8_lossy(&bytes))?;
    }
    Ok(())
}

fn mutated() -> Outcome {
    let seconds = std::env::var("SAGA_FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(3));
    let seeds = seeds();
    let mut random = Random(0x5a6a);
    while Instant::now() < until {
        everything(&random.text(&seeds))?;
    }
    Ok(())
}

/// The same texts as files, through the command line in each format.
fn formats() -> Outcome {
    let folder = tempfile::tempdir()?;
    let seeds = seeds();
    let mut random = Random(0xa51);
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

fn seeds() -> Vec<String> {
    let folders = ["order", "texts"].map(data);
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    paths
        .iter()
        .map(|path| fs::read_to_string(path).expect("a text"))
        .collect()
}

/// A generator of pseudo-random numbers (xorshift64*), the same in every run.
struct Random(u64);

/// Texts that break readers.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "-1",
    "1e999",
    "${x}",
    "{% $ %}",
    "$.a[?(@.b)]",
    "$$",
    "\\u00",
    "\u{feff}",
    "ü",
    "States.Format('{}', $)",
    "&a",
    "*a",
    "!Sub",
    "- ",
    "? ",
    "\"States\": {",
];

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).expect("31 bits") % bound.max(1)
    }

    fn text(&mut self, seeds: &[String]) -> String {
        if self.below(10) == 0 {
            let length = self.below(200);
            return (0..length)
                .map(|_| PIECES[self.below(PIECES.len())])
                .collect();
        }
        let mut characters: Vec<char> = seeds[self.below(seeds.len())].chars().collect();
        for _ in 0..=self.below(6) {
            self.mutate(&mut characters);
        }
        characters.into_iter().collect()
    }

    fn mutate(&mut self, text: &mut Vec<char>) {
        let start = self.below(text.len() + 1);
        let end = (start + self.below(40)).min(text.len());
        match self.below(4) {
            0 => drop(text.drain(start..end)),
            1 => {
                let piece = PIECES[self.below(PIECES.len())];
                drop(text.splice(start..start, piece.chars()));
            }
            2 => {
                let part: Vec<char> = text[start..end].to_vec();
                let to = self.below(text.len() + 1);
                drop(text.splice(to..to, part));
            }
            _ => drop(text.splice(start..end, "true".chars())),
        }
    }
}
