//! Functions as processes: what Lambda reports of those that answer, fail, die, hang and never start.
//!
//! The bootstrap is this executable itself: started with a handler's name, it speaks the Runtime API over a
//! bare socket, and does what the name says.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod bootstrap;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Trial};
use saga_local::lambda::{Answer, Function, Functions};
use serde_json::{Value, json};

fn main() -> ExitCode {
    if let Ok(handler) = std::env::var("_HANDLER") {
        return bootstrap::serve(&handler);
    }
    let trials = vec![
        trial("a_handler_answers_with_its_environment", environment),
        trial("a_process_is_used_again", reuse),
        trial("invocations_at_one_time_have_a_process_each", concurrency),
        trial("errors_and_deaths_are_reported_as_lambda_does", failures),
        trial("a_process_that_died_is_replaced", replacement),
        trial("a_crash_comes_after_the_effect", crash),
        trial("a_process_that_hangs_is_killed_at_its_timeout", timeout),
        trial("a_process_is_killed_by_its_request", killed),
        trial("processes_get_sigterm_before_they_are_killed", graceful_end),
        trial("no_process_outlives_its_functions", no_orphans),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

fn executable() -> PathBuf {
    std::env::current_exe().unwrap()
}

fn function(handler: &str) -> Function {
    Function {
        name: handler.into(),
        handler: handler.into(),
        timeout: Duration::from_secs(1),
        memory_mib: 256,
        environment: vec![("STAGE".into(), "test".into())],
    }
}

fn functions(handlers: &[&str]) -> Functions {
    Functions::new(
        executable(),
        handlers.iter().map(|handler| function(handler)).collect(),
    )
    .0
}

/// Runs a test of functions on a runtime of its own.
fn block_on<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test)
}

async fn invoke(functions: &Functions, name: &str, event: Value) -> Value {
    match functions.invoke(name, &event, Answer::Returned).await {
        Ok(answer) => answer,
        Err(error) => panic!("{error}"),
    }
}

fn environment() {
    let answer =
        block_on(async { invoke(&functions(&["environment"]), "environment", json!({})).await });
    for (name, expected) in [
        ("AWS_LAMBDA_FUNCTION_NAME", "environment"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/environment"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_REGION", "us-east-1"),
        ("STAGE", "test"),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:environment",
        ),
    ] {
        assert_eq!(answer.get(name), Some(&json!(expected)), "{name}");
    }
    assert!(
        answer.get("CARGO_MANIFEST_DIR").is_none(),
        "the caller's environment leaks"
    );
    let deadline: u128 = answer["lambda-runtime-deadline-ms"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    assert!(deadline.abs_diff(now) < 2_000, "{deadline} {now}");
}

fn reuse() {
    block_on(async {
        let functions = functions(&["count"]);
        for expected in 1..=3 {
            assert_eq!(
                invoke(&functions, "count", json!({})).await["count"],
                expected
            );
        }
    });
}

fn concurrency() {
    block_on(async {
        let functions = functions(&["count"]);
        let event = || json!({ "wait_ms": 200 });
        let start = Instant::now();
        let (one, other) = tokio::join!(
            invoke(&functions, "count", event()),
            invoke(&functions, "count", event())
        );
        assert_ne!(one["process"], other["process"]);
        assert!(
            start.elapsed() < Duration::from_millis(390),
            "{:?}",
            start.elapsed()
        );
    });
}

/// The error that a handler's invocation is reported with, the request's id left out.
#[track_caller]
fn check(handler: &str, name: &str, cause: &Value) {
    let functions = functions(&[handler]);
    let error = block_on(functions.invoke(handler, &json!({}), Answer::Returned)).unwrap_err();
    assert_eq!(error.name, name, "{handler}: {}", error.cause);
    let mut found: Value =
        serde_json::from_str(&error.cause).unwrap_or_else(|_| json!(error.cause));
    if let Some((id, rest)) = found["errorMessage"]
        .as_str()
        .and_then(|text| text.strip_prefix("RequestId: ")?.split_once(' '))
    {
        assert_eq!(id.len(), 36);
        found["errorMessage"] = json!(rest);
    }
    assert_eq!(found, *cause, "{handler}");
}

