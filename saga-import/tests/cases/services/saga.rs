//! A saga that was a definition in the Amazon States Language.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A saga that was a definition in the Amazon States Language.
#[derive(Saga)]
pub struct Services;

impl Saga for Services {
    type Input = ServicesInput;
    type Output = Value;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, ServicesInput>,
    ) -> Completed<'s, Value> {
        saga.step(
            StoreInvoiceRef {
                bucket: "invoices".into(),
                key: input.number,
                body: input.lines,
            }
                .compensate(|_| DeleteInvoiceRef {
                    bucket: "invoices".into(),
                    key: input.number,
                }),
        );

        let (saga, book_invoice) = saga.pivot(BookInvoiceRef(input));
        saga.complete(book_invoice)
    }
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ServicesInput {
    pub number: Value,
    pub lines: Value,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `StoreInvoice`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
///   "Parameters": {
///     "Bucket": "invoices",
///     "Key.$": "$.number",
///     "Body.$": "$.lines"
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = DeleteInvoice, timeout = "5s")]
pub struct StoreInvoice {
    #[serde(rename = "Bucket")]
    pub bucket: String,
    #[serde(rename = "Key")]
    pub key: Value,
    #[serde(rename = "Body")]
    pub body: Value,
}

impl Handler for StoreInvoice {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("make the request to `arn:aws:states:::aws-sdk:s3:putObject` here"))
    }
}

/// Undoes `StoreInvoice`.
///
/// It asks this of the service:
///
/// ```json
/// {
///   "Resource": "arn:aws:states:::aws-sdk:s3:deleteObject",
///   "Parameters": {
///     "Bucket": "invoices",
///     "Key.$": "$.number"
///   }
/// }
/// ```
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "5s")]
pub struct DeleteInvoice {
    #[serde(rename = "Bucket")]
    pub bucket: String,
    #[serde(rename = "Key")]
    pub key: Value,
}

impl Handler for DeleteInvoice {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(
            NotMoved(
                "make the request to `arn:aws:states:::aws-sdk:s3:deleteObject` here",
            ),
        )
    }
}

/// Why `BookInvoice` fails.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum BookInvoiceError {
    #[error("PeriodClosed")]
    PeriodClosed,
    #[error(transparent)]
    #[saga(transparent)]
    NotMoved(#[from] NotMoved),
}

/// `BookInvoice`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = BookInvoiceError, timeout = "5s")]
pub struct BookInvoice(pub ServicesInput);

impl Handler for BookInvoice {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, BookInvoiceError> {
        Err(NotMoved("move the code of `BookInvoiceFunction` here").into())
    }
}
