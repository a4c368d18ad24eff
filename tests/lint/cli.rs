//! `saga-cli validate` and `explain`: a folder a case, its command line in `args`, what it prints
//! in `stdout`, its exit code in `exit`. `SAGA_BLESS=1` rewrites what is printed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use libtest_mimic::Trial;

use crate::{Outcome, data};

pub fn trials() -> Vec<Trial> {
    let cases = fs::read_dir(data("cli")).expect("the cases");
    let mut cases: Vec<PathBuf> = cases.map(|case| case.expect("a case").path()).collect();
    cases.sort();
    let shown = cases.into_iter().map(|case| {
        let name = case
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        Trial::test(format!("cli::{name}"), move || check(&case))
    });
    let mut trials: Vec<_> = shown.collect();
    trials.push(Trial::test("cli::fix writes the file back", fix));
    trials.push(Trial::test(
        "cli::a reader that goes away is no failure",
        broken_pipe,
    ));
    trials
}

fn check(case: &Path) -> Outcome {
    let read = |file: &str| fs::read_to_string(case.join(file));
    let arguments = read("args")?;
    let input = read("stdin").unwrap_or_default();
    let output = run(case, arguments.split_whitespace(), &input);
    let shown = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let exit = output
        .status
        .code()
        .map_or("none".to_owned(), |code| code.to_string());
    if std::env::var_os("SAGA_BLESS").is_some() {
        fs::write(case.join("stdout"), shown.as_ref())?;
    }
    let expected = (read("stdout")?, read("exit")?.trim().to_owned());
    if expected == (shown.to_string(), exit.clone()) {
        return Ok(());
    }
    Err(format!(
        "expected:\n{}\nexit {}\nfound:\n{shown}\nexit {exit}",
        expected.0, expected.1
    )
    .into())
}

fn run<'a>(folder: &Path, arguments: impl Iterator<Item = &'a str>, input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_saga-cli"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("saga-cli starts");
    let mut stdin = child.stdin.take().expect("its stdin");
    // A command that reads no stdin may be gone by now.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("saga-cli ends")
}

fn fix() -> Outcome {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("order.asl.json");
    let broken = r#"{ // an order
  "StartAt": "Charge",
  "States": { "Charge": { "type": "pass", "End": true, }, }
}
"#;
    fs::write(&file, broken)?;
    let arguments = ["validate", "--fix", "order.asl.json"];
    let output = run(folder.path(), arguments.into_iter(), "");
    let fixed = fs::read_to_string(&file)?;
    let expected = r#"{ 
  "StartAt": "Charge",
  "States": { "Charge": { "Type": "Pass", "End": true } }
}
"#;
    let good = fixed == expected && output.status.code() == Some(0);
    if good {
        Ok(())
    } else {
        Err(format!("{fixed}\n{output:?}").into())
    }
}

fn broken_pipe() -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_saga-cli"))
        .args(["validate", "--format", "sarif", "order"])
        .current_dir(data(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    drop(child.stdout.take());
    let output = child.wait_with_output()?;
    if output.stderr.is_empty() {
        Ok(())
    } else {
        Err(format!("{output:?}").into())
    }
}
