//! What the public hand-written version of the fare saga gets wrong: none of it is wrong in what we
//! generate from `examples/fare-processing`.

use serde_json::{Value, json};

use super::template::{Template, referred};

fn tasks(template: &Template) -> impl Iterator<Item = (&String, &Value)> {
    template
        .states()
        .iter()
        .filter(|(_, state)| state["Type"] == "Task")
}

fn catchers(state: &Value) -> Vec<(Vec<&str>, &str)> {
    let catchers = state["Catch"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    catchers
        .iter()
        .map(|catcher| {
            (
                names(&catcher["ErrorEquals"]),
                catcher["Next"].as_str().unwrap(),
            )
        })
        .collect()
}

fn names(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect()
}

/// Where an error of a state leads.
#[track_caller]
fn check_leads(state: &str, error: &str, expected: &str) {
    let template = Template::of_fare_processing();
    let catchers = catchers(template.state(state));
    let next = catchers
        .iter()
        .find(|(errors, _)| errors.contains(&error) || errors == &["States.ALL"]);
    assert_eq!(
        next.map(|(_, next)| *next),
        Some(expected),
        "{error} in {state}"
    );
}

#[test]
fn dynamodb_retriers_name_the_errors_that_aws_reports() {
    let template = Template::of_fare_processing();
    for (name, task) in tasks(template) {
        if task["Resource"].as_str().unwrap().contains("dynamodb") {
            let retried: Vec<_> = task["Retry"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|retrier| names(&retrier["ErrorEquals"]))
                .collect();
            assert!(
                retried.contains(&"DynamoDB.ProvisionedThroughputExceededException"),
                "{name}: {retried:?}"
            );
            let bare = retried
                .iter()
                .find(|error| !error.starts_with("DynamoDB.") && **error != "States.ALL");
            assert_eq!(bare, None, "{name} retries what never comes");
        }
    }
}

#[test]
fn a_retried_charge_has_the_key_of_the_first_and_its_undo_has_it_too() {
    let template = Template::of_fare_processing();
    for state in ["ChargeFare", "UndoChargeFare", "UndoChargeFareParked"] {
        let saga = &template.state(state)["Arguments"]["Payload"]["saga"];
        assert_eq!(saga["id"], "{% $states.context.Execution.Id %}", "{state}");
        assert_eq!(saga["step"], "ChargeFare", "{state}");
    }
}

#[test]
fn a_refund_that_fails_is_parked_and_not_dropped() {
    check_leads("UndoChargeFare", "PaymentRefundException", "ParkChargeFare");
    check_leads("UndoChargeFare", "States.Timeout", "ParkChargeFare");
    let template = Template::of_fare_processing();
    assert_eq!(
        template.state("ParkChargeFare")["Next"],
        "UndoChargeFareParked"
    );
    assert_eq!(
        template.state("UndoChargeFareParked").get("Catch"),
        None,
        "a redrive resumes where nothing exits"
    );
    assert_eq!(
        template.state("UndoChargeFareParked")["Next"],
        "UndoRegisterFare"
    );
}

#[test]
fn a_charge_that_may_have_happened_is_refunded() {
    for error in [
        "States.Timeout",
        "Lambda.Unknown",
        "SagaPanic",
        "States.DataLimitExceeded",
        "Anything",
    ] {
        check_leads("ChargeFare", error, "UndoChargeFare");
    }
}

#[test]
fn a_refused_charge_is_refunded_only_if_an_earlier_attempt_may_have_charged() {
    // Of earlier attempts a refusal tells its fence: after an unknown one it is an unknown outcome itself.
    check_leads("ChargeFare", "PaymentAuthException", "UndoRegisterFare");
    check_leads("ChargeFare", "SagaUnknownOutcome", "UndoChargeFare");
    // A throttle comes from in front of the fence.
    check_leads(
        "ChargeFare",
        "Lambda.TooManyRequestsException",
        "ChargeFareOutcome",
    );
    let template = Template::of_fare_processing();
    let choice = template.state("ChargeFareOutcome");
    assert_eq!(choice["Type"], "Choice");
    assert_eq!(choice["Choices"][0]["Next"], "UndoChargeFare");
    assert_eq!(choice["Default"], "UndoRegisterFare");
}

#[test]
fn any_credit_error_is_either_undone_or_parked() {
    check_leads(
        "CreditCustomerAccount",
        "AccountCreditException",
        "UndoChargeFare",
    );
    for error in [
        "States.Timeout",
        "Lambda.Unknown",
        "SagaUnknownOutcome",
        "Anything",
    ] {
        check_leads("CreditCustomerAccount", error, "ParkCreditCustomerAccount");
    }
}

#[test]
fn every_task_has_a_timeout_and_all_but_the_parked_have_a_catch_for_everything() {
    let template = Template::of_fare_processing();
    for (name, task) in tasks(template) {
        assert!(
            task["TimeoutSeconds"]
                .as_u64()
                .is_some_and(|seconds| seconds > 0),
            "{name} has no timeout"
        );
        if !name.ends_with("Parked") {
            let last = catchers(task).pop();
            assert_eq!(
                last.map(|(errors, _)| errors),
                Some(vec!["States.ALL"]),
                "{name}"
            );
        }
    }
}

#[test]
fn a_task_waits_longer_than_its_function_runs() {
    let template = Template::of_fare_processing();
    for (name, task) in
        tasks(template).filter(|(_, task)| task["Resource"].as_str().unwrap().contains("lambda"))
    {
        let substitution = task["Arguments"]["FunctionName"].as_str().unwrap();
        let substitution = substitution.trim_start_matches("${").trim_end_matches('}');
        let function =
            referred(&template.machine()["DefinitionSubstitutions"][substitution]).unwrap();
        let runs = template.properties(&function)["Timeout"].as_u64().unwrap();
        assert!(
            task["TimeoutSeconds"].as_u64().unwrap() >= runs + 10,
            "{name}"
        );
    }
}

#[test]
fn no_timeout_ends_the_execution_in_the_middle_of_its_undo() {
    let definition = &Template::of_fare_processing().machine()["Definition"];
    assert_eq!(definition.get("TimeoutSeconds"), None);
}

#[test]
fn the_card_is_neither_in_the_table_nor_in_a_message() {
    let template = Template::of_fare_processing();
    for (name, task) in tasks(template) {
        if !task["Resource"].as_str().unwrap().contains("lambda") {
            let arguments = task["Arguments"].to_string();
            for field in ["cc", "cvv", "expiryDate"] {
                assert!(
                    !arguments.contains(&format!(".{field}")),
                    "{name} writes {field}: {arguments}"
                );
            }
            assert!(
                !arguments.contains("Execution.Input %}"),
                "{name} writes the whole input"
            );
        }
    }
}

#[test]
fn a_queue_takes_messages_from_its_topic_or_rule_alone() {
    let template = Template::of_fare_processing();
    let mut policies = 0;
    for (name, policy) in template.resources("AWS::SQS::QueuePolicy") {
        for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
            if statement["Effect"] == "Allow" {
                policies += 1;
                assert_eq!(statement["Action"], json!("sqs:SendMessage"), "{name}");
                assert_ne!(statement["Principal"], json!("*"), "{name}");
                assert_ne!(statement["Resource"], json!("*"), "{name}");
                assert!(
                    statement["Condition"].to_string().contains("aws:SourceArn"),
                    "{name}"
                );
            }
        }
    }
    // One of each topic's, and that of the recovery's rule.
    assert_eq!(policies, 3);
}

