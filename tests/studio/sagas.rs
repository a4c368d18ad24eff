//! Sagas of 5, 20 and 60 states, and one with thousands of events: of direct integrations alone, so that no
//! handler has to be built.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use saga_asl::model::StateMachine;
use saga_compiler::{Architecture, Definition, Definitions, Options};
use saga_dsl::prelude::*;
use saga_studio::{Built, Problem, Workshop};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What travels through them: a field of each kind that a form has.
#[derive(Clone, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Which order it is.
    pub order_id: String,
    /// How it is sent.
    pub shipping: Shipping,
    /// Cents.
    pub total: u32,
    pub is_gift: bool,
    /// What is written on the card.
    #[saga(sensitive(token))]
    pub card: Option<String>,
    pub address: Address,
    pub lines: Vec<OrderLine>,
}

#[derive(Clone, Copy, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum Shipping {
    Standard,
    Express,
}

#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct Address {
    pub street: String,
    pub city: String,
}

#[derive(Clone, Serialize, Deserialize, SagaData)]
pub struct OrderLine {
    pub sku: String,
}

/// What a step writes.
#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub order_id: String,
    pub step: String,
    pub status: String,
}

#[derive(SagaTable)]
#[table(
    item = Entry,
    partition_key = order_id: String,
    sort_key = step: String,
    isolation = none("an order is one saga's own")
)]
pub struct Entries;

/// A step: it writes a row, and its compensation marks that.
fn step<'s, P: Undoable>(
    saga: &mut Flow<'s, '_, P>,
    order: Ref<'s, Order>,
    name: &'static str,
    key: Ref<'s, String>,
) {
    let row = EntryRef {
        order_id: order.order_id,
        step: key,
        status: "done".into(),
    };
    saga.step(Entries::put(row).named(name).compensate(move |_| {
        Entries::update((order.order_id, key), |row| row.status.set("undone"))
    }));
}

fn steps<'s, P: Undoable>(
    saga: &mut Flow<'s, '_, P>,
    order: Ref<'s, Order>,
    names: &[&'static str],
) -> Ref<'s, String> {
    for name in names {
        step(saga, order, name, (*name).into());
    }
    order.order_id
}

macro_rules! saga {
    ($name:ident, |$saga:ident, $order:ident| $body:block) => {
        #[derive(Saga)]
        #[doc = concat!("The saga ", stringify!($name), ".")]
        pub struct $name;

        impl Saga for $name {
            type Input = Order;
            type Output = Order;
            fn define<'s>(mut $saga: Flow<'s, '_>, $order: Ref<'s, Order>) -> Completed<'s, Order> {
                $body
                $saga.complete($order)
            }
        }
    };
}

saga!(Small, |saga, order| {
    steps(&mut saga, order, &["ReserveStock", "ChargeCard"]);
});

saga!(Middle, |saga, order| {
    steps(&mut saga, order, &["RegisterOrder", "ReserveStock"]);
    saga.both(
        "PreparePaymentAndShipping",
        |saga| steps(saga, order, &["AuthorizePayment", "CapturePayment"]),
        |saga| steps(saga, order, &["BookCourier"]),
    );
    saga.map("PackLines", order.lines.at_most(20), |saga, line| {
        step(saga, order, "PackLine", line.sku);
        line.sku
    });
    steps(&mut saga, order, &["PrintInvoice", "CloseOrder"]);
});

const MANY: [&str; 27] = [
    "RegisterOrder",
    "CheckCustomer",
    "ReserveStock",
    "ReserveWarehouseSlot",
    "AuthorizePayment",
    "CapturePayment",
    "CreateShipment",
    "BookCourier",
    "NotifyWarehouse",
    "PickGoods",
    "PackGoods",
    "WeighParcel",
    "PrintLabel",
    "HandOverParcel",
    "UpdateLoyaltyPoints",
    "ApplyVoucher",
    "InsureParcel",
    "DeclareCustoms",
    "ReserveReturnLabel",
    "UpdateLedger",
    "CreateInvoice",
    "SendInvoice",
    "ArchiveDocuments",
    "UpdateForecast",
    "ReplenishStock",
    "RecordAuditTrail",
    "CloseOrder",
];

saga!(Large, |saga, order| {
    steps(&mut saga, order, &MANY);
});

saga!(Long, |saga, order| {
    steps(&mut saga, order, &["PackLine"]);
});

/// `Long`, as its author did not write it: once for each line. The compiler lets no list be so long.
fn lengthened(definition: &mut Definition) -> Option<()> {
    let inside = json!({
        "ProcessorConfig": { "Mode": "INLINE" },
        "StartAt": "WeighLine",
        "States": {
            "WeighLine": { "Type": "Pass", "Next": "PackLine" },
            "PackLine": {
                "Type": "Task",
                "Resource": "arn:aws:states:::dynamodb:putItem",
                "Arguments": {
                    "TableName": "${EntriesTableName}",
                    "Item": {
                        "orderId": { "S": "{% $states.context.Execution.Input.orderId %}" },
                        "step": { "S": "{% $states.input.sku %}" },
                    },
                },
                "Next": "LabelLine",
            },
            "LabelLine": { "Type": "Pass", "End": true },
        },
    });
    let machine = json!({
        "QueryLanguage": "JSONata",
        "StartAt": "PackLines",
        "States": {
            "PackLines": {
                "Type": "Map",
                "Items": "{% $states.input.lines %}",
                "MaxConcurrency": 40,
                "ItemProcessor": inside,
                "Output": {},
                "Next": "LongSucceeded",
            },
            "LongSucceeded": { "Type": "Succeed" },
        },
    });
    definition.machine = StateMachine::from_value(&machine.into()).ok()?;
    definition.recovery = None;
    Some(())
}

/// What it is made of lies in a file: the name of the saga that is shown first, or a mistake.
pub struct Bench {
    pub source: PathBuf,
}

impl Workshop for Bench {
    fn package(&self) -> &str {
        "orders"
    }

    fn build(&self) -> Result<Built, Problem> {
        let text = fs::read_to_string(&self.source).unwrap_or_default();
        let package = saga_dsl::Package::new();
        let package = match text.trim() {
            "none" => package,
            "small" => package.saga::<Small>(),
            "small and middle" => package.saga::<Small>().saga::<Middle>(),
            "long" => package.saga::<Long>(),
            "all" => package.saga::<Small>().saga::<Middle>().saga::<Large>(),
            mistake => {
                return Err(Problem {
                    message: "the package `orders` does not build".into(),
                    help: String::new(),
                    text: format!("error: expected a saga, found `{mistake}`"),
                });
            }
        };
        let manifest = package.manifest();
        let options = Options {
            package: "orders".into(),
            code_uri: ".".into(),
            binary: "orders".into(),
            architecture: Architecture::default(),
            definitions: Definitions::default(),
        };
        let compiled = saga_compiler::compile(&manifest, &options).map_err(|found| Problem {
            message: "the sagas have problems".into(),
            help: String::new(),
            text: format!("{found:#?}"),
        })?;
        let mut definitions = compiled.definitions;
        for definition in &mut definitions {
            if definition.saga == "Long" && lengthened(definition).is_none() {
                return Err(Problem {
                    message: "the long saga is no state machine".into(),
                    ..Problem::default()
                });
            }
        }
        Ok(Built {
            // No handler is ever called.
            executable: "/nothing".into(),
            definitions,
            parameters: BTreeMap::new(),
            rows: None,
            manifest,
        })
    }

    fn sources(&self) -> Vec<PathBuf> {
        vec![self.source.clone()]
    }
}