fn failures() {
    let exit = |message: &str| json!({ "errorType": "Runtime.ExitError", "errorMessage": format!("Error: {message}") });
    check(
        "fail",
        "OutOfStock",
        &json!({ "errorType": "OutOfStock", "errorMessage": "none left" }),
    );
    check(
        "fail-without-type",
        "Lambda.Unknown",
        &json!(
            "The cause could not be determined because Lambda did not return an error type. Returned payload: {\"no\":\"type\"}"
        ),
    );
    check(
        "exit-3",
        "Runtime.ExitError",
        &exit("Runtime exited with error: exit status 3"),
    );
    check(
        "exit-0",
        "Runtime.ExitError",
        &exit("Runtime exited without providing a reason"),
    );
    check(
        "abort",
        "Runtime.ExitError",
        &exit("Runtime exited with error: signal: aborted"),
    );
    check(
        "init-error",
        "NoClient",
        &json!({ "errorType": "NoClient", "errorMessage": "no client" }),
    );
    check(
        "init-exit",
        "Runtime.ExitError",
        &exit("Runtime exited with error: exit status 4"),
    );
}

fn replacement() {
    block_on(async {
        let functions = functions(&["count"]);
        let first = invoke(&functions, "count", json!({})).await;
        let died = functions
            .invoke("count", &json!({ "exit": true }), Answer::Returned)
            .await;
        assert_eq!(died.unwrap_err().name, "Runtime.ExitError");
        let next = invoke(&functions, "count", json!({})).await;
        assert_eq!(next["count"], 1);
        assert_ne!(first["process"], next["process"]);
    });
}

fn crash() {
    let folder = tempfile::tempdir().unwrap();
    let effect = folder.path().join("effect");
    block_on(async {
        let functions = functions(&["count"]);
        let event = json!({ "write": effect });
        let error = functions
            .invoke("count", &event, Answer::LostToCrash)
            .await
            .unwrap_err();
        assert_eq!(error.name, "Runtime.ExitError");
        assert!(error.cause.contains("signal: killed"), "{}", error.cause);
        assert_eq!(std::fs::read_to_string(&effect).unwrap(), "done");
        assert_eq!(invoke(&functions, "count", json!({})).await["count"], 1);
    });
}

fn timeout() {
    let start = Instant::now();
    let cause = json!({ "errorType": "Sandbox.Timedout", "errorMessage": "Error: Task timed out after 1.00 seconds" });
    check("hang", "Sandbox.Timedout", &cause);
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
}

fn killed() {
    block_on(async {
        let functions = functions(&["hang"]);
        let kill = async {
            let request = loop {
                tokio::time::sleep(Duration::from_millis(5)).await;
                if let Some(request) = functions.at_work().pop() {
                    break request;
                }
            };
            assert!(functions.kill(&request));
            request
        };
        let event = json!({});
        let invoked = functions.invoke("hang", &event, Answer::Returned);
        let (ended, request) = tokio::join!(invoked, kill);
        assert_eq!(ended.unwrap_err().name, "Runtime.ExitError");
        assert!(!functions.kill(&request));
        assert!(functions.at_work().is_empty());
    });
}

fn graceful_end() {
    block_on(async {
        let functions = functions(&["count"]);
        let process = invoke(&functions, "count", json!({})).await["process"]
            .as_u64()
            .unwrap();
        let start = Instant::now();
        functions.stop().await;
        assert!(
            start.elapsed() < Duration::from_millis(400),
            "SIGTERM alone ends a process that does not catch it"
        );
        assert!(!is_running(process));
    });
}

fn no_orphans() {
    let process = block_on(async {
        let functions = functions(&["count"]);
        invoke(&functions, "count", json!({})).await["process"]
            .as_u64()
            .unwrap()
    });
    let gone = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        !is_running(process)
    });
    assert!(gone, "process {process} is left");
}

/// Whether a process runs: one that has ended and was not waited for does not.
fn is_running(process: u64) -> bool {
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| {
        !stat
            .rsplit(')')
            .next()
            .expect("a state")
            .trim_start()
            .starts_with('Z')
    })
}
