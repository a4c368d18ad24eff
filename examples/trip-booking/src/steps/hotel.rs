//! Reserving a hotel.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::agency::{Agency, Refusal};

/// Reserves a room.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = String, error = HotelError, compensation = CancelHotel, app = Agency, timeout = "10s")]
pub struct ReserveHotel {
    /// The trip.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
    /// Nights.
    pub nights: u32,
}

/// Why it was not reserved.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum HotelError {
    /// There is none left.
    #[error("the hotel has no room")]
    NoRoom,
}

impl Handler for ReserveHotel {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, HotelError> {
        agency
            .hold("hotel", &self.customer_id, &cx.idempotency_key())
            .map_err(|Refusal| HotelError::NoRoom)
    }
}

/// Cancels a room: nothing, if none was reserved.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(app = Agency, timeout = "10s")]
pub struct CancelHotel {
    /// The trip.
    pub trip_id: String,
    /// The reservation, where it is known: one that timed out has left no number behind.
    pub reservation_id: Option<String>,
}

impl Handler for CancelHotel {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<(), Never> {
        // Under the reservation's own key it is found with or without its number.
        let known = self.reservation_id.as_deref();
        agency.release("hotel", known, &cx.idempotency_key());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn reserve(customer_id: &str) -> Result<String, HotelError> {
        let step = ReserveHotel {
            trip_id: "trip-1".into(),
            customer_id: customer_id.into(),
            nights: 2,
        };
        step.handle(&Agency::default(), &Context::for_test("ReserveHotel"))
            .await
    }

    #[tokio::test]
    async fn a_retried_reservation_is_the_same() {
        assert_eq!(reserve("3").await, reserve("3").await);
        assert!(reserve("3").await.is_ok());
    }

    #[tokio::test]
    async fn a_refusal_has_its_name() {
        assert_eq!(reserve("3-no-hotel").await, Err(HotelError::NoRoom));
    }
}
