//! A saga that another one runs as a step.

use saga_compiler::compile;
use saga_manifest::Manifest;
use saga_manifest::expr::{Expr, Presence};
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::Task;
use serde_json::{Value, json};

use crate::machine::Machine;
use crate::manifest::blocks;
use crate::manifest::{
    call, compensatable, compile as compiled, field, line, object, options, pivot, policy, read,
    read_only, retriable, retried, saga, shown, step, step_at, unknown, work,
};
use crate::template::Template;

/// Runs the saga `Book`, with a timeout that is long enough.
fn run() -> Call {
    Call {
        timeout_seconds: 3_600,
        ..call(Task::Saga {
            saga: "Book".into(),
            input: object([("id", field(Expr::Input, "id"))]),
        })
    }
}

fn undone_by(undo: Call) -> Kind {
    Kind::Compensatable {
        compensation: Box::new(undo),
    }
}

/// `Trip`: `First`, then this step; `Book`: these steps.
pub fn nested(trip: Step, book: Vec<Step>) -> Manifest {
    let mut manifest = saga(vec![compensatable("First"), trip, compensatable("Last")]);
    "Trip".clone_into(&mut manifest.sagas[0].name);
    let mut child = saga(book);
    "Book".clone_into(&mut child.sagas[0].name);
    manifest.sagas.append(&mut child.sagas);
    let new = child.handlers.into_iter();
    let new: Vec<_> = new
        .filter(|h| !manifest.handlers.iter().any(|known| known.name == h.name))
        .collect();
    manifest.handlers.extend(new);
    manifest
}

/// A trip that books with a saga of two steps, and cancels with a handler.
pub fn trip() -> Manifest {
    let undo = Call {
        retry_others: Some(policy(3)),
        ..work("CancelTrip")
    };
    let booking = step("Booking", undone_by(undo), run());
    nested(booking, vec![compensatable("Hotel"), compensatable("Car")])
}

/// The definition of a saga.
pub fn machine(manifest: &Manifest, saga: &str) -> Machine {
    let definitions = compiled(manifest).definitions;
    let found = definitions.into_iter().find(|d| d.saga == saga);
    Machine::from((&found.unwrap().machine.to_value()).into())
}

#[test]
fn it_is_run_under_the_sagas_id() {
    let machine = machine(&trip(), "Trip");
    let booking = machine.state("Booking");
    assert_eq!(
        booking["Resource"],
        "arn:aws:states:::states:startExecution.sync:2"
    );
    assert_eq!(booking["TimeoutSeconds"], 3_600);
    let arguments = &booking["Arguments"];
    assert_eq!(arguments["StateMachineArn"], "${BookStateMachineArn}");
    let input = json!({
        "id": "{% $states.context.Execution.Input.id %}",
        "_saga": { "id": "{% $states.context.Execution.Id %}", "step": "Booking" },
        "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": "{% $states.context.Execution.Id %}",
    });
    assert_eq!(arguments["Input"], input);
    assert_eq!(booking["Retry"], Value::Null);
}

#[test]
fn what_is_run_takes_its_id_and_its_instances_from_its_caller() {
    let machine = machine(&trip(), "Book");
    let saga = &machine.state("Hotel")["Arguments"]["Payload"]["saga"];
    let given = "$states.context.Execution.Input._saga";
    let id = format!(
        "{{% $type({given}.id) = \"string\" ? {given}.id : $states.context.Execution.Id %}}"
    );
    assert_eq!(saga["id"], id);
    let step = format!("{{% $exists({given}.step) ? {given}.step & \"/Hotel\" : \"Hotel\" %}}");
    assert_eq!(saga["step"], step);
    let undo = &machine.state("UndoHotel")["Arguments"]["Payload"]["saga"];
    assert_eq!(undo["step"], step);
}

/// What a caller adds is no part of the input that a handler gets as a whole.
#[test]
fn a_whole_input_is_the_sagas_own() {
    let hotel = Step {
        call: crate::manifest::invoke("Hotel", Expr::Input),
        ..compensatable("Hotel")
    };
    let booking = step("Booking", undone_by(work("CancelTrip")), run());
    let manifest = nested(booking, vec![hotel]);
    let machine = machine(&manifest, "Book");
    let input = machine.state("Hotel")["Arguments"]["Payload"]["input"]
        .as_str()
        .unwrap();
    assert!(input.contains("$sift"), "{input}");
    assert!(input.contains("\"_saga\""), "{input}");
}

