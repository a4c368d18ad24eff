//! What a deployment does to executions in flight: a row a change.

use saga_compiler::diff::{Change, Deployed, Effect, diff};
use saga_manifest::Manifest;
use saga_manifest::handler::Handler;
use saga_manifest::step::Kind;
use serde_json::{Value, json};

use crate::manifest::{compensatable, options, pivot, saga, shown, work};

/// A change of the package, and those of its consequences that are not `Keeps`, in the order they are told.
type Row = (&'static str, fn(&mut Manifest), &'static [&'static str]);

const PACKAGES: [Row; 13] = [
    ("nothing", |_| {}, &[]),
    (
        "a new step",
        |manifest| {
            let more = saga(vec![
                compensatable("Book"),
                compensatable("Insure"),
                pivot("Pay"),
            ]);
            *manifest = more;
            shaped(manifest);
        },
        &[],
    ),
    (
        "a step is removed",
        |manifest| {
            *manifest = saga(vec![pivot("Pay")]);
            shaped(manifest);
        },
        &[
            "strands function-removed OrderRecovery `RevertBookFunction`",
            "strands function-removed OrderStateMachine `BookFunction`",
            "strands function-removed OrderStateMachine `RevertBookFunction`",
            "strands permission-removed OrderRecovery RevertBookFunction",
            "strands permission-removed OrderStateMachine ${BookFunction",
            "strands permission-removed OrderStateMachine ${RevertBookFunction",
            "strands state-removed OrderStateMachine `Book`",
        ],
    ),
    (
        "a step is renamed",
        |manifest| {
            let saga = &mut manifest.sagas[0];
            crate::manifest::step_at(saga, 0).name = "Reserve".into();
        },
        &["strands state-renamed OrderStateMachine `Book`"],
    ),
    (
        "another compensation",
        |manifest| {
            manifest.handlers.push(crate::manifest::handler("Forget"));
            let step = crate::manifest::step_at(&mut manifest.sagas[0], 0);
            step.kind = Kind::Compensatable {
                compensation: Box::new(work("Forget")),
            };
        },
        &[
            "strands function-removed OrderRecovery `RevertBookFunction`",
            "strands function-removed OrderStateMachine `RevertBookFunction`",
            "strands permission-removed OrderRecovery ${RevertBookFunction",
            "strands permission-removed OrderStateMachine ${RevertBookFunction",
            "differs compensation-changed OrderStateMachine `Book`",
        ],
    ),
    (
        "a handler takes a field that was not sent",
        |manifest| {
            handler(manifest, "RevertBook").input.schema =
                object(&["id", "reason"], &["id", "reason"])
        },
        &["strands input-changed RevertBookFunction `reason`"],
    ),
    (
        "a handler takes a field where it is there",
        |manifest| {
            handler(manifest, "RevertBook").input.schema = object(&["id", "reason"], &["id"])
        },
        &[],
    ),
    (
        "a step answers less: executions in flight call its old version",
        |manifest| handler(manifest, "Book").output.schema = object(&[], &[]),
        &[],
    ),
    (
        "a step answers more, which the recovery of those in flight reads",
        |manifest| {
            handler(manifest, "Book").output.schema = object(&["id", "seat"], &["id", "seat"])
        },
        &["strands output-changed BookFunction `seat`"],
    ),
    (
        "a compensation answers less: executions in flight call its newest version",
        |manifest| handler(manifest, "RevertBook").output.schema = object(&[], &[]),
        &["strands output-changed RevertBookFunction `id`"],
    ),
    (
        "the saga's input has more",
        |manifest| manifest.sagas[0].input.schema = object(&["id", "voucher"], &["id", "voucher"]),
        &["strands input-changed OrderStateMachine `voucher`"],
    ),
    (
        "a shorter timeout",
        |manifest| handler(manifest, "RevertBook").timeout_seconds = 5,
        &["differs timeout-shortened RevertBookFunction 10 to 5"],
    ),
    (
        "the saga is called otherwise",
        |manifest| manifest.sagas[0].name = "Purchase".into(),
        &[
            "strands machine-removed OrderRecovery the state machine",
            "strands machine-removed OrderStateMachine the state machine",
        ],
    ),
];

fn handler<'m>(manifest: &'m mut Manifest, name: &str) -> &'m mut Handler {
    let mut handlers = manifest.handlers.iter_mut();
    handlers.find(|handler| handler.name == name).unwrap()
}

fn object(fields: &[&str], required: &[&str]) -> Value {
    let properties = fields
        .iter()
        .map(|field| ((*field).to_owned(), json!({ "type": "string" })));
    let properties: serde_json::Map<_, _> = properties.collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// Gives everything a shape.
fn shaped(manifest: &mut Manifest) {
    for handler in &mut manifest.handlers {
        handler.input.schema = object(&["id"], &["id"]);
        handler.output.schema = object(&["id"], &["id"]);
    }
    for saga in &mut manifest.sagas {
        saga.input.schema = object(&["id"], &["id"]);
    }
}

#[track_caller]
fn deployed(manifest: &Manifest) -> Deployed {
    let deployed = Deployed::of_manifest(manifest, &options());
    deployed.unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)))
}

