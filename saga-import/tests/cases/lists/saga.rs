//! Orders the parts of a kit from their suppliers.
//!
//! The saga first, then its data and the steps.
#![allow(
    dead_code,
    reason = "the handlers construct their errors once their code is here"
)]

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Orders the parts of a kit from their suppliers.
#[derive(Saga)]
pub struct Lists;

impl Saga for Lists {
    type Input = ListsInput;
    type Output = ListsOutput;

    fn define<'s>(
        mut saga: Flow<'s, '_>,
        input: Ref<'s, ListsInput>,
    ) -> Completed<'s, ListsOutput> {
        let constant = saga.list(["red".into(), "blue".into()]);
        let constant_ = saga
            .value(&vec![serde_json::json!(1), serde_json::json!("large")]);
        let item = saga
            .data(ListPartsWantedItemRef {
                kit: input.kit,
                count: 1.into(),
            });
        let list = saga.list([item]);
        let list_parts = saga
            .read(ListPartsRef {
                colours: constant,
                sizes: constant_,
                wanted: list,
            });
        saga.abort_if("AreThereParts", !list_parts.parts.exists(), GivenUp::NoParts);
        saga.map(
            "OrderParts",
            list_parts.parts.or(saga.list([])).at_most(5).at_a_time(10),
            |saga, order_parts| {
                let input_ = saga
                    .data(OrderPartInputRef {
                        part: order_parts.number,
                        kit: input.kit,
                    });
                let input__ = saga
                    .data(RevertOrderPartInputRef {
                        part: order_parts.number,
                        kit: input.kit,
                    });
                saga.step(
                    OrderPartRef { input: input_ }
                        .compensate(|_| RevertOrderPartRef {
                            input: input__,
                        }),
                );
                saga.read(NotifySupplierRef {
                    part: order_parts.number,
                });
                Ref::from(())
            },
        );

        let constant__ = saga.list(["red".into(), "blue".into()]);
        saga.map(
            "InEachColour",
            constant__.at_most(2).at_a_time(10),
            |saga, in_each_colour| {
                saga.step(
                    PaintBoxRef(in_each_colour)
                        .compensate(|_| RevertPaintBoxRef(in_each_colour)),
                );
                Ref::from(())
            },
        );

        let (mut saga, pack) = saga.pivot(PackRef { kit: input.kit });
        saga.on_completed(NotifyPackedRef { kit: input.kit });
        let constant___ = saga.list(["red".into(), "blue".into()]);
        saga.complete(ListsOutputRef {
            input,
            found: list_parts,
            colours: constant___,
            packed: pack,
        })
    }
}

/// What `OrderParts` goes over.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct OrderPartsItem {
    pub number: Value,
}

/// What the saga is given: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ListsInput {
    pub kit: Value,
}

/// What `ListParts` answers: as much of it as the definition reads.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ListPartsOutput {
    pub parts: Option<Vec<OrderPartsItem>>,
}

/// An item of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ListPartsWantedItem {
    pub kit: Value,
    pub count: i64,
}

/// `input` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct OrderPartInput {
    pub part: Value,
    pub kit: Value,
}

/// `input` of it.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct RevertOrderPartInput {
    pub part: Value,
    pub kit: Value,
}

/// What the saga answers.
#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]
pub struct ListsOutput {
    pub input: ListsInput,
    pub found: ListPartsOutput,
    pub colours: Vec<String>,
    pub packed: Value,
}

/// Why the saga gives up.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum GivenUp {
    #[error("NoParts")]
    NoParts,
}

/// The handler has not its code yet: nothing was done.
#[derive(Debug, thiserror::Error, SagaError)]
#[error("{0}")]
pub struct NotMoved(&'static str);

/// `ListParts`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = ListPartsOutput, error = NotMoved, timeout = "20s")]
pub struct ListParts {
    pub colours: Vec<String>,
    pub sizes: Vec<Value>,
    pub wanted: Vec<ListPartsWantedItem>,
}

impl Handler for ListParts {
    async fn handle(
        self,
        _app: &(),
        _cx: &Context,
    ) -> Result<ListPartsOutput, NotMoved> {
        Err(NotMoved("move the code of `ListPartsFunction` here"))
    }
}

/// `OrderPart`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = RevertOrderPart, timeout = "20s")]
pub struct OrderPart {
    pub input: OrderPartInput,
}

impl Handler for OrderPart {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `OrderPartFunction` here"))
    }
}

/// Undoes `OrderPart`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "20s")]
pub struct RevertOrderPart {
    pub input: RevertOrderPartInput,
}

impl Handler for RevertOrderPart {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `OrderPart`"))
    }
}

/// `NotifySupplier`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "20s")]
pub struct NotifySupplier {
    pub part: Value,
}

impl Handler for NotifySupplier {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `NotifySupplierFunction` here"))
    }
}

/// `PaintBox`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, compensation = RevertPaintBox, timeout = "20s")]
pub struct PaintBox(pub String);

impl Handler for PaintBox {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `PaintBoxFunction` here"))
    }
}

/// Undoes `PaintBox`, which nothing undid until now.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "20s")]
pub struct RevertPaintBox(pub String);

impl Handler for RevertPaintBox {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("write here what undoes `PaintBox`"))
    }
}

/// `Pack`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Value, error = NotMoved, timeout = "20s")]
pub struct Pack {
    pub kit: Value,
}

impl Handler for Pack {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<Value, NotMoved> {
        Err(NotMoved("move the code of `PackFunction` here"))
    }
}

/// `NotifyPacked`.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = NotMoved, timeout = "60s")]
pub struct NotifyPacked {
    pub kit: Value,
}

impl Handler for NotifyPacked {
    async fn handle(self, _app: &(), _cx: &Context) -> Result<(), NotMoved> {
        Err(NotMoved("move the code of `NotifyPackedFunction` here"))
    }
}
