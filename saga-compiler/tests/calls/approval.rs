//! Questions that somebody answers.

use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::resource::{Origin, Queue, Topic};
use saga_manifest::step::{Call, Kind};
use saga_manifest::task::{Channel, Task};
use serde_json::{Value, json};

use crate::machine::Machine;
use crate::manifest::{
    call, compensatable, field, input, invoke, known, line, object, policy, saga, step, work,
};
use crate::template::Template;

fn asked(channel: Channel, unanswered: Option<Expr>) -> Call {
    Call {
        timeout_seconds: 86_400,
        errors: vec![known("Declined")],
        ..call(Task::Approval {
            channel,
            request: object([("amount", input("amount"))]),
            unanswered,
        })
    }
}

fn asks(kind: Kind, ask: Call) -> Manifest {
    let by = field(Expr::Output("Ask".into()), "by");
    let mut last = compensatable("Last");
    last.call = invoke("Last", by);
    let mut manifest = saga(vec![compensatable("First"), step("Ask", kind, ask), last]);
    manifest.queues.push(Queue {
        name: "Desk".into(),
        description: None,
        place: line(120),
        origin: Origin::Created,
        visibility_timeout_seconds: 30,
        retention_seconds: 60,
        dead_letter_after: None,
        subscriptions: Vec::new(),
    });
    manifest.topics.push(Topic {
        name: "Staff".into(),
        description: None,
        place: line(130),
        origin: Origin::Created,
    });
    manifest
}

/// A question to a queue, and one to a topic.
pub fn asks_both() -> Manifest {
    let mut manifest = asks(Kind::ReadOnly, asked(desk(), None));
    let staff = asked(Channel::Topic("Staff".into()), None);
    crate::manifest::step_at(&mut manifest.sagas[0], 0).call = staff;
    manifest
}

fn desk() -> Channel {
    Channel::Queue("Desk".into())
}

fn undoable() -> Kind {
    Kind::Compensatable {
        compensation: Box::new(work("RevertLast")),
    }
}

#[test]
fn it_is_sent_and_waited_for() {
    let machine = Machine::of(&asks(Kind::ReadOnly, asked(desk(), None)));
    let ask = machine.state("Ask");
    assert_eq!(
        ask["Resource"],
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    );
    assert_eq!(ask["TimeoutSeconds"], 86_400);
    assert_eq!(ask["HeartbeatSeconds"], Value::Null);
    let arguments = &ask["Arguments"];
    assert_eq!(arguments["QueueUrl"], "${DeskQueueUrl}");
    let body = arguments["MessageBody"].as_str().unwrap();
    assert!(body.contains("\"saga-cli approve \""), "{body}");
    assert!(arguments["MessageAttributes"]["saga_message_id"].is_object());
    assert_eq!(ask["Assign"]["ask"], "{% $states.result %}");
    let staff = asked(Channel::Topic("Staff".into()), None);
    let machine = Machine::of(&asks(Kind::ReadOnly, staff));
    let ask = machine.state("Ask");
    assert_eq!(
        ask["Resource"],
        "arn:aws:states:::sns:publish.waitForTaskToken"
    );
    assert_eq!(ask["Arguments"]["TopicArn"], "${StaffTopicArn}");
}

#[test]
fn a_heartbeat_is_heard() {
    let ask = Call {
        heartbeat_seconds: Some(60),
        ..asked(desk(), None)
    };
    let machine = Machine::of(&asks(Kind::ReadOnly, ask));
    assert_eq!(machine.state("Ask")["HeartbeatSeconds"], 60);
}

/// No answer in time, or one that says no: nothing was done, so the step itself is not undone.
#[test]
fn no_answer_is_a_known_failure() {
    for error in ["States.Timeout", "States.HeartbeatTimeout", "Declined"] {
        let machine = Machine::of(&asks(undoable(), asked(desk(), None)));
        assert_eq!(machine.leads("Ask", error), Some("UndoFirst"), "{error}");
        assert_eq!(machine.leads("Ask", "SQS.Unknown"), Some("UndoAsk"));
    }
}

#[test]
fn an_answer_of_the_authors_own_stands_in_for_none() {
    let unanswered = object([("by", input("owner"))]);
    let machine = Machine::of(&asks(undoable(), asked(desk(), Some(unanswered))));
    for error in ["States.Timeout", "States.HeartbeatTimeout"] {
        assert_eq!(machine.leads("Ask", error), Some("Last"));
        let assign = &machine.catcher("Ask", error).unwrap()["Assign"];
        let owner = "$states.context.Execution.Input.owner";
        let value = format!("{{% $exists({owner}) ? {owner} : null %}}");
        assert_eq!(assign, &json!({ "ask": { "by": value } }));
    }
    assert_eq!(machine.leads("Ask", "Declined"), Some("UndoFirst"));
}

#[test]
fn the_role_may_send_there() {
    let template = Template::of(&asks(Kind::ReadOnly, asked(desk(), None)));
    let statements = template.statements("OrderStateMachineRole");
    let send = statements
        .iter()
        .find(|s| s["Sid"] == "UseDeskQueue")
        .unwrap();
    assert_eq!(send["Action"], json!(["sqs:SendMessage"]));
}

#[track_caller]
fn refused(ask: Call, message: &str, help: &str) {
    let manifest = asks(Kind::ReadOnly, ask);
    let mistakes = saga_compiler::compile(&manifest, &crate::manifest::options()).unwrap_err();
    let text = crate::manifest::shown(&mistakes);
    assert_eq!(mistakes.len(), 1, "{text}");
    assert!(mistakes[0].message.contains(message), "{text}");
    assert!(mistakes[0].help.contains(help), "{text}");
}

#[test]
fn a_question_with_bounds_that_make_no_sense() {
    let late = Call {
        heartbeat_seconds: Some(86_400),
        ..asked(desk(), None)
    };
    refused(
        late,
        "the heartbeat of `Ask` is 86400 seconds",
        "choose 1 to 86399",
    );
    let endless = Call {
        retry_others: Some(policy(3)),
        ..asked(desk(), None)
    };
    refused(
        endless,
        "asks again after every failure",
        "a retry of their own",
    );
}
