//! Taking an order's money, and giving it back.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use super::transaction_id;
use crate::data::{Payment, PaymentType};
use crate::database::{Database, DatabaseError};
use crate::resources::Payments;
use crate::scenario::Fails;

/// Takes what an order costs from the customer; answers the transaction's id.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[step(
    output = String, error = PaymentError, compensation = ProcessRefund,
    app = Database, uses(Payments(put)), timeout = "15s"
)]
pub struct ProcessPayment {
    /// The order that is paid.
    pub order_id: String,
    /// How much, in cents.
    pub amount: u64,
}

/// Why an order was not paid.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum PaymentError {
    /// Nothing was taken.
    #[error("the payment was declined")]
    ErrPaymentDeclined,
    /// The payment was written before this.
    #[error("the payment was not processed")]
    #[saga(unknown)]
    ErrProcessPayment,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for ProcessPayment {
    async fn handle(self, database: &Database, cx: &Context) -> Result<String, PaymentError> {
        if Fails::BeforePayment.with(&self.order_id) {
            return Err(PaymentError::ErrPaymentDeclined);
        }
        let debit = Payment {
            transaction_id: transaction_id("debit", cx),
            order_id: self.order_id,
            payment_type: PaymentType::Debit,
            amount: self.amount,
        };
        write(database, &debit).await?;
        if Fails::AfterPayment.with(&debit.order_id) {
            return Err(PaymentError::ErrProcessPayment);
        }
        Ok(debit.transaction_id)
    }
}

/// Gives back what was taken for an order: nothing, where nothing was.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[step(error = RefundError, app = Database, uses(Payments(get, put)), timeout = "15s")]
pub struct ProcessRefund {
    /// The order that was paid.
    pub order_id: String,
}

/// Why an order's money was not given back.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum RefundError {
    /// Nothing was given back.
    #[error("the refund was not processed")]
    ErrProcessRefund,
    /// The database's own.
    #[error(transparent)]
    #[saga(transparent)]
    Database(#[from] DatabaseError),
}

impl Handler for ProcessRefund {
    async fn handle(self, database: &Database, cx: &Context) -> Result<(), RefundError> {
        if Fails::Refund.with(&self.order_id) {
            return Err(RefundError::ErrProcessRefund);
        }
        // It is called under the payment's own key, and so finds it whether or not its answer was lost.
        let debit = transaction_id("debit", cx);
        let taken = database.get::<Payments>(("transaction_id", &debit)).await?;
        if let Some(debit) = taken {
            let credit = Payment {
                transaction_id: transaction_id("credit", cx),
                payment_type: PaymentType::Credit,
                ..debit
            };
            write(database, &credit).await?;
        }
        Ok(())
    }
}

/// Writes a transaction, unless an earlier attempt has.
async fn write(database: &Database, payment: &Payment) -> Result<(), DatabaseError> {
    let key = "transaction_id";
    let mine = (key, payment.transaction_id.as_str());
    database.put_new::<Payments>(payment, key, mine).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saga::OrderProcessing;
    use saga_local::testing::HandlerTest;

    fn pay(order_id: &str) -> ProcessPayment {
        ProcessPayment {
            order_id: order_id.into(),
            amount: 3_998,
        }
    }

    fn refund(order_id: &str) -> ProcessRefund {
        ProcessRefund {
            order_id: order_id.into(),
        }
    }

    /// The types and amounts of the payments in the table, debits first.
    fn payments(test: &HandlerTest) -> Vec<(PaymentType, u64)> {
        let mut payments: Vec<_> = test
            .table::<Payments>()
            .iter()
            .map(|payment| (payment.payment_type, payment.amount))
            .collect();
        payments.sort_by_key(|(kind, _)| *kind == PaymentType::Credit);
        payments
    }

    #[tokio::test]
    async fn money_is_taken_once_and_given_back_once() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ProcessPayment");
        let first = test.run(pay("4"), &cx).await.unwrap();
        assert_eq!(test.run(pay("4"), &cx).await.unwrap(), first);
        assert_eq!(payments(&test), [(PaymentType::Debit, 3_998)]);
        for _ in 0..2 {
            test.run(refund("4"), &cx).await.unwrap();
        }
        assert_eq!(
            payments(&test),
            [(PaymentType::Debit, 3_998), (PaymentType::Credit, 3_998)]
        );
    }

    #[tokio::test]
    async fn what_was_never_taken_is_not_given_back() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ProcessPayment");
        let declined = test.run(pay("02"), &cx).await;
        assert!(matches!(declined, Err(PaymentError::ErrPaymentDeclined)));
        test.run(refund("02"), &cx).await.unwrap();
        assert_eq!(payments(&test), []);
    }

    #[tokio::test]
    async fn a_payment_that_failed_after_its_write_is_given_back() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ProcessPayment");
        let failed = test.run(pay("2"), &cx).await;
        assert!(matches!(failed, Err(PaymentError::ErrProcessPayment)));
        test.run(refund("2"), &cx).await.unwrap();
        assert_eq!(payments(&test).len(), 2);
    }

    #[tokio::test]
    async fn a_refund_that_fails_has_its_name() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ProcessPayment");
        let failed = test.run(refund("22"), &cx).await;
        assert!(matches!(failed, Err(RefundError::ErrProcessRefund)));
    }

    #[tokio::test]
    async fn an_orders_payments_are_found_by_the_index() {
        let test = HandlerTest::of::<OrderProcessing>().await;
        let cx = Context::for_test("ProcessPayment");
        let debit = test.run(pay("4"), &cx).await.unwrap();
        test.run(refund("4"), &cx).await.unwrap();
        for (order, kind, expected) in [("4", "debit", 1), ("4", "credit", 1), ("5", "debit", 0)] {
            let query = async |database: &Database| {
                let sort = ("payment_type", kind);
                database.of_order::<Payments>(order, sort).await
            };
            let found = test.with::<ProcessPayment, _>(query).await.unwrap();
            assert_eq!(found.len(), expected, "{order} {kind}");
            if kind == "debit" && expected == 1 {
                assert_eq!(found[0].transaction_id, debit);
            }
        }
    }
}
