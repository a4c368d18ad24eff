//! What functions call, and what recovers sagas: real runs, undisturbed, with each state's answer lost, and
//! aborted in each state.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use saga_asl::data::Data;
use saga_engine::execution::Status;
use saga_local::http::Server;
use saga_local::lambda::{Function, FunctionError, Functions};
use saga_local::saga::{
    Answer, Answers, Backend, Callbacks, Clock, Driver, Fault, Faults, Handlers, Integrations,
    Prepared, Working,
};
use saga_local::services::{CallError, Embedded, ServiceFailure};
use serde_json::Value;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::watch;

use crate::account::Account;
use crate::api;
use crate::example::Example;
use crate::granted::{Grants, of_type, target};
use crate::machines::note;

/// What stands for the values of all parameters of templates.
pub const PARAMETER: &str = "shop";

/// Rows that sagas need: of a package, in a table.
const ROWS: [(&str, &str, &str); 1] = [(
    "order-choreography",
    "Inventory",
    r#"{"id": "lamp", "stock": 5, "price": 1999, "version": 1, "isWithdrawn": false}"#,
)];

/// A saga that has to have completed before another one finds something to do, on this input.
const BEFORE: [(&str, &str); 1] = [("OrderCancellation", "OrderPlacement")];

/// What people answer.
const ANSWER: &str = "{}";

struct Stage<'e> {
    example: &'e Example,
    account: Account,
    handlers: Arc<Functions>,
    beside: Handle,
    used: &'e mut Grants,
}

fn runtime() -> Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap()
}

/// A thread for the embedded services: whoever looks at the account may wait for one of its answers, which waits
/// for them.
fn beside() -> Handle {
    let runtime = runtime();
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    handle
}

/// Runs everything, and notes what was called.
pub fn run(example: &Example, used: &mut Grants) {
    runtime().block_on(async {
        let account = Account::start();
        let functions = functions(example, &account);
        let (handlers, mut logs) = Functions::new(example.executable.clone(), functions);
        tokio::spawn(async move { while logs.recv().await.is_some() {} });
        let mut stage = Stage {
            example,
            account,
            handlers: Arc::new(handlers),
            beside: beside(),
            used,
        };
        stage.all().await;
        stage.note_requests();
    });
}

impl Stage<'_> {
    async fn all(&mut self) {
        for saga in &self.example.manifest.sagas {
            let prepared = prepared(self.example, &saga.name);
            let inputs = self.example.inputs(&prepared);
            for input in inputs.values() {
                self.one(&prepared, input, None).await;
            }
            let model = saga_verify::model::manifest::inputs(saga);
            let input = inputs.get("completed").or(inputs.get("order"));
            let input = input.or(inputs.values().next()).or(model.first()).unwrap();
            for state in &prepared.tasks {
                for fault in [Fault::Timeout, Fault::Abort] {
                    self.one(&prepared, input, Some((state, fault))).await;
                }
            }
            let undos = prepared.tasks.iter().filter(|state| is_undo(state));
            for state in undos {
                for input in inputs.values() {
                    self.one(&prepared, input, Some((state, Fault::Abort)))
                        .await;
                }
            }
        }
        let (services, _server) = self.services().await;
        api::call(self.example, &self.handlers, &self.account, &services).await;
    }

    /// New services, with the rows that the package's sagas need.
    async fn services(&self) -> (Embedded, Server) {
        let services = Embedded::of(&self.example.manifest);
        for (package, table, row) in ROWS {
            if package == self.example.package {
                let row: Value = serde_json::from_str(row).unwrap();
                services.put(table, row.as_object().unwrap()).unwrap();
            }
        }
        let served = self.beside.spawn(Server::start(services.clone()));
        let server = served.await.unwrap().unwrap();
        self.account.with(|noted| noted.embedded = server.url());
        (services, server)
    }

    /// One execution, on services of its own, and its recovery where it needs one.
    async fn one(&mut self, saga: &Prepared, input: &Value, fault: Option<(&str, Fault)>) {
        let (services, _server) = self.services().await;
        let backend = Backend {
            handlers: Arc::clone(&self.handlers) as _,
            services: Arc::new(services),
        };
        if let Some((_, before)) = BEFORE.iter().find(|(later, _)| *later == saga.saga) {
            let before = prepared(self.example, before);
            let input = &self.example.inputs(&before)["order"];
            self.play(&before, input, None, &backend).await;
        }
        self.play(saga, input, fault, &backend).await;
    }

    async fn play(
        &mut self,
        saga: &Prepared,
        input: &Value,
        fault: Option<(&str, Fault)>,
        backend: &Backend,
    ) {
        let execution = saga_local::execution_name();
        let driver = |faults| Driver {
            backend: backend.clone(),
            faults,
            answers: answers(saga),
            callbacks: Callbacks::default(),
            clock: Clock::skipping(),
            execution: execution.clone(),
            seed: 0,
        };
        let mut faults = Faults::default();
        if let Some((state, fault)) = fault {
            faults.add(state, fault, &saga.tasks).unwrap();
        }
        let input: Data = serde_json::from_value(input.clone()).unwrap();
        let (_running, stop) = watch::channel(false);
        let ended = driver(faults)
            .run(saga, input.clone(), stop.clone(), &mut |_| ())
            .await
            .unwrap();
        note(
            self.example,
            &saga.saga,
            ended.execution.history(),
            self.used,
        );
        for nested in &ended.nested {
            note(
                self.example,
                &nested.machine,
                nested.execution.history(),
                self.used,
            );
        }
        // The rule starts a recovery after every end; what it does where all it calls fails is seen, too.
        let refusing = Backend {
            handlers: Arc::new(Refusing),
            services: Arc::new(Refusing),
        };
        let aborted = ended.outcome.status == Status::Aborted;
        for backend in [Some(backend), aborted.then_some(&refusing)]
            .into_iter()
            .flatten()
        {
            let driver = Driver {
                backend: backend.clone(),
                ..driver(Faults::default())
            };
            let recovered = driver
                .recover(saga, &input, &ended, stop.clone(), &mut |_| ())
                .await;
            let Some(recovered) = recovered.unwrap() else {
                continue;
            };
            let own = format!("{}Recovery", saga.saga);
            note(self.example, &own, recovered.execution.history(), self.used);
            for nested in &recovered.nested {
                note(
                    self.example,
                    &nested.machine,
                    nested.execution.history(),
                    self.used,
                );
            }
        }
    }

    /// What the functions asked of the account.
    fn note_requests(&mut self) {
        let functions: BTreeMap<&str, (&str, &Value)> =
            of_type(&self.example.template, "AWS::Serverless::Function")
                .map(|(id, function)| (function["Handler"].as_str().unwrap(), (id, function)))
                .collect();
        let calls = self.account.with(|noted| noted.calls.clone());
        for (handler, action, on) in calls {
            let (_, function) = functions[handler.as_str()];
            let own = self.used.entry(target(&function["Role"])).or_default();
            own.insert((action, self.example.named(&stored(function, &on))));
        }
    }
}

