//! The derives work on items that a user's own `macro_rules!` writes: what they generate names nothing by the
//! hygiene of the item's tokens.

#![allow(missing_docs, reason = "a test")]

use saga_dsl::__private::ErrorKind;
use saga_dsl::Package;
use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// Some names are the caller's, the others are the macro's own.
#[rustfmt::skip] // it moves the attributes of a macro further right each time
macro_rules! charging {
    ($saga:ident, $step:ident, $undo:ident, $input:ident) => {
        #[derive(Serialize, Deserialize, SagaData)]
        pub struct $input {
            pub order_id: String,
            #[serde(default)]
            pub note: Option<String>,
        }

        #[derive(Serialize, Deserialize, SagaData)]
        pub enum Colour {
            Red,
            Green,
        }

        #[derive(Serialize, Deserialize, SagaData)]
        pub struct Card {
            pub token: String,
        }

        #[derive(Serialize, Deserialize, SagaData)]
        pub enum Payment {
            Card(Card),
            Cash,
        }

        #[derive(Debug, thiserror::Error, SagaError)]
        #[error("there is no such account")]
        pub struct NoAccount;

        #[derive(Debug, thiserror::Error, SagaError)]
        pub enum ChargeError {
            #[error("refused")]
            Refused,
            #[error(transparent)]
            #[saga(transparent)]
            Account(NoAccount),
        }

        #[derive(Serialize, Deserialize, SagaData)]
        pub struct Attributes {
            pub paid: String,
        }

        #[derive(SagaTable)]
        #[table(
                    item = $input,
                    partition_key = order_id: String,
                    isolation = none("an order is one saga's own"),
                )]
        pub struct Orders;

        #[derive(SagaTopic)]
        #[topic(message = $input, attributes = Attributes)]
        pub struct Outcomes;

        #[derive(SagaQueue)]
        #[queue(message = $input, subscribe(Outcomes, raw, filter(paid = ["yes"])))]
        pub struct Paid;

        #[derive(Serialize, Deserialize, SagaStep)]
        #[step(output = String, error = ChargeError, compensation = $undo, uses(Orders(get)))]
        pub struct $step {
            pub order_id: String,
            pub colour: Colour,
        }

        #[derive(Serialize, Deserialize, SagaStep)]
        pub struct $undo {
            pub order_id: String,
        }

        impl Handler for $step {
            async fn handle(self, _: &(), _: &Context) -> Result<String, ChargeError> {
                Ok(self.order_id)
            }
        }

        impl Handler for $undo {
            async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
                Ok(())
            }
        }

        #[derive(Saga)]
        pub struct $saga;
    };
}

charging!(Charging, Charge, Refund, Order);

impl Saga for Charging {
    type Input = Order;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, Order>) -> Completed<'s, ()> {
        let charge = ChargeRef {
            order_id: order.order_id,
            colour: Colour::Red.into(),
        };
        saga.step(charge.compensate(|_| RefundRef {
            order_id: order.order_id,
        }));
        saga.complete(())
    }
}

#[test]
fn what_a_macro_declares_is_declared() {
    let manifest = Package::new().saga::<Charging>().manifest();
    assert_eq!(manifest.problems, []);
    let errors: Vec<_> = ChargeErrorKind::all()
        .iter()
        .flat_map(|kind| kind.names())
        .collect();
    assert_eq!(errors, [&"Refused", &"NoAccount"]);
    let handlers: Vec<_> = manifest
        .handlers
        .iter()
        .map(|handler| handler.name.as_str())
        .collect();
    assert_eq!(handlers, ["Charge", "Refund"]);
}
