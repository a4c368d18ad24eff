// What the documentation's examples are made with.

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
struct Traveller {
    name: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Trip {
    id: String,
    kilometres: u32,
    by_train: bool,
    price: u32,
    check_in: Timestamp,
    flight: Option<Flight>,
    travellers: Vec<Traveller>,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Flight {
    number: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Booked {
    id: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Reservation {
    flight: String,
    hotel: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Policy {
    trip: String,
}

#[derive(Serialize, Deserialize, SagaData)]
struct Expense {
    trip: String,
    price: u32,
}

impl Request for Expense {
    type Answer = Decision;
    type Refusal = TripError;
}

#[derive(Serialize, Deserialize, SagaData)]
struct Decision {
    yes: bool,
}

#[derive(SagaQueue)]
#[queue(message = Question<Expense>)]
struct Questions;

#[derive(Debug, thiserror::Error, SagaError)]
enum TripError {
    #[error("the trip is too dear")]
    TooDear,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Booked, compensation = Cancel)]
struct Reserve {
    trip: String,
    what: String,
}

#[derive(Serialize, Deserialize, SagaStep)]
struct Cancel {
    id: Option<String>,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Booked, compensation = ReleaseSeat)]
struct ReserveSeat {
    trip: String,
    name: String,
}

#[derive(Serialize, Deserialize, SagaStep)]
struct ReleaseSeat {
    trip: String,
    name: String,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Booked)]
struct Pay {
    trip: String,
    price: u32,
}

#[derive(Serialize, Deserialize, SagaStep)]
struct Tell {
    trip: String,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = TripError)]
struct Check {
    trip: String,
}

impl Handler for Check {
    async fn handle(self, _: &(), _: &Context) -> Result<(), TripError> {
        Err(TripError::TooDear)
    }
}

macro_rules! handlers {
    ($($step:ty => $output:ty;)*) => {$(
        impl Handler for $step {
            async fn handle(self, _: &(), _: &Context) -> Result<$output, Never> {
                unimplemented!()
            }
        }
    )*};
}

handlers! {
    Reserve => Booked;
    Cancel => ();
    ReserveSeat => Booked;
    ReleaseSeat => ();
    Pay => Booked;
    Tell => ();
}

fn reserve_part<'s, P: Undoable>(
    saga: &mut Flow<'s, '_, P>,
    name: &'s str,
    trip: Ref<'s, String>,
) -> Ref<'s, Booked> {
    let what = name.into();
    let reserve = ReserveRef { trip, what }.named(name);
    saga.step(reserve.compensate(|booked| CancelRef { id: booked.map(|booked| booked.id) }))
}

fn reserve_flight<'s, P: Undoable>(saga: &mut Flow<'s, '_, P>, trip: Ref<'s, Trip>) -> Ref<'s, Booked> {
    reserve_part(saga, "ReserveFlight", trip.id)
}

fn reserve_this_flight<'s, P: Undoable>(saga: &mut Flow<'s, '_, P>, flight: Ref<'s, Flight>) -> Ref<'s, Booked> {
    reserve_part(saga, "ReserveThisFlight", flight.number)
}

fn reserve_train<'s, P: Undoable>(saga: &mut Flow<'s, '_, P>, trip: Ref<'s, Trip>) -> Ref<'s, Booked> {
    reserve_part(saga, "ReserveTrain", trip.id)
}

fn reserve_hotel<'s, P: Undoable>(saga: &mut Flow<'s, '_, P>, trip: Ref<'s, Trip>) -> Ref<'s, Booked> {
    reserve_part(saga, "ReserveHotel", trip.id)
}

/// Insures a trip.
#[derive(Saga)]
#[saga(compensation = Cancel)]
struct Insuring;

impl Saga for Insuring {
    type Input = Policy;
    type Output = Booked;

    fn define<'s>(mut saga: Flow<'s, '_>, policy: Ref<'s, Policy>) -> Completed<'s, Booked> {
        let insured = reserve_part(&mut saga, "Insure", policy.trip);
        saga.complete(insured)
    }
}

#[derive(Serialize, Deserialize, SagaData)]
struct Budget {
    trip: String,
    planned: u32,
    held_by: Option<String>,
}

#[derive(SagaTable)]
#[table(item = Budget, partition_key = trip: String, isolation = lock(held_by))]
struct Budgets;

#[derive(Serialize, Deserialize, SagaData)]
struct Rate {
    trip: String,
    cents: u32,
}

#[derive(SagaTable)]
#[table(item = Rate, partition_key = trip: String, isolation = reread)]
struct Rates;
