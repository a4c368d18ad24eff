//! `saga-cli run` of a package: the example's real bootstrap, as processes, on embedded services. Each of
//! system A's inputs, and each fault, ends as its table says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// `saga-cli run -p fare-processing --input -` and these arguments, separated by spaces.
fn command(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saga-cli"));
    command
        .args(["run", "-p", "fare-processing", "--input", "-"])
        .args(arguments.split_whitespace())
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn fare(customer_id: &str) -> Value {
    json!({
        "customerId": customer_id, "fareId": "fare-1", "fareAmount": "$20.00",
        "cc": "tok_card", "expiryDate": "tok_expiry", "cvv": "tok_cvv",
    })
}

fn run(arguments: &str, input: &str) -> Output {
    let mut child = command(arguments).spawn().unwrap();
    feed(&mut child, input);
    child.wait_with_output().unwrap()
}

/// Hands a run its input. One that is refused for its arguments ends without having read it.
#[track_caller]
fn feed(run: &mut Child, input: &str) {
    match run.stdin.take().unwrap().write_all(input.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        written => written.unwrap(),
    }
}

/// What a run is expected to come to.
struct Expected {
    code: i32,
    outcome: &'static str,
    /// The step that failed first, and its error.
    failure: Option<(&'static str, &'static str)>,
    /// The tasks that were called, each as often as it was.
    tasks: &'static [&'static str],
    /// The status of the fare's row.
    status: &'static str,
    /// Messages in the queues of successful, failed and parked.
    queued: [usize; 3],
}

const COMPLETED: Expected = Expected {
    code: 0,
    outcome: "completed",
    failure: None,
    tasks: &[
        "RegisterFare",
        "ChargeFare",
        "CreditCustomerAccount",
        "SetFareStatusCompleted",
        "NotifySuccess",
    ],
    status: "completed",
    queued: [1, 0, 0],
};

const NOTHING_CHARGED: Expected = Expected {
    code: 3,
    outcome: "compensated",
    failure: Some(("ChargeFare", "PaymentAuthException")),
    tasks: &[
        "RegisterFare",
        "ChargeFare",
        "UndoRegisterFare",
        "NotifyFailure",
    ],
    status: "failed",
    queued: [0, 1, 0],
};

const PERHAPS_CHARGED: Expected = Expected {
    failure: Some(("ChargeFare", "States.Timeout")),
    tasks: &[
        "RegisterFare",
        "ChargeFare",
        "UndoChargeFare",
        "UndoRegisterFare",
        "NotifyFailure",
    ],
    ..NOTHING_CHARGED
};

#[track_caller]
fn check(customer: &str, arguments: &str, expected: &Expected) {
    let ran = run(
        &format!("{arguments} --json --history"),
        &fare(customer).to_string(),
    );
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(expected.code), "{said}");
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["outcome"], expected.outcome);
    let id = report["execution"].as_str().unwrap();
    assert_eq!(report["tables"]["Fares"][0]["saga_id"], id);
    assert_eq!(tasks(&report), expected.tasks);
    let failure: Option<Value> = report["cause"]
        .as_str()
        .filter(|_| expected.code == 3)
        .map(|cause| serde_json::from_str(cause).unwrap());
    let failure = failure.as_ref().map(|cause| {
        (
            cause["step"].as_str().unwrap(),
            cause["error"].as_str().unwrap(),
        )
    });
    assert_eq!(failure, expected.failure);
    let row = &report["tables"]["Fares"];
    assert_eq!(row.as_array().map(Vec::len), Some(1), "{row}");
    assert_eq!(
        (&row[0]["fareId"], &row[0]["fareStatus"]),
        (&json!("fare-1"), &json!(expected.status))
    );
    check_messages(&report, customer, expected.queued);
    let written = format!("{}{}", report["tables"], report["queues"]);
    assert!(
        !written.contains("tok_"),
        "a card's token was written: {written}"
    );
}

