//! What a trip costs.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::agency::Agency;
use crate::data::{Quote, Traveller};

/// Asks what a trip costs.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = Quote, timeout = "10s")]
pub struct QuoteTrip {
    /// Nights at the hotel.
    pub nights: u32,
    /// Who travels.
    pub travellers: Vec<Traveller>,
}

impl Handler for QuoteTrip {
    async fn handle(self, (): &(), _: &Context) -> Result<Quote, Never> {
        let travellers = u32::try_from(self.travellers.len()).unwrap_or(u32::MAX);
        let flight = Agency::FLIGHT.saturating_mul(travellers);
        let hotel = Agency::NIGHT.saturating_mul(self.nights);
        Ok(Quote {
            flight,
            hotel,
            total: flight.saturating_add(hotel),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_trip_costs_its_flights_and_nights() {
        let name = "Ada".into();
        let step = QuoteTrip {
            nights: 2,
            travellers: vec![Traveller { name }],
        };
        let quote = step
            .handle(&(), &Context::for_test("QuoteTrip"))
            .await
            .unwrap();
        assert_eq!(
            (quote.flight, quote.hotel, quote.total),
            (25_000, 24_000, 49_000)
        );
    }
}
