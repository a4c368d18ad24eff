//! Trip booking: flight and hotel are reserved at the same time, each traveller gets a seat, a dear trip is
//! approved by a person, and the payment is a saga of its own; or nothing of it remains.
//!
//! [`saga`] is the trip, [`payment`] the payment that it nests; [`steps`] are the Lambda handlers;
//! [`resources`] are the table, the queue of questions and the topic; [`agency`] stands for the systems
//! of airlines, hotels and banks.

mod agency;
mod data;
mod payment;
mod resources;
mod saga;
mod steps;

saga_lambda::main!(saga::TripBooking);