/// The states whose tasks were called, retries left out.
fn tasks(report: &Value) -> Vec<&str> {
    let events = report["events"].as_array().unwrap().iter();
    let entered = events.filter(|event| event["type"] == "TaskStateEntered");
    entered
        .map(|event| event["stateEnteredEventDetails"]["name"].as_str().unwrap())
        .collect()
}

/// The queues hold as many messages, each of the fare and with the attribute that its queue filters on.
fn check_messages(report: &Value, customer: &str, queued: [usize; 3]) {
    let of = |queue: &str| report["queues"][queue].as_array().unwrap().clone();
    let lengths = [
        "SuccessfulTransactions",
        "FailedTransactions",
        "ParkedQueue",
    ]
    .map(|queue| of(queue).len());
    assert_eq!(lengths, queued);
    for (queue, is_successful, status) in [
        ("SuccessfulTransactions", "true", "completed"),
        ("FailedTransactions", "false", "failed"),
    ] {
        for message in of(queue) {
            assert_eq!(message["attributes"]["IsSuccessful"], is_successful);
            assert_eq!(message["body"]["fareStatus"], status);
            assert_eq!(message["body"]["customerId"], customer);
        }
    }
}

#[test]
fn each_input_of_system_a_ends_as_its_table_says() {
    check("3", "", &COMPLETED);
    check("3_fail_auth", "", &NOTHING_CHARGED);
    let failure = Some(("ChargeFare", "PaymentChargeException"));
    check(
        "3_fail_charge",
        "",
        &Expected {
            failure,
            ..NOTHING_CHARGED
        },
    );
    let refunded = Expected {
        failure: Some(("CreditCustomerAccount", "AccountCreditException")),
        tasks: &[
            "RegisterFare",
            "ChargeFare",
            "CreditCustomerAccount",
            "UndoChargeFare",
            "UndoRegisterFare",
            "NotifyFailure",
        ],
        ..NOTHING_CHARGED
    };
    check("3_fail_credit", "", &refunded);
    let parked = Expected {
        code: 4,
        outcome: "parked",
        failure: None,
        tasks: &[
            "RegisterFare",
            "ChargeFare",
            "CreditCustomerAccount",
            "UndoChargeFare",
            "ParkChargeFare",
            "UndoChargeFareParked",
        ],
        status: "registered",
        queued: [0, 0, 1],
    };
    check("3_fail_credit_fail_refund", "", &parked);
}

#[test]
fn faults_hit_the_step_they_name() {
    let failure = |error| Some(("ChargeFare", error));
    check(
        "3",
        "--fail ChargeFare=PaymentAuthException",
        &NOTHING_CHARGED,
    );
    let unknown = Expected {
        failure: failure("Surprise"),
        ..PERHAPS_CHARGED
    };
    check("3", "--fail ChargeFare=Surprise", &unknown);
    check("3", "--timeout ChargeFare", &PERHAPS_CHARGED);
    let crashed = Expected {
        failure: failure("Runtime.ExitError"),
        ..PERHAPS_CHARGED
    };
    check("3", "--crash ChargeFare", &crashed);
    check(
        "3",
        "--duplicate ChargeFare --duplicate RegisterFare",
        &COMPLETED,
    );
    check("3", "--crash RegisterFare --fault-attempts 2", &COMPLETED);
    check(
        "3",
        "--duplicate NotifySuccess",
        &Expected {
            queued: [2, 0, 0],
            ..COMPLETED
        },
    );
}

#[test]
fn a_step_that_may_not_have_been_registered_is_marked_undone() {
    for fault in ["--crash RegisterFare", "--timeout RegisterFare"] {
        let error = if fault.starts_with("--crash") {
            "DynamoDB.InternalServerError"
        } else {
            "States.Timeout"
        };
        let expected = Expected {
            failure: Some(("RegisterFare", error)),
            tasks: &["RegisterFare", "UndoRegisterFare", "NotifyFailure"],
            ..NOTHING_CHARGED
        };
        check("3", fault, &expected);
    }
}

