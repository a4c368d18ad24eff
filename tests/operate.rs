//! `saga-cli status`, `parked`, `redrive`, `approve` and `invoke` on a deployed stack: an account that stands in for AWS's
//! behind a program called `aws`, which is this one. What its executions went through, the engine really did.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and the program that stands in for AWS's prints"
)]

#[path = "operate/account.rs"]
mod account;
#[path = "operate/approvals.rs"]
mod approvals;
#[path = "operate/emulator.rs"]
mod emulator;
#[path = "suite/markdown.rs"]
mod markdown;
#[path = "operate/stand_in.rs"]
mod stand_in;
#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};

use account::Account;

/// A stack of one saga, with executions in all the ways that one can stand.
fn account() -> Account {
    let refused = ("ChargeFare", "PaymentAuthException");
    let crashed = ("ChargeFare", "Lambda.Unknown");
    let refund = ("UndoChargeFare", "ProviderDown");
    let mut account = Account::new();
    account.ran("done", &[]);
    account.ran("undone", &[refused]);
    account.ran("stuck", &[crashed, refund]);
    account.ran("stuck-again", &[crashed, refund]);
    account.ran("pivot", &[("CreditCustomerAccount", "CreditException")]);
    account.is("running", "RUNNING");
    for stopped in [
        "undone-by-recovery",
        "in-recovery",
        "asked-about",
        "in-its-place",
        "unheard",
    ] {
        account.is(stopped, "ABORTED");
    }
    account.recovered("undone-by-recovery", "SUCCEEDED", &[]);
    account.recovered("in-recovery", "RUNNING", &[]);
    account.recovered("asked-about", "FAILED", &["RecoveryParked"]);
    account.recovered("in-its-place", "FAILED", &["UndoChargeFareParked"]);
    account
}

