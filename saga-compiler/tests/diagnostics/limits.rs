//! Limits of AWS.

use saga_manifest::Manifest;
use saga_manifest::error::{DeclaredError, RetryPolicy};
use saga_manifest::expr::Expr;
use saga_manifest::handler::{Variable, VariableValue};
use saga_manifest::resource::{Origin, Topic};
use saga_manifest::step::{Call, Kind};
use saga_manifest::task::{Attribute, Condition, Shape, Task};

use super::check;
use crate::manifest::{
    call, compile, known, line, pivot, policy, saga, step, table, text, unknown, work,
};

fn calling(call: Call) -> Manifest {
    saga(vec![step("Pay", Kind::Pivot, call)])
}

#[test]
fn times() {
    let call = Call {
        timeout_seconds: 0,
        ..work("Pay")
    };
    check(
        &calling(call),
        "the timeout of `Pay` is 0 seconds",
        "choose 1 to",
        &[10],
    );
    let call = Call {
        heartbeat_seconds: Some(5),
        ..work("Pay")
    };
    check(
        &calling(call),
        "`Pay` states a heartbeat",
        "remove the heartbeat",
        &[10],
    );
    let mut manifest = saga(vec![pivot("Pay")]);
    manifest.handlers[0].timeout_seconds = 901;
    check(
        &manifest,
        "the timeout of `Pay` is 901 seconds",
        "choose 1 to 900",
        &[900],
    );
}

#[test]
fn memory() {
    let mut manifest = saga(vec![pivot("Pay")]);
    manifest.handlers[0].memory_mib = Some(127);
    check(
        &manifest,
        "the memory of `Pay` is 127 MiB",
        "choose 128 to 10240 MiB",
        &[900],
    );
}

#[test]
fn retries() {
    for (policy, message) in [
        (
            RetryPolicy {
                interval_seconds: 0,
                ..policy(1)
            },
            "the retry interval of `Pay` is 0",
        ),
        (
            RetryPolicy {
                backoff_rate: 0.5,
                ..policy(1)
            },
            "the backoff rate of `Pay` is 0.5",
        ),
        (
            RetryPolicy {
                backoff_rate: f64::NAN,
                ..policy(1)
            },
            "the backoff rate of `Pay` is NaN",
        ),
        (
            RetryPolicy {
                max_delay_seconds: Some(1),
                ..policy(1)
            },
            "the longest retry interval of `Pay` is 1 seconds",
        ),
    ] {
        let others = Call {
            retry_others: Some(policy.clone()),
            ..work("Pay")
        };
        check(&calling(others), message, "choose", &[10]);
        let error = DeclaredError {
            retry: Some(policy),
            ..unknown("Lost")
        };
        let declared = Call {
            errors: vec![error],
            ..work("Pay")
        };
        check(&calling(declared), message, "choose", &[10]);
    }
}

#[test]
fn names_of_errors() {
    for (error, message) in [
        (known(""), "not 1 to 256 characters"),
        (known(&"E".repeat(257)), "not 1 to 256 characters"),
        (unknown("States.ALL"), "which the language reserves"),
        (known("States.Timeout"), "it says nothing about the effect"),
        (
            known("States.TaskFailed"),
            "it says nothing about the effect",
        ),
    ] {
        let call = Call {
            errors: vec![error],
            ..work("Pay")
        };
        check(&calling(call), message, "another name", &[10]);
    }
    let call = Call {
        errors: vec![known("Refused"), unknown("Refused")],
        ..work("Pay")
    };
    check(
        &calling(call),
        "declares the error `Refused` twice",
        "once",
        &[10],
    );
}

fn publishing(subject: &str, attributes: Vec<Attribute>) -> Manifest {
    let mut manifest = calling(call(Task::SnsPublish {
        topic: "Events".into(),
        message: Expr::SagaId,
        subject: Some(subject.into()),
        attributes,
    }));
    manifest.topics.push(Topic {
        name: "Events".into(),
        description: None,
        place: line(110),
        origin: Origin::Created,
    });
    manifest
}

fn attribute(name: &str, shape: Shape) -> Attribute {
    Attribute {
        name: name.into(),
        shape,
        value: text("x"),
    }
}

