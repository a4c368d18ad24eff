//! All mistakes of an item are told at once, and none of them spoils the code that uses it.

#[path = "fare/mod.rs"]
mod fare;

use fare::*;
use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Debug, thiserror::Error, SagaError)]
enum NotifyError {
    #[error("nobody listens")]
    #[saga(retry(interval = "500ms", backoff = 0.5))]
    Deaf,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(timout = "20m", memory = "64MB", output = String, error = NotifyError, heartbeat = "5s")]
struct Notify {
    #[serde(with = "text")]
    fare_id: String,
    #[saga(sensible)]
    name: String,
}

mod text {
    pub use serde::de::Deserialize;

    pub fn serialize<S: serde::Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(text)
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        String::deserialize(from)
    }
}

impl Handler for Notify {
    async fn handle(self, _: &(), _: &Context) -> Result<String, NotifyError> {
        Err(NotifyError::Deaf)
    }
}

#[derive(Saga)]
struct FareProcessing;

impl Saga for FareProcessing {
    type Input = FareRequest;
    type Output = String;

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Completed<'s, String> {
        let told = saga.read(
            NotifyRef { fare_id: fare.fare_id, name: fare.customer_id }
                .retry(NotifyErrorKind::Deaf, Retry::NEVER),
        );
        saga.complete(told)
    }
}

fn main() {}
