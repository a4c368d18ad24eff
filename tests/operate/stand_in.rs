//! The program that is called `aws`: as much of CloudFormation, Step Functions and Lambda as is asked for, on an
//! account that is a file (API references of the three).

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

/// The variable that names the folder of the account. This program is AWS's command line where it is set.
pub const FOLDER: &str = "SAGA_STAND_IN";

/// What the account is, and what was changed in it.
pub const ACCOUNT: &str = "account.json";

pub fn main(folder: &Path) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let file = folder.join(ACCOUNT);
    // Several are asked at a time; only those that change something write, and of these there is one.
    let mut account: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let before = account.clone();
    let answer = answer(&mut account, &arguments, &input);
    if account != before {
        fs::write(&file, account.to_string()).unwrap();
    }
    match answer {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err((name, message)) => {
            let action = &arguments[1];
            eprintln!("\nAn error occurred ({name}) when calling {action}: {message}");
            ExitCode::from(254)
        }
    }
}

type Refused = (&'static str, String);

fn answer(account: &mut Value, arguments: &[String], input: &str) -> Result<Value, Refused> {
    let after = |flag: &str| {
        let position = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(position + 1).map(String::as_str)
    };
    let arn = || after("--execution-arn").unwrap();
    match (arguments[0].as_str(), arguments[1].as_str()) {
        ("cloudformation", "list-stack-resources") => {
            let name = after("--stack-name").unwrap();
            match account["stacks"].get(name) {
                Some(resources) => Ok(json!({ "StackResourceSummaries": resources })),
                None => Err((
                    "ValidationError",
                    format!("Stack with id {name} does not exist"),
                )),
            }
        }
        ("stepfunctions", "list-executions") => {
            let most: usize = after("--max-items").unwrap().parse().unwrap();
            let all = account["executions"].as_array().unwrap().iter().rev();
            let own =
                all.filter(|one| one["stateMachineArn"].as_str() == after("--state-machine-arn"));
            let listed = own.take(most).map(|one| {
                let names = [
                    "executionArn",
                    "stateMachineArn",
                    "status",
                    "startDate",
                    "stopDate",
                ];
                let fields = names.map(|name| (name.to_owned(), one[name].clone()));
                Value::from_iter(fields)
            });
            Ok(json!({ "executions": listed.collect::<Vec<_>>() }))
        }
        ("stepfunctions", "describe-execution") => {
            let mut found = execution(account, arn())?.clone();
            found.as_object_mut().unwrap().remove("events");
            Ok(found)
        }
        ("stepfunctions", "get-execution-history") => {
            let found = execution(account, arn())?;
            assert!(
                arguments
                    .iter()
                    .any(|argument| argument == "--reverse-order")
            );
            let newest: Vec<&Value> = list(&found["events"]).iter().rev().collect();
            Ok(json!({ "events": newest }))
        }
        ("stepfunctions", "redrive-execution") => {
            let found = execution(account, arn())?;
            if found["status"] == "RUNNING" || found["status"] == "SUCCEEDED" {
                let why = "Execution is not in a redrivable state".to_owned();
                return Err(("ExecutionNotRedrivable", why));
            }
            found["status"] = "RUNNING".into();
            changed(account, arn().rsplit(':').next().unwrap());
            Ok(json!({ "redriveDate": "2026-01-02T00:00:00+00:00" }))
        }
        ("stepfunctions", "send-task-success" | "send-task-failure") => {
            assert_eq!(after("--cli-input-json"), Some("file:///dev/stdin"));
            let request: Value = serde_json::from_str(input).unwrap();
            if !list(&account["waiting"]).contains(&request["taskToken"]) {
                let why = "Task Timed Out: 'Provided task does not exist anymore'".to_owned();
                return Err(("TaskTimedOut", why));
            }
            let told = arguments[1..].join(" ");
            changed(account, &format!("{told}\n{request}"));
            Ok(json!({}))
        }
        ("lambda", "invoke") => {
            let name = after("--function-name").unwrap();
            assert_eq!(after("--payload"), Some("fileb:///dev/stdin"));
            let request: Value = serde_json::from_str(input).unwrap();
            assert_eq!(request["saga"]["step"], name.split('-').nth(1).unwrap());
            let answer = account["functions"][name].clone();
            let file = after("fileb:///dev/stdin").unwrap();
            fs::write(file, answer.to_string()).unwrap();
            changed(account, name);
            match answer.get("errorType") {
                Some(_) => Ok(json!({ "StatusCode": 200, "FunctionError": "Unhandled" })),
                None => Ok(json!({ "StatusCode": 200 })),
            }
        }
        other => panic!("nothing answers {other:?}"),
    }
}

fn execution<'a>(account: &'a mut Value, arn: &str) -> Result<&'a mut Value, Refused> {
    let all = account["executions"].as_array_mut().unwrap();
    let found = all.iter_mut().find(|one| one["executionArn"] == arn);
    found.ok_or((
        "ExecutionDoesNotExist",
        format!("Execution Does Not Exist: '{arn}'"),
    ))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn changed(account: &mut Value, what: &str) {
    account["changes"].as_array_mut().unwrap().push(what.into());
}