#[test]
fn a_pivot_of_unknown_outcome_is_parked() {
    for fault in ["--crash", "--timeout"] {
        let expected = Expected {
            code: 4,
            outcome: "parked",
            failure: None,
            tasks: &[
                "RegisterFare",
                "ChargeFare",
                "CreditCustomerAccount",
                "ParkCreditCustomerAccount",
                "CreditCustomerAccountParked",
            ],
            status: "registered",
            queued: [0, 0, 1],
        };
        check("3", &format!("{fault} CreditCustomerAccount"), &expected);
    }
}

/// Faults are gone at a redrive, as after a repair.
#[test]
fn a_redrive_ends_what_was_parked_or_recovered() {
    let undone = Expected {
        failure: Some(("CreditCustomerAccount", "AccountCreditException")),
        tasks: &[
            "RegisterFare",
            "ChargeFare",
            "CreditCustomerAccount",
            "UndoChargeFare",
            "ParkChargeFare",
            "UndoChargeFareParked",
            "UndoRegisterFare",
            "NotifyFailure",
        ],
        queued: [0, 1, 1],
        ..NOTHING_CHARGED
    };
    check(
        "3_fail_credit",
        "--fail UndoChargeFare=Broken --redrive",
        &undone,
    );
    let credited = Expected {
        tasks: &[
            "RegisterFare",
            "ChargeFare",
            "CreditCustomerAccount",
            "ParkCreditCustomerAccount",
            "CreditCustomerAccountParked",
            "SetFareStatusCompleted",
            "NotifySuccess",
        ],
        queued: [1, 0, 1],
        ..COMPLETED
    };
    check("3", "--crash CreditCustomerAccount --redrive", &credited);
    // Past the pivot its recovery leaves it to an operator, who redrives it.
    let aborted = Expected {
        queued: [1, 0, 1],
        ..COMPLETED
    };
    check("3", "--abort CreditCustomerAccount --redrive", &aborted);
    check("3", "--redrive", &COMPLETED);
}

#[test]
fn a_redrive_is_told_of() {
    let fare = fare("3").to_string();
    for (arguments, code, from) in [
        (
            "--crash CreditCustomerAccount --redrive",
            0,
            json!("parked"),
        ),
        ("--abort ChargeFare --redrive", 3, json!("compensated")),
        ("--abort CreditCustomerAccount", 4, Value::Null),
        ("--redrive", 0, Value::Null),
    ] {
        let ran = run(&format!("{arguments} --json"), &fare);
        let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
        let told = (ran.status.code(), &report["redrivenFrom"]);
        assert_eq!(told, (Some(code), &from), "{arguments}");
    }
    let ran = run("--abort CreditCustomerAccount --redrive", &fare);
    let text = String::from_utf8(ran.stdout).unwrap();
    let parts = [
        "recovery of FareProcessing",
        "RecoveryParked",
        "redrive of FareProcessing",
        "✓ CreditCustomerAccount",
        "FareProcessing completed in",
    ];
    let mut rest = text.as_str();
    for part in parts {
        let after = rest.split_once(part).map(|(_, after)| after);
        rest = after
            .unwrap_or_else(|| panic!("`{part}` is missing, or not in its place, in:\n{text}"));
    }
}

#[test]
fn an_error_that_no_step_declares_is_remarked_upon() {
    let fare = fare("3").to_string();
    for (arguments, remarked) in [
        ("--fail ChargeFare=PaymentAuthExeption", true),
        ("--fail ChargeFare=PaymentAuthException", false),
        ("--fail ChargeFare=Lambda.ServiceException", false),
    ] {
        let ran = run(arguments, &fare);
        let stderr = String::from_utf8_lossy(&ran.stderr);
        let meant = "did you mean `PaymentAuthException`?";
        assert_eq!(stderr.contains(meant), remarked, "{arguments}\n{stderr}");
    }
}

