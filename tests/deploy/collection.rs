//! System B, `examples/fare-collection`: two sagas of the same steps, and the routes that start one of them.
//!
//! The emulator's API Gateway does not call Step Functions. So the mapping templates of the methods, as they are
//! deployed, are evaluated here, and what they ask for is asked of the emulator.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fares::fare;
use crate::table::Ends::{self, Compensated, Completed, Parked};
use crate::table::{CARD, Case, Deployment};
use crate::tools::stack::Stack;
use crate::tools::trial::Stop;
use crate::vtl;

pub const DEPLOYMENT: Deployment = Deployment {
    package: "fare-collection",
    target: "step-functions",
    parameters: &[],
    builds: 1,
    functions: 6,
    input: fare,
    key: "fareId",
    shows: &[],
    secrets: &CARD,
    cases: &[
        posted(
            "3",
            Completed("acc_"),
            "PreAuthorise MakePayment UpdateAccount FareCollectionSucceeded",
        ),
        posted(
            "4_fail_auth",
            Compensated("PaymentAuthException"),
            "PreAuthorise FareCollectionFailed",
        ),
        posted(
            "4_fail_charge",
            Compensated("PaymentChargeException"),
            "PreAuthorise MakePayment UndoPreAuthorise FareCollectionFailed",
        ),
        posted(
            "4_fail_credit",
            Compensated("AccountCreditException"),
            "PreAuthorise MakePayment UpdateAccount UndoMakePayment UndoPreAuthorise FareCollectionFailed",
        ),
        posted(
            "4_lost_credit",
            Compensated("AccountUnknownException"),
            "PreAuthorise MakePayment UpdateAccount UndoUpdateAccount UndoMakePayment UndoPreAuthorise FareCollectionFailed",
        ),
        posted(
            "4_fail_void_fail_charge",
            Parked("PaymentVoidException"),
            "PreAuthorise MakePayment UndoPreAuthorise ParkPreAuthorise UndoPreAuthoriseParked",
        ),
        posted(
            "4_fail_credit_fail_refund",
            Parked("PaymentRefundException"),
            "PreAuthorise MakePayment UpdateAccount UndoMakePayment ParkMakePayment UndoMakePaymentParked",
        ),
        posted(
            "4_lost_credit_fail_reverse",
            Parked("AccountReverseException"),
            "PreAuthorise MakePayment UpdateAccount UndoUpdateAccount ParkUpdateAccount UndoUpdateAccountParked",
        ),
        at_gate(
            "3",
            Completed("acc_"),
            "PreAuthorise MakePayment UpdateAccount GateCollectionSucceeded",
        ),
        at_gate(
            "4_fail_auth",
            Compensated("PaymentAuthException"),
            "PreAuthorise TellOfUncollectedFare GateCollectionFailed",
        ),
        at_gate(
            "4_fail_charge",
            Compensated("PaymentChargeException"),
            "PreAuthorise MakePayment UndoPreAuthorise TellOfUncollectedFare GateCollectionFailed",
        ),
        // Behind the pivot nothing is given back.
        at_gate(
            "4_fail_credit",
            Parked("AccountCreditException"),
            "PreAuthorise MakePayment UpdateAccount ParkUpdateAccount UpdateAccountParked",
        ),
        at_gate(
            "4_lost_credit",
            Parked("AccountUnknownException"),
            "PreAuthorise MakePayment UpdateAccount ParkUpdateAccount UpdateAccountParked",
        ),
    ],
    more: |_, stack| {
        let mut wrong = routes(stack)?;
        wrong.extend(passed(stack)?);
        Ok(wrong)
    },
};

const fn posted(input: &'static str, ends: Ends, path: &'static str) -> Case {
    Case {
        machine: "FareCollectionStateMachine",
        input,
        ends,
        path,
        rows: &[],
        queue: match ends {
            Parked(_) => Some("ParkedQueue"),
            Completed(_) | Compensated(_) => None,
        },
    }
}

const fn at_gate(input: &'static str, ends: Ends, path: &'static str) -> Case {
    Case {
        machine: "GateCollectionStateMachine",
        input,
        ends,
        path,
        rows: &[],
        queue: match ends {
            Parked(_) => Some("ParkedQueue"),
            Compensated(_) => Some("UncollectedFaresQueue"),
            Completed(_) => None,
        },
    }
}

/// Who posts a fare, and what its address tells in the end.
const POSTED: [(&str, &str); 3] = [
    ("7", "completed"),
    ("7_fail_credit", "compensated"),
    ("7_fail_credit_fail_refund", "parked"),
];

/// The longest that a saga takes here.
const PATIENCE: Duration = Duration::from_secs(60);

