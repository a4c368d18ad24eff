//! A soak from its start to its end.

use std::cell::RefCell;
use std::path::Path;
use std::process::Stdio;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use saga_asl::data::Data;
use saga_engine::history::{Detail, HistoryEvent};
use saga_local::http::Server;
use saga_local::lambda::Functions;
use saga_local::saga::{
    Backend, Callbacks, Chances, Clock, Driver, Ended, Ending, Fault, Faults, Prepared,
};
use saga_local::services::Embedded;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::{JoinSet, LocalSet};

use crate::books::Balance;
use crate::check::{self, Outcome};
use crate::handlers::Counted;
use crate::killer::{self, Killed};
use crate::orders::Order;
use crate::package::Package;
use crate::provider::BOOKS;
use crate::report::Report;

/// How many sagas run at a time.
const AT_A_TIME: usize = 20;

/// How many processes are killed at random, for each saga.
const KILLS: f64 = 0.1;

/// The longest time after which something is delivered that nobody waits for.
const LATEST: Duration = Duration::from_millis(700);

/// Runs so many sagas, and says what is wrong in the end. `features` are the package's.
pub fn soak(features: &str, sagas: usize, seed: u64) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    LocalSet::new().block_on(&runtime.unwrap(), async {
        Soak::start(features, seed).await.run(sagas).await
    })
}

/// What goes wrong, by chance, with every attempt of every task.
fn faults() -> Vec<(Fault, f64)> {
    vec![
        (Fault::Timeout, 0.02),
        (Fault::Crash, 0.015),
        (Fault::Duplicate, 0.02),
        (Fault::Fail("Lambda.TooManyRequestsException".into()), 0.02),
        (Fault::Late(Duration::ZERO), 0.01),
        (Fault::Late(Duration::from_millis(100)), 0.01),
        (Fault::Late(LATEST), 0.01),
        (Fault::Stray(Duration::ZERO), 0.015),
        (Fault::Stray(Duration::from_millis(100)), 0.015),
        (Fault::Stray(LATEST), 0.01),
    ]
}

struct Soak {
    seed: u64,
    saga: Rc<Prepared>,
    services: Embedded,
    /// Serves until it is dropped.
    _server: Server,
    handlers: Arc<Counted>,
    provider: Child,
    books: tempfile::TempDir,
    /// Its executable lives as long.
    _package: Package,
    killed: Rc<Killed>,
    report: Rc<RefCell<Report>>,
}

impl Soak {
    async fn start(features: &str, seed: u64) -> Self {
        let package = Package::build("soak-payments", features);
        let books = tempfile::tempdir().unwrap();
        let mut provider = Command::new(std::env::current_exe().unwrap())
            .env(BOOKS, path(&books))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(provider.stdout.take().unwrap()).lines();
        let address = said.next_line().await.unwrap().unwrap();
        let saga = package.prepared(&address);
        let services = Embedded::of(&package.manifest);
        let server = Server::start(services.clone());
        let server = server.await.unwrap();
        let mut functions = saga.functions.clone();
        for function in &mut functions {
            function.environment.extend(server.environment());
        }
        let (functions, mut logs) = Functions::new(package.executable.clone(), functions);
        let functions = Arc::new(functions);
        tokio::task::spawn_local(async move { while logs.recv().await.is_some() {} });
        let killed = Rc::new(Killed::default());
        tokio::task::spawn_local(killer::kill_named(
            said,
            Arc::clone(&functions),
            Rc::clone(&killed),
        ));
        tokio::task::spawn_local(killer::kill_at_random(
            Arc::clone(&functions),
            Rc::clone(&killed),
        ));
        Self {
            seed,
            saga: Rc::new(saga),
            services,
            _server: server,
            handlers: Arc::new(Counted::new(functions)),
            provider,
            books,
            _package: package,
            killed,
            report: Rc::default(),
        }
    }

    async fn run(mut self, sagas: usize) -> Vec<String> {
        let started = Instant::now();
        let (mut outcomes, parked) = self.run_all(sagas).await;
        let took = started.elapsed();
        self.settle().await;
        self.tell(sagas, took);
        let mut wrong = self.differences(&outcomes);
        wrong.extend(self.proportions(sagas));

        // An operator sees to it that nothing is refused any more, and redrives what is parked.
        let operator = self.provider.stdin.as_mut().unwrap();
        operator.write_all(b"repaired\n").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        for (order, ended) in parked {
            let outcome = self.redrive(order, ended).await;
            outcomes[order.number] = outcome;
        }
        self.settle().await;
        let differences = self.differences(&outcomes).into_iter();
        wrong.extend(differences.map(|difference| format!("after redrives: {difference}")));
        wrong.extend(check::parked(&outcomes));
        let charged = Balance::read(&path(&self.books)).total("charges");
        let completed = check::completed_total(&outcomes);
        eprintln!("charged minus refunded: {charged} cents; completed: {completed} cents");
        if charged != completed {
            wrong.push(format!("{} cents are wrong", charged - completed));
        }
        self.handlers.functions.stop().await;
        wrong
    }

