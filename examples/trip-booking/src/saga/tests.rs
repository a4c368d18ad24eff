//! The saga as a whole: its handlers in this process, time that takes none, and the agency's books, in which
//! nothing may be left of a trip that was not booked.

use std::sync::Arc;

use saga_dsl::prelude::Timestamp;
use saga_local::saga::Ending;
use saga_local::testing::{SagaResult, SagaTest};

use super::TripBooking;
use crate::agency::Agency;
use crate::data::{Customer, Decision, Itinerary, Traveller, TripRequest, TripStatus};
use crate::resources::{Approvals, Customers, LoyaltyPoints, TripEvents, Trips};

fn trip(customer_id: &str, travellers: usize) -> TripRequest {
    TripRequest {
        trip_id: "trip-1".into(),
        customer_id: customer_id.into(),
        budget: 1_000_000,
        nights: 2,
        check_in_opens: Timestamp("2026-03-01T08:00:00Z".into()),
        travellers: (0..travellers)
            .map(|traveller| Traveller {
                name: format!("Traveller {traveller}"),
            })
            .collect(),
    }
}

/// A test whose handlers share one agency.
fn saga() -> (SagaTest, Arc<Agency>) {
    let agency = Arc::new(Agency::default());
    let test = SagaTest::of::<TripBooking>().app(Arc::clone(&agency));
    (test, agency)
}

/// What is held for one traveller's trip.
const BOOKED: [&str; 6] = ["flight", "hotel", "payment", "reminder", "seat", "ticket"];

/// Checks how a trip ended, what its row and the last message say, and what is held for it.
#[track_caller]
fn check(
    ended: &SagaResult,
    agency: &Agency,
    ending: Ending,
    status: Option<TripStatus>,
    held: &[&str],
) {
    assert_eq!(ended.ending(), ending, "{:?}", ended.failure());
    let rows = ended.table::<Trips>();
    assert_eq!(rows.first().map(|trip| trip.status), status);
    let kinds = agency.held();
    let kinds: Vec<_> = kinds
        .iter()
        .filter_map(|number| number.split('-').next())
        .collect();
    assert_eq!(kinds, held);
}

#[tokio::test]
async fn a_trip_is_booked() {
    let (test, agency) = saga();
    let ended = test.run(trip("3", 2)).await;
    let held = [
        "flight", "hotel", "payment", "reminder", "seat", "seat", "ticket",
    ];
    check(
        &ended,
        &agency,
        Ending::Completed,
        Some(TripStatus::Booked),
        &held,
    );
    let itinerary = ended.output::<Itinerary>();
    assert_eq!(itinerary.seats.len(), 2);
    assert_ne!(itinerary.seats.first(), itinerary.seats.last());
    assert_eq!(ended.messages::<TripEvents>().len(), 1);
    let points = ended.table::<LoyaltyPoints>();
    assert_eq!(points.first().map(|loyalty| loyalty.points), Some(2));
    let customers = ended.table::<Customers>();
    let customer = customers.first().unwrap();
    assert_eq!(customer.last_trip.as_deref(), Some("trip-1"));
    assert_eq!(customer.booked_by, None);
}

#[tokio::test]
async fn a_customer_whose_trip_is_being_booked_waits() {
    let customer = Customer {
        customer_id: "3".into(),
        last_trip: None,
        booked_by: Some("another trip's saga".into()),
    };
    let (test, agency) = saga();
    let ended = test.row::<Customers>(&customer).run(trip("3", 1)).await;
    check(
        &ended,
        &agency,
        Ending::Compensated,
        Some(TripStatus::Failed),
        &[],
    );
    assert_eq!(ended.table::<Customers>(), [customer]);
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    for (refused, error) in [
        ("flight", "SoldOut"),
        ("hotel", "SoldOut"),
        ("seat", "SoldOut"),
        ("ticket", "TicketsRefused"),
    ] {
        let (test, agency) = saga();
        let ended = test.run(trip(&format!("3-no-{refused}"), 3)).await;
        check(
            &ended,
            &agency,
            Ending::Compensated,
            Some(TripStatus::Failed),
            &[],
        );
        let (_, cause) = ended.failure().unwrap();
        assert!(cause.contains(error), "{cause}");
        let customers = ended.table::<Customers>();
        assert_eq!(customers.first().unwrap().booked_by, None, "{refused}");
    }
}

