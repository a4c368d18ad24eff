//! A saga as its author writes it: steps with compensations, a pivot, steps after it, a table, a topic
//! and queues.

use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

/// A fare to be charged.
#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct FareRequest {
    pub customer_id: String,
    pub fare_id: String,
    pub fare_amount: String,
    #[serde(default)]
    pub tip: u32,
    pub coupon: Option<String>,
    #[saga(sensitive(token))]
    pub cc: String,
}

#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "lowercase")]
pub enum FareStatus {
    Registered,
    Completed,
    Failed,
}

#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Fare {
    pub fare_id: String,
    pub customer_id: String,
    pub fare_status: FareStatus,
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Charge {
    pub charge_id: String,
    pub provider: Option<String>,
}

#[derive(Serialize, Deserialize, SagaData)]
pub struct Receipt {
    pub charge: Charge,
    pub status: FareStatus,
}

/// The fares.
#[derive(SagaTable)]
#[table(
    item = Fare,
    partition_key = fare_id: String,
    index(name = "by-customer", partition_key = customer_id: String, sort_key = fare_id: String),
    isolation = none("a fare is one saga's own"),
)]
pub struct Fares;

#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "PascalCase")]
pub struct OutcomeAttributes {
    pub is_successful: String,
}

#[derive(SagaTopic)]
#[topic(message = Fare, attributes = OutcomeAttributes)]
pub struct Outcomes;

#[derive(SagaQueue)]
#[queue(
    message = Fare,
    visibility_timeout = "1m",
    retention = "4d",
    dead_letter_after = 3,
    subscribe(Outcomes, raw, filter(is_successful = ["true", "yes"])),
)]
pub struct Successes;

#[derive(SagaQueue)]
#[queue(message = Fare, no_dead_letter, existing(parameter = "AuditQueueArn"))]
pub struct Audit;

pub struct Payments;

impl App for Payments {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self)
    }
}

#[derive(Debug, thiserror::Error, SagaError)]
pub enum ChargeError {
    #[error("the card was refused")]
    Refused { reason: String },
    #[error("the provider is down")]
    #[saga(retry(interval = "2s", max_attempts = 4, backoff = 2.0, max_delay = "30s", jitter))]
    Down,
    #[error("the provider did not answer")]
    #[saga(unknown, rename = "NoAnswer")]
    Silent,
    #[error(transparent)]
    #[saga(transparent)]
    Account(AccountError),
}

#[derive(Debug, thiserror::Error, SagaError)]
#[error("there is no such account")]
#[saga(rename = "NoAccount")]
pub struct AccountError;

/// Charges the card.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(
    output = Charge,
    error = ChargeError,
    compensation = RefundFare,
    app = Payments,
    timeout = "30s",
    memory = "256MB",
    env(PROVIDER_URL = "https://pay.example", STAGE = parameter("Stage")),
    secrets(API_KEY = secrets_manager("fare/provider"), TOKEN = ssm("/fare/token")),
    uses(Fares(get, put), Outcomes(publish), Audit(send)),
)]
pub struct ChargeFare {
    pub fare_id: String,
    pub amount: String,
    #[saga(sensitive(token))]
    pub cc: String,
}

impl Handler for ChargeFare {
    async fn handle(self, _: &Payments, cx: &Context) -> Result<Charge, ChargeError> {
        Ok(Charge { charge_id: cx.idempotency_key(), provider: None })
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = AccountError)]
pub struct RefundFare {
    pub fare_id: String,
    pub charge_id: Option<String>,
}

impl Handler for RefundFare {
    async fn handle(self, _: &(), _: &Context) -> Result<(), AccountError> {
        Ok(())
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
pub struct CreditAccount {
    pub customer_id: String,
}

impl Handler for CreditAccount {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        Ok(())
    }
}

/// Charges a fare and credits the customer.
#[derive(Saga)]
#[saga(history_key(created, reason = "the card's token is enough to charge it"))]
pub struct FareProcessing;

impl Saga for FareProcessing {
    type Input = FareRequest;
    type Output = Receipt;

    fn define<'s>(mut saga: Flow<'s, '_>, fare: Ref<'s, FareRequest>) -> Completed<'s, Receipt> {
        saga.step(
            Fares::put(row(fare))
                .compensate(|_| Fares::update(fare.fare_id, |row| row.fare_status.set(FareStatus::Failed))),
        );
        let charge = saga.step(
            ChargeFareRef { fare_id: fare.fare_id, amount: fare.fare_amount, cc: fare.cc }
                .retry(ChargeErrorKind::Refused, Retry::after(Duration::from_secs(1)).times(1))
                .retry(ChargeErrorKind::Account(AccountErrorKind::AccountError), Retry::NEVER)
                .timeout(Duration::from_secs(20))
                .compensate(|charge| RefundFareRef {
                    fare_id: fare.fare_id,
                    charge_id: charge.map(|charge| charge.charge_id),
                }),
        );
        let (mut saga, _) = saga.pivot(CreditAccountRef { customer_id: fare.customer_id });
        saga.forward(Audit::send(row(fare)).named("TellAudit"));
        saga.on_completed(Outcomes::publish_with(
            row(fare),
            OutcomeAttributesRef { is_successful: "true".into() },
        ));
        saga.complete(ReceiptRef { charge, status: FareStatus::Completed.into() })
    }
}

fn row<'s>(fare: Ref<'s, FareRequest>) -> FareRef<'s> {
    FareRef {
        fare_id: fare.fare_id,
        customer_id: fare.coupon.or(fare.customer_id),
        fare_status: FareStatus::Registered.into(),
    }
}

fn main() {
    let manifest = saga_dsl::Package::new().saga::<FareProcessing>().manifest();
    assert!(manifest.problems.is_empty(), "{:?}", manifest.problems);
    assert_eq!(manifest.sagas.len(), 1);
    assert_eq!(manifest.handlers.len(), 3);
}
