//! Isolation: what is left in the tables when a saga has ended, whatever happened on the way, and what it does
//! where another saga is in the way.

#![allow(missing_docs, reason = "the types are the test's own")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use saga_dsl::prelude::*;
use saga_engine::history::Detail;
use saga_local::saga::{Ending, Fault};
use saga_local::testing::{SagaResult, SagaTest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Order {
    pub id: String,
    pub customer: String,
    pub sku: String,
    pub count: u32,
    pub cents: u32,
}

/// What is in store: taken from by many.
#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Article {
    pub sku: String,
    pub left: u32,
}

#[derive(SagaTable)]
#[table(item = Article, partition_key = sku: String, isolation = commutative)]
pub struct Store;

/// Points that a customer collects: there before the first is, as nothing.
#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Collected {
    pub customer: String,
    pub points: u32,
}

#[derive(SagaTable)]
#[table(item = Collected, partition_key = customer: String, isolation = commutative)]
pub struct Points;

/// An account: one order of a customer at a time.
#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Account {
    pub customer: String,
    pub owes: Option<u32>,
    pub held_by: Option<String>,
}

#[derive(SagaTable)]
#[table(item = Account, partition_key = customer: String, isolation = lock(held_by))]
pub struct Accounts;

/// A limit that is changed seldom.
#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Limit {
    pub customer: String,
    pub cents: u32,
    pub version: Version,
}

#[derive(SagaTable)]
#[table(item = Limit, partition_key = customer: String, isolation = version(version))]
pub struct Limits;

/// A price, which somebody else sets.
#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Price {
    pub sku: String,
    pub cents: u32,
}

#[derive(SagaTable)]
#[table(item = Price, partition_key = sku: String, isolation = reread)]
pub struct Prices;

#[derive(Debug, thiserror::Error, SagaError)]
pub enum ShipError {
    #[error("nobody ships it")]
    Refused,
    #[error("it is sold at another price by now")]
    PriceChanged,
}

/// Ships the order: the point of no return.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = ShipError, timeout = "10s")]
pub struct Ship {
    pub id: String,
}

impl Handler for Ship {
    async fn handle(self, (): &(), _: &Context) -> Result<(), ShipError> {
        Ok(())
    }
}

#[derive(Saga)]
pub struct Buy;

impl Saga for Buy {
    type Input = Order;
    type Output = Order;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, Order>) -> Completed<'s, Order> {
        let account = saga.lock(Accounts::lock(order.customer).named("LockAccount"));
        saga.step(
            Store::subtract(order.sku, |row| row.left, order.count)
                .named("Take")
                .undone_by_inverse(),
        );
        saga.step(
            account
                .update(move |row| row.owes.set(order.cents))
                .named("Owe")
                .compensate(|_| account.update(|row| row.owes.set(Ref::<u32>::from(0)))),
        );
        let (mut saga, _) = saga.pivot(ShipRef { id: order.id });
        saga.forward(Points::add(order.customer, |row| row.points, order.cents).named("Collect"));
        saga.forward(account.release().named("ReleaseAccount"));
        saga.complete(order)
    }
}

fn order() -> Order {
    Order {
        id: "1".into(),
        customer: "ada".into(),
        sku: "tea".into(),
        count: 2,
        cents: 500,
    }
}

fn buy(left: u32) -> SagaTest {
    let article = Article {
        sku: "tea".into(),
        left,
    };
    SagaTest::of::<Buy>().row::<Store>(&article)
}

/// A table's only row without what its fence keeps, and how many attributes that is.
fn row(ended: &SagaResult, table: &str) -> (Value, usize) {
    let mut rows = ended.rows(table);
    assert!(rows.len() < 2, "{rows:?}");
    let Some(Value::Object(mut row)) = rows.pop() else {
        return (Value::Null, 0);
    };
    let before = row.len();
    row.retain(|name, _| !name.starts_with("saga_"));
    let kept = before - row.len();
    (row.into(), kept)
}