    async fn run_all(&self, sagas: usize) -> (Vec<Outcome>, Vec<(Order, Ended)>) {
        let mut at_work = JoinSet::new();
        let mut orders = (0..sagas).map(Order::of);
        let (mut outcomes, mut parked) = (Vec::new(), Vec::new());
        loop {
            while at_work.len() < AT_A_TIME
                && let Some(order) = orders.next()
            {
                let due = ((order.number + 1) as f64 * KILLS) as usize;
                self.killed.due.set(due);
                let faults = Faults::by_chance(Chances {
                    seed: self.seed.wrapping_add(order.number as u64),
                    faults: faults(),
                });
                let driver = self.driver(order, faults);
                let saga = Rc::clone(&self.saga);
                at_work.spawn_local(async move { (order, execute(driver, &saga, order).await) });
            }
            let Some(ended) = at_work.join_next().await else {
                break;
            };
            let (order, ended) = ended.unwrap();
            self.report.borrow_mut().ended(ended.ending);
            self.report.borrow_mut().seen(ended.execution.history());
            self.report.borrow_mut().transitions += ended.execution.transitions();
            outcomes.push(self.outcome(order, &ended));
            if ended.ending == Ending::Parked {
                parked.push((order, ended));
            }
        }
        outcomes.sort_by_key(|outcome| outcome.order.number);
        (outcomes, parked)
    }

    async fn redrive(&self, order: Order, ended: Ended) -> Outcome {
        let driver = self.driver(order, Faults::default());
        let (_running, stop) = tokio::sync::watch::channel(false);
        let ended = driver
            .redrive(&self.saga, ended, stop, &mut |_| ())
            .await
            .unwrap();
        self.outcome(order, &ended)
    }

    fn driver(&self, order: Order, faults: Faults) -> Driver {
        let handlers = Arc::clone(&self.handlers);
        Driver {
            backend: Backend {
                handlers,
                services: Arc::new(self.services.clone()),
            },
            faults,
            answers: Default::default(),
            callbacks: Callbacks::default(),
            clock: Clock::skipping(),
            execution: order.id(),
            seed: self.seed.wrapping_add(order.number as u64),
        }
    }

    fn outcome(&self, order: Order, ended: &Ended) -> Outcome {
        Outcome {
            order,
            saga_id: self.saga.execution_arn(&order.id()),
            ending: ended.ending,
            story: story(ended.execution.history()),
        }
    }

    /// Waits until nothing is at work that nobody waits for.
    async fn settle(&self) {
        tokio::time::sleep(LATEST + Duration::from_millis(200)).await;
        while !self.handlers.functions.at_work().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn differences(&self, outcomes: &[Outcome]) -> Vec<String> {
        let balance = Balance::read(&path(&self.books));
        check::differences(outcomes, &balance, &self.services.contents())
    }

    /// How many sagas were to complete, to be compensated and to be parked.
    fn proportions(&self, sagas: usize) -> Vec<String> {
        let report = self.report.borrow();
        let of = |ending| report.count(ending) as f64 / sagas as f64;
        let mut wrong = Vec::new();
        if of(Ending::Completed) < 0.2 || of(Ending::Compensated) < 0.2 {
            wrong.push("less than a fifth completed, or was compensated".to_owned());
        }
        if of(Ending::Parked) >= 0.05 {
            wrong.push("a twentieth or more was parked".to_owned());
        }
        let kills = self.killed.at_random.get() + self.killed.after_effect.get();
        if kills * 10 < sagas || self.killed.after_effect.get() == 0 {
            wrong.push(format!("only {kills} handlers were killed"));
        }
        wrong
    }

    fn tell(&self, sagas: usize, took: Duration) {
        let report = self.report.borrow();
        let balance = Balance::read(&path(&self.books));
        eprintln!(
            "{sagas} sagas in {:.1} s, {:.1} a second, {} transitions: {:?}",
            took.as_secs_f64(),
            sagas as f64 / took.as_secs_f64(),
            report.transitions,
            report.endings
        );
        eprintln!(
            "{} invocations, {} of them repeated; {} handlers killed at random, {} between effect and answer; {} lines in the books",
            self.handlers.invocations.load(Ordering::Relaxed),
            self.handlers.repeated.load(Ordering::Relaxed),
            self.killed.at_random.get(),
            self.killed.after_effect.get(),
            balance.lines,
        );
        eprintln!("attempts that failed: {:?}", report.errors);
    }
}

async fn execute(driver: Driver, saga: &Prepared, order: Order) -> Ended {
    let (_running, stop) = tokio::sync::watch::channel(false);
    let input: Data = serde_json::from_value(order.input()).unwrap();
    driver.run(saga, input, stop, &mut |_| ()).await.unwrap()
}

fn path(books: &tempfile::TempDir) -> std::path::PathBuf {
    Path::new(books.path()).join("books.jsonl")
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
