//! Reserving an amount on a card, and giving it free.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::provider::{Card, Entry, Provider, Refusal};

/// Reserves the fare on the card; answers the reservation's token.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = String, error = AuthorisationError, compensation = VoidAuthorisation,
    app = Provider, timeout = "10s"
)]
pub struct PreAuthorise {
    /// Who pays.
    pub customer_id: String,
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

/// Why nothing was reserved.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum AuthorisationError {
    /// The card was refused.
    #[error("the card was refused")]
    PaymentAuthException,
}

impl Handler for PreAuthorise {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<String, AuthorisationError> {
        let card = Card {
            number: &self.cc,
            expiry_date: &self.expiry_date,
            cvv: &self.cvv,
        };
        provider
            .authorise(&cx.idempotency_key(), &self.customer_id, card, &self.amount)
            .map_err(|Refusal| AuthorisationError::PaymentAuthException)
    }
}

/// Gives a reserved amount free: nothing, if none was reserved or it was used.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = VoidError, app = Provider, timeout = "10s")]
pub struct VoidAuthorisation {
    /// Whose card it is.
    pub customer_id: String,
}

/// Why it was not given free.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum VoidError {
    /// The provider refuses.
    #[error("the authorisation was not voided")]
    PaymentVoidException,
}

impl Handler for VoidAuthorisation {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), VoidError> {
        // Under the reservation's own key, the provider finds it with or without its token.
        provider
            .take_out(
                Entry::Authorisation,
                &cx.idempotency_key(),
                None,
                &self.customer_id,
            )
            .map_err(|Refusal| VoidError::PaymentVoidException)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authorise(customer_id: &str) -> PreAuthorise {
        PreAuthorise {
            customer_id: customer_id.into(),
            amount: "$20.00".into(),
            cc: "tok_card".into(),
            expiry_date: "tok_expiry".into(),
            cvv: "tok_cvv".into(),
        }
    }

    fn void(customer_id: &str) -> VoidAuthorisation {
        VoidAuthorisation {
            customer_id: customer_id.into(),
        }
    }

    #[tokio::test]
    async fn what_is_reserved_twice_is_reserved_once_and_given_free() {
        let (provider, cx) = (Provider::default(), Context::for_test("PreAuthorise"));
        let first = authorise("3").handle(&provider, &cx).await.unwrap();
        assert!(first.starts_with("tok_") && first.len() == 29, "{first}");
        assert_eq!(authorise("3").handle(&provider, &cx).await, Ok(first));
        assert_eq!(provider.standing(), ["tok"]);
        for _ in 0..2 {
            assert_eq!(void("3").handle(&provider, &cx).await, Ok(()));
        }
        assert!(provider.standing().is_empty());
    }

    #[tokio::test]
    async fn each_refusal_has_its_name() {
        let (provider, cx) = (Provider::default(), Context::for_test("PreAuthorise"));
        let refused = authorise("3_fail_auth").handle(&provider, &cx).await;
        assert_eq!(refused, Err(AuthorisationError::PaymentAuthException));
        let refused = void("3_fail_void").handle(&provider, &cx).await;
        assert_eq!(refused, Err(VoidError::PaymentVoidException));
        assert!(provider.standing().is_empty());
    }
}
