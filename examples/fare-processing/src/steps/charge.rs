//! Charging a fare.

use fare_payments::Provider;
use fare_payments::authorisation::{
    AuthorisationError, PreAuthorise, VoidAuthorisation, VoidError,
};
use fare_payments::payment::{MakePayment, PaymentError};
use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AUTHORISATION, PAYMENT, RefundFare};
use crate::data::Charge;

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
    #[error(transparent)]
    #[saga(transparent)]
    Authorisation(#[from] AuthorisationError),
    /// The card was good, and the charge was refused.
    #[error(transparent)]
    #[saga(transparent)]
    Payment(#[from] PaymentError),
    /// The charge was refused, and so was giving its reservation free: it is left to the refund.
    #[error("the charge was refused, and its authorisation was not voided")]
    #[saga(unknown)]
    PaymentVoidException(#[from] VoidError),
}

impl Handler for ChargeFare {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<Charge, ChargeError> {
        let authorise = PreAuthorise {
            customer_id: self.customer_id.clone(),
            amount: self.amount,
            cc: self.cc,
            expiry_date: self.expiry_date,
            cvv: self.cvv,
        };
        let charge_token = authorise.handle(provider, &cx.part(AUTHORISATION)).await?;
        let pay = MakePayment {
            customer_id: self.customer_id.clone(),
            authorisation: charge_token.clone(),
        };
        match pay.handle(provider, &cx.part(PAYMENT)).await {
            Ok(charge_id) => Ok(Charge {
                charge_token,
                charge_id,
            }),
            Err(refused) => {
                // A refusal says that nothing was done, so that nothing undoes it: no reservation may stand.
                let void = VoidAuthorisation {
                    customer_id: self.customer_id,
                };
                void.handle(provider, &cx.part(AUTHORISATION)).await?;
                Err(refused.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn charge(provider: &Provider, customer_id: &str) -> Result<Charge, ChargeError> {
        let step = ChargeFare {
            customer_id: customer_id.into(),
            fare_id: "fare-1".into(),
            amount: "$20.00".into(),
            cc: "tok_card".into(),
            expiry_date: "tok_expiry".into(),
            cvv: "tok_cvv".into(),
        };
        step.handle(provider, &Context::for_test("ChargeFare"))
            .await
    }

    #[tokio::test]
    async fn a_charge_has_ids_of_the_providers_form() {
        let charge = charge(&Provider::default(), "3").await.unwrap();
        assert_eq!(
            (charge.charge_token.len(), charge.charge_id.len()),
            (29, 28)
        );
        assert!(charge.charge_token.starts_with("tok_"));
        assert!(charge.charge_id.starts_with("ch_"));
    }

    #[tokio::test]
    async fn a_retried_charge_is_the_same_charge() {
        let provider = Provider::default();
        assert_eq!(charge(&provider, "3").await, charge(&provider, "3").await);
        assert_eq!(provider.standing(), ["ch", "tok"]);
    }

    #[tokio::test]
    async fn each_refusal_has_its_name_and_leaves_nothing_that_it_does_not_tell() {
        let auth = ChargeError::Authorisation(AuthorisationError::PaymentAuthException);
        let charge_refused = ChargeError::Payment(PaymentError::PaymentChargeException);
        let stands = ChargeError::PaymentVoidException(VoidError::PaymentVoidException);
        for (customer, refusal, standing) in [
            ("1_fail_auth", auth, &[][..]),
            ("1_fail_charge", charge_refused, &[]),
            ("1_fail_void_fail_charge", stands, &["tok"]),
        ] {
            let provider = Provider::default();
            assert_eq!(charge(&provider, customer).await, Err(refusal));
            assert_eq!(provider.standing(), standing, "{customer}");
        }
    }
}
