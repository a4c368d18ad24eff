//! A package whose handlers do what their input asks for.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};

use saga_dsl::api::{
    Answer, Api, Authorizer, Denied, Grant, Method, Refusal, SagaApi, SagaAuthorizer,
};
use saga_dsl::prelude::*;
use saga_lambda::sagas::{self, Sagas};
use serde::{Deserialize, Serialize};

saga_lambda::main!(Everything, Shipping; apis: DoorApi);

/// The process as the bootstrap.
pub fn run() -> ExitCode {
    // What a user prints must not spoil the manifest.
    println!("{{ \"not\": the manifest");
    main()
}

/// Calls every handler.
#[derive(Saga)]
pub struct Everything;

impl Saga for Everything {
    type Input = Charge;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, charge: Ref<'s, Charge>) -> Completed<'s, ()> {
        saga.read(ChargeRef {
            fare_id: charge.fare_id,
            amount: charge.amount,
            cards: charge.cards,
            asks: charge.asks,
        });
        saga.read(BoxedRef { asks: charge.asks });
        saga.read(NothingRef {});
        saga.read(ReachRef {});
        saga.read(KeysRef {});
        saga.read(UnreachableRef {});
        saga.read(FailsToStartRef {});
        saga.read(PanicsAtStartRef {});
        saga.complete(())
    }
}

/// How often the process was asked.
pub struct Counter(AtomicU32);

impl App for Counter {
    async fn start() -> Result<Self, BoxError> {
        eprintln!("Counter::start");
        Ok(Self(AtomicU32::new(0)))
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        eprintln!("Counter::drop");
    }
}

/// A step with everything.
#[derive(Serialize, Deserialize, SagaStep)]
#[serde(rename_all = "camelCase")]
#[step(output = Charged, error = ChargeError, app = Counter)]
pub struct Charge {
    /// The fare.
    pub fare_id: String,
    /// In cents.
    pub amount: u32,
    /// The cards to try.
    pub cards: Vec<Card>,
    /// What the handler is to do.
    pub asks: Asks,
}

/// A card.
#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Its number.
    #[saga(sensitive)]
    pub number: String,
    /// Its expiry date.
    pub expiry_date: String,
}

/// What a handler is to do.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, SagaData)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// Answer.
    Answer,
    /// Answer with more than a state machine takes.
    AnswerTooMuch,
    /// A known failure.
    Refuse,
    /// A retried failure.
    Throttle,
    /// A renamed failure with data, which holds what is sensitive.
    RefuseCard,
    /// A failure of another type, transparent.
    RefuseBank,
    /// What nobody foresaw.
    FailOtherwise,
    /// Panic with a message that holds what is sensitive.
    Panic,
    /// Panic before anything is awaited.
    PanicAtOnce,
    /// Panic with something that is no text.
    PanicWithoutMessage,
    /// Panic in a task.
    PanicInTask,
    /// Hand on the panic of a task.
    PanicOfTask,
    /// Write to the log.
    Log,
    /// Take a second.
    Dawdle,
}