#[tokio::test]
async fn a_payment_that_fails_has_undone_itself() {
    let (test, agency) = saga();
    let ended = test.run(trip("3-no-credit", 1)).await;
    check(
        &ended,
        &agency,
        Ending::Compensated,
        Some(TripStatus::Failed),
        &[],
    );
}

#[tokio::test]
async fn a_seat_of_unknown_outcome_is_released() {
    for fault in [SagaTest::crash, SagaTest::timeout] {
        let (test, agency) = saga();
        let ended = fault(test, "AssignSeat").run(trip("3", 2)).await;
        check(
            &ended,
            &agency,
            Ending::Compensated,
            Some(TripStatus::Failed),
            &[],
        );
    }
}

#[tokio::test]
async fn travel_of_unknown_outcome_is_given_back_and_reserved_again() {
    for step in ["ReserveFlight", "ReserveHotel"] {
        for fault in [SagaTest::crash, SagaTest::timeout] {
            let (test, agency) = saga();
            let ended = fault(test, step).run(trip("3", 1)).await;
            check(
                &ended,
                &agency,
                Ending::Completed,
                Some(TripStatus::Booked),
                &BOOKED,
            );
        }
    }
}

#[tokio::test]
async fn travel_is_looked_for_again() {
    let (test, agency) = saga();
    let ended = test.fail("ReserveHotel", "SoldOut").run(trip("3", 1)).await;
    let held = ["flight", "hotel", "payment", "reminder", "seat", "ticket"];
    check(
        &ended,
        &agency,
        Ending::Completed,
        Some(TripStatus::Booked),
        &held,
    );
}

#[tokio::test]
async fn a_trip_over_its_budget_is_not_begun() {
    let (test, agency) = saga();
    let request = TripRequest {
        budget: 10_000,
        ..trip("3", 1)
    };
    let ended = test.run(request).await;
    check(&ended, &agency, Ending::Compensated, None, &[]);
    let (_, cause) = ended.failure().unwrap();
    assert!(cause.contains("OverBudget"), "{cause}");
}

#[tokio::test]
async fn a_dear_trip_is_booked_once_it_is_approved() {
    let (test, agency) = saga();
    let ended = test
        .answer("ApproveTrip", Decision { approved: true })
        .run(trip("3", 9))
        .await;
    assert_eq!(ended.ending(), Ending::Completed, "{:?}", ended.failure());
    assert_eq!(ended.messages::<Approvals>().len(), 1);
    assert_eq!(agency.held().len(), 9 + 5);
}

#[tokio::test]
async fn a_dear_trip_that_nobody_approves_is_not_begun() {
    for answer in [Some(Decision { approved: false }), None] {
        let (mut test, agency) = saga();
        if let Some(answer) = answer {
            test = test.answer("ApproveTrip", answer);
        }
        let ended = test.run(trip("3", 9)).await;
        check(&ended, &agency, Ending::Compensated, None, &[]);
        let (_, cause) = ended.failure().unwrap();
        assert!(cause.contains("NotApproved"), "{cause}");
    }
}

#[tokio::test]
async fn a_refund_that_fails_is_parked() {
    let (test, agency) = saga();
    let ended = test.run(trip("3-no-ticket-no-refund", 1)).await;
    let held = ["flight", "hotel", "payment", "seat"];
    check(
        &ended,
        &agency,
        Ending::Parked,
        Some(TripStatus::Registered),
        &held,
    );
    assert_eq!(ended.queue("ParkedQueue").len(), 1);
}
