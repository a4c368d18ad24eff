//! `ChargeCard` of the soak's package with the same fence, kept through the AWS SDK instead of the handler runtime's
//! own client: what `fences.py` measures beside it. The package around this file is made there.

#[expect(dead_code, reason = "the soak's saga uses the rest")]
#[path = "../soak/payments/src/data.rs"]
mod data;
#[expect(dead_code, reason = "the soak's undo uses the rest")]
#[path = "../soak/payments/src/provider.rs"]
mod provider;

use std::collections::HashMap;
use std::pin::pin;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use saga_dsl::handler::Phase;
use saga_dsl::prelude::*;
use saga_fence::{Delivery, Ended, Failure, Key, Order, Outcome, Reply, Store, Swapped, Write, pass};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use data::Entry;
use provider::{Provider, ProviderError};

/// The provider, and the table of fences.
pub struct Fenced {
    provider: Provider,
    table: Table,
}

struct Table {
    name: String,
    client: Client,
}

impl App for Fenced {
    async fn start() -> Result<Self, BoxError> {
        let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
        Ok(Self {
            provider: Provider::start().await?,
            table: Table {
                name: std::env::var("SAGA_FENCE_TABLE")?,
                client: Client::new(&config),
            },
        })
    }
}

impl Store for Table {
    async fn swap(&self, key: &Key, write: &Write) -> Swapped {
        let request = saga_fence::dynamodb::put(&self.name, key, write);
        let values = request.get("ExpressionAttributeValues");
        let condition = request.get("ConditionExpression").and_then(Value::as_str);
        let put = self.client.put_item();
        let put = put
            .table_name(&self.name)
            .set_item(request.get("Item").map(attributes))
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_values(values.map(attributes))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match put.send().await {
            Ok(_) => Swapped::Kept,
            Err(problem) => Swapped::Failed(problem.to_string()),
        }
    }
}

/// Attributes of which each is a text, a number or a truth value.
fn attributes(value: &Value) -> HashMap<String, AttributeValue> {
    let fields = value.as_object().into_iter().flatten();
    let fields = fields.filter_map(|(name, value)| {
        let text = |kind| Some(value.get(kind)?.as_str()?.to_owned());
        let value = text("S")
            .map(AttributeValue::S)
            .or_else(|| text("N").map(AttributeValue::N))
            .or_else(|| Some(AttributeValue::Bool(value.get("BOOL")?.as_bool()?)))?;
        Some((name.clone(), value))
    });
    fields.collect()
}

/// Charges an order to its card.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = Entry, error = ProviderError, compensation = RefundCard, app = Fenced, timeout = "2s", unfenced = "it keeps its fence itself")]
pub struct ChargeCard {
    /// The order.
    pub order_id: String,
    /// What it costs, in cents.
    pub cents: u64,
}

impl Handler for ChargeCard {
    async fn handle(self, app: &Fenced, cx: &Context) -> Result<Entry, ProviderError> {
        let key = Key::new(&cx.saga_id, &cx.step, cx.item.as_deref());
        let now = millis(SystemTime::now());
        let delivery = Delivery {
            phase: match cx.phase {
                Phase::Do => saga_fence::Phase::Do,
                Phase::Undo => saga_fence::Phase::Undo,
            },
            order: Order {
                entered: now,
                redrive: 0,
                attempt: cx.attempt,
            },
            id: cx.request_id.clone(),
            now,
            until: millis(cx.deadline),
        };
        let mut charge = pin!(async {
            let charged = app.provider.write("charges", self.cents, cx).await;
            charged.map_or_else(failed, |entry| {
                Ended::Answered(serde_json::to_string(&entry).unwrap_or_default())
            })
        });
        match pass(&app.table, &key, delivery, charge.as_mut()).await {
            Reply::Answer(json) => serde_json::from_str(&json).map_err(|_| ProviderError::Failed),
            _ => Err(ProviderError::Failed),
        }
    }
}

fn failed(error: ProviderError) -> Ended {
    Ended::Failed(Failure {
        name: "Failed".into(),
        message: error.to_string(),
        outcome: Outcome::Unknown,
    })
}

fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Gives it back.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Fenced, timeout = "2s", unfenced = "naturally idempotent because it is never called here")]
pub struct RefundCard {
    /// The order.
    pub order: String,
}

impl Handler for RefundCard {
    async fn handle(self, _: &Fenced, _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

/// The one step.
#[derive(Saga)]
pub struct Charging;

impl Saga for Charging {
    type Input = data::Order;
    type Output = data::Order;

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, data::Order>) -> Completed<'s, data::Order> {
        let charge = ChargeCardRef {
            order_id: order.order_id,
            cents: order.cents,
        };
        saga.step(charge.compensate(|_| RefundCardRef {
            order: order.order_id,
        }));
        saga.complete(order)
    }
}

saga_lambda::main!(Charging);