#[track_caller]
fn leads(manifest: &Manifest, state: &str, routes: &[(&str, &str)]) {
    let machine = machine(manifest, "Trip");
    for (error, next) in routes {
        assert_eq!(
            machine.leads(state, error),
            Some(*next),
            "{error} in {state}"
        );
    }
}

#[test]
fn only_a_saga_that_has_undone_itself_lets_the_caller_go_back() {
    let errors = [
        "States.TaskFailed",
        "States.Timeout",
        "States.DataLimitExceeded",
        "States.QueryEvaluationError",
    ];
    let routes = errors.map(|error| (error, "BookingOutcome"));
    leads(&trip(), "Booking", &routes);
    let machine = machine(&trip(), "Trip");
    let outcome = machine.state("BookingOutcome");
    assert_eq!(outcome["Choices"][0]["Next"], "UndoFirst");
    assert_eq!(outcome["Default"], "HoldBooking");
    assert_eq!(machine.state("HoldBooking")["Next"], "BookingParked");
    let parked = machine.state("BookingParked");
    assert_eq!(parked["Type"], "Parallel");
    assert_eq!(parked["Catch"], Value::Null);
    assert_eq!(parked["Next"], "BookingSettled");
    let settled = machine.state("BookingSettled");
    assert_eq!(settled["Choices"][0]["Next"], "UndoFirst");
    assert_eq!(settled["Default"], "Last");
    assert_eq!(machine.state("UndoLast")["Next"], "UndoBooking");
}

/// The parked form asks about the execution that the step started, and starts one under that name only where
/// there is none: a second execution could go another way, and leave what the first one did.
#[test]
fn the_parked_form_asks_about_the_execution() {
    let machine = machine(&trip(), "Trip");
    let branch = &machine.state("BookingParked")["Branches"][0];
    assert_eq!(branch["StartAt"], "BookingParked:Held");
    let state = |name: &str| &branch["States"][format!("BookingParked:{name}")];
    let again = &state("Again")["Arguments"];
    assert_eq!(again["Input"]["_saga"]["step"], "Booking");
    let text = |value: &Value| {
        let text = value.as_str().unwrap();
        let text = text.trim_start_matches("{% ").trim_end_matches(" %}");
        text.to_owned()
    };
    let first = text(&machine.state("Booking")["Arguments"]["Name"]);
    let stem = first.strip_suffix("& 0").unwrap();
    assert!(
        !stem.contains("State.") && !stem.contains("Redrive"),
        "{stem}"
    );
    assert_eq!(
        text(&again["Name"]),
        format!("{stem}& $states.input._attempt")
    );
    let looked_at = text(&state("Look")["Arguments"]["ExecutionArn"]);
    assert!(looked_at.contains(stem), "{looked_at}");
    let starts = |next: &str| {
        let rules = state("Ended")["Choices"].as_array().unwrap();
        rules
            .iter()
            .filter(|rule| rule["Next"] == format!("BookingParked:{next}"))
            .count()
    };
    assert_eq!((starts("Done"), starts("Again")), (2, 1));
    assert_eq!(state("Ended")["Default"], "BookingParked:Held");
    let held = branch["States"]["BookingParked:Held"]["Output"]
        .as_str()
        .unwrap();
    assert!(
        held.contains("$error(") && held.contains("RedriveCount"),
        "{held}"
    );
}

/// What waits in a branch would end those beside it: so it waits where its undo would come.
#[test]
fn in_a_branch_it_is_asked_about_before_its_undo() {
    let mut manifest = trip();
    let nodes = std::mem::take(&mut manifest.sagas[0].body.nodes);
    let mut nodes = nodes.into_iter();
    let (first, booking, last) = (nodes.next(), nodes.next(), nodes.next());
    let branches = [booking, last].map(|node| blocks::block(vec![node.unwrap()]));
    let both = blocks::parallel("Both", branches.into());
    manifest.sagas[0].body.nodes = vec![first.unwrap(), both];
    let machine = machine(&manifest, "Trip");
    let branch = &machine.state("Both")["Branches"][0]["States"];
    let outcome = &branch["BookingOutcome"];
    assert_eq!(outcome["Choices"][0]["Next"], "BothBranch1Failed");
    assert_eq!(outcome["Default"], "SettleHoldBooking");
    let settled = &branch["SettleHoldBooking"]["Output"];
    assert_eq!(settled["undoFrom"], "HoldBooking");
    let gate = &machine.state("UndoBothBranch1")["Choices"];
    let entries = [0, 1].map(|entry| gate[entry]["Next"].as_str().unwrap());
    assert_eq!(entries, ["UndoBooking", "HoldBooking"]);
    assert_eq!(machine.state("HoldBooking")["Next"], "BookingParked");
    assert_eq!(machine.state("BookingParked")["Next"], "BookingSettled");
    // What was never started is not started where it is to be undone next.
    let parked = &machine.state("BookingParked")["Branches"][0]["States"];
    assert_eq!(parked.get("BookingParked:Again"), None);
    assert_eq!(
        parked["BookingParked:Ended"]["Choices"][2]["Next"],
        "BookingParked:Done"
    );
    let settled = machine.state("BookingSettled");
    assert_eq!(settled["Choices"][0]["Next"], "UndoFirst");
    assert_eq!(settled["Default"], "UndoBooking");
}

