//! Queues and what they subscribe to.

use saga_manifest::resource::Origin;
use serde_json::json;

use super::Template;
use crate::manifest::fare_processing;

#[test]
fn a_queue_takes_messages_of_its_topic_and_of_nobody_else() {
    let template = Template::of(&fare_processing());
    let policy = template.properties("FailedTransactionsQueuePolicy");
    assert_eq!(
        policy["Queues"],
        json!([{ "Ref": "FailedTransactionsQueue" }])
    );
    let statements = policy["PolicyDocument"]["Statement"].as_array().unwrap();
    let allowed: Vec<_> = statements
        .iter()
        .filter(|s| s["Effect"] == "Allow")
        .collect();
    let expected = json!({
        "Sid": "Deliver",
        "Effect": "Allow",
        "Principal": { "Service": "sns.amazonaws.com" },
        "Action": "sqs:SendMessage",
        "Resource": { "Fn::GetAtt": "FailedTransactionsQueue.Arn" },
        "Condition": { "ArnEquals": { "aws:SourceArn": { "Ref": "FareTransactionsTopic" } } },
    });
    assert_eq!(allowed, [&expected]);
}

#[test]
fn a_subscription_filters_and_delivers_raw() {
    let template = Template::of(&fare_processing());
    for (queue, successful) in [
        ("FailedTransactions", "false"),
        ("SuccessfulTransactions", "true"),
    ] {
        let subscription = template.properties(&format!("{queue}QueueSubscription"));
        assert_eq!(
            subscription["FilterPolicy"],
            json!({ "IsSuccessful": [successful] })
        );
        assert_eq!(subscription["FilterPolicyScope"], "MessageAttributes");
        assert_eq!(subscription["RawMessageDelivery"], true);
    }
}

#[test]
fn dead_letters_are_kept_and_raise_an_alarm() {
    let template = Template::of(&fare_processing());
    let redrive = &template.properties("FailedTransactionsQueue")["RedrivePolicy"];
    let letters = "FailedTransactionsQueueDeadLetters";
    assert_eq!(
        redrive["deadLetterTargetArn"],
        json!({ "Fn::GetAtt": format!("{letters}.Arn") })
    );
    assert_eq!(redrive["maxReceiveCount"], 5);
    assert_eq!(
        template.properties(letters)["MessageRetentionPeriod"],
        1_209_600
    );
    let alarm = template.properties(&format!("{letters}Alarm"));
    assert_eq!(alarm["Namespace"], "AWS/SQS");
}

/// The policy of a queue that exists is its owner's: writing one would replace it.
#[test]
fn a_queue_that_exists_is_subscribed_and_left_alone() {
    let mut manifest = fare_processing();
    for queue in &mut manifest.queues {
        queue.origin = Origin::Parameter(format!("{}Arn", queue.name));
    }
    let template = Template::of(&manifest);
    let policies = template.resources("AWS::SQS::QueuePolicy");
    // The queues of the stack's own.
    let policies: Vec<_> = policies.map(|(id, _)| id).collect();
    assert_eq!(policies, ["RecoveryDeadLettersPolicy", "ParkedQueuePolicy"]);
    let subscription = template.properties("FailedTransactionsQueueSubscription");
    assert_eq!(
        subscription["Endpoint"],
        json!({ "Ref": "FailedTransactionsArn" })
    );
}
