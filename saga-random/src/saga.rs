//! A random manifest.

use std::collections::BTreeSet;

use saga_manifest::deployment::Deployment;
use saga_manifest::expr::Expr;
use saga_manifest::flow::Block;
use saga_manifest::handler::Handler;
use saga_manifest::place::Place;
use saga_manifest::resource::{Isolation, Key, KeyKind, Origin, Queue, Table, Topic};
use saga_manifest::saga::{Data, Ending, Notification, Saga};
use saga_manifest::step::{Call, Kind};
use saga_manifest::task::Task;
use saga_manifest::{Manifest, VERSION};

use crate::flow::{Size, Writer};
use crate::nested::Package;
use crate::task::{self, isolated};

/// The name of every random saga.
pub const NAME: &str = "Random";

/// What a random saga tells of: each of its endings.
const TOLD: [(&str, Ending); 3] = [
    ("Cheer", Ending::Completed),
    ("Regret", Ending::Compensated),
    ("Warn", Ending::Parked),
];

/// The package of a seed: its first saga has up to 40 steps, those of the sagas that it runs among them,
/// nested up to four deep.
#[must_use]
pub fn random(seed: u64) -> Manifest {
    let size = Size {
        steps: match seed % 4 {
            0 => 8,
            1 => 16,
            2 => 24,
            _ => 40,
        },
        depth: seed % 5,
        sagas: seed % 3,
        services: true,
    };
    sized(seed, size)
}

/// The package of a seed, of up to that size.
#[must_use]
pub fn sized(seed: u64, size: Size) -> Manifest {
    let mut writer = Writer::new(seed, size);
    let body = writer.body(size.depth);
    let told = notifications(&mut writer);
    let Package {
        mut sagas,
        unfenced,
        ..
    } = writer.package;
    sagas.insert(0, saga(NAME, body, told));
    of_sagas(sagas, &unfenced)
}

/// A manifest of these sagas, with what they name.
fn of_sagas(sagas: Vec<Saga>, unfenced: &BTreeSet<String>) -> Manifest {
    let mut handlers: Vec<Handler> = Vec::new();
    for call in sagas.iter().flat_map(calls) {
        if let Task::Lambda { handler: name, .. } = &call.task
            && handlers.iter().all(|known| known.name != *name)
        {
            let unfenced = unfenced.contains(name);
            handlers.push(handler(name, unfenced));
        }
    }
    Manifest {
        version: VERSION,
        sagas,
        handlers,
        tables: tables(),
        topics: vec![topic()],
        queues: vec![queue()],
        deployment: Deployment::default(),
        apis: Vec::new(),
        authorizers: Vec::new(),
        problems: Vec::new(),
    }
}

/// All calls of a saga.
pub(crate) fn calls(saga: &Saga) -> Vec<&Call> {
    let steps = saga.body.all_steps().into_iter();
    let calls = steps.flat_map(|step| {
        let undo = match &step.kind {
            Kind::Compensatable { compensation } => Some(&**compensation),
            _ => None,
        };
        std::iter::once(&step.call).chain(undo)
    });
    let told = saga.notifications.iter();
    calls.chain(told.map(|told| &told.call)).collect()
}

/// A saga of this body.
pub(crate) fn saga(name: &str, body: Block, notifications: Vec<Notification>) -> Saga {
    Saga {
        name: name.into(),
        description: None,
        place: place(),
        input: data(),
        output: data(),
        body,
        notifications,
        history_key: None,
        triggers: Vec::new(),
    }
}

/// What a saga tells of its endings.
pub(crate) fn notifications(writer: &mut Writer) -> Vec<Notification> {
    let mut told = Vec::new();
    for (name, on) in TOLD {
        if writer.dice.chance(300) {
            let name = writer.name(name);
            let nothing = Expr::Literal(serde_json::json!({}));
            let call = match writer.dice.below(3) {
                0 => task::publish(&name, nothing, &mut writer.dice),
                1 => task::send(&name, nothing, &mut writer.dice),
                _ => task::handler(&name, nothing, writer.services, &mut writer.dice),
            };
            told.push(Notification {
                name,
                description: None,
                place: writer.place(),
                on,
                call,
            });
        }
    }
    told
}

fn handler(name: &str, unfenced: bool) -> Handler {
    Handler {
        name: name.into(),
        description: None,
        place: place(),
        input: data(),
        output: data(),
        timeout_seconds: 10,
        memory_mib: None,
        concurrency: None,
        environment: Vec::new(),
        secrets: Vec::new(),
        unfenced: unfenced.then(|| "naturally idempotent because it sets what it is given".into()),
        uses: Vec::new(),
    }
}

fn tables() -> Vec<Table> {
    let own = Isolation::None("each row is one step's own".into());
    let mut tables = vec![table(task::TABLE, own)];
    tables.extend(isolated::tables().map(|(name, isolation)| table(name, isolation)));
    tables
}

fn table(name: &str, isolation: Isolation) -> Table {
    let key = |name: &str| Key {
        name: name.into(),
        kind: KeyKind::String,
    };
    Table {
        name: name.into(),
        description: None,
        place: place(),
        origin: Origin::Created,
        partition_key: key(task::STEP),
        sort_key: Some(key(task::ITEM)),
        indexes: Vec::new(),
        isolation,
    }
}

fn topic() -> Topic {
    Topic {
        name: task::TOPIC.into(),
        description: None,
        place: place(),
        origin: Origin::Created,
    }
}

fn queue() -> Queue {
    Queue {
        name: task::QUEUE.into(),
        description: None,
        place: place(),
        origin: Origin::Created,
        visibility_timeout_seconds: 30,
        retention_seconds: 345_600,
        dead_letter_after: None,
        subscriptions: Vec::new(),
    }
}

fn data() -> Data {
    Data {
        schema: serde_json::json!({ "type": "object" }),
        sensitive: Vec::new(),
    }
}

fn place() -> Place {
    Place {
        file: "src/random.rs".into(),
        line: 1,
        column: 1,
    }
}
