//! A random manifest.

use saga_manifest::flow::Block;
use saga_manifest::handler::Handler;
use saga_manifest::place::Place;
use saga_manifest::saga::{Data, Ending, Notification, Saga};
use saga_manifest::step::{Call, Kind};
use saga_manifest::task::Task;
use saga_manifest::{Manifest, VERSION};

use crate::dice::Dice;
use crate::flow::{Size, Writer};

/// The name of every random saga.
pub const NAME: &str = "Random";

/// What a random saga tells of: each of its endings.
const TOLD: [(&str, Ending); 3] = [
    ("Cheer", Ending::Completed),
    ("Regret", Ending::Compensated),
    ("Warn", Ending::Parked),
];

/// The saga of a seed. Up to 40 steps, nested up to four deep.
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
    };
    sized(seed, size)
}

/// The saga of a seed, of up to that size.
#[must_use]
pub fn sized(seed: u64, size: Size) -> Manifest {
    let body = Writer::new(seed, size).body(size);
    let mut dice = Dice::new(!seed);
    let notifications = TOLD.into_iter().filter(|_| dice.chance(300));
    let notifications = notifications.map(|(name, on)| notification(name, on));
    let notifications = notifications.collect();
    of_body(body, notifications)
}

/// A manifest of one saga of this body, with the handlers that it names.
#[must_use]
pub fn of_body(body: Block, notifications: Vec<Notification>) -> Manifest {
    let calls = body.all_steps().into_iter().flat_map(|step| {
        let undo = match &step.kind {
            Kind::Compensatable { compensation } => Some(&**compensation),
            _ => None,
        };
        std::iter::once(&step.call).chain(undo)
    });
    let told = notifications.iter().map(|notification| &notification.call);
    let mut handlers: Vec<Handler> = Vec::new();
    for call in calls.chain(told) {
        if let Task::Lambda { handler: name, .. } = &call.task
            && handlers.iter().all(|known| known.name != *name)
        {
            handlers.push(handler(name));
        }
    }
    Manifest {
        version: VERSION,
        sagas: vec![Saga {
            name: NAME.into(),
            description: None,
            place: place(),
            input: data(),
            output: data(),
            body,
            notifications,
            history_key: None,
        }],
        handlers,
        tables: Vec::new(),
        topics: Vec::new(),
        queues: Vec::new(),
        problems: Vec::new(),
    }
}

fn notification(name: &str, on: Ending) -> Notification {
    Notification {
        name: name.into(),
        description: None,
        place: place(),
        on,
        call: Call {
            description: None,
            task: Task::Lambda {
                handler: name.into(),
                input: saga_manifest::expr::Expr::Literal(serde_json::json!({})),
            },
            errors: Vec::new(),
            retry_others: None,
            timeout_seconds: 10,
            heartbeat_seconds: None,
        },
    }
}

fn handler(name: &str) -> Handler {
    Handler {
        name: name.into(),
        description: None,
        place: place(),
        input: data(),
        output: data(),
        timeout_seconds: 10,
        memory_mib: None,
        environment: Vec::new(),
        secrets: Vec::new(),
        unfenced: None,
        uses: Vec::new(),
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
