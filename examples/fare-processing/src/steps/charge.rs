//! Charging a fare.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use super::RefundFare;
use crate::data::Charge;
use crate::provider::{Card, Provider, Refusal};

/// Pre-authorises the card, then charges the fare to it.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = Charge, error = ChargeError, compensation = RefundFare, app = Provider, timeout = "10s")]
pub struct ChargeFare {
    /// Who pays.
    pub customer_id: String,
    /// The fare that is paid.
    pub fare_id: String,
    /// How much.
    pub amount: String,
    /// The card's number, as a token.
    #[saga(sensitive(token))]
    pub cc: String,
    /// The card's expiry date, as a token.
    #[saga(sensitive(token))]
    pub expiry_date: String,
    /// The card's verification value, as a token.
    #[saga(sensitive(token))]
    pub cvv: String,
}

/// Why a fare was not charged.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum ChargeError {
    /// The card was refused.
    #[error("the card was refused")]
    PaymentAuthException,
    /// The card was good, and the charge was refused.
    #[error("the charge was refused")]
    PaymentChargeException,
}

impl Handler for ChargeFare {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<Charge, ChargeError> {
        // The provider knows both requests by their key again: a retried charge is the same charge.
        let key = cx.idempotency_key();
        let card = Card {
            number: &self.cc,
            expiry_date: &self.expiry_date,
            cvv: &self.cvv,
        };
        let charge_token = provider
            .authorise(&key, &self.customer_id, card, &self.amount)
            .map_err(|Refusal| ChargeError::PaymentAuthException)?;
        let charge_id = provider
            .charge(&key, &self.customer_id, &charge_token, &self.amount)
            .map_err(|Refusal| ChargeError::PaymentChargeException)?;
        Ok(Charge {
            charge_token,
            charge_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn charge(customer_id: &str) -> Result<Charge, ChargeError> {
        let step = ChargeFare {
            customer_id: customer_id.into(),
            fare_id: "fare-1".into(),
            amount: "$20.00".into(),
            cc: "tok_card".into(),
            expiry_date: "tok_expiry".into(),
            cvv: "tok_cvv".into(),
        };
        step.handle(&Provider, &Context::for_test("ChargeFare"))
            .await
    }

    #[tokio::test]
    async fn a_charge_has_ids_of_the_providers_form() {
        let charge = charge("3").await.unwrap();
        assert_eq!(
            (charge.charge_token.len(), charge.charge_id.len()),
            (29, 28)
        );
        assert!(charge.charge_token.starts_with("tok_"));
        assert!(charge.charge_id.starts_with("ch_"));
    }

    #[tokio::test]
    async fn a_retried_charge_is_the_same_charge() {
        assert_eq!(charge("3").await, charge("3").await);
    }

    #[tokio::test]
    async fn each_refusal_has_its_name() {
        assert_eq!(
            charge("1_fail_auth").await,
            Err(ChargeError::PaymentAuthException)
        );
        assert_eq!(
            charge("1_fail_charge").await,
            Err(ChargeError::PaymentChargeException)
        );
    }
}
