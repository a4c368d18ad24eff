//! Crediting a customer's account.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::provider::{Provider, Refusal};

/// Credits the fare to the customer's account.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = CreditError, app = Provider, timeout = "10s")]
pub struct CreditCustomerAccount {
    /// Whose account.
    pub customer_id: String,
    /// The charge that is credited.
    pub charge_id: String,
    /// How much.
    pub amount: String,
}

/// Why an account was not credited.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum CreditError {
    /// The account takes no credit.
    #[error("the account takes no credit")]
    AccountCreditException,
}

impl Handler for CreditCustomerAccount {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), CreditError> {
        provider
            .credit(
                &cx.idempotency_key(),
                &self.customer_id,
                &self.charge_id,
                &self.amount,
            )
            .map_err(|Refusal| CreditError::AccountCreditException)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn credit(customer_id: &str) -> Result<(), CreditError> {
        let step = CreditCustomerAccount {
            customer_id: customer_id.into(),
            charge_id: "ch_1".into(),
            amount: "$20.00".into(),
        };
        step.handle(&Provider, &Context::for_test("CreditCustomerAccount"))
            .await
    }

    #[tokio::test]
    async fn an_account_is_credited_or_says_that_it_was_not() {
        assert_eq!(credit("3").await, Ok(()));
        assert_eq!(
            credit("1_fail_credit").await,
            Err(CreditError::AccountCreditException)
        );
    }
}