#[test]
fn states_that_only_hand_on_are_not_shown() {
    let ran = run("--timeout ChargeFare", &fare("3").to_string());
    let text = String::from_utf8(ran.stdout).unwrap();
    assert!(text.contains("↶ UndoChargeFare"), "{text}");
    assert!(!text.contains("ChargeFareOutcome"), "{text}");
    assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
}

#[track_caller]
fn check_refused(arguments: &str, input: &str, code: i32, said: &[&str]) {
    let ran = run(arguments, input);
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(
        (ran.status.code(), ran.stdout.is_empty()),
        (Some(code), true),
        "{stderr}"
    );
    for text in said {
        assert!(stderr.contains(text), "`{text}` is not in:\n{stderr}");
    }
}

#[test]
fn what_is_wrong_is_said_before_anything_runs() {
    let fare = fare("3").to_string();
    check_refused(
        "--crash ChargFare",
        &fare,
        2,
        &["no step `ChargFare`", "did you mean `ChargeFare`?"],
    );
    check_refused(
        "--crash Nonsense",
        &fare,
        2,
        &["no step `Nonsense`", "UndoChargeFare"],
    );
    check_refused(
        "--fail ChargeFare",
        &fare,
        2,
        &["expected a name, `=`, and a value"],
    );
    check_refused(
        "--crash ChargeFare --timeout ChargeFare",
        &fare,
        2,
        &["two faults"],
    );
    check_refused(
        "--answer ChargeFare=1",
        &fare,
        2,
        &["no state `ChargeFare` waits for an answer"],
    );
    check_refused(
        "--reject ChargeFare",
        &fare,
        2,
        &["expected a name, `=`, and a value"],
    );
    check_refused(
        "--saga FareProcesing",
        &fare,
        2,
        &["did you mean `FareProcessing`?"],
    );
    #[cfg(not(feature = "aws"))]
    check_refused(
        "--endpoint-url http://127.0.0.1:4566",
        &fare,
        2,
        &["needs the AWS SDK", "cargo run -p saga-cli --features aws"],
    );
    check_refused("--definition x.json", &fare, 2, &["cannot be used with"]);
    check_refused("", "{", 2, &["not valid JSON"]);
    check_refused(
        "",
        r#"{"customerId": 3}"#,
        1,
        &["`customerId`: a text is expected", "`fareId`: is missing"],
    );
}

