//! Imported sagas: each is compiled, and run on the engine beside the definition that it was.
//!
//! Both are run where each Task succeeds, fails with each error that it handles, with one that nobody declared, times out, and
//! fails once; where an undo fails; and with data by which each rule of a Choice holds. What they call, with which data, in
//! which order, and how they end is the same, or the report of the import has a gap that says why, of the kind that explains
//! the difference and at the state that it shows at (`explained`). What the project's own definitions do is kept, a file a
//! definition (`UPDATE_EXPECT=1` writes it).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "import/answer.rs"]
mod answer;
#[path = "import/case.rs"]
mod case;
#[path = "import/compare.rs"]
mod compare;
#[path = "import/difference.rs"]
mod difference;
#[path = "import/package.rs"]
mod package;
#[path = "import/refused.rs"]
mod refused;
#[path = "import/side.rs"]
mod side;
#[path = "import/variation.rs"]
mod variation;
#[path = "import/way.rs"]
mod way;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Failed, Trial};

use case::Case;
use compare::Counts;
use package::Package;

/// What becomes of the definitions of the corpus.
const CORPUS: [&str; 2] = ["sagas", "lint/valid"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let mut sources = case::own();
    for folder in CORPUS {
        match corpus().map(|corpus| corpus.join(folder)) {
            Some(folder) => sources.extend(case::of_folder(&folder)),
            None => trials.push(absent(folder)),
        }
    }
    let (cases, refused) = case::import_all(sources);
    if corpus().is_some() {
        let accepted = cases.len();
        trials.push(Trial::test("refused", move || {
            refused::check(accepted, &refused)
        }));
    }
    let all = Arc::new(All {
        cases,
        package: OnceLock::new(),
        counts: Counts::default(),
    });
    let built = Arc::clone(&all);
    trials.push(Trial::test("built", move || {
        built.package().as_ref().map(|_| ()).map_err(Failed::from)
    }));
    trials.extend((0..all.cases.len()).map(|index| {
        let all = Arc::clone(&all);
        Trial::test(all.cases[index].name.clone(), move || all.check(index))
    }));
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        println!("{}", all.counts);
    }
    conclusion.exit_code()
}

/// All cases, and, once a trial runs, what they were compiled to.
struct All {
    cases: Vec<Case>,
    package: OnceLock<Result<Package, String>>,
    counts: Counts,
}

impl All {
    fn check(&self, index: usize) -> Result<(), Failed> {
        let case = &self.cases[index];
        let Ok(package) = self.package() else {
            return Err("the package does not build: see `built`".into());
        };
        compare::check(case, package.definition(case)?, &self.counts)
    }

    fn package(&self) -> &Result<Package, String> {
        self.package.get_or_init(|| Package::build(&self.cases))
    }
}

/// Under `CI=true` nothing goes unchecked.
fn absent(folder: &str) -> Trial {
    let reason = format!("{folder} (the corpus is absent: set SAGA_CORPUS to its folder)");
    match std::env::var_os("CI").is_some_and(|value| value == "true") {
        true => Trial::test(reason, || Err("CI=true: its absence is a failure".into())),
        false => Trial::test(reason, || Ok(())).with_ignored_flag(true),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("SAGA_CORPUS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared/corpus"));
    folder.is_dir().then_some(folder)
}