#[test]
fn queues_have_dead_letter_queues_and_the_machine_logs_and_traces() {
    let template = Template::of_fare_processing();
    for queue in ["SuccessfulTransactions", "FailedTransactions"] {
        let (_, properties) = template
            .resources("AWS::SQS::Queue")
            .find(|(id, _)| id.starts_with(queue) && !id.contains("Dead"))
            .unwrap();
        assert!(
            properties["RedrivePolicy"]["deadLetterTargetArn"].is_object(),
            "{queue}"
        );
    }
    assert_eq!(template.machine()["LoggingConfiguration"]["Level"], "ALL");
    assert_eq!(template.machine()["TracingConfiguration"]["Enabled"], true);
}

#[test]
fn a_fare_takes_no_more_transitions_than_the_hand_written_six() {
    let template = Template::of_fare_processing();
    let mut state = template.machine()["Definition"]["StartAt"]
        .as_str()
        .unwrap();
    let mut path = vec![state];
    while let Some(next) = template.state(state)["Next"].as_str() {
        path.push(next);
        state = next;
    }
    let expected = [
        "RegisterFare",
        "ChargeFare",
        "CreditCustomerAccount",
        "SetFareStatusCompleted",
        "NotifySuccess",
        "FareProcessingSucceeded",
    ];
    assert_eq!(path, expected);
}

#[test]
fn doc_comments_reach_the_state_machine_and_the_template() {
    let template = Template::of_fare_processing();
    assert!(
        template.machine()["Definition"]["Comment"]
            .as_str()
            .unwrap()
            .starts_with("Registers a fare")
    );
    assert_eq!(
        template.state("ChargeFare")["Comment"],
        "Pre-authorises the card, then charges the fare to it."
    );
}
