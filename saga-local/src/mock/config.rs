use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use saga_asl::data::{Data, Object};
use saga_engine::fault::Failure;

use crate::drive::TaskResult;

/// A mock configuration file.
#[derive(Clone, Debug, Default)]
pub struct MockConfig {
    /// Test cases by state machine: for each state the name of its response.
    machines: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
    responses: BTreeMap<String, Response>,
}

/// The answers of one mocked response, by call.
type Response = Vec<(RangeInclusive<u32>, TaskResult)>;

/// What is wrong with a mock configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ConfigError {
    /// The path of keys.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

fn wrong<T>(place: impl Into<String>, message: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError {
        place: place.into(),
        message: message.into(),
    })
}

/// The responses of one test case, by state.
#[derive(Clone, Debug, Default)]
pub struct TestCase {
    states: BTreeMap<String, Response>,
}

impl TestCase {
    /// Whether the test case says how `state` is answered.
    pub fn mocks(&self, state: &str) -> bool {
        self.states.contains_key(state)
    }

    /// The answer to a call of `state`, counted from 0.
    pub fn answer(&self, state: &str, call: u32) -> Option<TaskResult> {
        let answers = self.states.get(state)?;
        let found = answers.iter().find(|(calls, _)| calls.contains(&call));
        found.map(|(_, result)| result.clone())
    }
}

impl MockConfig {
    /// Reads a configuration from JSON.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let data = match Data::parse(text) {
            Ok(data) => data,
            Err(error) => {
                return wrong("the mock configuration", format!("not valid JSON: {error}"));
            }
        };
        Ok(MockConfig {
            machines: members(&data, "StateMachines", "")?
                .iter()
                .map(|(name, machine)| Ok((name.to_string(), test_cases(machine, name)?)))
                .collect::<Result<_, _>>()?,
            responses: members(&data, "MockedResponses", "")?
                .iter()
                .map(|(name, answers)| Ok((name.to_string(), response(answers, name)?)))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The test case called `name` of the machine called `machine`, or of the only machine;
    /// without a name, the only test case.
    ///
    /// # Errors
    /// If there is none or more than one; the message lists them.
    pub fn test_case(&self, machine: &str, name: Option<&str>) -> Result<TestCase, ConfigError> {
        let cases = match (self.machines.get(machine), self.machines.len()) {
            (Some(cases), _) => cases,
            (None, 1) => self.machines.values().next().unwrap_or(&EMPTY),
            _ => {
                return wrong(
                    "StateMachines",
                    format!(
                        "no entry is called `{machine}`; there are {}",
                        listed(self.machines.keys())
                    ),
                );
            }
        };
        let case = match (name, cases.len()) {
            (Some(name), _) => cases.get(name),
            (None, 1) => cases.values().next(),
            (None, _) => None,
        };
        let Some(case) = case else {
            let asked = name.map_or("which one is not said".to_owned(), |name| {
                format!("none is called `{name}`")
            });
            return wrong(
                "TestCases",
                format!("{asked}; there are {}", listed(cases.keys())),
            );
        };
        self.resolve(case)
    }

    fn resolve(&self, case: &BTreeMap<String, String>) -> Result<TestCase, ConfigError> {
        let states = case
            .iter()
            .map(|(state, response)| match self.responses.get(response) {
                Some(answers) => Ok((state.clone(), answers.clone())),
                None => wrong(state, format!("no mocked response is called `{response}`")),
            });
        Ok(TestCase {
            states: states.collect::<Result<_, _>>()?,
        })
    }
}

static EMPTY: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();

fn listed<'n>(names: impl Iterator<Item = &'n String>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

fn members<'d>(data: &'d Data, name: &str, place: &str) -> Result<&'d Object, ConfigError> {
    let found = data.get(name).and_then(Data::as_object);
    found.ok_or_else(|| ConfigError {
        place: format!("{place}{name}"),
        message: "expected an object".to_owned(),
    })
}

fn test_cases(
    machine: &Data,
    name: &str,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, ConfigError> {
    let place = format!("StateMachines/{name}/");
    let cases = members(machine, "TestCases", &place)?
        .iter()
        .map(|(case, states)| {
            let place = format!("{place}TestCases/{case}");
            let Some(states) = states.as_object() else {
                return wrong(place, "expected an object of states");
            };
            let states = states
                .iter()
                .map(|(state, response)| match response.as_str() {
                    Some(response) => Ok((state.to_string(), response.to_owned())),
                    None => wrong(
                        format!("{place}/{state}"),
                        "expected the name of a mocked response",
                    ),
                });
            Ok((case.to_string(), states.collect::<Result<_, _>>()?))
        });
    cases.collect()
}

fn response(answers: &Data, name: &str) -> Result<Response, ConfigError> {
    let place = format!("MockedResponses/{name}");
    let Some(answers) = answers.as_object() else {
        return wrong(place, "expected an object of answers by call");
    };
    let answers = answers.iter().map(|(calls, result)| {
        let place = format!("{place}/{calls}");
        let Some(range) = range(calls) else {
            return wrong(
                place,
                "expected the number of a call, as in \"0\", or a range, as in \"1-2\"",
            );
        };
        Ok((range, answer(result, &place)?))
    });
    answers.collect()
}

fn range(calls: &str) -> Option<RangeInclusive<u32>> {
    let (first, last) = calls.split_once('-').unwrap_or((calls, calls));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some(first..=last)
}

fn answer(result: &Data, place: &str) -> Result<TaskResult, ConfigError> {
    match (result.get("Return"), result.get("Throw")) {
        (Some(output), None) => Ok(Ok(output.clone())),
        (None, Some(thrown)) => {
            let text = |name| thrown.get(name).and_then(Data::as_str);
            match (text("Error"), text("Cause")) {
                (Some(error), cause) => Ok(Err(Failure {
                    cause: cause.map(Into::into),
                    ..Failure::named(error)
                })),
                (None, _) => wrong(format!("{place}/Throw"), "`Error` is missing"),
            }
        }
        _ => wrong(place, "expected either `Return` or `Throw`"),
    }
}
