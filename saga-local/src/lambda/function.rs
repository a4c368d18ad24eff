//! The functions of one bootstrap, and their pools of processes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::FunctionError;
use super::sandbox::{After, Group, Sandbox};
use super::wire::lock;

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What its bootstrap dispatches on.
    pub handler: String,
    /// How long an invocation may take.
    pub timeout: Duration,
    /// Its memory in MiB. Stated to the process, not enforced.
    pub memory_mib: u32,
    /// Its environment, besides what Lambda sets.
    pub environment: Vec<(String, String)>,
}

impl Function {
    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:lambda:{}:{}:function:{}",
            crate::REGION,
            crate::ACCOUNT,
            self.name
        )
    }
}

/// What becomes of an invocation's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The caller has it.
    Returned,
    /// The process dies in the moment it answers: the effect is there, the answer is not.
    LostToCrash,
}

/// A line that a process printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The function.
    pub function: String,
    /// The line, without its end.
    pub line: String,
    /// What the process was invoked with last, as it is read; none before its first invocation.
    pub event: Option<Arc<Value>>,
}

/// The functions of one bootstrap. Dropping it kills every process; [`stop`](Self::stop) asks first.
pub struct Functions {
    executable: PathBuf,
    functions: BTreeMap<String, Pool>,
    logs: UnboundedSender<Log>,
}

/// A function and its processes.
struct Pool {
    function: Function,
    idle: Mutex<Vec<Sandbox>>,
    /// The process groups of those that are at work, by request.
    at_work: Mutex<BTreeMap<String, Group>>,
}

impl Functions {
    /// The functions of this executable. Processes are started when there is work for them; what they
    /// print arrives at the receiver.
    #[must_use]
    pub fn new(executable: PathBuf, functions: Vec<Function>) -> (Self, UnboundedReceiver<Log>) {
        let (logs, lines) = mpsc::unbounded_channel();
        let functions = functions
            .into_iter()
            .map(|function| {
                (
                    function.name.clone(),
                    Pool {
                        function,
                        idle: Mutex::default(),
                        at_work: Mutex::default(),
                    },
                )
            })
            .collect();
        (
            Self {
                executable,
                functions,
                logs,
            },
            lines,
        )
    }

    /// Invokes a function and waits for its answer. Invocations at one time have a process each.
    ///
    /// # Errors
    /// What Lambda would report: the handler's own error, `Runtime.ExitError` for a process that died,
    /// `Sandbox.Timedout` for one that was killed at the function's timeout, and
    /// `Lambda.ResourceNotFoundException` for a function that does not exist.
    pub async fn invoke(
        &self,
        name: &str,
        event: &Value,
        answer: Answer,
    ) -> Result<Value, FunctionError> {
        let Some(pool) = self.functions.get(name) else {
            return Err(FunctionError::not_found(name));
        };
        let id = crate::identifier::random();
        let sandbox = match pool.idle() {
            Some(sandbox) => sandbox,
            None => Sandbox::start(&self.executable, &pool.function, &self.logs)
                .await
                .map_err(|error| FunctionError::no_entrypoint(&id, &error))?,
        };
        let payload = event.to_string().into_bytes();
        lock(&pool.at_work).extend(sandbox.group().map(|group| (id.clone(), group)));
        sandbox.works_on(event);
        let (reply, after) = sandbox.invoke(&pool.function, &id, payload, answer).await;
        lock(&pool.at_work).remove(&id);
        if let After::Idle(sandbox) = after {
            lock(&pool.idle).push(sandbox);
        }
        let answer = reply?;
        // Lambda hands on what is no JSON as text.
        Ok(serde_json::from_slice(&answer)
            .unwrap_or_else(|_| String::from_utf8_lossy(&answer).into_owned().into()))
    }

    /// The functions, by name.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.functions.values().map(|pool| &pool.function)
    }

    /// Asks every process that is at work to end, by SIGTERM: its invocation fails then.
    pub fn terminate(&self) {
        for pool in self.functions.values() {
            lock(&pool.at_work).values().for_each(Group::terminate);
        }
    }

    /// The requests that are at work.
    #[must_use]
    pub fn at_work(&self) -> Vec<String> {
        let pools = self.functions.values();
        pools
            .flat_map(|pool| lock(&pool.at_work).keys().cloned().collect::<Vec<_>>())
            .collect()
    }

    /// Kills the process that works on a request, as a machine that fails does: its invocation ends with
    /// `Runtime.ExitError`. False where no process works on it any more.
    pub fn kill(&self, request: &str) -> bool {
        let mut pools = self.functions.values();
        let group = pools.find_map(|pool| lock(&pool.at_work).get(request).copied());
        group.inspect(|group| group.kill()).is_some()
    }

    /// Ends every idle process: SIGTERM, half a second, SIGKILL. One that is at work ends with the
    /// future that waits for it.
    pub async fn stop(&self) {
        let mut stopping = tokio::task::JoinSet::new();
        for pool in self.functions.values() {
            for sandbox in lock(&pool.idle).drain(..) {
                stopping.spawn(sandbox.stop());
            }
        }
        stopping.join_all().await;
    }
}

impl Pool {
    /// An idle process that is still alive.
    fn idle(&self) -> Option<Sandbox> {
        let mut idle = lock(&self.idle);
        loop {
            let mut sandbox = idle.pop()?;
            if sandbox.is_alive() {
                return Some(sandbox);
            }
        }
    }
}
