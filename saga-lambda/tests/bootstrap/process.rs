//! The process: how it starts, what it refuses, how it ends.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use libtest_mimic::{Failed, Trial};
use saga_manifest::{ASK, Manifest};
use serde_json::json;

use crate::bootstrap;
use crate::lambda::process::{Bootstrap, event};
use crate::replies::charging;

/// The trials of this module.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("asked, it writes its manifest and starts nothing", manifest),
        Trial::test(
            "asked for a manifest that cannot be written, it says so",
            unwritable,
        ),
        Trial::test("started by hand, it says what it is", by_hand),
        Trial::test("an unknown handler is an initialisation error", || {
            let known = "its handlers: `Boxed`, `Charge`, `FailsToStart`, `Keys`, `Nothing`, `Pack`, `PanicsAtStart`, `Reach`, `Send`, `Unpack`, `Unreachable`";
            init_error(
                "bootstrap",
                "SagaUnknownHandler",
                &["no handler `bootstrap`", known],
            )
        }),
        Trial::test("no handler is an initialisation error", || {
            init_error("", "SagaUnknownHandler", &["no handler is named"])
        }),
        Trial::test(
            "state that cannot be made is an initialisation error",
            || {
                init_error(
                    "FailsToStart",
                    "SagaStartFailed",
                    &["no database: connection refused"],
                )
            },
        ),
        Trial::test("a panic at the start is an initialisation error", || {
            init_error(
                "PanicsAtStart",
                "SagaStartFailed",
                &["fixture.rs:", ": no configuration"],
            )
        }),
        Trial::test("SAGA_HANDLER is heard before _HANDLER", overridden),
        Trial::test(
            "it asks for notice of its end before it asks for work",
            notice,
        ),
        Trial::test("without state to drop, it asks for work at once", no_notice),
        Trial::test(
            "told to end while idle, it ends and drops its state",
            ends_idle,
        ),
        Trial::test("told to end while busy, it answers first", ends_busy),
    ]
}

fn check(holds: bool, seen: impl std::fmt::Debug) -> Result<(), Failed> {
    if holds {
        Ok(())
    } else {
        Err(format!("{seen:#?}").into())
    }
}

fn output(command: &mut Command) -> Result<(Option<i32>, String), Failed> {
    let Output { status, stderr, .. } = command.output()?;
    Ok((status.code(), String::from_utf8(stderr)?))
}

fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("saga-lambda-{}-{name}", std::process::id()))
}

fn manifest() -> Result<(), Failed> {
    let file = scratch("manifest.json");
    let (code, stderr) = output(bootstrap().env(ASK, &file))?;
    let text = std::fs::read_to_string(&file)?;
    std::fs::remove_file(&file)?;
    let manifest = Manifest::read(&text)?;
    let names: Vec<_> = manifest
        .handlers
        .iter()
        .map(|handler| handler.name.as_str())
        .collect();
    check(
        code == Some(0) && stderr.is_empty() && names.contains(&"Charge"),
        (code, stderr, names),
    )
}

fn unwritable() -> Result<(), Failed> {
    let (code, stderr) = output(bootstrap().env(ASK, "/nowhere/manifest.json"))?;
    check(
        code == Some(1) && stderr.contains("`/nowhere/manifest.json`: No such file"),
        (code, stderr),
    )
}

fn by_hand() -> Result<(), Failed> {
    let (code, stderr) = output(&mut bootstrap())?;
    check(
        code == Some(2) && stderr.contains("saga-cli generate") && stderr.contains("saga-cli run"),
        (code, stderr),
    )
}

fn init_error(handler: &str, name: &str, messages: &[&str]) -> Result<(), Failed> {
    let bootstrap = Bootstrap::start(bootstrap(), handler, &[]);
    let request = bootstrap.lambda().reply();
    let (status, log) = bootstrap.end();
    let body = request.json();
    let message = body["errorMessage"].as_str().unwrap_or_default();
    let holds = request.target == "POST /2018-06-01/runtime/init/error"
        && request.header("lambda-runtime-function-error-type") == Some(name)
        && body["errorType"] == name
        && messages.iter().all(|expected| message.contains(expected))
        && status.code() == Some(1)
        && log.iter().any(|line| line.contains(name));
    check(holds, (request, status, log))
}

fn overridden() -> Result<(), Failed> {
    let bootstrap = Bootstrap::start(bootstrap(), "bootstrap", &[("SAGA_HANDLER", "Nothing")]);
    let reply = bootstrap.invoke(&event("Nothing", &json!({})));
    check(reply.target.ends_with("/response"), reply)
}

fn notice() -> Result<(), Failed> {
    let bootstrap = Bootstrap::start(bootstrap(), "Charge", &[]);
    let registration = bootstrap.lambda().request();
    let mut next = [
        bootstrap.lambda().request().target,
        bootstrap.lambda().request().target,
    ];
    next.sort();
    let expected = [
        "GET /2018-06-01/runtime/invocation/next",
        "GET /2020-01-01/extension/event/next",
    ];
    let registered = registration.target == "POST /2020-01-01/extension/register"
        && registration.header("lambda-extension-name") == Some("saga-lambda")
        && registration.json() == json!({ "events": [] });
    check(registered && next == expected, (registration, next))
}

fn no_notice() -> Result<(), Failed> {
    let bootstrap = Bootstrap::start(bootstrap(), "Nothing", &[]);
    let first = bootstrap.lambda().request().target;
    check(first == "GET /2018-06-01/runtime/invocation/next", first)
}

fn ends_idle() -> Result<(), Failed> {
    let bootstrap = Bootstrap::start(bootstrap(), "Charge", &[]);
    bootstrap.invoke(&event("Charge", &charging("answer")));
    let log = bootstrap.log();
    let dropped = log.iter().filter(|line| *line == "Counter::drop").count();
    let started = log.iter().filter(|line| *line == "Counter::start").count();
    check((started, dropped) == (1, 1), log)
}

fn ends_busy() -> Result<(), Failed> {
    let bootstrap = Bootstrap::start(bootstrap(), "Charge", &[]);
    bootstrap
        .lambda()
        .send(event("Charge", &charging("dawdle")));
    std::thread::sleep(Duration::from_millis(300));
    bootstrap.signal("TERM");
    let reply = bootstrap.lambda().reply();
    let (status, log) = bootstrap.end();
    check(
        reply.target.ends_with("/response") && status.success(),
        (reply, status, log),
    )
}
