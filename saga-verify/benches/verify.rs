//! What an exploration costs against steps and depth: distinct states, states a second, CPU time, memory.
//! `cargo bench -p saga-verify`; each row is a process of its own, so that its time and memory are its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark looks at the clock, and has no use for a broken saga"
)]

#[path = "../../saga-compiler/tests/manifest/mod.rs"]
#[allow(dead_code, unused_imports, reason = "shared with the compiler's tests")]
mod manifest;

#[path = "../tests/fixture.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod fixture;
#[path = "../tests/items.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod items;

use std::process::Command;

use saga_manifest::Manifest;
use saga_verify::Verdict;

/// Instead of a number of steps: the saga of a fare, as the compiler's tests have it.
const FARE: usize = 0;

/// Steps, and faults in one execution at most.
const ROWS: [(usize, usize); 12] = [
    (5, 1),
    (20, 1),
    (50, 1),
    (100, 1),
    (150, 1),
    (5, 2),
    (10, 2),
    (20, 2),
    (2, 3),
    (5, 3),
    (FARE, 2),
    (FARE, 3),
];

fn main() {
    let asked: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    if let [steps, depth] = asked.as_slice() {
        return row(*steps, *depth);
    }
    println!("| steps | faults | distinct states | states a second | CPU seconds | peak MiB |");
    println!("|---|---|---|---|---|---|");
    for (steps, depth) in ROWS {
        let itself = std::env::current_exe().unwrap();
        let status = Command::new(itself)
            .args([steps.to_string(), depth.to_string()])
            .status();
        assert!(status.unwrap().success());
    }
}

/// A linear saga: all steps but the last are compensated, the last is the pivot.
fn linear(steps: usize) -> Manifest {
    let throttled = |mut step: saga_manifest::step::Step| {
        step.call
            .errors
            .push(manifest::known("Lambda.TooManyRequestsException"));
        step.call.errors.push(manifest::known("Refused"));
        step.call
            .errors
            .push(manifest::retried(manifest::unknown("Unavailable"), 2));
        step
    };
    let mut all: Vec<_> = (1..steps)
        .map(|number| throttled(manifest::compensatable(&format!("Step{number}"))))
        .collect();
    all.push(throttled(manifest::pivot("Pivot")));
    manifest::saga(all)
}

fn row(steps: usize, depth: usize) {
    let saga = match steps {
        FARE => fixture::named("fare"),
        _ => fixture::compiled(linear(steps)),
    };
    let started = cpu_seconds();
    let verdict = saga.verify(depth);
    let seconds = cpu_seconds() - started;
    let Verdict::Holds(certificate) = verdict else {
        panic!("{verdict}");
    };
    #[expect(clippy::cast_precision_loss, reason = "states are far below 2^53")]
    let rate = certificate.distinct_states as f64 / seconds;
    println!(
        "| {} | {depth} | {} | {rate:.0} | {seconds:.2} | {:.0} |",
        if steps == FARE {
            "fare-processing".to_owned()
        } else {
            steps.to_string()
        },
        certificate.distinct_states,
        peak_mib()
    );
}

/// The time that this process, of one thread, has been on a CPU (Linux, "Scheduler Statistics": the first field is in
/// nanoseconds). Unlike the time of day it does not depend on what else the machine does.
fn cpu_seconds() -> f64 {
    let statistics = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = statistics
        .split_whitespace()
        .next()
        .and_then(|first| first.parse().ok())
        .unwrap_or(0.0);
    nanoseconds / 1e9
}

/// The most memory that this process has had (`proc(5)`, VmHWM).
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: f64 = line
        .and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0.0);
    kib / 1024.0
}
