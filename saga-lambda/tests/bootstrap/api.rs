//! An API and its authorizer as processes: what comes of requests, also of those that go wrong, and of sagas that are begun.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::bootstrap;
use crate::cloud::Cloud;
use crate::dynamodb::Dynamodb;
use crate::lambda::process::Bootstrap;

/// The ARN of the saga's state machine.
const MACHINE: &str = "arn:aws:states:eu-west-1:123456789012:stateMachine:Shipping";

type Story = fn() -> Result<(), Failed>;

pub fn trials() -> Vec<Trial> {
    let stories: [(&str, Story); 6] = [
        ("requests are answered", answered),
        ("a panic is 500, and the next one is answered", panicked),
        ("tokens are looked at", looked_at),
        ("secrets are read where they are kept", secrets),
        ("a saga by events is begun once for a key", by_events),
        ("a state machine is started once for a key", by_machine),
    ];
    let trial = |(name, story): (&str, Story)| {
        Trial::test(format!("api::{}", name.replace([' ', ','], "_")), story)
    };
    stories.into_iter().map(trial).collect()
}

fn start(function: &str, variables: &[(&'static str, String)]) -> Bootstrap {
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Bootstrap::start(bootstrap(), function, &variables)
}

/// Status and body of the answer to a request.
fn send(api: &Bootstrap, method: &str, path: &str, key: &str, body: &Value) -> (u64, Value) {
    let event = json!({
        "httpMethod": method, "resource": path, "pathParameters": { "key": key },
        "queryStringParameters": null, "headers": null, "body": body.to_string(),
    });
    let answer = api.invoke(&event.to_string()).json();
    let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap_or_default();
    (answer["statusCode"].as_u64().unwrap(), body)
}

fn answered() -> Result<(), Failed> {
    let api = start("DoorApi", &[]);
    assert_eq!(
        send(&api, "GET", "/door", "", &Value::Null),
        (200, json!("open"))
    );
    assert_eq!(send(&api, "PUT", "/door", "", &Value::Null).0, 405);
    assert_eq!(send(&api, "GET", "/else", "", &Value::Null).0, 404);
    let (status, said) = send(&api, "POST", "/door/{key}", "1", &json!({ "goods": 1 }));
    assert_eq!((status, &said["field"]), (400, &json!("goods")));
    let (status, said) = send(&api, "POST", "/door/{key}", "1", &json!({}));
    assert_eq!((status, &said["field"]), (400, &json!("goods")));
    Ok(())
}

fn panicked() -> Result<(), Failed> {
    let api = start("DoorApi", &[]);
    let (status, said) = send(&api, "DELETE", "/door", "", &Value::Null);
    assert_eq!(
        (status, said),
        (500, json!({ "message": "this could not be answered" }))
    );
    assert_eq!(send(&api, "GET", "/door", "", &Value::Null).0, 200);
    Ok(())
}

fn looked_at() -> Result<(), Failed> {
    let gate = start("Keeper", &[]);
    let ask = |token: &str| {
        let event = json!({
            "type": "TOKEN", "authorizationToken": token,
            "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:abc/live/GET/door",
        });
        gate.invoke(&event.to_string()).json()
    };
    let policy = ask("Bearer friend");
    assert_eq!(policy["principalId"], "friend");
    let statement = &policy["policyDocument"]["Statement"][0];
    let allowed = "arn:aws:execute-api:eu-west-1:123456789012:abc/live/GET/door";
    assert_eq!(statement["Resource"], json!([allowed]));
    for token in ["Bearer foe", "friend", "Bearer *", "Bearer panic"] {
        assert_eq!(ask(token)["errorMessage"], "Unauthorized", "{token}");
    }
    Ok(())
}

/// Begins a saga, again, and again with another input; sees where it is.
fn begin(api: &Bootstrap) {
    let goods = |name: &str| json!({ "goods": name });
    let post = |key: &str, body: &Value| send(api, "POST", "/door/{key}", key, body).1;
    assert_eq!(
        send(api, "GET", "/door/{key}", "7", &Value::Null),
        (200, Value::Null)
    );
    assert_eq!(post("7", &goods("lamp")), "Now");
    assert_eq!(post("7", &goods("lamp")), "Before");
    assert_eq!(post("7", &goods("chair")), "Another");
    assert_eq!(post("8", &goods("lamp")), "Now");
    assert_eq!(
        send(api, "POST", "/door/{key}", "a/b", &goods("lamp")).0,
        503
    );
    assert_eq!(
        send(api, "GET", "/door/{key}", "7", &Value::Null).1,
        "running"
    );
}

fn by_events() -> Result<(), Failed> {
    let dynamodb = Dynamodb::start();
    let api = start("DoorApi", &dynamodb.variables());
    begin(&api);
    let sagas: Vec<_> = dynamodb.with(|table| table.items.keys().cloned().collect());
    let record = |saga: &str| (saga.to_owned(), "#record".to_owned());
    assert_eq!(sagas, [record("Shipping/7"), record("Shipping/8")]);
    Ok(())
}

/// The variables of a process that signs its requests to the cloud.
fn signing(cloud: &Cloud) -> Vec<(&'static str, String)> {
    let mut variables = cloud.variables();
    variables.extend([
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
    ]);
    variables
}

/// What the handler answers, or what its failure says: the name of the secret, and no other one's value.
fn secrets() -> Result<(), Failed> {
    let cloud = Cloud::start();
    let mut variables = signing(&cloud);
    variables.extend([("KEY", "bank/key".into()), ("SALT", "/bank/salt".into())]);
    let keys = start("Keys", &variables);
    let event = json!({
        "saga": { "id": "arn:saga", "step": "Keys", "phase": "do", "attempt": 0 }, "input": {},
    });
    let ask = || keys.invoke(&event.to_string()).json();
    let refused = |said: &Value| said["errorMessage"].as_str().unwrap_or_default().to_owned();
    let said = refused(&ask());
    let missing = "the secret of `KEY` could not be read: `bank/key`: 400 Bad Request";
    assert!(said.starts_with(missing), "{said}");
    cloud.with(|kept| kept.secrets.insert("bank/key".into(), "open sesame".into()));
    let said = refused(&ask());
    assert!(
        said.contains("`/bank/salt`") && !said.contains("sesame"),
        "{said}"
    );
    cloud.with(|kept| kept.parameters.insert("/bank/salt".into(), "sea".into()));
    assert_eq!(ask(), json!(["open sesame", "sea"]));
    Ok(())
}

fn by_machine() -> Result<(), Failed> {
    let cloud = Cloud::start();
    let mut variables = signing(&cloud);
    variables.push(("SAGA_MACHINE_Shipping", MACHINE.to_owned()));
    let api = start("DoorApi", &variables);
    begin(&api);
    for (status, error, expected) in [
        ("SUCCEEDED", None, "completed"),
        ("FAILED", Some("SagaCompensated"), "compensated"),
        ("FAILED", Some("Lambda.Unknown"), "parked"),
        ("ABORTED", None, "parked"),
        ("PENDING_REDRIVE", None, "running"),
    ] {
        cloud.with(|kept| {
            let execution = kept
                .executions
                .get_mut(&format!(
                    "{}:7",
                    MACHINE.replace("stateMachine", "execution")
                ))
                .unwrap();
            execution["status"] = status.into();
            execution["error"] = error.into();
        });
        assert_eq!(
            send(&api, "GET", "/door/{key}", "7", &Value::Null).1,
            expected
        );
        // However it ended, its name is taken.
        let again = send(
            &api,
            "POST",
            "/door/{key}",
            "7",
            &json!({ "goods": "lamp" }),
        )
        .1;
        assert_eq!(again, "Before");
    }
    Ok(())
}
