//! A bootstrap's process, started as Lambda starts it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::server::{Lambda, Request};

/// The execution that events belong to.
pub const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:execution:Fares:7";

/// A bootstrap that serves one handler.
pub struct Bootstrap {
    lambda: Lambda,
    process: Child,
    log: Arc<Mutex<Vec<String>>>,
    reading: Option<JoinHandle<()>>,
}

impl Bootstrap {
    /// Starts a bootstrap with the environment that Lambda gives it, and `variables` beside.
    pub fn start(mut command: Command, handler: &str, variables: &[(&str, &str)]) -> Self {
        let lambda = Lambda::start();
        command
            .env("AWS_LAMBDA_RUNTIME_API", lambda.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", "test")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("_HANDLER", handler)
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, into) = (
            BufReader::new(process.stderr.take().unwrap()),
            Arc::clone(&log),
        );
        let reading = std::thread::spawn(move || {
            lines
                .lines()
                .for_each(|line| into.lock().unwrap().push(line.unwrap()));
        });
        Self {
            lambda,
            process,
            log,
            reading: Some(reading),
        }
    }

    /// The Runtime API that it talks to.
    pub fn lambda(&self) -> &Lambda {
        &self.lambda
    }

    /// Invokes the handler, and waits for the reply.
    pub fn invoke(&self, event: &str) -> Request {
        self.lambda.send(event);
        self.lambda.reply()
    }

    /// Sends a signal to the process.
    pub fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits for the process to end, and gives its log.
    pub fn end(mut self) -> (ExitStatus, Vec<String>) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let status = loop {
            match self.process.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > deadline => panic!("the process does not end"),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        self.reading.take().unwrap().join().unwrap();
        (status, std::mem::take(&mut self.log.lock().unwrap()))
    }

    /// Ends the process as Lambda does, and gives its log.
    pub fn log(self) -> Vec<String> {
        self.signal("TERM");
        let (status, log) = self.end();
        assert!(status.success(), "{status}: {log:?}");
        log
    }
}

impl Drop for Bootstrap {
    fn drop(&mut self) {
        // Already ended, where the test went well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The event that a state machine sends for a step.
pub fn event(step: &str, input: &Value) -> String {
    json!({
        "saga": { "id": EXECUTION, "step": step, "phase": "do", "attempt": 0 },
        "input": input,
    })
    .to_string()
}
