//! What is deployed, and how each execution must end.

use serde_json::{Value, json};

/// A package that is deployed, and what is expected of it.
pub struct Deployment {
    /// The package's name; its stack has the same.
    pub package: &'static str,
    /// The number of functions; all are the one bootstrap.
    pub functions: usize,
    /// The logical id of the saga's state machine.
    pub machine: &'static str,
    /// The input of a case, from the value that decides how it ends.
    pub input: fn(&str) -> Value,
    /// Where the outcome is read: in the row whose key is this field of the input.
    pub row: Row,
    /// What must be found nowhere but in the execution's history.
    pub secrets: &'static [&'static str],
    /// The executions, one after another on one stack.
    pub cases: &'static [Case],
}

/// A saga's row.
pub struct Row {
    /// The logical id of its table.
    pub table: &'static str,
    /// The key, of the same name in the input.
    pub key: &'static str,
    /// The attribute that tells how the saga ended.
    pub outcome: &'static str,
}

/// An execution.
pub struct Case {
    /// The value that decides how the saga ends.
    pub input: &'static str,
    /// How the execution ends.
    pub status: &'static str,
    /// The execution's error.
    pub error: Option<&'static str>,
    /// What its output tells, or the cause of its failure.
    pub tells: &'static str,
    /// The outcome in the saga's row.
    pub outcome: &'static str,
    /// The logical id of the queue that gets a message; every other one gets none.
    pub queue: &'static str,
    /// A state that is entered only if the saga took the expected path.
    pub passes: &'static str,
}

/// Everything that is deployed: a package is an entry.
pub const DEPLOYMENTS: [Deployment; 1] = [Deployment {
    package: "fare-processing",
    functions: 3,
    machine: "FareProcessingStateMachine",
    input: fare,
    row: Row {
        table: "FaresTable",
        key: "fareId",
        outcome: "fareStatus",
    },
    secrets: &CARD,
    cases: &[
        Case {
            input: "3",
            status: "SUCCEEDED",
            error: None,
            tells: "ch_",
            outcome: "completed",
            queue: "SuccessfulTransactionsQueue",
            passes: "SetFareStatusCompleted",
        },
        Case {
            input: "4_fail_auth",
            status: "FAILED",
            error: Some("SagaCompensated"),
            tells: "PaymentAuthException",
            outcome: "failed",
            queue: "FailedTransactionsQueue",
            passes: "UndoRegisterFare",
        },
        Case {
            input: "4_fail_charge",
            status: "FAILED",
            error: Some("SagaCompensated"),
            tells: "PaymentChargeException",
            outcome: "failed",
            queue: "FailedTransactionsQueue",
            passes: "UndoRegisterFare",
        },
        Case {
            input: "4_fail_credit",
            status: "FAILED",
            error: Some("SagaCompensated"),
            tells: "AccountCreditException",
            outcome: "failed",
            queue: "FailedTransactionsQueue",
            passes: "UndoChargeFare",
        },
        Case {
            input: "4_fail_credit_fail_refund",
            status: "FAILED",
            error: Some("PaymentRefundException"),
            tells: "refund",
            outcome: "registered",
            queue: "ParkedQueue",
            passes: "UndoChargeFareParked",
        },
    ],
}];

/// A card that exists nowhere: its number, expiry date and code.
const CARD: [&str; 3] = ["4242424242424242", "11/79", "8675309"];

fn fare(customer: &str) -> Value {
    let [number, expiry, code] = CARD;
    json!({
        "customerId": customer,
        "fareId": format!("fare-of-{customer}"),
        "fareAmount": "$20.00",
        "cc": number,
        "expiryDate": expiry,
        "cvv": code,
    })
}