#[test]
fn what_only_goes_forward_waits_for_an_operator() {
    let forward = step("Booking", Kind::Retriable, run());
    let mut manifest = nested(forward, vec![pivot("Pay"), retriable("Ship")]);
    manifest.sagas[0].body.nodes.swap_remove(2);
    let first = step_at(&mut manifest.sagas[0], 0);
    first.kind = Kind::Pivot;
    leads(
        &manifest,
        "Booking",
        &[
            ("States.TaskFailed", "ParkBooking"),
            ("States.Timeout", "ParkBooking"),
        ],
    );
}

#[test]
fn the_role_runs_that_saga_and_hears_of_its_end() {
    let template = Template::of(&trip());
    let statements = template.statements("TripStateMachineRole");
    let of = |sid: &str| statements.iter().find(|s| s["Sid"] == sid).unwrap().clone();
    let run = of("RunBookStateMachine");
    assert_eq!(run["Action"], json!(["states:StartExecution"]));
    assert_eq!(run["Resource"], json!({ "Ref": "BookStateMachine" }));
    let follow = of("FollowBookStateMachine");
    assert_eq!(
        follow["Action"],
        json!(["states:DescribeExecution", "states:StopExecution"])
    );
    let executions = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${BookStateMachine.Name}:*";
    assert_eq!(follow["Resource"], json!({ "Fn::Sub": executions }));
    let hear = of("HearOfEndedExecutions");
    assert_eq!(
        hear["Action"],
        json!(["events:DescribeRule", "events:PutRule", "events:PutTargets"])
    );
    assert!(
        template
            .statements("BookStateMachineRole")
            .iter()
            .all(|s| s["Sid"] != "HearOfEndedExecutions")
    );
}

#[track_caller]
fn refused(manifest: &Manifest, message: &str, help: &str) {
    let mistakes = compile(manifest, &options()).expect_err("a mistake");
    let text = shown(&mistakes);
    let [mistake] = mistakes.as_slice() else {
        panic!("not one mistake:\n{text}")
    };
    assert!(mistake.message.contains(message), "{text}");
    assert!(mistake.help.contains(help), "{text}");
}

fn with(kind: Kind, run: Call, book: Vec<Step>) -> Manifest {
    nested(step("Booking", kind, run), book)
}

fn undoable() -> Kind {
    undone_by(work("CancelTrip"))
}

#[test]
fn a_saga_that_leads_back_to_its_caller() {
    let back = Task::Saga {
        saga: "Trip".into(),
        input: object([]),
    };
    let back = Call {
        timeout_seconds: 90_000,
        ..call(back)
    };
    let manifest = with(undoable(), run(), vec![step("Back", undoable(), back)]);
    let mistakes = compile(&manifest, &options()).unwrap_err();
    let text = shown(&mistakes);
    assert!(
        text.contains("`Trip` runs `Book`, which runs `Trip` in turn"),
        "{text}"
    );
    let own = Task::Saga {
        saga: "Trip".into(),
        input: object([]),
    };
    let own = Call {
        timeout_seconds: 90_000,
        ..call(own)
    };
    refused(
        &with(undoable(), own, vec![read_only("Look")]),
        "`Trip` runs `Trip`",
        "circle",
    );
}

