//! Templates of random sagas through cfn-lint: a handful, or as many as `SAGA_TEMPLATES` says
//! (`SAGA_TEMPLATES=200 cargo test -p saga-cli --test template random`).

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use libtest_mimic::Trial;
use saga_compiler::{Architecture, Definitions, Options, Output, choreograph, compile};
use saga_manifest::deployment::{Deployment, Rollout};
use saga_random::flow::Size;

use crate::run_within;
use crate::tools::pins::CFN_LINT;
use crate::tools::trial::{Stop, trial};

/// Templates that are checked where nobody asks for more.
const FEW: usize = 3;

/// What the compiler says of a saga that is right and too large.
const TOO_LARGE: [&str; 2] = ["events, and AWS ends one", "characters, and AWS takes"];

/// Bytes of definitions that stand in a template: cfn-lint takes minutes for one of a megabyte.
const LONG: usize = 200_000;

/// Templates that one process checks: importing Python takes most of a small one's time.
const AT_A_TIME: usize = 10;

/// What checking so many may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(1_800);

pub fn trials() -> Vec<Trial> {
    vec![trial("random::cfn_lint", cfn_lint)]
}

fn cfn_lint() -> Result<(), Stop> {
    let asked = env::var("SAGA_TEMPLATES").ok();
    let count = asked.and_then(|count| count.parse().ok()).unwrap_or(FEW);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let templates = (0..).filter_map(|seed| template(seed, folder.path()));
    let templates = templates.take(count);
    let choreographies = (0..).filter_map(|seed| choreography(seed, folder.path()));
    let choreographies = choreographies.take(count);
    let templates = templates.chain(choreographies);
    let templates = templates.collect::<Result<Vec<_>, String>>()?;
    for some in templates.chunks(AT_A_TIME) {
        let mut command = CFN_LINT.installed()?.python_script("cfn-lint");
        command.args([
            "--format",
            "parseable",
            "--include-checks",
            "I",
            "--template",
        ]);
        run_within(command.args(some), LIMIT)?.silent()?;
    }
    Ok(())
}

/// Writes the template of a seed's saga; none where that is too large for AWS. A short one holds the definitions.
fn template(seed: u64, folder: &Path) -> Option<Result<PathBuf, String>> {
    let mut manifest = saga_random::saga::random(seed);
    manifest.deployment = deployment(seed);
    let path = folder.join(format!("{seed}.yaml"));
    let compiled = compile(&manifest, &options(Definitions::Files));
    let mistakes = match compiled.and_then(|output| {
        let definitions = output.definitions.iter();
        let definitions = definitions.flat_map(saga_compiler::Definition::files);
        let length: usize = definitions.map(|(_, text)| text.len()).sum();
        if length > LONG {
            Ok(output)
        } else {
            compile(&manifest, &options(Definitions::Inline))
        }
    }) {
        Ok(output) => return Some(write(&output, &path)),
        Err(mistakes) => mistakes,
    };
    let mut messages = mistakes.iter().map(|mistake| &mistake.message);
    let is_too_large =
        messages.any(|message| TOO_LARGE.iter().any(|large| message.contains(large)));
    (!is_too_large).then(|| Err(format!("saga {seed}: {mistakes:?}")))
}

/// Every setting, now and then.
fn deployment(seed: u64) -> Deployment {
    let rollout = Rollout {
        percent: 10,
        minutes: 5,
        linear: seed.is_multiple_of(4),
    };
    let is_odd = !seed.is_multiple_of(2);
    Deployment {
        memory_mib: Some(512),
        log_retention_days: Some(90),
        private_network: is_odd,
        untraced: is_odd.then(|| "nobody looks at the traces of random sagas".into()),
        unrecoverable: is_odd.then(|| "nobody misses the data of random sagas".into()),
        without_dashboard: seed.is_multiple_of(3),
        rollout: (!is_odd).then_some(rollout),
        tags: [("team".to_owned(), "chance".to_owned())].into(),
        ..Deployment::default()
    }
}

/// Writes the template of a seed's saga by events; none where it needs an orchestrator.
fn choreography(seed: u64, folder: &Path) -> Option<Result<PathBuf, String>> {
    let size = Size {
        steps: 12,
        depth: seed % 3,
        sagas: 0,
        services: false,
    };
    let mut manifest = saga_random::saga::sized(seed, size);
    for saga in &mut manifest.sagas {
        saga.notifications.clear();
    }
    let output = choreograph(&manifest, &options(Definitions::Inline)).ok()?;
    Some(write(
        &output,
        &folder.join(format!("choreography-{seed}.yaml")),
    ))
}

fn options(definitions: Definitions) -> Options {
    Options {
        package: "random".into(),
        code_uri: ".".into(),
        binary: "random".into(),
        architecture: Architecture::Arm64,
        definitions,
    }
}

fn write(output: &Output, path: &Path) -> Result<PathBuf, String> {
    let text = output
        .template
        .to_text()
        .map_err(|error| error.to_string())?;
    fs::write(path, text).map_err(|error| format!("{path:?}: {error}"))?;
    Ok(path.to_owned())
}