/// What was charged.
#[derive(Serialize, Deserialize, SagaData)]
#[serde(rename_all = "camelCase")]
pub struct Charged {
    /// The key under which it was done.
    pub key: String,
    /// How often the process was asked before.
    pub asked_before: u32,
    /// Any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Why nothing was charged.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum ChargeError {
    /// Known.
    #[error("the card was refused")]
    CardRefused,
    /// Retried.
    #[error("try again")]
    #[saga(retry(interval = "2s", max_attempts = 4))]
    Throttled,
    /// Of another name.
    #[error("card {number} is stolen")]
    #[saga(rename = "Bank.StolenCard")]
    Stolen {
        /// The card.
        number: String,
    },
    /// The bank's own.
    #[error(transparent)]
    #[saga(transparent)]
    Bank(#[from] BankError),
    /// What nobody foresaw.
    #[error("the provider does not answer")]
    #[saga(unknown)]
    Unforeseen(#[source] BoxError),
}

/// Why the bank refused.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum BankError {
    /// Not today.
    #[error("the bank is closed")]
    BankClosed,
}

impl Handler for Charge {
    async fn handle(self, app: &Counter, cx: &Context) -> Result<Charged, ChargeError> {
        let asked_before = app.0.fetch_add(1, Ordering::Relaxed);
        let number = self
            .cards
            .first()
            .map(|card| card.number.clone())
            .unwrap_or_default();
        let key = cx.idempotency_key();
        let text = act(self.asks, &number).await?;
        Ok(Charged {
            key,
            asked_before,
            text,
        })
    }
}

async fn act(asks: Asks, number: &str) -> Result<Option<String>, ChargeError> {
    match asks {
        Asks::PanicAtOnce => panic!("at once"),
        _ => tokio::task::yield_now().await,
    }
    match asks {
        Asks::AnswerTooMuch => return Ok(Some("x".repeat(262_144))),
        Asks::Refuse => return Err(ChargeError::CardRefused),
        Asks::Throttle => return Err(ChargeError::Throttled),
        Asks::RefuseCard => {
            return Err(ChargeError::Stolen {
                number: number.into(),
            });
        }
        Asks::RefuseBank => return Err(BankError::BankClosed.into()),
        Asks::FailOtherwise => {
            return Err(ChargeError::Unforeseen(
                format!("socket for {number} closed").into(),
            ));
        }
        Asks::Panic => panic!("what to do with {number}?"),
        Asks::PanicWithoutMessage => std::panic::panic_any(7),
        Asks::PanicInTask => tokio::spawn(async { panic!("in a task") })
            .await
            .unwrap_or(()),
        Asks::PanicOfTask => {
            let task = tokio::spawn(async { panic!("of a task") });
            let panic = task.await.err().map(tokio::task::JoinError::into_panic);
            std::panic::resume_unwind(panic.unwrap_or_else(|| Box::new("none")))
        }
        Asks::Log => tracing::info!(number, tries = 2, "trying {number}"),
        Asks::Dawdle => tokio::time::sleep(Duration::from_secs(1)).await,
        Asks::Answer | Asks::PanicAtOnce => {}
    }
    Ok(None)
}

/// A step whose error is boxed.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = Box<BankError>)]
pub struct Boxed {
    /// What the handler is to do.
    pub asks: Asks,
}

impl Handler for Boxed {
    async fn handle(self, (): &(), _: &Context) -> Result<(), Box<BankError>> {
        match self.asks {
            Asks::Answer => Ok(()),
            _ => Err(Box::new(BankError::BankClosed)),
        }
    }
}

/// A step without input, output and error.
#[derive(Serialize, Deserialize, SagaStep)]
#[step()]
pub struct Nothing {}

impl Handler for Nothing {
    async fn handle(self, (): &(), _: &Context) -> Result<(), saga_dsl::error::Never> {
        Ok(())
    }
}

/// A table.
#[derive(SagaTable)]
#[table(item = Card, partition_key = expiry_date: String, isolation = none("nothing is written to it"))]
pub struct Cards;

/// A topic.
#[derive(SagaTopic)]
#[topic(message = Charged)]
pub struct Charges;

/// A queue.
#[derive(SagaQueue)]
#[queue(message = Charged)]
pub struct Work;

/// A step that uses resources, and says their names.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Vec<String>, error = ReachError, uses(Cards(get), Charges(publish), Work(send)))]
pub struct Reach {}

/// What is not in reach.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum ReachError {
    /// A resource.
    #[error("no resource")]
    NoResource(#[from] saga_lambda::MissingResource),
}

impl Handler for Reach {
    async fn handle(self, (): &(), _: &Context) -> Result<Vec<String>, ReachError> {
        Ok(vec![
            saga_lambda::table_name::<Cards>()?,
            saga_lambda::topic_arn::<Charges>()?,
            saga_lambda::queue_url::<Work>()?,
        ])
    }
}

/// A step that reads its secrets, and says them.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Vec<String>, error = KeysError, secrets(KEY = secrets_manager("bank/key"), SALT = ssm("/bank/salt")))]
pub struct Keys {}

/// What is not to be read.
#[derive(Debug, thiserror::Error, SagaError)]
pub enum KeysError {
    /// A secret.
    #[error("{0}")]
    NoSecret(#[from] saga_lambda::secret::NoSecret),
}

impl Handler for Keys {
    async fn handle(self, (): &(), _: &Context) -> Result<Vec<String>, KeysError> {
        Ok(vec![
            saga_lambda::secret::secret("KEY").await?,
            saga_lambda::secret::parameter("SALT").await?,
        ])
    }
}

/// A step that forgot to say what it uses.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = String, error = ReachError)]
pub struct Unreachable {}

impl Handler for Unreachable {
    async fn handle(self, (): &(), _: &Context) -> Result<String, ReachError> {
        Ok(saga_lambda::table_name::<Cards>()?)
    }
}

/// State that cannot be made.
pub struct NoDatabase;

impl App for NoDatabase {
    async fn start() -> Result<Self, BoxError> {
        let cause = std::io::Error::other("connection refused");
        Err(Box::new(Unforeseen(cause)))
    }
}

/// An error with a cause.
#[derive(Debug, thiserror::Error)]
#[error("no database")]
struct Unforeseen(#[source] std::io::Error);

/// A step of a process that does not start.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = NoDatabase)]
pub struct FailsToStart {}

impl Handler for FailsToStart {
    async fn handle(self, _: &NoDatabase, _: &Context) -> Result<(), saga_dsl::error::Never> {
        Ok(())
    }
}

/// State whose making panics.
pub struct NoConfiguration;

impl App for NoConfiguration {
    async fn start() -> Result<Self, BoxError> {
        panic!("no configuration")
    }
}

/// Another step of a process that does not start.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = NoConfiguration)]
pub struct PanicsAtStart {}

impl Handler for PanicsAtStart {
    async fn handle(self, _: &NoConfiguration, _: &Context) -> Result<(), saga_dsl::error::Never> {
        Ok(())
    }
}

/// A saga that goes by events.
#[derive(Saga)]
pub struct Shipping;

impl Saga for Shipping {
    type Input = Parcel;
    type Output = Shipped;

    fn define<'s>(mut saga: Flow<'s, '_>, parcel: Ref<'s, Parcel>) -> Completed<'s, Shipped> {
        let packed = saga.step(
            PackRef {
                goods: parcel.goods,
            }
            .compensate(|packed| UnpackRef {
                label: packed.map(|packed| packed.label),
            }),
        );
        let (saga, _) = saga.pivot(SendRef {
            asks: parcel.asks,
            label: packed.label,
        });
        saga.complete(ShippedRef {
            label: packed.label,
        })
    }
}

/// What is sent.
#[derive(Serialize, Deserialize, SagaData)]
pub struct Parcel {
    /// What is in it.
    pub goods: String,
    /// What the carrier is to do.
    pub asks: Asks,
}

/// What was sent.
#[derive(Serialize, Deserialize, SagaData)]
pub struct Shipped {
    /// Its label.
    pub label: String,
}

/// Packs it: what a label is made of is how often the process was asked.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = Shipped, compensation = Unpack, app = Counter)]
pub struct Pack {
    /// What is packed.
    pub goods: String,
}

impl Handler for Pack {
    async fn handle(self, app: &Counter, _: &Context) -> Result<Shipped, saga_dsl::error::Never> {
        let packed = app.0.fetch_add(1, Ordering::Relaxed);
        Ok(Shipped {
            label: format!("{} {packed}", self.goods),
        })
    }
}

/// Unpacks it.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(output = u32, app = Counter)]
pub struct Unpack {
    /// The label, if there is one.
    pub label: Option<String>,
}

impl Handler for Unpack {
    async fn handle(self, app: &Counter, _: &Context) -> Result<u32, saga_dsl::error::Never> {
        Ok(app.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Sends it.
#[derive(Serialize, Deserialize, SagaStep)]
#[step(error = ChargeError)]
pub struct Send {
    /// What the carrier is to do.
    pub asks: Asks,
    /// Its label.
    pub label: String,
}

impl Handler for Send {
    async fn handle(self, (): &(), _: &Context) -> Result<(), ChargeError> {
        act(self.asks, "").await.map(|_| ())
    }
}

/// Begins sagas, and says where they are.
#[derive(SagaApi)]
#[api(app = Door, authorizer = Keeper, uses(Shipping(start, view)))]
pub enum DoorApi {
    /// Is it open?
    #[get("/door")]
    Look,
    /// Panics.
    #[delete("/door")]
    Break,
    /// Begins a saga.
    #[post("/door/{key}")]
    Begin { key: String },
    /// Where it is.
    #[get("/door/{key}")]
    See { key: String },
}

/// What the API needs.
pub struct Door(Sagas);

impl App for Door {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self(Sagas::of_function()))
    }
}

/// What is asked for.
#[derive(Deserialize)]
struct Wish {
    goods: String,
}

impl Api for DoorApi {
    async fn answer(
        self,
        request: &saga_dsl::api::Request,
        Door(door): &Door,
    ) -> Result<Answer, Refusal> {
        let closed = |problem: sagas::Unreachable| Refusal::unavailable(problem.to_string());
        match self {
            Self::Look => Ok(Answer::ok("open")),
            Self::Break => panic!("broken"),
            Self::Begin { key } => {
                let Wish { goods } = request.json()?;
                let asks = Asks::Answer;
                let begun = door.begin::<Shipping>(&key, &Parcel { goods, asks }).await;
                Ok(Answer::ok(&format!("{:?}", begun.map_err(closed)?)))
            }
            Self::See { key } => {
                let status = door.status::<Shipping>(&key).await.map_err(closed)?;
                Ok(Answer::ok(&status.map(|status| status.name())))
            }
        }
    }
}

/// Lets friends in.
#[derive(SagaAuthorizer)]
pub struct Keeper;

impl Authorizer for Keeper {
    async fn admit(token: &str, _: std::time::SystemTime, (): &()) -> Result<Grant, Denied> {
        match token {
            "panic" => panic!("broken"),
            "foe" => Err(Denied("a foe".into())),
            "*" => Ok(Grant::to("*").allow(Method::Get, "/door/*")),
            name => Ok(Grant::to(name).allow(Method::Get, "/door")),
        }
    }
}
