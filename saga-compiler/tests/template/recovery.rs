//! The state machine that recovers a saga, what starts it, and what it may do.

use serde_json::{Value, json};

use super::Template;
use crate::manifest::{compensatable, pivot, saga};

fn template() -> Template {
    Template::of(&saga(vec![compensatable("Book"), pivot("Pay")]))
}

/// Actions, each with the logical id or the text that it is granted on.
fn granted(template: &Template) -> Vec<(String, String)> {
    let mut granted = Vec::new();
    for statement in template.statements("OrderRecoveryRole") {
        let resource = &statement["Resource"];
        let named = ["Ref", "Fn::GetAtt", "Fn::Sub"];
        let named = named.iter().find_map(|kind| resource[*kind].as_str());
        let named = named.or(resource.as_str()).unwrap_or_default().to_owned();
        for action in statement["Action"].as_array().into_iter().flatten() {
            granted.push((
                action.as_str().unwrap_or_default().to_owned(),
                named.clone(),
            ));
        }
    }
    granted.retain(|(action, _)| !action.starts_with("logs:") && !action.starts_with("xray:"));
    granted.sort();
    granted
}

#[test]
fn a_recovery_is_started_by_the_end_of_every_execution() {
    let template = template();
    let rule = template.properties("OrderRecoveryRule");
    let expected = json!({
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {
            "stateMachineArn": [{ "Ref": "OrderStateMachine" }],
            "status": ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"],
        },
    });
    assert_eq!(rule["EventPattern"], expected);
    assert_eq!(rule["Targets"][0]["Arn"], json!({ "Ref": "OrderRecovery" }));
    let starter = &template.statements("OrderRecoveryRuleRole")[0];
    assert_eq!(starter["Action"], json!(["states:StartExecution"]));
    assert_eq!(starter["Resource"], json!({ "Ref": "OrderRecovery" }));
}

/// What cannot be delivered is kept, by the rule alone, and an alarm tells of it.
#[test]
fn an_end_that_starts_no_recovery_is_kept() {
    let template = template();
    let letters = json!({ "Fn::GetAtt": "RecoveryDeadLetters.Arn" });
    let target = &template.properties("OrderRecoveryRule")["Targets"][0];
    assert_eq!(target["DeadLetterConfig"], json!({ "Arn": letters }));
    let policy = template.properties("RecoveryDeadLettersPolicy");
    assert_eq!(policy["Queues"], json!([{ "Ref": "RecoveryDeadLetters" }]));
    let deliver = &policy["PolicyDocument"]["Statement"][0];
    let expected = json!({
        "Sid": "Deliver",
        "Effect": "Allow",
        "Principal": { "Service": "events.amazonaws.com" },
        "Action": "sqs:SendMessage",
        "Resource": letters,
        "Condition": { "ArnEquals": { "aws:SourceArn": { "Fn::GetAtt": "OrderRecoveryRule.Arn" } } },
    });
    assert_eq!(*deliver, expected);
    let alarm = template.properties("RecoveryDeadLettersAlarm");
    let queue = json!({ "Fn::GetAtt": "RecoveryDeadLetters.QueueName" });
    assert_eq!(
        alarm["Dimensions"],
        json!([{ "Name": "QueueName", "Value": queue }])
    );
}

#[test]
fn a_recovery_may_look_seal_undo_and_tell() {
    let executions = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:\
                      ${OrderStateMachine.Name}:*";
    let expected = [
        ("dynamodb:Query", "FenceTable.Arn"),
        ("dynamodb:UpdateItem", "FenceTable.Arn"),
        ("lambda:InvokeFunction", "${RevertBookFunction.Arn}:*"),
        ("sqs:SendMessage", "ParkedQueue.Arn"),
        ("states:DescribeExecution", executions),
        ("states:GetExecutionHistory", executions),
    ];
    let expected = expected.map(|(action, on)| (action.to_owned(), on.to_owned()));
    assert_eq!(granted(&template()), expected);
}

/// The saga's id and input are those of the execution that is recovered; what an operator redrives is the
/// recovery.
#[test]
fn a_recovery_undoes_under_the_sagas_own_id() {
    let template = template();
    let states = &template.properties("OrderRecovery")["Definition"]["States"];
    let undo = &states["UndoBook"]["Arguments"]["Payload"]["saga"];
    assert_eq!(undo["id"], "{% $recoveredExecutionId %}");
    let parked = states["ParkBook"]["Arguments"]["MessageBody"]
        .as_str()
        .unwrap_or_default();
    assert!(
        parked.contains("--execution-arn \" & $states.context.Execution.Id"),
        "{parked}"
    );
    let ends: Vec<&Value> = states
        .as_object()
        .into_iter()
        .flat_map(|states| states.values())
        .collect();
    assert!(ends.iter().all(|state| state["Type"] != "Fail"));
}