fn routes(stack: &Stack<'_>) -> Result<Vec<String>, Stop> {
    let gateway = Gateway {
        stack,
        methods: stack.methods("FareCollectionApi")?,
    };
    let mut wrong = Vec::new();
    for (customer, ends) in POSTED {
        let body = fare(customer);
        let id = format!("fare-of-{customer}");
        let address = format!("https://api/live/fares/{id}");
        // Twice, as clients do that hear no answer.
        for _ in 0..2 {
            let accepted = gateway.answer("POST", "/fares", None, &body)?;
            if (accepted.status, accepted.location.as_deref()) != (202, Some(&*address)) {
                wrong.push(format!("{customer}: expected 202, got {accepted:?}"));
            }
        }
        let told = gateway.outcome(&id)?;
        if told["status"] != ends {
            wrong.push(format!("{customer}: expected {ends}, got {told}"));
        }
        let other = json!({ "fareAmount": "$21.00" });
        let mut another = body;
        if let (Some(fare), Value::Object(change)) = (another.as_object_mut(), other) {
            fare.extend(change);
        }
        let refused = gateway.answer("POST", "/fares", None, &another)?;
        if refused.status != 409 {
            wrong.push(format!("{customer}: expected 409, got {refused:?}"));
        }
    }
    let missing = gateway.answer("GET", "/fares/{execution}", Some("nobody"), &Value::Null)?;
    if missing.status != 404 {
        wrong.push(format!("expected 404, got {missing:?}"));
    }
    Ok(wrong)
}

/// An event of a gate starts an execution under the fare's name, and once however often it comes.
fn passed(stack: &Stack<'_>) -> Result<Vec<String>, Stop> {
    let fare = fare("8");
    for _ in 0..2 {
        stack.publish("com.metro.gates", "PassengerPassed", &fare)?;
    }
    let ended = stack.ended("GateCollectionStateMachine", "fare-of-8")?;
    let mut wrong = Vec::new();
    if ended.as_deref() != Some("SUCCEEDED") {
        wrong.push(format!("an event: expected an execution, got {ended:?}"));
    }
    let messages = stack.messages()?;
    let lost = messages.get("GateCollectionNotStarted");
    if lost.is_none_or(|lost| !lost.is_empty()) {
        wrong.push(format!("an event started nothing: {lost:?}"));
    }
    Ok(wrong)
}

/// The API, in the emulator's place.
struct Gateway<'s> {
    stack: &'s Stack<'s>,
    methods: Vec<Value>,
}

#[derive(Debug)]
struct Answer {
    status: u64,
    location: Option<String>,
    body: Value,
}

impl Gateway<'_> {
    /// What an address tells when the saga has ended.
    fn outcome(&self, execution: &str) -> Result<Value, Stop> {
        let began = Instant::now();
        loop {
            let told = self.answer("GET", "/fares/{execution}", Some(execution), &Value::Null)?;
            if told.body["status"] != "running" || began.elapsed() > PATIENCE {
                return Ok(told.body);
            }
        }
    }

    /// Answers a request of a method, whose path may have one parameter.
    fn answer(
        &self,
        verb: &str,
        path: &str,
        parameter: Option<&str>,
        body: &Value,
    ) -> Result<Answer, Stop> {
        let mut methods = self.methods.iter();
        let method = methods.find(|method| method["httpMethod"] == verb && method["path"] == path);
        let method = method.ok_or_else(|| format!("no method {verb} {path}"))?;
        let integration = &method["methodIntegration"];
        let context = json!({ "domainName": "api", "path": format!("/live{path}") });
        let parameters = parameter.map(|value| ("execution".to_owned(), value.to_owned()));
        let parameters: BTreeMap<_, _> = parameters.into_iter().collect();
        let mut environment = vtl::Environment::new(body.clone(), parameters, context.clone());
        let asked = environment.render(text(&integration["requestTemplates"])?);
        let asked: Value = serde_json::from_str(&asked).map_err(|error| error.to_string())?;
        let ended = match (asked["stateMachineArn"].as_str(), asked["input"].as_str()) {
            (Some(machine), Some(input)) => self.stack.sync(machine, input)?,
            _ => return Err(format!("this starts nothing: {asked}").into()),
        };
        let mut environment = vtl::Environment::new(ended, BTreeMap::new(), context);
        let response = &integration["integrationResponses"]["200"];
        let body = environment.render(text(&response["responseTemplates"])?);
        let stated = &environment.context()["responseOverride"];
        Ok(Answer {
            status: stated["status"].as_u64().unwrap_or(200),
            location: stated["header"]["Location"].as_str().map(str::to_owned),
            body: serde_json::from_str(&body).map_err(|error| format!("{error} in {body}"))?,
        })
    }
}

fn text(templates: &Value) -> Result<&str, String> {
    let template = templates["application/json"].as_str();
    template.ok_or_else(|| format!("no template for JSON in {templates}"))
}
