//! Mocked services, configured as for AWS Step Functions Local.
//!
//! A configuration has test cases for state machines, a test case names a mocked response for
//! each state, and a response has an answer for each call: `"0"` the first, `"1-2"` the second
//! and third, each with what it returns or throws (developer guide, "Testing state machines
//! with Step Functions Local: mocked service integrations").

mod config;

use std::collections::HashMap;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{Content, Invocation, Read, Write};
use saga_engine::program::{Pattern, Resource};

use crate::drive::{Answer, Buckets, DriveError, Services};

pub use config::{ConfigError, MockConfig, TestCase};

/// Services that answer as a test case says.
#[derive(Debug)]
pub struct Mocks {
    case: TestCase,
    calls: HashMap<Arc<str>, u32>,
    buckets: Buckets,
}

impl Mocks {
    /// Answers as `case` says; item readers and result writers use `buckets`.
    pub fn new(case: TestCase, buckets: Buckets) -> Self {
        Mocks {
            case,
            calls: HashMap::new(),
            buckets,
        }
    }
}

impl Services for Mocks {
    fn call(&mut self, invocation: &Invocation) -> Result<Answer, DriveError> {
        let calls = self.calls.entry(Arc::clone(&invocation.state)).or_insert(0);
        let call = *calls;
        *calls += 1;
        let state = &*invocation.state;
        if !self.case.mocks(state) {
            return Err(DriveError::unanswered(
                invocation,
                format!("name a mocked response for `{state}` in the test case"),
            ));
        }
        let Some(result) = self.case.answer(state, call) else {
            return Err(DriveError::unanswered(
                invocation,
                format!(
                    "give its mocked response an answer \"{call}\", for call number {}",
                    call + 1
                ),
            ));
        };
        let waits = Resource::parse(&invocation.resource).pattern != Pattern::RequestResponse;
        let submitted = waits.then(Data::empty_object);
        Ok(Answer {
            submitted,
            ..Answer::now(result)
        })
    }

    fn read(&mut self, read: &Read) -> Result<Content, String> {
        self.buckets.read(read)
    }

    fn write(&mut self, write: &Write) -> Result<(), String> {
        self.buckets.write(write)
    }
}

#[cfg(test)]
mod tests;