#[test]
fn a_timeout_that_is_shorter_than_what_is_run() {
    let short = Call {
        timeout_seconds: 110,
        ..run()
    };
    // A do of 10 + 15 seconds, an undo of 4 times that with pauses of 1, 2 and 4 seconds.
    let book = || vec![compensatable("Hotel")];
    refused(
        &with(undoable(), short, book()),
        "waits 110 seconds for `Book`, which may take 132",
        "132",
    );
    let enough = Call {
        timeout_seconds: 132,
        ..run()
    };
    compiled(&with(undoable(), enough, book()));
}

#[test]
fn a_saga_that_may_undo_itself_where_there_is_no_way_back() {
    let undo = with(
        undone_by(run()),
        work("First"),
        vec![compensatable("Hotel")],
    );
    refused(
        &undo,
        "may undo itself, and an undo only goes forward",
        "begins with its pivot",
    );
    compiled(&with(
        undone_by(run()),
        work("First"),
        vec![pivot("Pay"), retriable("Ship")],
    ));
}

/// Its pivot may run a saga that undoes itself, and can then never be done.
#[test]
fn a_saga_that_runs_one_that_may_undo_itself() {
    let enough = |seconds, saga: &str| Call {
        timeout_seconds: seconds,
        ..call(Task::Saga {
            saga: saga.into(),
            input: object([]),
        })
    };
    let pays = step("Pay", Kind::Pivot, enough(3_600, "Bank"));
    let mut undo = with(undone_by(enough(7_200, "Book")), work("First"), vec![pays]);
    let mut bank = saga(vec![compensatable("Hold")]);
    "Bank".clone_into(&mut bank.sagas[0].name);
    undo.sagas.append(&mut bank.sagas);
    undo.handlers.append(&mut bank.handlers);
    refused(
        &undo,
        "runs `Book`, which may undo itself",
        "what was undone cannot be done again",
    );
}

#[test]
fn a_saga_as_if_it_only_read() {
    refused(
        &with(Kind::ReadOnly, run(), vec![read_only("Look")]),
        "as if that had no effect",
        "what undoes it",
    );
}

#[test]
fn a_saga_that_is_run_again() {
    let again = || Call {
        errors: vec![retried(unknown("States.TaskFailed"), 2)],
        ..run()
    };
    refused(
        &with(undoable(), again(), vec![compensatable("Hotel")]),
        "again when it has ended",
        "own steps",
    );
    // What undoes nothing may be run again: its fences answer for what was done.
    let persistent = Call {
        retry_others: Some(policy(3)),
        ..again()
    };
    let forward = vec![pivot("Pay"), retriable("Ship")];
    compiled(&with(undone_by(persistent), work("First"), forward));
}

#[test]
fn a_name_that_could_be_two_instances() {
    let mut manifest = trip();
    let first = step_at(&mut manifest.sagas[1], 0);
    first.name = "A/B".into();
    first.place = line(33);
    refused(&manifest, "has a `/` in its name", "another name");
}

#[test]
fn an_input_that_a_caller_cannot_add_to() {
    let mut manifest = trip();
    manifest.sagas[1].input.schema = json!({ "type": "object", "properties": { "_saga": {} } });
    refused(&manifest, "has a field `_saga`", "another name");
    manifest.sagas[1].input.schema = json!({ "type": "string" });
    refused(&manifest, "is no object", "struct");
}

/// Data that are read of the saga's output.
#[test]
fn its_output_is_what_the_saga_gives() {
    let mut manifest = trip();
    let last = step_at(&mut manifest.sagas[0], 2);
    let id = read(Expr::Output("Booking".into()), "id", Presence::Required);
    last.call = crate::manifest::invoke("Last", id);
    let machine = machine(&manifest, "Trip");
    assert_eq!(
        machine.state("Booking")["Assign"]["booking"],
        "{% $states.result.Output %}"
    );
    let parked = machine.state("BookingParked");
    assert_eq!(
        parked["Assign"]["booking"],
        "{% $states.result[0].output %}"
    );
}

/// Nothing was recorded of what a nested saga did: its undo would be taken for one that came first, and
/// do nothing.
#[test]
fn what_undoes_it_asks_no_fence() {
    let machine = machine(&trip(), "Trip");
    let fence = |state: &str| machine.state(state)["Arguments"]["Payload"]["saga"].get("fence");
    for undo in ["UndoBooking", "UndoBookingParked"] {
        assert_eq!(fence(undo), None, "{undo}");
    }
    for fenced in ["First", "UndoFirst", "UndoFirstParked"] {
        assert!(fence(fenced).is_some(), "{fenced}");
    }
}
