//! The steps of a payment.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::agency::{Agency, Refusal};

/// Reserves an amount at the customer's bank, and gives the reservation's number.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = String, error = PaymentError, compensation = VoidPayment, app = Agency, timeout = "10s")]
pub struct AuthorizePayment {
    /// Who pays.
    pub customer_id: String,
    /// How much, in cents.
    pub amount: u32,
}

/// Why a payment was not made.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum PaymentError {
    /// The bank gives no credit.
    #[error("the bank gives no credit")]
    NoCredit,
}

impl Handler for AuthorizePayment {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, PaymentError> {
        agency
            .hold("credit", &self.customer_id, &cx.idempotency_key())
            .map_err(|Refusal| PaymentError::NoCredit)
    }
}

/// Gives a reserved amount free: nothing, if none was reserved.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(app = Agency, timeout = "10s")]
pub struct VoidPayment {
    /// The reservation, where it is known.
    pub authorization_id: Option<String>,
}

impl Handler for VoidPayment {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<(), Never> {
        let known = self.authorization_id.as_deref();
        agency.release("credit", known, &cx.idempotency_key());
        Ok(())
    }
}

/// Takes a reserved amount, and gives the payment's number.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = String, app = Agency, timeout = "10s")]
pub struct CapturePayment {
    /// The reservation.
    pub authorization_id: String,
}

impl Handler for CapturePayment {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, Never> {
        Ok(agency.capture(&self.authorization_id, &cx.idempotency_key()))
    }
}

/// Gives back a payment: nothing, if none was made.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = RefundError, app = Agency, timeout = "10s")]
pub struct RefundPayment {
    /// Who paid.
    pub customer_id: String,
    /// The payment, where it is known.
    pub payment_id: Option<String>,
}

/// Why a payment was not given back.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum RefundError {
    /// The bank refuses.
    #[error("the refund was refused")]
    RefundRefused,
}

impl Handler for RefundPayment {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<(), RefundError> {
        agency
            .refund(
                self.payment_id.as_deref(),
                &self.customer_id,
                &cx.idempotency_key(),
            )
            .map_err(|Refusal| RefundError::RefundRefused)
    }
}
