//! Manifests, written by hand.

pub mod blocks;
mod fare_processing;

pub use fare_processing::fare_processing;

use saga_compiler::{Architecture, Definitions, Diagnostic, Options, Output};
use saga_manifest::deployment::Deployment;
use saga_manifest::error::{DeclaredError, Outcome, RetryPolicy};
use saga_manifest::expr::{Expr, ObjectField, Presence};
use saga_manifest::flow::{Block, End, Node};
use saga_manifest::handler::Handler;
use saga_manifest::place::Place;
use saga_manifest::resource::{Isolation, Key, KeyKind, Origin, Table};
use saga_manifest::saga::{Data, Ending, Notification, Saga};
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::Task;
use saga_manifest::{Manifest, VERSION};

/// A line of a source file that does not exist.
pub fn line(line: u32) -> Place {
    Place {
        file: "src/saga.rs".into(),
        line,
        column: 9,
    }
}

pub fn options() -> Options {
    Options {
        package: "fare-processing".into(),
        code_uri: "examples/fare-processing".into(),
        binary: "fare-processing".into(),
        architecture: Architecture::X86_64,
        definitions: Definitions::Inline,
    }
}

/// Compiles a manifest that has no mistakes.
#[track_caller]
pub fn compile(manifest: &Manifest) -> Output {
    let found = saga_compiler::compile(manifest, &options());
    found.unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)))
}

/// All mistakes as text.
pub fn shown(mistakes: &[Diagnostic]) -> String {
    mistakes
        .iter()
        .map(|mistake| format!("{mistake}\n"))
        .collect()
}

pub fn data() -> Data {
    Data {
        schema: serde_json::json!({ "type": "object" }),
        sensitive: Vec::new(),
    }
}

pub fn empty() -> Manifest {
    Manifest {
        version: VERSION,
        sagas: Vec::new(),
        handlers: Vec::new(),
        tables: Vec::new(),
        topics: Vec::new(),
        queues: Vec::new(),
        deployment: Deployment::default(),
        apis: Vec::new(),
        authorizers: Vec::new(),
        problems: Vec::new(),
    }
}

/// A saga of these steps, with the handlers that they name.
pub fn saga(steps: Vec<Step>) -> Manifest {
    let mut manifest = empty();
    for step in &steps {
        register(&step.call, &mut manifest);
        if let Kind::Compensatable { compensation } = &step.kind {
            register(compensation, &mut manifest);
        }
    }
    manifest.sagas.push(Saga {
        name: "Order".into(),
        description: None,
        place: line(1),
        input: data(),
        output: data(),
        body: Block::of_steps(steps, End::Complete(Expr::Literal(serde_json::Value::Null))),
        notifications: Vec::new(),
        history_key: None,
        triggers: Vec::new(),
    });
    manifest
}

/// The step at this position of a linear saga.
pub fn step_at(saga: &mut Saga, position: usize) -> &mut Step {
    match &mut saga.body.nodes[position] {
        Node::Step(step) => step,
        other => panic!("`{}` is no step", other.name()),
    }
}

fn register(call: &Call, manifest: &mut Manifest) {
    if let Task::Lambda { handler: name, .. } = &call.task
        && !manifest
            .handlers
            .iter()
            .any(|handler| handler.name == *name)
    {
        manifest.handlers.push(handler(name));
    }
}

pub fn handler(name: &str) -> Handler {
    Handler {
        name: name.into(),
        description: None,
        place: line(900),
        input: data(),
        output: data(),
        timeout_seconds: 10,
        memory_mib: None,
        concurrency: None,
        environment: Vec::new(),
        secrets: Vec::new(),
        unfenced: None,
        uses: Vec::new(),
    }
}

/// A table that the stack creates, with a key that is a string.
pub fn table(name: &str, key: &str) -> Table {
    Table {
        name: name.into(),
        description: None,
        place: line(100),
        origin: Origin::Created,
        partition_key: Key {
            name: key.into(),
            kind: KeyKind::String,
        },
        sort_key: None,
        indexes: Vec::new(),
        isolation: Isolation::None("nobody else writes there".into()),
    }
}

/// A call of a task without declared errors.
pub fn call(task: Task) -> Call {
    Call {
        description: None,
        task,
        errors: Vec::new(),
        retry_others: None,
        timeout_seconds: 10,
        heartbeat_seconds: None,
        events: Default::default(),
    }
}

/// A call of a handler.
pub fn invoke(handler: &str, input: Expr) -> Call {
    call(Task::Lambda {
        handler: handler.into(),
        input,
    })
}

/// A call of a handler with nothing.
pub fn work(handler: &str) -> Call {
    invoke(handler, Expr::Literal(serde_json::json!({})))
}

pub fn step(name: &str, kind: Kind, call: Call) -> Step {
    Step {
        name: name.into(),
        description: None,
        place: line(10),
        kind,
        call,
    }
}

/// A step of a handler of its own name, undone by one that is named after it.
pub fn compensatable(name: &str) -> Step {
    let undo = work(&format!("Revert{name}"));
    let compensation = Box::new(Call {
        retry_others: Some(policy(3)),
        ..undo
    });
    step(name, Kind::Compensatable { compensation }, work(name))
}

pub fn pivot(name: &str) -> Step {
    step(name, Kind::Pivot, work(name))
}

pub fn retriable(name: &str) -> Step {
    step(name, Kind::Retriable, work(name))
}

pub fn read_only(name: &str) -> Step {
    step(name, Kind::ReadOnly, work(name))
}

pub fn notification(name: &str, on: Ending, call: Call) -> Notification {
    Notification {
        name: name.into(),
        description: None,
        place: line(50),
        on,
        call,
    }
}

pub fn known(name: &str) -> DeclaredError {
    DeclaredError {
        name: name.into(),
        outcome: Outcome::NotDone,
        settled: false,
        reason: None,
        retry: None,
    }
}

/// One that speaks of all attempts.
pub fn settled(name: &str) -> DeclaredError {
    DeclaredError {
        settled: true,
        ..known(name)
    }
}

pub fn unknown(name: &str) -> DeclaredError {
    DeclaredError {
        name: name.into(),
        outcome: Outcome::Unknown,
        settled: false,
        reason: None,
        retry: None,
    }
}

pub fn retried(error: DeclaredError, max_attempts: u32) -> DeclaredError {
    DeclaredError {
        retry: Some(policy(max_attempts)),
        ..error
    }
}

pub fn policy(max_attempts: u32) -> RetryPolicy {
    RetryPolicy {
        interval_seconds: 1,
        max_attempts,
        backoff_rate: 2.0,
        max_delay_seconds: None,
        jitter: false,
    }
}

pub fn field(of: Expr, name: &str) -> Expr {
    read(of, name, Presence::Required)
}

pub fn read(of: Expr, name: &str, presence: Presence) -> Expr {
    Expr::Field {
        of: Box::new(of),
        name: name.into(),
        presence,
    }
}

pub fn input(name: &str) -> Expr {
    field(Expr::Input, name)
}

pub fn text(text: &str) -> Expr {
    Expr::Literal(text.into())
}

pub fn object<const N: usize>(fields: [(&str, Expr); N]) -> Expr {
    let fields = fields.into_iter().map(|(name, value)| ObjectField {
        name: name.into(),
        value,
        skip_null: false,
    });
    Expr::Object(fields.collect())
}
