//! What a call needs to be allowed, from the integration or the request itself.

use serde_json::Value;

/// An action, and what it acts on as the call names it.
pub type Call = (String, String);

/// What a Task state's call needs: `arn:aws:states:::KIND:ACTION` with these arguments.
///
/// # Panics
/// At an integration that is new here.
pub fn by_state(kind: &str, action: &str, arguments: &Value) -> Vec<Call> {
    let name = action.split('.').next().unwrap();
    let on = |argument: &str| {
        let on = arguments[argument].as_str();
        on.unwrap_or_else(|| panic!("{kind}:{action} has no `{argument}`: {arguments}"))
            .to_owned()
    };
    let one = |action: &str, argument: &str| vec![(action.to_owned(), on(argument))];
    match (kind, name) {
        ("lambda", "invoke") => one("lambda:InvokeFunction", "FunctionName"),
        ("dynamodb" | "aws-sdk:dynamodb", name) => {
            by_request("dynamodb", &capital(name), arguments)
        }
        ("sns", "publish") => one("sns:Publish", "TopicArn"),
        ("sqs", "sendMessage") => one("sqs:SendMessage", "QueueUrl"),
        ("states" | "aws-sdk:sfn", "startExecution") => {
            one("states:StartExecution", "StateMachineArn")
        }
        ("aws-sdk:sfn", "describeExecution") => one("states:DescribeExecution", "ExecutionArn"),
        ("aws-sdk:sfn", "getExecutionHistory") => one("states:GetExecutionHistory", "ExecutionArn"),
        _ => panic!("a new integration: {kind}:{action}"),
    }
}

/// What a request of an SDK needs: of `service`, as signatures name it, the action of its header.
///
/// # Panics
/// At an action that is new here.
pub fn by_request(service: &str, action: &str, body: &Value) -> Vec<Call> {
    let on = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let on = match (service, action) {
        ("dynamodb", "TransactWriteItems") => return of_transaction(body),
        ("dynamodb", "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" | "Scan") => {
            match body["IndexName"].as_str() {
                Some(index) => format!("{}/index/{index}", on("TableName")),
                None => on("TableName"),
            }
        }
        ("states", "StartExecution") => on("stateMachineArn"),
        ("states", "DescribeExecution") => on("executionArn"),
        ("ssm", "GetParameter") => format!("parameter{}", on("Name")),
        _ => panic!("a new request: {service}:{action}"),
    };
    vec![(format!("{service}:{action}"), on)]
}

/// A transaction needs what each of its items would alone (DynamoDB developer guide, "IAM for transactions").
fn of_transaction(body: &Value) -> Vec<Call> {
    let items = body["TransactItems"].as_array().unwrap().iter();
    items
        .map(|item| {
            let (kind, item) = item.as_object().unwrap().iter().next().unwrap();
            let action = match kind.as_str() {
                "ConditionCheck" => "dynamodb:ConditionCheckItem".to_owned(),
                kind => format!("dynamodb:{kind}Item"),
            };
            (action, item["TableName"].as_str().unwrap().to_owned())
        })
        .collect()
}

/// `putItem` as the API names it.
fn capital(action: &str) -> String {
    let (first, rest) = action.split_at(1);
    first.to_ascii_uppercase() + rest
}