#[track_caller]
fn check(what: &str, changes: &[Change], expected: &[&str]) {
    let told = |change: &Change| {
        let effect = serde_json::to_value(change.effect).unwrap();
        let effect = effect.as_str().unwrap().to_owned();
        format!(
            "{effect} {} {} {}",
            change.code, change.resource, change.message
        )
    };
    let told: Vec<_> = changes
        .iter()
        .filter(|change| change.effect != Effect::Keeps)
        .map(told)
        .collect();
    let same = told.len() == expected.len()
        && told.iter().zip(expected).all(|(told, expected)| {
            let words: Vec<_> = expected.splitn(4, ' ').collect();
            told.starts_with(&words[..3].join(" ")) && told.contains(words[3])
        });
    assert!(same, "{what}: {told:#?}");
}

#[test]
fn packages() {
    let mut old = saga(vec![compensatable("Book"), pivot("Pay")]);
    shaped(&mut old);
    for (what, change, expected) in PACKAGES {
        let mut new = old.clone();
        change(&mut new);
        check(what, &diff(&deployed(&old), &deployed(&new)), expected);
    }
}

/// A template with a state machine that books and cancels by one function.
fn template() -> Value {
    let task = |next: Value| {
        let mut task = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": { "FunctionName": "${Book}", "Payload.$": "$" },
            "TimeoutSeconds": 30,
        });
        task.as_object_mut()
            .unwrap()
            .extend(next.as_object().unwrap().clone());
        task
    };
    let catch =
        json!([{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "CancelRoom" }]);
    let states = json!({
        "BookRoom": task(json!({ "Next": "BookCar" })),
        "BookCar": task(json!({ "Catch": catch, "End": true })),
        "CancelRoom": task(json!({ "Next": "Failed" })),
        "Failed": { "Type": "Fail", "Error": "Cancelled" },
    });
    let statement = json!({ "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": { "Fn::GetAtt": "Book.Arn" } });
    json!({ "Resources": {
        "Trip": { "Type": "AWS::StepFunctions::StateMachine", "Properties": {
            "StateMachineType": "STANDARD",
            "Definition": { "StartAt": "BookRoom", "States": states },
            "DefinitionSubstitutions": { "Book": { "Fn::GetAtt": "Book.Arn" } },
            "RoleArn": { "Fn::GetAtt": "TripRole.Arn" },
        } },
        "TripRole": { "Type": "AWS::IAM::Role", "Properties": { "Policies": [
            { "PolicyDocument": { "Statement": [statement] } },
        ] } },
        "Book": { "Type": "AWS::Serverless::Function", "Properties": { "Timeout": 20 } },
        "Letters": { "Type": "AWS::SQS::Queue" },
    } })
}

/// A place in the template, what is there then (nothing: it is removed), and what is told.
const TEMPLATES: [(&str, &str, &str, &[&str]); 6] = [
    (
        "the type",
        "/Resources/Trip/Properties/StateMachineType",
        "\"EXPRESS\"",
        &["strands machine-replaced Trip EXPRESS"],
    ),
    (
        "the permission",
        "/Resources/TripRole/Properties/Policies",
        "[]",
        &["strands permission-removed Trip lambda:InvokeFunction"],
    ),
    (
        "the function's timeout",
        "/Resources/Book/Properties/Timeout",
        "3",
        &["differs timeout-shortened Book 20 to 3"],
    ),
    (
        "the function",
        "/Resources/Book",
        "",
        &["strands function-removed Trip `Book`"],
    ),
    (
        "a queue that no state names",
        "/Resources/Letters",
        "",
        &["differs store-removed Letters AWS::SQS::Queue"],
    ),
    // Nothing recovers it, and so nothing but the old definition is asked.
    (
        "the compensation",
        "/Resources/Trip/Properties/Definition/States/CancelRoom/Resource",
        "\"arn:aws:states:::sqs:sendMessage\"",
        &[],
    ),
];

#[test]
fn templates() {
    let old = template();
    let read = |template: &Value| Deployed::of_text("", &template.to_string()).unwrap();
    for (what, place, then, expected) in TEMPLATES {
        let mut new = old.clone();
        if then.is_empty() {
            let (parent, name) = place.rsplit_once('/').unwrap();
            new.pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(name);
        } else {
            *new.pointer_mut(place).unwrap() = serde_json::from_str(then).unwrap();
        }
        check(what, &diff(&read(&old), &read(&new)), expected);
    }
}

/// What is kept is told too, in the words of what it is.
#[test]
fn a_definition_of_its_own_tells_of_its_states() {
    let old = &template()["Resources"]["Trip"]["Properties"]["Definition"];
    let mut new = old.clone();
    new["States"]["CancelRoom"]["Parameters"]["FunctionName"] = json!("another");
    new["States"]["BookCar"]["TimeoutSeconds"] = json!(5);
    let read = |definition: &Value| Deployed::of_text("trip", &definition.to_string()).unwrap();
    let changes = diff(&read(old), &read(&new));
    let told: Vec<_> = changes
        .iter()
        .map(|change| (change.effect, change.code, change.state.as_deref().unwrap()))
        .collect();
    let expected = [
        (Effect::Keeps, "compensation-changed", "BookRoom"),
        (Effect::Keeps, "timeout-shortened", "BookCar"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_holds_no_state_machine_is_refused() {
    for (text, why) in [
        ("{}", "holds no state machine"),
        ("{ \"Resources\": {} }", "holds no state machine"),
        ("{", ""),
    ] {
        let error = Deployed::of_text("", text).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}