/// A command, its exit, and what it says.
struct Case {
    name: &'static str,
    command: &'static str,
    exit: i32,
    says: &'static [&'static str],
    /// What it does not say.
    not: &'static [&'static str],
    /// What AWS is asked to change: executions and functions by their names, tokens by the whole request.
    changes: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        name: "status_tells_how_each_saga_stands",
        command: "status --stack fares",
        exit: 0,
        says: &[
            "FareProcessing",
            "completed    2026-01-01T00:00:00Z  done",
            "compensated  2026-01-01T00:00:00Z  undone",
            "stuck  UndoChargeFareParked: ProviderDown",
            "running ",
            "unheard  ABORTED",
            "3 parked, 5 failed, 1 running, 1 compensated, 1 completed",
        ],
        not: &[],
        changes: &[],
    },
    Case {
        name: "status_of_those_that_stand_so",
        command: "status --stack fares --only running --only completed --json",
        exit: 0,
        says: &[
            "\"stands\": \"completed\"",
            "\"stands\": \"running\"",
            "FareProcessing:done\"",
        ],
        not: &["parked", "compensated", "failed"],
        changes: &[],
    },
    Case {
        name: "a_saga_that_the_stack_does_not_have",
        command: "status --stack fares --saga FareProcesing",
        exit: 2,
        says: &[
            "the stack `fares` has no saga `FareProcesing`",
            "did you mean `FareProcessing`?",
        ],
        not: &[],
        changes: &[],
    },
    Case {
        name: "a_stack_that_is_not_there",
        command: "parked --stack fare",
        exit: 1,
        says: &[
            "the stack `fare` cannot be read",
            "does not exist",
            "`aws cloudformation list-stacks`",
        ],
        not: &[],
        changes: &[],
    },
    Case {
        name: "parked_tells_why_and_what_goes_on",
        command: "parked --stack fares --region eu-west-1",
        exit: 0,
        says: &[
            "stuck  FareProcessing, parked 2026-",
            "in         UndoChargeFareParked",
            "step       ChargeFare",
            "undone for Lambda.Unknown of ChargeFare: the mock says Lambda.Unknown",
            "parked for ProviderDown: the mock says ProviderDown",
            "arguments  {",
            "go on      saga-cli redrive --stack fares --region eu-west-1 arn:aws:states:us-east-1:123456789012:\
             execution:FareProcessing:stuck\n",
            "3 sagas wait for you",
        ],
        not: &["undone  ", "in-recovery"],
        changes: &[],
    },
    Case {
        name: "redrive_asks",
        command: "redrive --stack fares stuck",
        exit: 2,
        says: &[
            "redrives arn:aws:states:us-east-1:123456789012:execution:FareProcessing:stuck",
            "FareProcessing is parked in UndoChargeFareParked, by ProviderDown: it goes on there",
            "`--yes` does it without asking",
        ],
        not: &["redriven"],
        changes: &[],
    },
    Case {
        name: "redrive_goes_on_with_what_is_parked",
        command: "redrive --stack fares stuck stuck --yes",
        exit: 1,
        says: &["redriven arn:aws:states:us-east-1:123456789012:execution:FareProcessing:stuck"],
        // The second time it runs: the service refuses, and says so.
        not: &["nothing is to be redriven"],
        changes: &["stuck"],
    },
    Case {
        name: "redrive_of_all_in_one_state",
        command: "redrive --stack fares --all --state UndoChargeFareParked --yes",
        exit: 0,
        says: &[
            "execution:FareProcessing:stuck\n",
            "execution:FareProcessing:stuck-again\n",
        ],
        not: &["pivot"],
        changes: &["stuck-again", "stuck"],
    },
    Case {
        name: "redrive_leaves_what_needs_none",
        command: "redrive --stack fares done undone running --yes",
        exit: 0,
        says: &[
            "it is completed",
            "it is compensated",
            "it runs",
            "nothing is to be redriven",
        ],
        not: &[],
        changes: &[],
    },
    Case {
        name: "redrive_refuses_what_was_recovered",
        command: "redrive --stack fares undone-by-recovery in-recovery in-its-place unheard --yes",
        exit: 1,
        says: &[
            "it was recovered, and is undone: arn:aws:states:us-east-1:123456789012:execution:\
             FareProcessingRecovery:of-undone-by-recovery",
            "it is being recovered: ",
            "its recovery waits for you, and has to be redriven in its place: ",
            "no recovery of it was found",
            "`RecoveryDeadLetters`",
            "nothing is to be redriven",
        ],
        not: &[],
        changes: &[],
    },
    Case {
        name: "redrive_of_what_recovers_and_of_what_it_left",
        command: "redrive --stack fares of-in-its-place asked-about --yes",
        exit: 0,
        says: &[
            "the recovery of FareProcessing goes on where it waits",
            "its recovery left it to you: the pivot was passed",
        ],
        not: &[],
        changes: &["of-in-its-place", "asked-about"],
    },
    Case {
        name: "redrive_of_what_is_not_there",
        command: "redrive --stack fares nothing --yes",
        exit: 2,
        says: &[
            "no execution `nothing` of FareProcessing",
            "`saga-cli parked --stack NAME`",
        ],
        not: &[],
        changes: &[],
    },
    Case {
        name: "invoke_asks",
        command: "invoke ChargeFare --stack fares",
        exit: 2,
        says: &["Calls fares-ChargeFare-1, with {", "`--yes`"],
        not: &[],
        changes: &[],
    },
    Case {
        name: "invoke_calls_the_function_of_a_step",
        command: "invoke ChargeFare --stack fares --yes",
        exit: 0,
        says: &["\"chargeId\": \"ch_1\""],
        not: &[],
        changes: &["fares-ChargeFare-1"],
    },
    Case {
        name: "invoke_tells_the_error_of_a_handler",
        command: "invoke RefundFare --undo --stack fares --yes",
        exit: 1,
        says: &["`RefundFare` failed with `ProviderDown`: not today"],
        not: &[],
        changes: &["fares-RefundFare-1"],
    },
    Case {
        name: "invoke_of_a_step_that_the_stack_does_not_have",
        command: "invoke ChargeFair --stack fares --yes",
        exit: 2,
        says: &[
            "the stack `fares` has no step `ChargeFair`",
            "did you mean `ChargeFare`?",
        ],
        not: &[],
        changes: &[],
    },
    Case {
        name: "invoke_here_runs_the_real_handler",
        command: "invoke ChargeFare -p fare-processing --event tests/operate/charge.json",
        exit: 0,
        says: &["{\n", "}\n"],
        not: &[],
        changes: &[],
    },
    Case {
        name: "invoke_here_tells_the_handler_s_error",
        command: "invoke ChargeFare -p fare-processing --event tests/operate/refused.json",
        exit: 1,
        says: &["`ChargeFare` failed with `PaymentAuthException`"],
        not: &[],
        changes: &[],
    },
    Case {
        name: "invoke_of_a_step_that_the_package_does_not_have",
        command: "invoke ChargeFair -p fare-processing",
        exit: 2,
        says: &["has no step `ChargeFair`", "did you mean `ChargeFare`?"],
        not: &[],
        changes: &[],
    },
    Case {
        name: "an_endpoint_is_of_a_stack",
        command: "invoke ChargeFare -p fare-processing --endpoint-url http://here",
        exit: 2,
        says: &["`--endpoint-url` leads to a stack", "`--stack NAME`"],
        not: &[],
        changes: &[],
    },
];

