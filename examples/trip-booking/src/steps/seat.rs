//! Seats, one for each traveller.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::agency::{Agency, Refusal};

/// Assigns a seat on the flight.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = String, error = SeatError, compensation = ReleaseSeat, app = Agency, timeout = "10s")]
pub struct AssignSeat {
    /// The trip.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
    /// The flight's reservation.
    pub flight_id: String,
    /// Who sits there.
    pub traveller: String,
    /// Their place in the list of travellers.
    pub index: u32,
}

/// Why it was not reserved.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum SeatError {
    /// There is none left.
    #[error("there is no seat left")]
    NoSeat,
}

impl Handler for AssignSeat {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, SeatError> {
        agency
            .hold("seat", &self.customer_id, &cx.idempotency_key())
            .map_err(|Refusal| SeatError::NoSeat)
    }
}

/// Releases a seat: nothing, if none was assigned.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(app = Agency, timeout = "10s")]
pub struct ReleaseSeat {
    /// The trip.
    pub trip_id: String,
    /// The reservation, where it is known: one that timed out has left no number behind.
    pub reservation_id: Option<String>,
}

impl Handler for ReleaseSeat {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<(), Never> {
        // Under the reservation's own key it is found with or without its number.
        let known = self.reservation_id.as_deref();
        agency.release("seat", known, &cx.idempotency_key());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn reserve(customer_id: &str) -> Result<String, SeatError> {
        let step = AssignSeat {
            trip_id: "trip-1".into(),
            customer_id: customer_id.into(),
            flight_id: "flight-1".into(),
            traveller: "Ada".into(),
            index: 0,
        };
        step.handle(&Agency::default(), &Context::for_test("AssignSeat"))
            .await
    }

    #[tokio::test]
    async fn a_retried_reservation_is_the_same() {
        assert_eq!(reserve("3").await, reserve("3").await);
        assert!(reserve("3").await.is_ok());
    }

    #[tokio::test]
    async fn a_refusal_has_its_name() {
        assert_eq!(reserve("3-no-seat").await, Err(SeatError::NoSeat));
    }
}
