//! What a trip's saga is given, carries and answers. Prices are in cents.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// A trip to be booked.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct TripRequest {
    /// The trip: one saga each.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
    /// What it may cost at most.
    pub budget: u32,
    /// Nights at the hotel.
    pub nights: u32,
    /// When the airline's check-in opens.
    pub check_in_opens: Timestamp,
    /// Who travels.
    pub travellers: Vec<Traveller>,
}

/// Somebody who travels.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Traveller {
    /// Their name, as in the passport.
    pub name: String,
}

/// What a trip costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// The flights of all.
    pub flight: u32,
    /// The hotel.
    pub hotel: u32,
    /// Both.
    pub total: u32,
}

/// What is reserved for a trip.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Travel {
    /// The flight's reservation.
    pub flight_id: String,
    /// The hotel's reservation.
    pub hotel_id: String,
}

/// What a travel manager is asked about a dear trip.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct DearTrip {
    /// The trip.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
    /// What it costs.
    pub total: u32,
}

impl Request for DearTrip {
    type Answer = Decision;
    type Refusal = Never;
}

/// A travel manager's answer.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Whether the trip may be booked.
    pub approved: bool,
}

/// Why a trip is not booked.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum TripError {
    /// It costs more than it may.
    #[error("the trip costs more than its budget")]
    OverBudget,
    /// No travel manager approved of it.
    #[error("no travel manager approved of the trip")]
    NotApproved,
}

/// A payment to be made: the input of the nested saga.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRequest {
    /// What is paid.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
    /// How much.
    pub amount: u32,
}

/// A payment that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The bank's number.
    pub payment_id: String,
}

/// How far a trip got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum TripStatus {
    /// Registered, not yet booked.
    Registered,
    /// Booked and paid.
    Booked,
    /// Undone.
    Failed,
}

/// What is known of a trip.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Trip {
    /// The trip.
    pub trip_id: String,
    /// Who pays.
    pub customer_id: String,
    /// How far it got.
    pub status: TripStatus,
}

/// What is known of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// Who pays.
    pub customer_id: String,
    /// The last trip that was booked for them.
    pub last_trip: Option<String>,
    /// The saga that books one for them.
    pub booked_by: Option<String>,
}

/// What a customer has collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Loyalty {
    /// Whose points they are.
    pub customer_id: String,
    /// One for each night.
    pub points: u32,
}

/// The saga's answer to whoever started it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Itinerary {
    /// The trip.
    pub trip_id: String,
    /// What is reserved.
    pub travel: Travel,
    /// A seat for each traveller, in their order.
    pub seats: Vec<String>,
    /// The payment.
    pub payment_id: String,
    /// The tickets' number.
    pub ticket: String,
}
