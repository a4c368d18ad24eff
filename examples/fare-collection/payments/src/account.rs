//! Entering a payment into the customer's account, and taking the entry out.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::provider::{Entry, Provider, Refusal};

/// Enters a payment into the customer's account; answers the entry's number.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = String, error = AccountError, compensation = ReverseEntry,
    app = Provider, timeout = "10s"
)]
pub struct UpdateAccount {
    /// Whose account it is.
    pub customer_id: String,
    /// The payment.
    pub payment_id: String,
}

/// Why nothing was entered.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum AccountError {
    /// The account takes no entry.
    #[error("the account takes no entry")]
    AccountCreditException,
    /// The entry was made, and the system's answer was no answer.
    #[error("the accounting system gave no answer")]
    #[saga(unknown)]
    AccountUnknownException,
}

impl Handler for UpdateAccount {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<String, AccountError> {
        let entry = provider
            .account(&cx.idempotency_key(), &self.customer_id, &self.payment_id)
            .map_err(|Refusal| AccountError::AccountCreditException)?;
        if self.customer_id.contains("lost_credit") {
            return Err(AccountError::AccountUnknownException);
        }
        Ok(entry)
    }
}

/// Takes an entry out of the customer's account: nothing, if none was made.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(error = ReverseError, app = Provider, timeout = "10s")]
pub struct ReverseEntry {
    /// Whose account it is.
    pub customer_id: String,
}

/// Why it was not taken out.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum ReverseError {
    /// The system refuses.
    #[error("the entry was not reversed")]
    AccountReverseException,
}

impl Handler for ReverseEntry {
    async fn handle(self, provider: &Provider, cx: &Context) -> Result<(), ReverseError> {
        // Under the entry's own key, the system finds it with or without its number.
        provider
            .take_out(
                Entry::Account,
                &cx.idempotency_key(),
                None,
                &self.customer_id,
            )
            .map_err(|Refusal| ReverseError::AccountReverseException)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(customer_id: &str) -> UpdateAccount {
        UpdateAccount {
            customer_id: customer_id.into(),
            payment_id: "ch_1".into(),
        }
    }

    fn reverse(customer_id: &str) -> ReverseEntry {
        ReverseEntry {
            customer_id: customer_id.into(),
        }
    }

    #[tokio::test]
    async fn what_is_entered_twice_is_entered_once_and_taken_out() {
        let (provider, cx) = (Provider::default(), Context::for_test("UpdateAccount"));
        let first = enter("3").handle(&provider, &cx).await.unwrap();
        assert_eq!(enter("3").handle(&provider, &cx).await, Ok(first));
        assert_eq!(provider.standing(), ["acc"]);
        assert_eq!(reverse("3").handle(&provider, &cx).await, Ok(()));
        assert!(provider.standing().is_empty());
    }

    #[tokio::test]
    async fn each_error_has_its_name_and_says_what_was_done() {
        let (provider, cx) = (Provider::default(), Context::for_test("UpdateAccount"));
        let refused = enter("3_fail_credit").handle(&provider, &cx).await;
        assert_eq!(refused, Err(AccountError::AccountCreditException));
        assert!(provider.standing().is_empty());
        let lost = enter("3_lost_credit").handle(&provider, &cx).await;
        assert_eq!(lost, Err(AccountError::AccountUnknownException));
        assert_eq!(provider.standing(), ["acc"]);
        let refused = reverse("3_fail_reverse").handle(&provider, &cx).await;
        assert_eq!(refused, Err(ReverseError::AccountReverseException));
    }
}