/// What is left of an order: of the store, of the account, and how many attributes the store's row has besides.
#[track_caller]
fn check(ended: &SagaResult, ending: Ending, left: u32, account: Value) {
    let states = ended.states().join(" → ");
    assert_eq!(ended.ending(), ending, "{states}: {:?}", ended.failure());
    let (store, kept) = row(ended, "Store");
    assert_eq!(store, json!({ "sku": "tea", "left": left }), "{states}");
    assert!(
        kept < 2,
        "{kept} attributes are left behind: {:?}",
        ended.rows("Store")
    );
    assert_eq!(row(ended, "Accounts").0, account, "{states}");
}

fn owing(cents: u32) -> Value {
    json!({ "customer": "ada", "owes": cents })
}

#[tokio::test]
async fn a_completed_saga_has_changed_what_it_said_and_holds_nothing() {
    let ended = buy(5).run(order()).await;
    check(&ended, Ending::Completed, 3, owing(500));
    let points = json!({ "customer": "ada", "points": 500 });
    assert_eq!(row(&ended, "Points"), (points, 1));
}

#[tokio::test]
async fn a_compensated_saga_has_changed_nothing_and_holds_nothing() {
    let ended = buy(5).fail("Ship", "Refused").run(order()).await;
    check(&ended, Ending::Compensated, 5, owing(0));
}

#[tokio::test]
async fn what_is_delivered_twice_happens_once() {
    for step in [
        "LockAccount",
        "Take",
        "Owe",
        "Collect",
        "ReleaseAccount",
        "ConfirmTake",
    ] {
        let ended = buy(5).duplicate(step).run(order()).await;
        check(&ended, Ending::Completed, 3, owing(500));
        assert_eq!(row(&ended, "Points").0["points"], 500, "{step}");
    }
    for step in ["UndoLockAccount", "UndoTake", "UndoOwe"] {
        let ended = buy(5)
            .duplicate(step)
            .fail("Ship", "Refused")
            .run(order())
            .await;
        check(&ended, Ending::Compensated, 5, owing(0));
    }
}

/// The first attempt had its effect, and its answer was lost.
#[tokio::test]
async fn what_is_tried_again_after_its_effect_happens_once() {
    for step in ["LockAccount", "Take", "Collect", "ReleaseAccount"] {
        let ended = buy(5).crash(step).fault_attempts(1).run(order()).await;
        check(&ended, Ending::Completed, 3, owing(500));
        assert_eq!(row(&ended, "Points").0["points"], 500, "{step}");
    }
    for step in ["UndoLockAccount", "UndoTake"] {
        let test = buy(5).crash(step).fail("Ship", "Refused").fault_attempts(1);
        check(&test.run(order()).await, Ending::Compensated, 5, owing(0));
    }
}

/// A request that got lost on its way is undone all the same, and that changes nothing.
#[tokio::test]
async fn what_never_arrived_is_undone_without_effect() {
    for (step, account) in [
        ("LockAccount", json!({ "customer": "ada" })),
        ("Take", json!({ "customer": "ada" })),
        ("Owe", owing(0)),
    ] {
        let late = Fault::Late(Duration::from_secs(600));
        let ended = buy(5).fault(step, late).run(order()).await;
        check(&ended, Ending::Compensated, 5, account);
    }
}

#[tokio::test]
async fn what_is_not_in_store_is_not_taken() {
    let ended = buy(1).run(order()).await;
    check(&ended, Ending::Compensated, 1, json!({ "customer": "ada" }));
    let (_, cause) = ended.failure().unwrap();
    assert!(cause.contains("\"step\":\"Take\""), "{cause}");
}

#[tokio::test]
async fn what_another_saga_holds_is_not_touched() {
    let held = Account {
        customer: "ada".into(),
        owes: None,
        held_by: Some("another saga".into()),
    };
    let ended = buy(5).row::<Accounts>(&held).run(order()).await;
    let account = json!({ "customer": "ada", "held_by": "another saga" });
    check(&ended, Ending::Compensated, 5, account);
    let tries = ended.history().iter();
    let tries = tries.filter(|event| matches!(event.detail, Detail::Failed { .. }));
    assert_eq!(tries.count(), 6, "it is tried again for a while");
}

