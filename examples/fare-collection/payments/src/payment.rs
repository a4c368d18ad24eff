//! Taking a reserved amount, and giving it back.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::provider::{Entry, Provider, Refusal};

/// Takes what was reserved on the card; answers the payment's number.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = String, error = PaymentError, compensation = RefundPayment,
    app = Provider, timeout = "10s"
)]
pub struct MakePayment {
    /// Who pays.
    pub customer_id: String,
    /// The reservation's token.
    pub authorisation: String,
}

/// Why nothing was taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum PaymentError {
    /// The provider refuses.
    #[error("the payment was refused")]
    PaymentChargeException,
}

impl Handler for MakePayment {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<String, PaymentError> {
        provider
            .pay(
                &cx.idempotency_key(),
                &self.customer_id,
                &self.authorisation,
            )
            .map_err(|Refusal| PaymentError::PaymentChargeException)
    }
}

/// Gives a payment back: nothing, if none was made.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = RefundError, app = Provider, timeout = "10s")]
pub struct RefundPayment {
    /// Who paid.
    pub customer_id: String,
    /// The payment, where its number is known: one that timed out has left none behind.
    pub payment_id: Option<String>,
}

/// Why it was not given back.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum RefundError {
    /// The provider refuses.
    #[error("the refund was refused")]
    PaymentRefundException,
}

impl Handler for RefundPayment {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), RefundError> {
        // Under the payment's own key, the provider finds it with or without its number.
        let (key, number) = (cx.idempotency_key(), self.payment_id.as_deref());
        provider
            .take_out(Entry::Payment, &key, number, &self.customer_id)
            .map_err(|Refusal| RefundError::PaymentRefundException)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(customer_id: &str) -> MakePayment {
        MakePayment {
            customer_id: customer_id.into(),
            authorisation: "tok_1".into(),
        }
    }

    fn refund(customer_id: &str, payment_id: Option<&str>) -> RefundPayment {
        RefundPayment {
            customer_id: customer_id.into(),
            payment_id: payment_id.map(str::to_owned),
        }
    }

    #[tokio::test]
    async fn what_is_paid_twice_is_paid_once_and_given_back() {
        let (provider, cx) = (Provider::default(), Context::for_test("MakePayment"));
        let first = pay("3").handle(&provider, &cx).await.unwrap();
        assert!(first.starts_with("ch_") && first.len() == 28, "{first}");
        for known in [None, Some(first.as_str())] {
            assert_eq!(pay("3").handle(&provider, &cx).await.as_ref(), Ok(&first));
            assert_eq!(provider.standing(), ["ch"]);
            assert_eq!(refund("3", known).handle(&provider, &cx).await, Ok(()));
            assert!(provider.standing().is_empty());
        }
    }

    #[tokio::test]
    async fn each_refusal_has_its_name() {
        let (provider, cx) = (Provider::default(), Context::for_test("MakePayment"));
        let refused = pay("3_fail_charge").handle(&provider, &cx).await;
        assert_eq!(refused, Err(PaymentError::PaymentChargeException));
        pay("3").handle(&provider, &cx).await.unwrap();
        let refused = refund("3_fail_refund", None).handle(&provider, &cx).await;
        assert_eq!(refused, Err(RefundError::PaymentRefundException));
        assert_eq!(provider.standing(), ["ch"]);
    }
}
