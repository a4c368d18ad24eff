//! The trip: what happens in which order, and what undoes it.

use saga_dsl::integration::dynamodb::Update;
use saga_dsl::prelude::*;

use crate::data::{
    DearTripRef, DecisionRef, Itinerary, ItineraryRef, PaymentRequestRef, Quote, Travel, TravelRef,
    TripError, TripRef, TripRequest, TripStatus,
};
use crate::payment::Payment;
use crate::resources::{Approvals, Customers, LoyaltyPoints, TripEvents, Trips};
use crate::steps::{
    AssignSeatRef, IssueTicketsRef, Product, QuoteTripRef, RefundPaymentRef, ReserveFlightRef,
    ReserveHotelRef, SendReminderRef, reserve,
};

/// From this price on, in cents, a person approves.
const DEAR: u32 = 200_000;

const DAY: u64 = 24 * 60 * 60;

/// Books a trip: flight, hotel, seats, payment and tickets; a failure on the way undoes what was done.
#[derive(Saga)]
pub struct TripBooking;

impl Saga for TripBooking {
    type Input = TripRequest;
    type Output = Itinerary;

    fn define<'s>(mut saga: Flow<'s, '_>, trip: Ref<'s, TripRequest>) -> Completed<'s, Itinerary> {
        saga.on_compensated(TripEvents::send(row(trip, TripStatus::Failed)).named("TellOfFailure"));

        let quote = saga.read(QuoteTripRef {
            nights: trip.nights,
            travellers: trip.travellers,
        });
        saga.abort_if(
            "IsItOverBudget",
            quote.total.is_greater_than(trip.budget),
            TripError::OverBudget,
        );
        ask_for_approval(&mut saga, trip, quote);

        saga.step(
            Trips::put(row(trip, TripStatus::Registered))
                .named("RegisterTrip")
                .compensate(|_| set_status(trip, TripStatus::Failed)),
        );
        // Two trips of one customer at the same time might take each other's seats.
        let customer = saga.lock(Customers::lock(trip.customer_id).named("LockCustomer"));
        // What is sold out may be back in a minute: both are given back and tried again before the trip is.
        let tries = Tries::of(2).every(Duration::from_secs(60));
        let travel = saga.savepoint("FindTravel", tries, |saga| reserve_travel(saga, trip));
        let seats = assign_seats(&mut saga, trip, travel.flight_id);

        let payment = saga.step(
            Payment::call(PaymentRequestRef {
                trip_id: trip.trip_id,
                customer_id: trip.customer_id,
                amount: quote.total,
            })
            .compensate(|receipt| RefundPaymentRef {
                customer_id: trip.customer_id,
                payment_id: receipt.map(|receipt| receipt.payment_id),
            }),
        );

        // Tickets cannot be returned: from here on the saga only goes forward.
        let (mut saga, ticket) = saga.pivot(IssueTicketsRef {
            customer_id: trip.customer_id,
            flight_id: travel.flight_id,
            payment_id: payment.payment_id,
        });
        saga.forward(set_status(trip, TripStatus::Booked).named("SetStatusBooked"));
        saga.forward(
            customer
                .update(move |row| row.last_trip.set(trip.trip_id))
                .named("NoteTrip"),
        );
        saga.forward(customer.release().named("ReleaseCustomer"));
        saga.forward(LoyaltyPoints::add(
            trip.customer_id,
            |row| row.points,
            trip.nights,
        ));
        saga.wait_until(
            "UntilCheckInOpens",
            trip.check_in_opens,
            Duration::from_secs(330 * DAY),
        );
        saga.forward(SendReminderRef {
            customer_id: trip.customer_id,
            ticket,
        });
        saga.on_completed(TripEvents::send(row(trip, TripStatus::Booked)).named("TellOfBooking"));

        saga.complete(ItineraryRef {
            trip_id: trip.trip_id,
            travel,
            seats,
            payment_id: payment.payment_id,
            ticket,
        })
    }
}

/// A dear trip is approved by a travel manager, or not booked. Nobody's answer in three days is a no.
fn ask_for_approval<'s, P: Undoable>(
    saga: &mut Flow<'s, '_, P>,
    trip: Ref<'s, TripRequest>,
    quote: Ref<'s, Quote>,
) {
    let approved = saga.choose(
        "IsItDear",
        quote.total.is_at_least(DEAR),
        |saga| {
            let question = Approvals::ask(DearTripRef {
                trip_id: trip.trip_id,
                customer_id: trip.customer_id,
                total: quote.total,
            });
            let decision = saga.approve(
                "ApproveTrip",
                question
                    .within(Duration::from_secs(3 * DAY))
                    .unanswered(DecisionRef {
                        approved: false.into(),
                    }),
            );
            decision.approved
        },
        |_| true.into(),
    );
    saga.abort_if("IsItApproved", approved.not(), TripError::NotApproved);
}

/// Flight and hotel are reserved at the same time.
fn reserve_travel<'s, P: Undoable>(
    saga: &mut Flow<'s, '_, P>,
    trip: Ref<'s, TripRequest>,
) -> Ref<'s, Travel> {
    let (flight_id, hotel_id) = saga.both(
        "ReserveTravel",
        |saga| {
            let flight = ReserveFlightRef {
                trip_id: trip.trip_id,
                customer_id: trip.customer_id,
            };
            reserve(saga, trip.trip_id, Product::Flight, flight)
        },
        |saga| {
            let rooms = ReserveHotelRef {
                trip_id: trip.trip_id,
                customer_id: trip.customer_id,
                nights: trip.nights,
            };
            reserve(saga, trip.trip_id, Product::Hotel, rooms)
        },
    );
    saga.data(TravelRef {
        flight_id,
        hotel_id,
    })
}

/// Each traveller gets a seat.
fn assign_seats<'s, P: Undoable>(
    saga: &mut Flow<'s, '_, P>,
    trip: Ref<'s, TripRequest>,
    flight_id: Ref<'s, String>,
) -> Ref<'s, Vec<String>> {
    let travellers = trip.travellers.at_most(20).at_a_time(4);
    saga.map_indexed("AssignSeats", travellers, |saga, traveller, index| {
        let seat = AssignSeatRef {
            trip_id: trip.trip_id,
            customer_id: trip.customer_id,
            flight_id,
            traveller: traveller.name,
            index,
        };
        reserve(saga, trip.trip_id, Product::Seat, seat)
    })
}

/// What is written and told of a trip.
fn row<'s>(trip: Ref<'s, TripRequest>, status: TripStatus) -> TripRef<'s> {
    TripRef {
        trip_id: trip.trip_id,
        customer_id: trip.customer_id,
        status: status.into(),
    }
}

fn set_status<'s>(
    trip: Ref<'s, TripRequest>,
    status: TripStatus,
) -> impl Call<'s, Step = Update<Trips>> {
    Trips::update(trip.trip_id, move |row| row.status.set(status))
}

#[cfg(test)]
mod tests;
