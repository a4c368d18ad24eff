//! The stage of a soak: the package's processes, the services, the provider, and who kills.

use std::path::PathBuf;
use std::process::Stdio;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use saga_local::http::Server;
use saga_local::lambda::Functions;
use saga_local::saga::{Answers, Backend, Callbacks, Clock, Driver, Faults, Prepared};
use saga_local::services::{Contents, Embedded};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::spawn_local;

use crate::books::Balance;
use crate::handlers::Counted;
use crate::killer::{self, Killed};
use crate::orders::Order;
use crate::package::Package;
use crate::provider::BOOKS;

/// How long a run waits at most, for a task that timed out or before a retry.
pub const WAIT: Duration = Duration::from_millis(400);

/// The longest time after which something is delivered that nobody waits for.
pub const LATEST: Duration = Duration::from_millis(1_500);

/// Everything that sagas run on. It ends when this is dropped.
pub struct Stage {
    pub saga: Rc<Prepared>,
    pub handlers: Arc<Counted>,
    pub killed: Rc<Killed>,
    services: Embedded,
    _server: Server,
    provider: Child,
    books: TempDir,
    /// Its executable lives as long.
    _package: Package,
}

impl Stage {
    /// Sets it up for the package with these features.
    pub async fn set(features: &str) -> Self {
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
        let server = Server::start(services.clone()).await.unwrap();
        let mut functions = saga.functions.clone();
        for function in &mut functions {
            function.environment.extend(server.environment());
        }
        let (functions, mut logs) = Functions::new(package.executable.clone(), functions);
        let functions = Arc::new(functions);
        let killed = Rc::new(Killed::default());
        spawn_local(async move { while logs.recv().await.is_some() {} });
        spawn_local(killer::kill_named(
            said,
            Arc::clone(&functions),
            Rc::clone(&killed),
        ));
        spawn_local(killer::kill_at_random(
            Arc::clone(&functions),
            Rc::clone(&killed),
        ));
        Self {
            saga: Rc::new(saga),
            handlers: Arc::new(Counted::new(functions)),
            killed,
            services,
            _server: server,
            provider,
            books,
            _package: package,
        }
    }

    /// What drives an order's saga.
    pub fn driver(&self, order: Order, faults: Faults, seed: u64) -> Driver {
        Driver {
            backend: Backend {
                handlers: Arc::clone(&self.handlers) as _,
                services: Arc::new(self.services.clone()),
            },
            faults,
            answers: Answers::default(),
            callbacks: Callbacks::default(),
            clock: Clock::hurrying(WAIT),
            execution: order.id(),
            seed,
        }
    }

    /// Sees to it, as an operator would, that the provider refuses nothing any more.
    pub async fn repair(&mut self) {
        let operator = self.provider.stdin.as_mut().unwrap();
        operator.write_all(b"repaired\n").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    /// Waits until nothing is at work that nobody waits for.
    pub async fn settle(&self) {
        tokio::time::sleep(LATEST + Duration::from_millis(200)).await;
        while self.handlers.at_work() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the provider has in its books.
    pub fn balance(&self) -> Balance {
        Balance::read(&path(&self.books))
    }

    /// What the tables and queues hold.
    pub fn contents(&self) -> Contents {
        self.services.contents()
    }
}

fn path(books: &TempDir) -> PathBuf {
    books.path().join("books.jsonl")
}
