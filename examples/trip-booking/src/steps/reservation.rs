//! What is reserved: a flight, rooms, seats. They are asked for with different data, so they are steps of their own;
//! they are refused, found again and cancelled alike, which is written once.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

use crate::agency::{Agency, Refusal};

/// Reserves a flight for all travellers.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = String, error = ReservationError, compensation = CancelReservation,
    app = Agency, timeout = "10s"
)]
pub struct ReserveFlight {
    /// The trip.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
}

/// Reserves a room.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = String, error = ReservationError, compensation = CancelReservation,
    app = Agency, timeout = "10s"
)]
pub struct ReserveHotel {
    /// The trip.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
    /// Nights.
    pub nights: u32,
}

/// Assigns a seat on the flight.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(
    output = String, error = ReservationError, compensation = CancelReservation,
    app = Agency, timeout = "10s"
)]
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

/// What the agency sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// A flight.
    Flight,
    /// Rooms of a hotel.
    Hotel,
    /// A seat on a flight.
    Seat,
}

/// Why it was not reserved.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum ReservationError {
    /// There is none left.
    #[error("there is none left")]
    SoldOut,
}

impl Handler for ReserveFlight {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, ReservationError> {
        hold(agency, Product::Flight, &self.customer_id, cx)
    }
}

impl Handler for ReserveHotel {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, ReservationError> {
        hold(agency, Product::Hotel, &self.customer_id, cx)
    }
}

impl Handler for AssignSeat {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<String, ReservationError> {
        hold(agency, Product::Seat, &self.customer_id, cx)
    }
}

fn hold(
    agency: &Agency,
    what: Product,
    customer_id: &str,
    cx: &Context,
) -> Result<String, ReservationError> {
    agency
        .hold(what.name(), customer_id, &cx.idempotency_key())
        .map_err(|Refusal| ReservationError::SoldOut)
}

impl Product {
    /// As the agency's numbers begin.
    fn name(self) -> &'static str {
        match self {
            Self::Flight => "flight",
            Self::Hotel => "hotel",
            Self::Seat => "seat",
        }
    }
}

/// Cancels a reservation: nothing, if none was made.
#[derive(Debug, Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(app = Agency, timeout = "10s")]
pub struct CancelReservation {
    /// The trip.
    pub trip_id: String,
    /// What was reserved.
    pub what: Product,
    /// The reservation, where it is known: one that timed out has left no number behind.
    pub reservation_id: Option<String>,
}

impl Handler for CancelReservation {
    async fn handle(self, agency: &Agency, cx: &Context) -> Result<(), Never> {
        // Under the reservation's own key it is found with or without its number.
        let known = self.reservation_id.as_deref();
        agency.release(self.what.name(), known, &cx.idempotency_key());
        Ok(())
    }
}

/// Reserves something, by whichever step does that, and says how it is cancelled.
#[track_caller]
pub fn reserve<'s, P, C>(
    saga: &mut Flow<'s, '_, P>,
    trip_id: Ref<'s, String>,
    what: Product,
    step: C,
) -> Ref<'s, String>
where
    P: Undoable,
    C: Call<'s>,
    C::Step: Step<Output = String>,
    CancelReservation: Undoes<C::Step>,
{
    saga.step(step.compensate(|reservation_id| CancelReservationRef {
        trip_id,
        what: what.into(),
        reservation_id,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each kind of reservation of a customer, under a key of its own.
    async fn reserve_all(agency: &Agency, customer: &str) -> [Result<String, ReservationError>; 3] {
        let (trip_id, customer_id) = (String::from("trip-1"), String::from(customer));
        let flight = ReserveFlight {
            trip_id: trip_id.clone(),
            customer_id: customer_id.clone(),
        };
        let hotel = ReserveHotel {
            trip_id: trip_id.clone(),
            customer_id: customer_id.clone(),
            nights: 2,
        };
        let seat = AssignSeat {
            trip_id,
            customer_id,
            flight_id: "flight-1".into(),
            traveller: "Ada".into(),
            index: 0,
        };
        [
            flight.handle(agency, &context(Product::Flight)).await,
            hotel.handle(agency, &context(Product::Hotel)).await,
            seat.handle(agency, &context(Product::Seat)).await,
        ]
    }

    fn context(what: Product) -> Context {
        Context::for_test(what.name())
    }

    const ALL: [Product; 3] = [Product::Flight, Product::Hotel, Product::Seat];

    #[tokio::test]
    async fn a_retried_reservation_is_the_same() {
        let agency = Agency::default();
        let first = reserve_all(&agency, "3").await;
        assert_eq!(reserve_all(&agency, "3").await, first);
        assert_eq!(agency.held().len(), 3);
        for (what, number) in ALL.iter().zip(first) {
            let number = number.unwrap();
            assert!(number.starts_with(what.name()), "{number}");
        }
    }

    #[tokio::test]
    async fn only_what_is_sold_out_is_refused() {
        for refused in ALL {
            let customer = format!("3-no-{}", refused.name());
            let reserved = reserve_all(&Agency::default(), &customer).await;
            for (what, reserved) in ALL.iter().zip(reserved) {
                let error = (*what == refused).then_some(ReservationError::SoldOut);
                assert_eq!(reserved.err(), error, "{customer}");
            }
        }
    }

    #[tokio::test]
    async fn what_is_reserved_is_cancelled_with_and_without_its_number() {
        for known in [true, false] {
            let agency = Agency::default();
            for (what, number) in ALL.into_iter().zip(reserve_all(&agency, "3").await) {
                let cancel = CancelReservation {
                    trip_id: "trip-1".into(),
                    what,
                    reservation_id: number.ok().filter(|_| known),
                };
                assert_eq!(cancel.handle(&agency, &context(what)).await, Ok(()));
            }
            assert!(agency.held().is_empty());
        }
    }
}
