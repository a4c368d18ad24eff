//! A sandbox: one process of a function, with a runtime API of its own.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::wire::{Handed, Invocation, Reply, Wire, lock};
use super::{Answer, Function, FunctionError, Log, api, environment};

/// How long a process may take until it asks for work (Lambda's init phase: 10 s).
const INIT: Duration = Duration::from_secs(10);

/// How long a process has between SIGTERM and SIGKILL. Lambda gives 500 ms where it announces the end.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

/// A running process.
pub(super) struct Sandbox {
    child: Child,
    wire: Arc<Wire>,
    server: JoinHandle<()>,
    event: Worked,
}

/// What a process was invoked with last.
type Worked = Arc<Mutex<Option<Arc<Value>>>>;

/// The group of a process and of those that it started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group(Pid);

impl Group {
    /// Asks it to end.
    pub(super) fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Ends it.
    pub(super) fn kill(self) {
        self.signal(Signal::KILL);
    }

    fn signal(self, signal: Signal) {
        // The group may have ended in this moment.
        let _ = kill_process_group(self.0, signal);
    }
}

/// What becomes of a sandbox after an invocation.
pub(super) enum After {
    /// It takes another one.
    Idle(Sandbox),
    /// Its process is gone.
    Gone,
}

impl Sandbox {
    /// Starts a process of a function.
    pub(super) async fn start(
        executable: &Path,
        function: &Function,
        logs: &UnboundedSender<Log>,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let root = executable.parent().unwrap_or(Path::new("/"));
        let variables =
            environment::variables(function, &root.to_string_lossy(), listener.local_addr()?);
        let mut child = Command::new(executable)
            .env_clear()
            .envs(variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A group of its own: Ctrl-C at the terminal reaches us alone, and what a handler starts
            // goes when it goes.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let event = Worked::default();
        keep_lines(child.stdout.take(), function, logs, &event);
        keep_lines(child.stderr.take(), function, logs, &event);
        let wire = Arc::new(Wire::new());
        let server = tokio::spawn(api::serve(
            listener,
            Arc::clone(&wire),
            function.arn().into(),
        ));
        Ok(Self {
            child,
            wire,
            server,
            event,
        })
    }

    /// Says what it is about to be invoked with, for what it prints.
    pub(super) fn works_on(&self, event: &Value) {
        *lock(&self.event) = Some(Arc::new(event.clone()));
    }

    /// Hands the process an event, and waits until it answers, dies, or runs out of time.
    pub(super) async fn invoke(
        mut self,
        function: &Function,
        id: &str,
        payload: Vec<u8>,
        answer: Answer,
    ) -> (Reply, After) {
        let handed = self.wire.hand_over(Invocation {
            id: id.to_owned(),
            payload,
            timeout: function.timeout,
        });
        let reply = tokio::select! {
            biased;
            reply = replied(handed, function.timeout) => reply,
            status = self.child.wait() => Some(Err(self.died(id, status.ok()))),
        };
        match (reply, answer) {
            (None, _) => {
                self.kill().await;
                (
                    Err(FunctionError::timed_out(id, function.timeout)),
                    After::Gone,
                )
            }
            (Some(_), Answer::LostToCrash) => {
                self.kill().await;
                (Err(FunctionError::exited(id, None)), After::Gone)
            }
            (Some(reply), Answer::Returned) => match self.child.try_wait() {
                Ok(None) => (reply, After::Idle(self)),
                _ => (reply, After::Gone),
            },
        }
    }

    /// What the death of the process is reported as: its own words, where it had time for some.
    fn died(&self, id: &str, status: Option<ExitStatus>) -> FunctionError {
        self.wire
            .failed_start()
            .unwrap_or_else(|| FunctionError::exited(id, status))
    }

    /// Whether the process is still there.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends the process: politely, then not.
    pub(super) async fn stop(mut self) {
        self.signal(Signal::TERM);
        if timeout(GRACE, self.child.wait()).await.is_err() {
            self.kill().await;
        }
    }

    async fn kill(&mut self) {
        self.signal(Signal::KILL);
        // A process that is gone already cannot be waited for again: that is what was wanted.
        let _ = self.child.wait().await;
    }

    /// Its process group; none once the process has ended.
    pub(super) fn group(&self) -> Option<Group> {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        id.and_then(Pid::from_raw).map(Group)
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group() {
            group.signal(signal);
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
        self.signal(Signal::KILL);
    }
}

/// The process's reply, or none within the time it has. The function's timeout starts to run when the
/// process takes the event: what comes before is its start.
async fn replied(handed: Handed, limit: Duration) -> Option<Reply> {
    timeout(INIT, handed.taken).await.ok()?.ok()?;
    timeout(limit, handed.reply).await.ok()?.ok()
}

/// Reads what a process prints, line by line.
fn keep_lines<R>(
    stream: Option<R>,
    function: &Function,
    logs: &UnboundedSender<Log>,
    event: &Worked,
) where
    R: AsyncRead + Unpin + Send + 'static,
{
    let Some(stream) = stream else { return };
    let (function, logs, event) = (function.name.clone(), logs.clone(), Arc::clone(event));
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            // Nobody may be reading: the pipe is emptied all the same, so that the process never waits.
            let _ = logs.send(Log {
                function: function.clone(),
                line,
                event: lock(&event).clone(),
            });
        }
    });
}
