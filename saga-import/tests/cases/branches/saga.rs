//! Sets up a stand at a fair.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Sets up a stand at a fair.
#[derive(Saga)]
pub struct Branches;

impl Saga for Branches {
    type Input = BranchesInput;
    type Output = BranchesInput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, BranchesInput>,
    ) -> Completed<'s, BranchesInput> {
        saga.parallel("Prepare")
            .branch(|saga| {
                saga.step(RentStandRef(input).compensate(|_| ReturnStandRef(input)));
                Ref::from(())
            })
            .branch(|saga| {
                saga.step(
                    HireCrewRef { days: input.days }
                        .compensate(|_| DismissCrewRef(input)),
                );
                Ref::from(())
            })
            .join();
        saga.map(
            "ShipGoods",
            input.goods.at_most(5).at_a_time(3),
            |saga, ship_goods| {
                saga.step(
                    ShipItemRef {
                        item: ship_goods.name,
                        weight: ship_goods.weight,
                    }
                        .compensate(|_| RevertShipItemRef {
                            item: ship_goods.name,
                            weight: ship_goods.weight,
                        }),
                );
                Ref::from(())
            },
        );

        saga.complete(input)
    }
}

/// What `ShipGoods` goes over.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ShipGoodsItem {
    pub name: Value,
    pub weight: Value,
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct BranchesInput {
    pub days: Value,
    pub goods: Vec<ShipGoodsItem>,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `RentStand`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = ReturnStand, timeout = "10s")]
pub struct RentStand(pub BranchesInput);

impl Handler for RentStand {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `RentStandFunction` here"))
    }
}

/// Undoes `RentStand`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct ReturnStand(pub BranchesInput);

impl Handler for ReturnStand {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `ReturnStandFunction` here"))
    }
}

/// `HireCrew`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = DismissCrew, timeout = "10s")]
pub struct HireCrew {
    pub days: Value,
}

impl Handler for HireCrew {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `HireCrewFunction` here"))
    }
}

/// Undoes `HireCrew`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct DismissCrew(pub BranchesInput);

impl Handler for DismissCrew {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `DismissCrewFunction` here"))
    }
}

/// `ShipItem`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = RevertShipItem, timeout = "10s")]
pub struct ShipItem {
    pub item: Value,
    pub weight: Value,
}

impl Handler for ShipItem {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `ShipItemFunction` here"))
    }
}

/// Undoes `ShipItem`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "10s")]
pub struct RevertShipItem {
    pub item: Value,
    pub weight: Value,
}

impl Handler for RevertShipItem {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `ShipItem`"))
    }
}