/// The undo of what was done under the lock does not succeed: the saga waits with its lock, and says so.
#[tokio::test]
async fn a_parked_saga_keeps_its_lock_and_says_so() {
    let test = buy(5).fail("Ship", "Refused");
    let ended = test
        .fail("UndoOwe", "DynamoDB.InternalServerError")
        .run(order())
        .await;
    assert_eq!(ended.ending(), Ending::Parked);
    let rows = ended.rows("Accounts");
    let holder = rows
        .first()
        .and_then(|row| row["held_by"].as_str())
        .unwrap();
    assert!(holder.ends_with(":test/LockAccount"), "{holder}");
    let told = ended.queue("ParkedQueue");
    assert_eq!(told.first().unwrap().body["locks"], json!(["LockAccount"]));
}

/// Raises a limit, and undoes that where the order is not shipped.
#[derive(Saga)]
pub struct Raise;

impl Saga for Raise {
    type Input = Order;
    type Output = Order;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, Order>) -> Completed<'s, Order> {
        let limit = saga.read(Limits::get(order.customer));
        let version = limit.map(|limit| limit.version).or(saga.value(&Version(0)));
        let cents = limit.map(|limit| limit.cents).or(0);
        saga.step(
            Limits::update_from(order.customer, version, move |row| {
                row.cents.set(order.cents)
            })
            .named("Raise")
            .compensate(move |_| {
                Limits::update_from(order.customer, version, move |row| row.cents.set(cents))
            }),
        );
        let (saga, _) = saga.pivot(ShipRef { id: order.id });
        saga.complete(order)
    }
}

fn raise() -> SagaTest {
    SagaTest::of::<Raise>().row::<Limits>(&Limit {
        customer: "ada".into(),
        cents: 100,
        version: Version(7),
    })
}

#[track_caller]
fn check_limit(ended: &SagaResult, ending: Ending, cents: u32, version: u64) {
    assert_eq!(ended.ending(), ending, "{:?}", ended.states());
    let limit = json!({ "customer": "ada", "cents": cents, "version": version });
    assert_eq!(row(ended, "Limits").0, limit, "{:?}", ended.states());
}

#[tokio::test]
async fn a_version_is_raised_by_each_change_and_each_undo() {
    check_limit(&raise().run(order()).await, Ending::Completed, 500, 8);
    let duplicate = raise().duplicate("Raise").run(order()).await;
    check_limit(&duplicate, Ending::Completed, 500, 8);
    let refused = raise().fail("Ship", "Refused");
    check_limit(&refused.run(order()).await, Ending::Compensated, 100, 9);
    let twice = raise().fail("Ship", "Refused").duplicate("UndoRaise");
    check_limit(&twice.run(order()).await, Ending::Compensated, 100, 9);
}

#[tokio::test]
async fn a_change_of_unknown_outcome_is_undone_whether_it_happened_or_not() {
    let happened = raise().crash("Raise").run(order()).await;
    check_limit(&happened, Ending::Compensated, 100, 9);
    let late = Fault::Late(Duration::from_secs(600));
    let late = raise().fault("Raise", late).run(order()).await;
    check_limit(&late, Ending::Compensated, 100, 9);
}

#[tokio::test]
async fn a_lost_race_is_known_not_to_be_done() {
    let ended = SagaTest::of::<Raise>().run(order()).await;
    assert_eq!(ended.ending(), Ending::Compensated);
    assert!(
        !ended.states().contains(&"UndoRaise"),
        "{:?}",
        ended.states()
    );
    assert_eq!(row(&ended, "Limits").0, Value::Null);
}

/// Ships at the price that was read.
#[derive(Saga)]
pub struct Quote;

