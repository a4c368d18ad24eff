//! The generated index of rules is fresh. `SAGA_BLESS=1` rewrites it.

use std::fs;

use libtest_mimic::Trial;
use saga_asl::rules;

use crate::{Outcome, root};

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("index::RULES.md is fresh", fresh)]
}

fn fresh() -> Outcome {
    let path = root().join("saga-asl/RULES.md");
    let index = rules::index();
    if std::env::var_os("SAGA_BLESS").is_some() {
        fs::write(&path, &index)?;
    }
    let kept = fs::read_to_string(&path)?;
    if kept == index {
        Ok(())
    } else {
        Err("saga-asl/RULES.md is stale: run the tests with SAGA_BLESS=1".into())
    }
}
