//! System A, `examples/fare-processing`.

use serde_json::{Value, json};

use crate::table::Ends::{Compensated, Completed, Parked};
use crate::table::{CARD, Case, Deployment, nothing};

const MACHINE: &str = "FareProcessingStateMachine";

pub const DEPLOYMENT: Deployment = Deployment {
    package: "fare-processing",
    target: "step-functions",
    parameters: &[],
    builds: 1,
    functions: 3,
    input: fare,
    key: "fareId",
    shows: &[("FaresTable", "fareStatus")],
    secrets: &CARD,
    cases: &[
        Case {
            machine: MACHINE,
            input: "3",
            ends: Completed("ch_"),
            path: "RegisterFare ChargeFare CreditCustomerAccount SetFareStatusCompleted NotifySuccess FareProcessingSucceeded",
            rows: &["completed"],
            queue: Some("SuccessfulTransactionsQueue"),
        },
        Case {
            machine: MACHINE,
            input: "4_fail_auth",
            ends: Compensated("PaymentAuthException"),
            path: "RegisterFare ChargeFare UndoRegisterFare NotifyFailure FareProcessingFailed",
            rows: &["failed"],
            queue: Some("FailedTransactionsQueue"),
        },
        Case {
            machine: MACHINE,
            input: "4_fail_charge",
            ends: Compensated("PaymentChargeException"),
            path: "RegisterFare ChargeFare UndoRegisterFare NotifyFailure FareProcessingFailed",
            rows: &["failed"],
            queue: Some("FailedTransactionsQueue"),
        },
        Case {
            machine: MACHINE,
            input: "4_fail_credit",
            ends: Compensated("AccountCreditException"),
            path: "RegisterFare ChargeFare CreditCustomerAccount UndoChargeFare UndoRegisterFare NotifyFailure FareProcessingFailed",
            rows: &["failed"],
            queue: Some("FailedTransactionsQueue"),
        },
        Case {
            machine: MACHINE,
            input: "4_fail_credit_fail_refund",
            ends: Parked("PaymentRefundException"),
            path: "RegisterFare ChargeFare CreditCustomerAccount UndoChargeFare ParkChargeFare UndoChargeFareParked",
            rows: &["registered"],
            queue: Some("ParkedQueue"),
        },
    ],
    more: nothing,
};

/// A customer's fare; the customer's name decides what fails.
pub fn fare(customer: &str) -> Value {
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