fn check(case: &Case) {
    let account = account();
    let ran = account.run(case.command);
    let said = format!("{}{}", ran.out, ran.err);
    assert_eq!(ran.exit, case.exit, "{said}");
    for says in case.says {
        assert!(said.contains(says), "`{says}` is not in:\n{said}");
    }
    for not in case.not {
        assert!(!said.contains(not), "`{not}` is in:\n{said}");
    }
    assert_eq!(account.changes(), case.changes, "{said}");
}

/// Redriven, it runs; to ask again then is no error.
fn twice() {
    let account = account();
    let redrive = "redrive --stack fares pivot --yes";
    let first = account.run(redrive);
    assert_eq!(first.exit, 0, "{}{}", first.out, first.err);
    let again = account.run(redrive);
    assert_eq!(again.exit, 0, "{}{}", again.out, again.err);
    assert!(again.out.contains("it runs"), "{}", again.out);
    assert_eq!(account.changes(), ["pivot"]);
}

/// What scripts read of a parked saga.
fn as_json() {
    let account = account();
    let ran = account.run("parked --stack fares --json");
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    let stuck = found.as_array().unwrap().iter();
    let stuck = stuck
        .filter(|one| one["execution"].as_str().unwrap().ends_with(":stuck"))
        .collect::<Vec<_>>();
    let [stuck] = stuck.as_slice() else {
        panic!("{found}");
    };
    let message = &stuck["waits"][0]["message"];
    assert_eq!(
        json!([
            stuck["waits"][0]["state"],
            message["step"],
            message["error"]["error"],
            message["parkedError"]["error"]
        ]),
        json!([
            "UndoChargeFareParked",
            "ChargeFare",
            "Lambda.Unknown",
            "ProviderDown"
        ]),
    );
}

/// What the guide shows of a deployed stack works as it stands there; what asks is agreed to.
fn as_the_guide_says() {
    let page = include_str!("../guide/book/operating.md");
    let blocks = markdown::blocks_of("sh", page);
    let lines: Vec<&str> = blocks.iter().flat_map(|block| block.lines()).collect();
    assert!(lines.len() > 5, "{lines:?}");
    for line in lines {
        let command = line.strip_prefix("saga-cli ").unwrap();
        let asks = ["redrive", "invoke"]
            .iter()
            .any(|asks| command.starts_with(asks));
        let yes = if asks { " --yes" } else { "" };
        let ran = account().run(&format!("{command}{yes}"));
        assert_eq!(ran.exit, 0, "{line}: {}{}", ran.out, ran.err);
    }
}

/// Without AWS's command line it is said what to install.
fn without_aws() {
    let ran = account().without_aws("status --stack fares");
    assert_eq!(ran.exit, 1);
    assert!(ran.err.contains("cannot run `aws`"), "{}", ran.err);
    assert!(
        ran.err.contains("install AWS's command line"),
        "{}",
        ran.err
    );
}

fn main() -> ExitCode {
    if let Some(folder) = std::env::var_os(stand_in::FOLDER) {
        return stand_in::main(folder.as_ref());
    }
    let trial = |name: &str, test: fn()| {
        let test = move || {
            test();
            Ok(())
        };
        Trial::test(name, test)
    };
    let cases = CASES.iter().chain(approvals::CASES).map(|case| {
        Trial::test(case.name, move || {
            check(case);
            Ok(())
        })
    });
    let trials = cases.chain([
        trial("redriving_twice_does_no_harm", twice),
        trial("scripts_read_what_is_parked", as_json),
        trial("the_guide_s_commands_work", as_the_guide_says),
        trial("the_command_line_of_aws_is_needed", without_aws),
        tools::trial::trial("an_emulator_is_asked_the_same", emulator::check),
    ]);
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
