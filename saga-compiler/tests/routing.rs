//! Where each error of a step leads.

use saga_manifest::Manifest;
use saga_manifest::step::{Call, Kind, Step};

use crate::machine::Machine;
use crate::manifest::{
    compensatable, known, pivot, policy, read_only, retriable, retried, saga, step, unknown, work,
};

/// `First`, then a step `Second` of that kind and those errors, undone after it.
fn second(kind: Kind, errors: Call) -> Manifest {
    saga(vec![compensatable("First"), step("Second", kind, errors)])
}

fn undoable() -> Kind {
    Kind::Compensatable {
        compensation: Box::new(work("RevertSecond")),
    }
}

#[track_caller]
fn check(manifest: &Manifest, state: &str, routes: &[(&str, &str)]) {
    let machine = Machine::of(manifest);
    for (error, next) in routes {
        assert_eq!(
            machine.leads(state, error),
            Some(*next),
            "{error} in {state}"
        );
    }
}

#[test]
fn what_surely_did_not_happen_is_not_undone() {
    let call = Call {
        errors: vec![known("Refused"), unknown("Lost")],
        ..work("Second")
    };
    check(
        &second(undoable(), call),
        "Second",
        &[
            ("Refused", "UndoFirst"),
            ("Lost", "UndoSecond"),
            ("States.Timeout", "UndoSecond"),
            ("States.QueryEvaluationError", "UndoSecond"),
            ("States.DataLimitExceeded", "UndoSecond"),
        ],
    );
}

#[test]
fn a_known_failure_after_an_unknown_one_is_undone() {
    for call in [
        Call {
            errors: vec![known("Refused"), retried(unknown("Lost"), 2)],
            ..work("Second")
        },
        Call {
            errors: vec![known("Refused")],
            retry_others: Some(policy(2)),
            ..work("Second")
        },
    ] {
        let manifest = second(undoable(), call);
        check(
            &manifest,
            "Second",
            &[("Refused", "SecondOutcome"), ("Lost", "UndoSecond")],
        );
        let machine = Machine::of(&manifest);
        let attempts = &machine.catcher("Second", "Refused").unwrap()["Assign"]["attempts"];
        assert_eq!(attempts, "{% $states.context.State.RetryCount %}");
        let choice = machine.state("SecondOutcome");
        assert_eq!(choice["Choices"][0]["Condition"], "{% $attempts > 0 %}");
        assert_eq!(choice["Choices"][0]["Next"], "UndoSecond");
        assert_eq!(choice["Default"], "UndoFirst");
    }
}

#[test]
fn retries_of_known_failures_alone_leave_no_doubt() {
    let errors = vec![
        retried(known("Throttled"), 5),
        known("Refused"),
        retried(unknown("Lost"), 0),
    ];
    let call = Call {
        errors,
        ..work("Second")
    };
    let manifest = second(undoable(), call);
    check(
        &manifest,
        "Second",
        &[("Throttled", "UndoFirst"), ("Refused", "UndoFirst")],
    );
    assert!(
        !Machine::of(&manifest)
            .states()
            .contains_key("SecondOutcome")
    );
}

#[test]
fn a_first_step_that_did_not_happen_leaves_nothing_to_undo() {
    let call = Call {
        errors: vec![known("Refused")],
        ..work("Second")
    };
    let only = Step {
        name: "Only".into(),
        ..step("Only", undoable(), call)
    };
    let routes = [("Refused", "OrderFailed"), ("States.Timeout", "UndoOnly")];
    check(&saga(vec![only]), "Only", &routes);
}

#[test]
fn a_read_has_nothing_of_its_own_to_undo() {
    let call = Call {
        errors: vec![known("Refused"), retried(unknown("Lost"), 2)],
        ..work("Second")
    };
    let manifest = second(Kind::ReadOnly, call);
    let all = [
        "Refused",
        "Lost",
        "States.Timeout",
        "States.DataLimitExceeded",
    ];
    check(&manifest, "Second", &all.map(|error| (error, "UndoFirst")));
    assert!(!Machine::of(&manifest).states().contains_key("UndoSecond"));
}

