//! Reserving a flight.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::agency::{Agency, Refusal};

/// Reserves a flight for all travellers.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = String, error = FlightError, compensation = CancelFlight, app = Agency, timeout = "10s")]
pub struct ReserveFlight {
    /// The trip.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
}

/// Why it was not reserved.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum FlightError {
    /// There is none left.
    #[error("the flight is sold out")]
    SoldOut,
}

impl Handler for ReserveFlight {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, FlightError> {
        agency
            .hold("flight", &self.customer_id, &cx.idempotency_key())
            .map_err(|Refusal| FlightError::SoldOut)
    }
}

/// Cancels a flight: nothing, if none was reserved.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(app = Agency, timeout = "10s")]
pub struct CancelFlight {
    /// The trip.
    pub trip_id: String,
    /// The reservation, where it is known: one that timed out has left no number behind.
    pub reservation_id: Option<String>,
}

impl Handler for CancelFlight {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<(), Never> {
        // Under the reservation's own key it is found with or without its number.
        let known = self.reservation_id.as_deref();
        agency.release("flight", known, &cx.idempotency_key());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn reserve(customer_id: &str) -> Result<String, FlightError> {
        let step = ReserveFlight {
            trip_id: "trip-1".into(),
            customer_id: customer_id.into(),
        };
        step.handle(&Agency::default(), &Context::for_test("ReserveFlight"))
            .await
    }

    #[tokio::test]
    async fn a_retried_reservation_is_the_same() {
        assert_eq!(reserve("3").await, reserve("3").await);
        assert!(reserve("3").await.is_ok());
    }

    #[tokio::test]
    async fn a_refusal_has_its_name() {
        assert_eq!(reserve("3-no-flight").await, Err(FlightError::SoldOut));
    }
}