/// A file with rows.
fn rows(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn rows_lie_in_their_table_before_the_saga_begins() {
    let other = json!({ "fareId": "fare-1", "fareStatus": "completed", "saga_id": "another" });
    let file = rows(&json!({ "Fares": [other, { "fareId": "fare-2" }] }).to_string());
    let arguments = format!("--json --history --rows {}", file.path().display());
    let ran = run(&arguments, &fare("3").to_string());
    assert_eq!(
        ran.status.code(),
        Some(3),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    // What another saga has registered is neither registered again nor undone.
    assert_eq!(tasks(&report), ["RegisterFare", "NotifyFailure"]);
    assert_eq!(
        report["tables"]["Fares"],
        json!([other, { "fareId": "fare-2" }])
    );
}

#[test]
fn rows_that_no_table_takes_are_refused_with_their_place() {
    for (text, said) in [
        (
            "{",
            &[
                "not valid JSON",
                "line 1 column 1",
                r#"{"Orders": [{…}, {…}]}"#,
            ][..],
        ),
        ("[]", &["this is a list", "the name of each table"]),
        (
            r#"{"Fare": []}"#,
            &["no table `Fare`", "did you mean `Fares`?"],
        ),
        (
            r#"{"Trips": []}"#,
            &["no table `Trips`", "its tables are Fares"],
        ),
        (
            r#"{"Fares": {}}"#,
            &["`Fares` is an object, and no list of rows"],
        ),
        (
            r#"{"Fares": [{"fareId": "1"}, "2"]}"#,
            &["`Fares[1]` is a text, and no row"],
        ),
        (
            r#"{"Fares": [{"fare_id": "1"}]}"#,
            &["`Fares[0].fareId` is missing", "as its key: a text"],
        ),
        (
            r#"{"Fares": [{"fareId": 1}]}"#,
            &["`Fares[0].fareId` is a number"],
        ),
        (
            r#"{"Fares": [{"fareId": "1"}, {"fareId": "2"}, {"fareId": "1", "a": 1}]}"#,
            &[
                "`Fares[2]` has the key of `Fares[0]`",
                "leave one of them out",
            ],
        ),
    ] {
        let file = rows(text);
        let path = file.path().display().to_string();
        let said = [&[&*path], said].concat();
        check_refused(&format!("--rows {path}"), &fare("3").to_string(), 2, &said);
    }
    let fare = fare("3").to_string();
    check_refused(
        "--rows nowhere.json",
        &fare,
        2,
        &["cannot read `nowhere.json`"],
    );
    let elsewhere = "--rows nowhere.json --endpoint-url http://127.0.0.1:1";
    check_refused(elsewhere, &fare, 2, &["cannot be used with"]);
    let empty = rows(r#"{"Fares": [{"fareId": ""}]}"#);
    let said = ["the row `Fares[0]` cannot be written", "correct the row"];
    check_refused(
        &format!("--rows {}", empty.path().display()),
        &fare,
        1,
        &said,
    );
}

#[test]
fn a_person_sees_the_saga_happen() {
    let ran = run("", &fare("3_fail_credit").to_string());
    let text = String::from_utf8(ran.stdout).unwrap();
    let mut rest = text.as_str();
    for part in [
        "FareProcessing",
        "✓ RegisterFare",
        "✓ ChargeFare",
        "✗ CreditCustomerAccount",
        "AccountCreditException",
        "↶ UndoChargeFare",
        "↶ UndoRegisterFare",
        "✓ NotifyFailure",
        "FareProcessing compensated in",
        "table Fares",
        "\"fareStatus\":\"failed\"",
        "queue FailedTransactions",
    ] {
        let Some((_, after)) = rest.split_once(part) else {
            panic!(
                "`{part}` is missing, or not in its place, in:
{text}"
            )
        };
        rest = after;
    }
    assert!(!text.contains('\x1b'), "colours without a terminal");
}

#[test]
fn a_warm_run_starts_in_under_a_second() {
    let input = fare("3").to_string();
    run("--json", &input);
    // Twice the promise: other tests run beside this one.
    let start = Instant::now();
    let ran = run("--json", &input);
    assert!(ran.status.success());
    let limit = Duration::from_secs(2).mul_f64(busyness());
    assert!(start.elapsed() < limit, "{:?} > {limit:?}", start.elapsed());
}

/// How much longer things take than on an idle machine, by what waits for its processors.
fn busyness() -> f64 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().and_then(|load| load.parse().ok());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    (load.unwrap_or(0.0) / processors as f64).max(1.0)
}

/// Waits for real retry intervals, so that there is a run to interrupt.
#[test]
fn an_interrupt_ends_run_and_handlers() {
    let mut child = command("--real-time --crash RegisterFare --logs")
        .spawn()
        .unwrap();
    feed(&mut child, &fare("3").to_string());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let failed = lines.find(|line| line.as_ref().unwrap().contains("✗ RegisterFare"));
    assert!(failed.is_some(), "the step did not fail");
    let start = Instant::now();
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{rest:?}");
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    assert!(
        rest.iter().any(|line| line.contains("stopped by the user")),
        "{rest:?}"
    );
}

/// The types of a run's events and what led to each.
fn history(arguments: &str) -> Vec<(String, u64)> {
    let ran = run(&format!("{arguments} --history"), &fare("3").to_string());
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let events = report["events"].as_array().unwrap().iter();
    events
        .map(|event| {
            (
                event["type"].to_string(),
                event["previousEventId"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn real_time_gives_the_same_history() {
    // One retry, after a second at most.
    let fault = "--crash RegisterFare --fault-attempts 1";
    assert_eq!(history(fault), history(&format!("{fault} --real-time")));
}
