use super::{MockConfig, TestCase};

const CONFIG: &str = r#"{
    "StateMachines": {
        "Order": {"TestCases": {
            "Happy": {"Charge": "Paid"},
            "Refused": {"Charge": "RefusedThenPaid"}
        }}
    },
    "MockedResponses": {
        "Paid": {"0": {"Return": {"id": 1}}},
        "RefusedThenPaid": {
            "0-1": {"Throw": {"Error": "Refused", "Cause": "no funds"}},
            "2": {"Return": {"id": 2}}
        }
    }
}"#;

fn shown(case: &TestCase, call: u32) -> String {
    match case.answer("Charge", call) {
        Some(Ok(output)) => output.to_string(),
        Some(Err(failure)) => format!("! {}", failure.error.unwrap()),
        None => "nothing".to_owned(),
    }
}

#[test]
fn answers_call_by_call() {
    let config = MockConfig::parse(CONFIG).unwrap();
    for (machine, case, expected) in [
        ("Order", "Happy", [r#"{"id":1}"#, "nothing", "nothing"]),
        (
            "the only one",
            "Refused",
            ["! Refused", "! Refused", r#"{"id":2}"#],
        ),
    ] {
        let case = config.test_case(machine, Some(case)).unwrap();
        let found: Vec<_> = (0..3).map(|call| shown(&case, call)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn says_where_a_configuration_is_wrong() {
    for (text, expected) in [
        ("{", "the mock configuration: not valid JSON"),
        ("{}", "StateMachines: expected an object"),
        (
            r#"{"StateMachines":{},"MockedResponses":{"R":{"x":{"Return":1}}}}"#,
            "MockedResponses/R/x: expected the number of a call",
        ),
        (
            r#"{"StateMachines":{},"MockedResponses":{"R":{"0":{}}}}"#,
            "MockedResponses/R/0: expected either `Return` or `Throw`",
        ),
        (
            r#"{"StateMachines":{},"MockedResponses":{"R":{"0":{"Throw":{}}}}}"#,
            "MockedResponses/R/0/Throw: `Error` is missing",
        ),
    ] {
        let error = MockConfig::parse(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn says_which_test_cases_there_are() {
    let config = MockConfig::parse(CONFIG).unwrap();
    for (case, expected) in [
        (
            None,
            "TestCases: which one is not said; there are `Happy`, `Refused`",
        ),
        (
            Some("Sad"),
            "TestCases: none is called `Sad`; there are `Happy`, `Refused`",
        ),
    ] {
        assert_eq!(
            config.test_case("Order", case).unwrap_err().to_string(),
            expected
        );
    }
}