/// A state that undoes something, of this saga or of one that it runs.
fn is_undo(state: &str) -> bool {
    let name = state.rsplit('/').next().unwrap();
    name.starts_with("Undo")
}

/// Functions and services that fail whatever they are asked.
struct Refusing;

impl Handlers for Refusing {
    fn invoke<'a>(
        &'a self,
        _: &'a str,
        _: &'a Value,
        _: saga_local::lambda::Answer,
    ) -> Working<'a, Result<Value, FunctionError>> {
        let failed = FunctionError {
            name: "Lambda.Unknown".into(),
            cause: "it fails whatever it is asked".into(),
        };
        Box::pin(async { Err(failed) })
    }
}

impl Integrations for Refusing {
    fn perform<'a>(
        &'a self,
        service: &'a str,
        _: &'a str,
        _: &'a Value,
        _: i64,
    ) -> Working<'a, Result<Value, CallError>> {
        let failure = ServiceFailure {
            error: format!("{service}.InternalServerError"),
            cause: "it fails whatever it is asked".into(),
        };
        Box::pin(async { Err(failure.into()) })
    }
}

/// A table by its logical id: the function knows its name by a variable.
fn stored(function: &Value, on: &str) -> String {
    let (table, index) = on.split_once("/index").unwrap_or((on, ""));
    let variables = function["Environment"]["Variables"].as_object();
    let mut variables = variables.into_iter().flatten();
    let found = variables.find(|(name, value)| value.is_object() && local(name, value) == table);
    match found {
        Some((_, value)) => target(value) + index,
        None => on.to_owned(),
    }
}

fn prepared(example: &Example, saga: &str) -> Prepared {
    let parameters = example.template["Parameters"].as_object();
    let parameters = parameters.into_iter().flatten();
    let parameters = parameters.map(|(name, _)| (name.clone(), PARAMETER.to_owned()));
    let parameters = parameters.collect();
    Prepared::of(&example.manifest, saga, &example.definitions, &parameters).unwrap()
}

fn answers(saga: &Prepared) -> Answers {
    let mut answers = Answers::default();
    for state in &saga.callbacks {
        let answer = Answer::Succeed(Data::parse(ANSWER).unwrap());
        let after = Duration::from_secs(1);
        answers.add(state, answer, after, &saga.callbacks).unwrap();
    }
    answers
}

/// The functions of the template, each with credentials that name it.
fn functions(example: &Example, account: &Account) -> Vec<Function> {
    let functions = of_type(&example.template, "AWS::Serverless::Function");
    functions
        .map(|(_, function)| {
            let handler = function["Handler"].as_str().unwrap().to_owned();
            let variables = function["Environment"]["Variables"].as_object();
            let variables = variables.into_iter().flatten();
            let variables = variables.map(|(name, value)| (name.clone(), local(name, value)));
            let own = [
                ("AWS_ENDPOINT_URL", account.url()),
                ("AWS_ACCESS_KEY_ID", handler.clone()),
                ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
            ];
            let own = own.map(|(name, value)| (name.to_owned(), value));
            Function {
                name: handler.clone(),
                handler,
                timeout: Duration::from_secs(30),
                memory_mib: 256,
                environment: variables.chain(own).collect(),
            }
        })
        .collect()
}

/// The value of a function's variable on this machine.
fn local(name: &str, value: &Value) -> String {
    if let Some(text) = value.as_str() {
        return text.to_owned();
    }
    if let Some(table) = name.strip_prefix("SAGA_TABLE_") {
        return table.to_owned();
    }
    match target(value) {
        machine if machine.ends_with("StateMachine") => {
            format!("arn:aws:states:us-east-1:123456789012:stateMachine:{machine}")
        }
        table if table.ends_with("Table") => table,
        _ => PARAMETER.to_owned(),
    }
}