impl Saga for Quote {
    type Input = Order;
    type Output = Order;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, Order>) -> Completed<'s, Order> {
        let price = saga.read(Prices::get(order.sku));
        // Somebody sets another price meanwhile.
        saga.step(
            Prices::put(PriceRef {
                sku: order.sku,
                cents: order.cents,
            })
            .compensate(|_| Prices::delete(order.sku)),
        );
        let again = Prices::get(order.sku).named("GetPricesAgain");
        saga.reread("IsThePriceTheSame", again, price, ShipError::PriceChanged);
        let (saga, _) = saga.pivot(ShipRef { id: order.id });
        saga.complete(order)
    }
}

#[tokio::test]
async fn what_is_no_longer_so_is_not_gone_on_from() {
    let ended = SagaTest::of::<Quote>().run(order()).await;
    assert_eq!(ended.ending(), Ending::Compensated, "{:?}", ended.states());
    let (_, cause) = ended.failure().unwrap();
    assert!(cause.contains("PriceChanged"), "{cause}");
}

/// Two lines of one order that are about one row.
#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Lines {
    pub skus: Vec<String>,
}

#[derive(SagaTable)]
#[table(item = Price, partition_key = sku: String, isolation = none("a line is one order's own"))]
pub struct Written;

#[derive(Saga)]
pub struct Write;

impl Saga for Write {
    type Input = Lines;
    type Output = Lines;

    fn define<'s>(mut saga: Flow<'s, '_>, lines: Ref<'s, Lines>) -> Completed<'s, Lines> {
        let skus = lines.skus.at_most(5).at_a_time(1);
        saga.map("WriteLines", skus, |saga, sku| {
            saga.step(
                Written::put(PriceRef {
                    sku,
                    cents: 1.into(),
                })
                .compensate(|_| Written::delete(sku)),
            )
        });
        saga.complete(lines)
    }
}

/// Each item of a map is an effect of its own: one does not take the other's row for its own, and its undo does
/// not take it away.
#[tokio::test]
async fn two_items_do_not_put_one_row() {
    let lines = |skus: [&str; 2]| Lines {
        skus: skus.map(str::to_owned).into(),
    };
    let ended = SagaTest::of::<Write>().run(lines(["tea", "milk"])).await;
    assert_eq!(ended.ending(), Ending::Completed);
    let ended = SagaTest::of::<Write>().run(lines(["tea", "tea"])).await;
    assert_eq!(ended.ending(), Ending::Compensated);
    let rows = ended.rows("Written");
    assert_eq!(
        rows.first().unwrap()["saga_step"],
        "PutWritten/WriteLines[0]"
    );
    assert_eq!(rows.first().unwrap()["saga_undone"], true);
    assert_eq!(rows.len(), 1);
}

/// What an earlier try has undone a later one puts anew.
#[derive(Saga)]
pub struct Again;

impl Saga for Again {
    type Input = Order;
    type Output = Order;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, Order>) -> Completed<'s, Order> {
        let tries = Tries::of(2).every(Duration::from_secs(60));
        saga.savepoint("Twice", tries, |saga| {
            saga.step(
                Written::put(PriceRef {
                    sku: order.sku,
                    cents: order.cents,
                })
                .compensate(|_| Written::delete(order.sku)),
            );
            saga.read(ShipRef { id: order.id })
        });
        saga.complete(order)
    }
}

#[tokio::test]
async fn a_later_try_puts_what_an_earlier_one_has_undone() {
    let ended = SagaTest::of::<Again>()
        .fail("Ship", "Refused")
        .fault_attempts(1);
    let ended = ended.run(order()).await;
    assert_eq!(ended.ending(), Ending::Completed, "{:?}", ended.states());
    let price = json!({ "sku": "tea", "cents": 500 });
    assert_eq!(row(&ended, "Written").0, price);
}

#[test]
fn every_failure_of_what_is_kept_apart_compensates() {
    saga_local::verify::<Buy>();
    saga_local::verify::<Raise>();
    saga_local::verify::<Quote>();
}