#[test]
fn a_pivot_is_undone_never_and_passed_over_never() {
    let call = Call {
        errors: vec![known("Refused"), unknown("Lost")],
        ..work("Second")
    };
    check(
        &second(Kind::Pivot, call),
        "Second",
        &[
            ("Refused", "UndoFirst"),
            ("Lost", "ParkSecond"),
            ("States.Timeout", "ParkSecond"),
            ("States.DataLimitExceeded", "ParkSecond"),
        ],
    );
    let call = Call {
        errors: vec![known("Refused"), retried(unknown("Lost"), 3)],
        ..work("Second")
    };
    let manifest = second(Kind::Pivot, call);
    check(&manifest, "Second", &[("Refused", "SecondOutcome")]);
    let machine = Machine::of(&manifest);
    assert_eq!(
        machine.state("SecondOutcome")["Choices"][0]["Next"],
        "ParkSecond"
    );
    assert_eq!(machine.state("SecondOutcome")["Default"], "UndoFirst");
}

#[test]
fn after_the_pivot_nothing_is_undone() {
    let refused = Call {
        errors: vec![known("Refused")],
        ..work("Third")
    };
    let third = Step {
        call: refused,
        ..retriable("Third")
    };
    let manifest = saga(vec![
        compensatable("First"),
        pivot("Second"),
        third,
        read_only("Fourth"),
    ]);
    for (state, park) in [("Third", "ParkThird"), ("Fourth", "ParkFourth")] {
        let all = ["Refused", "States.Timeout", "States.DataLimitExceeded"];
        check(&manifest, state, &all.map(|error| (error, park)));
    }
}

#[test]
fn compensations_run_in_reverse() {
    let names = ["A", "B", "C", "D"];
    let machine = Machine::of(&saga(names.map(compensatable).into()));
    assert_eq!(machine.leads("D", "States.Timeout"), Some("UndoD"));
    let mut chain = vec!["UndoD"];
    while let Some(next) = machine.state(chain[chain.len() - 1])["Next"].as_str() {
        chain.push(next);
    }
    assert_eq!(chain, ["UndoD", "UndoC", "UndoB", "UndoA", "OrderFailed"]);
}

#[test]
fn the_first_failure_is_kept_and_no_undo_overwrites_it() {
    let machine = Machine::of(&saga(vec![compensatable("A"), compensatable("B")]));
    for (name, state) in machine.tasks() {
        for catcher in state["Catch"].as_array().into_iter().flatten() {
            let assigns = catcher["Assign"].get("failure").is_some();
            assert_eq!(assigns, ["A", "B"].contains(&name.as_str()), "{name}");
        }
    }
    let failure = &machine.catcher("B", "States.Timeout").unwrap()["Assign"]["failure"];
    let expected = "{% {\"step\": \"B\", \"error\": $states.errorOutput.Error, \
                    \"cause\": $states.errorOutput.Cause} %}";
    assert_eq!(failure, expected);
}

#[test]
fn errors_of_one_policy_share_a_retrier_and_all_others_come_last() {
    let errors = vec![
        retried(unknown("A"), 2),
        retried(unknown("B"), 5),
        retried(known("C"), 2),
        unknown("D"),
    ];
    let call = Call {
        errors,
        retry_others: Some(policy(2)),
        ..work("Second")
    };
    let machine = Machine::of(&second(undoable(), call));
    let retriers = machine.state("Second")["Retry"].as_array().unwrap();
    let names: Vec<_> = retriers.iter().map(|r| r["ErrorEquals"].clone()).collect();
    let expected = serde_json::json!([["A", "C"], ["B"], ["States.ALL"]]);
    assert_eq!(serde_json::Value::from(names), expected);
    assert_eq!(retriers[1]["MaxAttempts"], 5);
}
