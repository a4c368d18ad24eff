//! A soak from its start to its end.

use std::rc::Rc;
use std::time::{Duration, Instant};

use saga_asl::data::Data;
use saga_engine::history::{Detail, HistoryEvent};
use saga_local::saga::{Chances, Ended, Ending, Fault, Faults};
use tokio::task::{JoinSet, LocalSet};

use crate::check::{self, Outcome};
use crate::orders::Order;
use crate::report::Report;
use crate::stage::{LATEST, Stage, WAIT};

/// How many sagas run at a time.
const AT_A_TIME: usize = 20;

/// How many processes are killed at random, for each saga.
const KILLS: f64 = 0.1;

/// Runs so many sagas, and says what is wrong in the end. `features` are the package's.
pub fn soak(features: &str, sagas: usize, seed: u64) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    LocalSet::new().block_on(&runtime.unwrap(), async {
        let stage = Stage::set(features).await;
        Soak { seed, stage }.run(sagas).await
    })
}

/// What goes wrong, by chance, with every attempt of every task.
fn faults() -> Vec<(Fault, f64)> {
    vec![
        (Fault::Timeout, 0.02),
        (Fault::Crash, 0.015),
        (Fault::Duplicate, 0.02),
        (Fault::Fail("Lambda.TooManyRequestsException".into()), 0.02),
        // Before the undo, beside it, and when all is over.
        (Fault::Late(Duration::ZERO), 0.01),
        (Fault::Late(WAIT), 0.015),
        (Fault::Late(LATEST), 0.01),
        (Fault::Stray(Duration::ZERO), 0.015),
        (Fault::Stray(Duration::from_millis(100)), 0.015),
        (Fault::Stray(LATEST), 0.01),
    ]
}

struct Soak {
    seed: u64,
    stage: Stage,
}

impl Soak {
    async fn run(mut self, sagas: usize) -> Vec<String> {
        let started = Instant::now();
        let (mut outcomes, parked, report) = self.run_all(sagas).await;
        let took = started.elapsed();
        self.stage.settle().await;
        report.tell(took, &self.stage);
        let mut wrong = report.proportions(&self.stage.killed);
        wrong.extend(self.differences(&outcomes));

        self.stage.repair().await;
        for outcome in self.redrive(parked).await {
            let number = outcome.order.number;
            outcomes[number] = outcome;
        }
        self.stage.settle().await;
        let differences = self.differences(&outcomes).into_iter();
        wrong.extend(differences.map(|difference| format!("after redrives: {difference}")));
        wrong.extend(check::parked(&outcomes));
        let charged = self.stage.balance().total("charges");
        let completed = check::completed_total(&outcomes);
        eprintln!("charged minus refunded: {charged} cents; completed: {completed} cents");
        if charged != completed {
            wrong.push(format!("{} cents are wrong", charged - completed));
        }
        self.stage.handlers.functions.stop().await;
        wrong
    }

    /// Starts a saga for each order. The outcomes are in the order of their numbers, the executions those of
    /// parked sagas.
    async fn run_all(&self, sagas: usize) -> (Vec<Outcome>, Vec<(Order, Ended)>, Report) {
        let (mut outcomes, mut parked, mut report) = (Vec::new(), Vec::new(), Report::default());
        let runs = (0..sagas).map(Order::of).map(|order| self.start(order));
        let each = |(order, ended): (Order, Ended)| {
            report.add(&ended);
            outcomes.push(self.outcome(order, &ended));
            if ended.ending == Ending::Parked {
                parked.push((order, ended));
            }
        };
        some_at_a_time(runs, each).await;
        outcomes.sort_by_key(|outcome| outcome.order.number);
        (outcomes, parked, report)
    }

    /// An order's saga, with what goes wrong with it.
    fn start(&self, order: Order) -> impl Future<Output = (Order, Ended)> + 'static {
        let due = ((order.number + 1) as f64 * KILLS) as usize;
        self.stage.killed.due.set(due);
        let seed = self.seed.wrapping_add(order.number as u64);
        let faults = Faults::by_chance(Chances {
            seed,
            faults: faults(),
        });
        let driver = self.stage.driver(order, faults, seed);
        let saga = Rc::clone(&self.stage.saga);
        async move {
            let (_running, stop) = tokio::sync::watch::channel(false);
            let input: Data = serde_json::from_value(order.input()).unwrap();
            let ended = driver.run(&saga, input, stop, &mut |_| ()).await;
            (order, ended.unwrap())
        }
    }

    /// Redrives what is parked, with nothing going wrong any more.
    async fn redrive(&self, parked: Vec<(Order, Ended)>) -> Vec<Outcome> {
        let runs = parked.into_iter().map(|(order, ended)| {
            let driver = self.stage.driver(order, Faults::default(), self.seed);
            let saga = Rc::clone(&self.stage.saga);
            async move {
                let (_running, stop) = tokio::sync::watch::channel(false);
                let ended = driver.redrive(&saga, ended, stop, &mut |_| ()).await;
                (order, ended.unwrap())
            }
        });
        let mut outcomes = Vec::new();
        let each = |(order, ended): (Order, Ended)| outcomes.push(self.outcome(order, &ended));
        some_at_a_time(runs, each).await;
        outcomes
    }

    fn outcome(&self, order: Order, ended: &Ended) -> Outcome {
        Outcome {
            order,
            saga_id: self.stage.saga.execution_arn(&order.id()),
            ending: ended.ending,
            story: story(ended.execution.history()),
        }
    }

    fn differences(&self, outcomes: &[Outcome]) -> Vec<String> {
        check::differences(outcomes, &self.stage.balance(), &self.stage.contents())
    }
}

/// Runs these on this thread, [`AT_A_TIME`] at a time. Each is made when its turn comes.
async fn some_at_a_time<T: 'static>(
    mut runs: impl Iterator<Item = impl Future<Output = T> + 'static>,
    mut each: impl FnMut(T),
) {
    let mut at_work = JoinSet::new();
    loop {
        while at_work.len() < AT_A_TIME
            && let Some(run) = runs.next()
        {
            at_work.spawn_local(run);
        }
        let Some(run) = at_work.join_next().await else {
            return;
        };
        each(run.unwrap());
    }
}

/// The states an execution went through, with the errors in them.
fn story(history: &[HistoryEvent]) -> String {
    let told = history.iter().filter_map(|event| match &event.detail {
        Detail::StateEntered { name, .. } => Some(name.to_string()),
        Detail::Failed { failure, .. } | Detail::TimedOut { failure, .. } => Some(format!(
            "({})",
            failure.error.as_deref().unwrap_or_default()
        )),
        _ => None,
    });
    told.collect::<Vec<_>>().join(" ")
}