#[test]
fn messages() {
    for subject in [&"s".repeat(101), "two\nlines", " space", "grüße", ""] {
        check(
            &publishing(subject, Vec::new()),
            "SNS does not take the subject",
            "ASCII",
            &[10],
        );
    }
    for name in ["", ".a", "a.", "a..b", "a b", "AWS.a", "saga_message_id"] {
        let attributes = vec![attribute(name, Shape::String)];
        check(
            &publishing("s", attributes),
            "gives a message the attribute",
            "use letters",
            &[10],
        );
    }
    let structured = vec![attribute("a", Shape::List(Box::new(Shape::String)))];
    check(
        &publishing("s", structured),
        "neither a string",
        "into the message",
        &[10],
    );
    let many = (0..10)
        .map(|n| attribute(&format!("a{n}"), Shape::String))
        .collect();
    check(
        &publishing("s", many),
        "has 10 attributes",
        "up to 9",
        &[10],
    );
    let twice = vec![attribute("a", Shape::String), attribute("a", Shape::String)];
    check(
        &publishing("s", twice),
        "gives the attribute `a` twice",
        "once",
        &[10],
    );
}

fn on_table(task: Task) -> Manifest {
    let mut manifest = calling(call(task));
    manifest.tables.push(table("Orders", "id"));
    manifest
}

fn update(key: Vec<Attribute>, set: Vec<Attribute>, condition: Option<Condition>) -> Manifest {
    on_table(Task::DynamodbUpdate {
        table: "Orders".into(),
        key,
        set,
        condition,
        basis: None,
    })
}

#[test]
fn items() {
    let key = || vec![attribute("id", Shape::String)];
    let set = |name: &str| vec![attribute(name, Shape::String)];
    let none = || None::<Condition>;
    check(
        &update(Vec::new(), set("a"), none()),
        "does not give the key `id`",
        "give `id`",
        &[10],
    );
    let number = vec![attribute("id", Shape::Number)];
    check(
        &update(number, set("a"), none()),
        "does not give the key `id`",
        "own type",
        &[10],
    );
    let more = [key(), set("more")].concat();
    check(
        &update(more, set("a"), none()),
        "names more than the key",
        "only",
        &[10],
    );
    check(
        &update(key(), Vec::new(), none()),
        "updates no attribute",
        "at least one",
        &[10],
    );
    check(
        &update(key(), set("id"), none()),
        "sets `id`, which is a key",
        "put another",
        &[10],
    );
    check(
        &update(key(), set("saga_id"), none()),
        "writes the attribute `saga_id`",
        "fence",
        &[10],
    );
    let twice = [set("a"), set("a")].concat();
    check(
        &update(key(), twice, none()),
        "writes the attribute `a` twice",
        "once",
        &[10],
    );
    let empty = Condition::Not(Box::new(Condition::All(Vec::new())));
    check(
        &update(key(), set("a"), Some(empty)),
        "a condition of no parts",
        "at least one",
        &[10],
    );
}

#[test]
fn environment_variables() {
    for (name, message) in [
        ("A", "Lambda takes no variable of the name `A`"),
        ("1st", "Lambda takes no variable of the name `1st`"),
        (
            "AWS_REGION",
            "`Pay` states the variable `AWS_REGION`, which is set already",
        ),
    ] {
        check(&with_variables(&[name]), message, "", &[900]);
    }
    check(
        &with_variables(&["URL", "URL"]),
        "states the variable `URL` twice",
        "once",
        &[900],
    );
    compile(&with_variables(&["URL", "MODE_2"]));
}

fn with_variables(names: &[&str]) -> Manifest {
    let mut manifest = saga(vec![pivot("Pay")]);
    let variables = names.iter().map(|name| Variable {
        name: (*name).into(),
        value: VariableValue::Literal("x".into()),
    });
    manifest.handlers[0].environment = variables.collect();
    manifest
}

#[test]
fn a_parameter_called_like_a_resource() {
    let mut manifest = with_variables(&["URL"]);
    let value = VariableValue::Parameter("PayFunction".into());
    manifest.handlers[0].environment[0].value = value;
    let message = "a parameter and a resource would both be called `PayFunction`";
    check(&manifest, message, "rename", &[900]);
}
