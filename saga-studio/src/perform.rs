//! One run, from its stage to its end: by the saga's state machine, or by events.

use std::sync::Arc;
use std::time::Instant;

use saga_asl::data::Data;
use saga_choreography::Choreography;
use saga_graph::{Canvas, Graph};
use saga_local::saga::{
    Answers, Clock, Driver, Ending, EventDriver, Faults, Play, Played, Prepared,
};
use saga_local::services::Rows;
use serde_json::{Value, json};

use crate::follow::{self, Follower};
use crate::record::{Line, Record};
use crate::recorder::Recorder;
use crate::stage::Stage;
use crate::workshop::Built;

/// A run.
pub(crate) struct Run {
    pub(crate) built: Arc<Built>,
    pub(crate) saga: Prepared,
    /// The saga's steps by events, where they run so.
    pub(crate) choreography: Option<Choreography>,
    pub(crate) graph: Graph,
    pub(crate) record: Arc<Record>,
    pub(crate) faults: Faults,
    pub(crate) answers: Answers,
    pub(crate) rows: Rows,
    pub(crate) aborts: bool,
    pub(crate) redrives: bool,
}

impl Run {
    /// Performs it on this thread.
    pub(crate) fn perform(self, input: Data) {
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
        let Self {
            built,
            saga,
            record,
            ..
        } = &self;
        let stage = Stage::set(built, &saga.functions, &self.rows, &saga.saga, record).await?;
        let canvas = Canvas::of(&self.graph);
        match &self.choreography {
            Some(choreography) => {
                self.follow(choreography, stage, &canvas, input, began)
                    .await
            }
            None => self.execute(stage, &canvas, input, began).await,
        }
    }

    async fn execute(
        &self,
        stage: Stage,
        canvas: &Canvas<'_>,
        input: Data,
        began: Instant,
    ) -> Result<(), String> {
        let play = Play {
            saga: &self.saga,
            driver: Driver {
                backend: stage.backend(),
                faults: self.faults.clone(),
                answers: self.answers.clone(),
                callbacks: stage.callbacks.clone(),
                clock: Clock::skipping(),
                execution: saga_local::execution_name(),
                seed: 0,
            },
            recovers: self.aborts,
            redrives: self.redrives,
            stop: self.record.stopped(),
        };
        let services = stage.services.clone();
        let mut recorder =
            Recorder::new(Arc::clone(&self.record), &self.saga.saga, canvas, services);
        let played = play.run(input, &mut recorder).await;
        drop(play);
        stage.clear().await;
        let ended = told(&played.map_err(|error| error.to_string())?);
        let states = std::mem::take(&mut recorder.states);
        recorder.say(end(ended, &states, began));
        Ok(())
    }

    async fn follow(
        &self,
        choreography: &Choreography,
        stage: Stage,
        canvas: &Canvas<'_>,
        input: Data,
        began: Instant,
    ) -> Result<(), String> {
        let driver = EventDriver {
            backend: stage.backend(),
            faults: self.faults.clone(),
            clock: Clock::skipping(),
        };
        let id = format!("{}/{}", self.saga.saga, saga_local::execution_name());
        let input = serde_json::to_value(&input).map_err(|error| error.to_string())?;
        let services = stage.services.clone();
        let mut follower =
            Follower::new(Arc::clone(&self.record), &self.saga.saga, canvas, services);
        let stop = self.record.stopped();
        let ran = driver
            .run(choreography, &id, input, stop, &mut |at, heard| {
                follower.hear(at, heard);
            })
            .await;
        stage.clear().await;
        let ended = follow::told(&ran.map_err(|error| error.to_string())?.record);
        follower.say(end(ended, &[], began));
        Ok(())
    }
}

/// The last line.
fn end(mut ended: Value, states: &[String], began: Instant) -> Line {
    if let Value::Object(members) = &mut ended {
        let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        members.insert("took".into(), took.into());
        members.insert("states".into(), json!(states));
    }
    Line {
        kind: "Ended".into(),
        said: ended
            .get("ending")
            .and_then(Value::as_str)
            .map(str::to_owned),
        ended: Some(ended),
        ..Line::default()
    }
}

/// How a saga ended: `ending`, `redrivenFrom`, `output`, `error`, `cause`.
fn told(played: &Played) -> Value {
    let ended = played.ended();
    let outcome = &ended.outcome;
    let failure = outcome.failure.as_ref();
    json!({
        "ending": ended.ending.name(),
        "redrivenFrom": played.redriven_from.map(Ending::name),
        "output": outcome.output,
        "error": failure.and_then(|failure| failure.error.clone()),
        "cause": failure.and_then(|failure| failure.cause.clone()),
    })
}
