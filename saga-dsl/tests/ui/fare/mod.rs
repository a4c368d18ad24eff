//! The steps that the mistakes are made with.

#![allow(dead_code, reason = "each mistake uses some of it")]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
pub struct FareRequest {
    pub customer_id: String,
    pub fare_id: String,
    pub fare_amount: String,
    pub passengers: u32,
    #[saga(sensitive)]
    pub cc: String,
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Charge {
    pub charge_id: String,
}

#[derive(Debug, thiserror::Error, SagaError)]
pub enum ChargeError {
    #[error("the card was refused")]
    Refused,
}

#[derive(Debug, thiserror::Error, SagaError)]
pub enum CreditError {
    #[error("there is no such account")]
    NoAccount,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Charge, error = ChargeError, compensation = RefundFare)]
pub struct ChargeFare {
    pub fare_id: String,
    pub amount: String,
}

impl Handler for ChargeFare {
    async fn handle(self, _: &(), _: &Context) -> Result<Charge, ChargeError> {
        Err(ChargeError::Refused)
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step()]
pub struct RefundFare {
    pub fare_id: String,
    pub charge_id: Option<String>,
}

impl Handler for RefundFare {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = CreditError)]
pub struct CreditAccount {
    pub customer_id: String,
    pub charge_id: String,
}

impl Handler for CreditAccount {
    async fn handle(self, _: &(), _: &Context) -> Result<(), CreditError> {
        Err(CreditError::NoAccount)
    }
}
