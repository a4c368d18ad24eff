//! Runs, each on a thread of its own: real handlers, embedded services.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use saga_asl::data::Data;
use saga_graph::{Canvas, Graph};
use saga_local::http::Server;
use saga_local::lambda::Functions;
use saga_local::saga::{
    Answers, Backend, Callbacks, Clock, Driver, Faults, Play, Played, Prepared,
};
use saga_local::services::Embedded;
use serde_json::{Value, json};

use crate::describe::prepared;
use crate::order::Order;
use crate::picture;
use crate::record::{Line, Record};
use crate::recorder::Recorder;
use crate::workshop::{Built, Problem};

/// Runs at one time. Each has processes of its own.
const AT_ONCE: usize = 4;

/// Runs that are remembered. An execution has 25,000 events at most.
const REMEMBERED: usize = 20;

/// The runs since the studio was opened.
#[derive(Default)]
pub(crate) struct Runs(Mutex<Known>);

#[derive(Default)]
struct Known {
    records: BTreeMap<u64, Arc<Record>>,
    threads: Vec<JoinHandle<()>>,
    last: u64,
}

impl Runs {
    /// Begins a run, and gives its number.
    ///
    /// # Errors
    /// When the order cannot be carried out, or too many runs go on.
    pub(crate) fn begin(&self, built: Arc<Built>, order: &Order) -> Result<u64, Problem> {
        let saga = prepared(&built, &order.saga)?;
        let checked = order.check(&saga)?;
        let graph = picture::graph(&built.manifest, &built.definitions, &order.saga);
        let graph = graph.ok_or_else(|| Problem::new("the saga was not compiled", ""))?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let going_on = known.records.values().filter(|record| !record.has_ended());
        if going_on.count() >= AT_ONCE {
            let message = format!("{AT_ONCE} runs go on");
            return Err(Problem::new(
                message,
                "wait until one has ended, or stop it",
            ));
        }
        let record = Arc::new(Record::new());
        let run = Run {
            built,
            saga,
            graph,
            record: Arc::clone(&record),
            faults: checked.faults,
            answers: checked.answers,
            aborts: checked.aborts,
            redrives: order.redrive,
        };
        known.last += 1;
        let number = known.last;
        known.records.insert(number, record);
        if known.records.len() > REMEMBERED {
            let ended = known.records.iter().find(|(_, record)| record.has_ended());
            if let Some(oldest) = ended.map(|(number, _)| *number) {
                known.records.remove(&oldest);
            }
        }
        known.threads.retain(|thread| !thread.is_finished());
        known
            .threads
            .push(thread::spawn(move || run.perform(checked.input)));
        Ok(number)
    }

    pub(crate) fn record(&self, number: u64) -> Option<Arc<Record>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.records.get(&number).cloned()
    }

    /// Stops all runs, and waits for their processes to end.
    pub(crate) fn close(&self) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.records.values().for_each(|record| record.stop());
        for thread in known.threads.drain(..) {
            // INVARIANT: a thread that panicked has dropped its processes.
            let _ = thread.join();
        }
    }
}

struct Run {
    built: Arc<Built>,
    saga: Prepared,
    graph: Graph,
    record: Arc<Record>,
    faults: Faults,
    answers: Answers,
    aborts: bool,
    redrives: bool,
}

impl Run {
    fn perform(self, input: Data) {
        let record = Arc::clone(&self.record);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let ended = match runtime {
            Ok(runtime) => runtime.block_on(self.play(input)),
            Err(error) => Err(format!("cannot start: {error}")),
        };
        if let Err(problem) = ended {
            let line = Line {
                kind: "Ended".into(),
                ended: Some(json!({ "problem": problem })),
                ..Line::default()
            };
            record.push(vec![(line, None)]);
        }
        record.end();
    }

    async fn play(self, input: Data) -> Result<(), String> {
        let began = Instant::now();
        let callbacks = Callbacks::default();
        let services = Embedded::of(&self.built.manifest);
        let server = Server::start_with(services.clone(), callbacks.clone()).await;
        let server =
            server.map_err(|error| format!("no port on the loopback interface: {error}"))?;
        let functions = server.known_to(&self.saga.functions);
        let (functions, mut logs) = Functions::new(self.built.executable.clone(), functions);
        let functions = Arc::new(functions);
        // What handlers print is read, so that they never wait for us, and not shown.
        let printing = tokio::spawn(async move { while logs.recv().await.is_some() {} });
        let play = Play {
            saga: &self.saga,
            driver: Driver {
                backend: Backend {
                    handlers: Arc::clone(&functions) as _,
                    services: Arc::new(services.clone()),
                },
                faults: self.faults,
                answers: self.answers,
                callbacks,
                clock: Clock::skipping(),
                execution: saga_local::execution_name(),
                seed: 0,
            },
            recovers: self.aborts,
            redrives: self.redrives,
            stop: self.record.stopped(),
        };
        let canvas = Canvas::of(&self.graph);
        let saga = &self.saga.saga;
        let mut recorder = Recorder::new(Arc::clone(&self.record), saga, &canvas, services);
        let played = play.run(input, &mut recorder).await;
        drop(play);
        functions.stop().await;
        printing.abort();
        let mut ended = told(&played.map_err(|error| error.to_string())?);
        if let Value::Object(members) = &mut ended {
            let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            members.insert("took".into(), took.into());
            members.insert("states".into(), json!(recorder.states));
        }
        recorder.say(Line {
            kind: "Ended".into(),
            said: ended
                .get("ending")
                .and_then(Value::as_str)
                .map(str::to_owned),
            ended: Some(ended),
            ..Line::default()
        });
        Ok(())
    }
}

/// How a saga ended: `ending`, `redrivenFrom`, `output`, `error`, `cause`.
fn told(played: &Played) -> Value {
    let ended = played.ended();
    let outcome = &ended.outcome;
    let failure = outcome.failure.as_ref();
    json!({
        "ending": ended.ending.name(),
        "redrivenFrom": played.redriven_from.map(saga_local::saga::Ending::name),
        "output": outcome.output,
        "error": failure.and_then(|failure| failure.error.clone()),
        "cause": failure.and_then(|failure| failure.cause.clone()),
    })
}
