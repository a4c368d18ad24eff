//! Fare processing: a fare is registered, charged and credited, or nothing of it remains.

use saga_manifest::Manifest;
use saga_manifest::error::{DeclaredError, RetryPolicy};
use saga_manifest::expr::Expr;
use saga_manifest::flow::End;
use saga_manifest::resource::{Filter, Origin, Queue, Subscription, Topic};
use saga_manifest::saga::{Data, Ending, Notification, SensitiveField, SensitiveForm};
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::{Attribute, Shape, Task};

use super::{
    call, data, field, input, invoke, known, line, notification, object, policy, retried, saga,
    settled, step, table, text, unknown,
};

/// The manifest of the saga, complete.
pub fn fare_processing() -> Manifest {
    let mut manifest = saga(vec![register(), charge(), credit(), complete()]);
    let saga = &mut manifest.sagas[0];
    saga.name = "FareProcessing".into();
    saga.description = Some("Registers a fare, charges it and credits the account.".into());
    saga.input = fare();
    let output = object([
        ("fareId", input("fareId")),
        (
            "chargeId",
            field(Expr::Output("ChargeFare".into()), "chargeId"),
        ),
    ]);
    saga.body.end = End::Complete(output);
    saga.notifications = vec![
        announce(
            "NotifySuccess",
            Ending::Completed,
            "Transaction Succeeded",
            "true",
        ),
        announce(
            "NotifyFailure",
            Ending::Compensated,
            "Transaction Failed",
            "false",
        ),
    ];
    manifest.tables.push(table("Fares", "fareId"));
    manifest.topics.push(transactions());
    manifest.queues.push(queue("FailedTransactions", "false"));
    manifest
        .queues
        .push(queue("SuccessfulTransactions", "true"));
    manifest
}

fn fare() -> Data {
    let tokens = ["cc", "expiryDate", "cvv"].map(|name| SensitiveField {
        path: vec![name.into()],
        form: SensitiveForm::Token,
    });
    Data {
        sensitive: tokens.into(),
        ..data()
    }
}

fn register() -> Step {
    let put = Task::DynamodbPut {
        table: "Fares".into(),
        item: vec![
            attribute("fareId", input("fareId")),
            attribute("customerId", input("customerId")),
            attribute("fareStatus", text("registered")),
        ],
        condition: None,
    };
    let compensation = Box::new(Call {
        retry_others: Some(policy(6)),
        ..set_status("failed")
    });
    step(
        "RegisterFare",
        Kind::Compensatable { compensation },
        dynamodb(put),
    )
}

fn charge() -> Step {
    let charge = Call {
        description: Some("Charges the fare to the card.".into()),
        errors: lambda_errors(vec![
            known("PaymentAuthException"),
            known("PaymentChargeException"),
        ]),
        ..invoke(
            "ChargeFare",
            object([
                ("customerId", input("customerId")),
                ("amount", input("fareAmount")),
                ("cc", input("cc")),
            ]),
        )
    };
    let charge_id = Expr::IfPresent {
        value: Box::new(Expr::MaybeOutput("ChargeFare".into())),
        then: Box::new(field(Expr::MaybeOutput("ChargeFare".into()), "chargeId")),
        otherwise: Box::new(Expr::Literal(serde_json::Value::Null)),
    };
    let refund = Call {
        errors: lambda_errors(vec![unknown("PaymentRefundException")]),
        retry_others: Some(RetryPolicy {
            max_delay_seconds: Some(60),
            jitter: true,
            ..policy(6)
        }),
        ..invoke(
            "RefundFare",
            object([("fareId", input("fareId")), ("chargeId", charge_id)]),
        )
    };
    step(
        "ChargeFare",
        Kind::Compensatable {
            compensation: Box::new(refund),
        },
        charge,
    )
}

fn credit() -> Step {
    let charge_id = field(Expr::Output("ChargeFare".into()), "chargeId");
    let credit = Call {
        errors: lambda_errors(vec![known("AccountCreditException")]),
        ..invoke(
            "CreditCustomerAccount",
            object([("customerId", input("customerId")), ("chargeId", charge_id)]),
        )
    };
    step("CreditCustomerAccount", Kind::Pivot, credit)
}

fn complete() -> Step {
    let call = Call {
        retry_others: Some(policy(6)),
        ..set_status("completed")
    };
    step("SetFareStatusCompleted", Kind::Retriable, call)
}

fn set_status(status: &str) -> Call {
    dynamodb(Task::DynamodbUpdate {
        table: "Fares".into(),
        key: vec![attribute("fareId", input("fareId"))],
        set: vec![attribute("fareStatus", text(status))],
        condition: None,
        basis: None,
    })
}

fn dynamodb(task: Task) -> Call {
    let refused = match task {
        Task::DynamodbPut { .. } => settled("DynamoDB.ConditionalCheckFailedException"),
        _ => known("DynamoDB.ConditionalCheckFailedException"),
    };
    let errors = vec![
        refused,
        retried(known("DynamoDB.ProvisionedThroughputExceededException"), 2),
        retried(known("DynamoDB.ThrottlingException"), 2),
        retried(unknown("DynamoDB.ServiceUnavailable"), 2),
    ];
    Call {
        errors,
        timeout_seconds: 5,
        ..call(task)
    }
}

fn lambda_errors(mut own: Vec<DeclaredError>) -> Vec<DeclaredError> {
    let service = RetryPolicy {
        interval_seconds: 2,
        ..policy(6)
    };
    let retried = |error: DeclaredError| DeclaredError {
        retry: Some(service.clone()),
        ..error
    };
    own.extend([
        retried(known("Lambda.TooManyRequestsException")),
        retried(unknown("Lambda.ServiceException")),
        retried(unknown("Lambda.SdkClientException")),
        unknown("Lambda.Unknown"),
    ]);
    own
}

fn attribute(name: &str, value: Expr) -> Attribute {
    Attribute {
        name: name.into(),
        shape: Shape::String,
        value,
    }
}

fn announce(name: &str, on: Ending, subject: &str, successful: &str) -> Notification {
    let publish = Task::SnsPublish {
        topic: "FareTransactions".into(),
        message: object([
            ("fareId", input("fareId")),
            ("customerId", input("customerId")),
        ]),
        subject: Some(subject.into()),
        attributes: vec![attribute("IsSuccessful", text(successful))],
    };
    let publish = Call {
        retry_others: Some(policy(5)),
        ..call(publish)
    };
    notification(name, on, publish)
}

fn transactions() -> Topic {
    Topic {
        name: "FareTransactions".into(),
        description: None,
        place: line(110),
        origin: Origin::Created,
    }
}

fn queue(name: &str, successful: &str) -> Queue {
    let filter = Filter {
        attribute: "IsSuccessful".into(),
        any_of: vec![successful.into()],
    };
    Queue {
        name: name.into(),
        description: None,
        place: line(120),
        origin: Origin::Created,
        visibility_timeout_seconds: 30,
        retention_seconds: 345_600,
        dead_letter_after: Some(5),
        subscriptions: vec![Subscription {
            topic: "FareTransactions".into(),
            raw: true,
            filters: vec![filter],
        }],
    }
}
