//! The log: a JSON object a line, with the invocation it belongs to and without its secrets.
//!
//! The keys `timestamp` and `level` are those that Lambda reads from a custom runtime's lines (developer
//! guide, log-level filtering).

mod events;

use std::io::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use saga_dsl::Context;
use saga_dsl::handler::Phase;
use serde::Serialize;
use serde_json::Value;
use tracing_core::Level;

use crate::redact::Secrets;
use crate::settings::{Format, Settings};
use crate::timestamp::Timestamp;

static LOG: OnceLock<Log> = OnceLock::new();

/// How this process logs.
struct Log {
    handler: Option<String>,
    level: Level,
    format: Format,
    /// The invocation that is being served. A process serves one at a time, so that what any of its
    /// threads logs belongs to it.
    current: Mutex<Option<Arc<Invocation>>>,
}

/// What the lines of an invocation have in common.
struct Invocation {
    context: Context,
    secrets: Secrets,
}

/// A line. Its fields' order is that of the keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'l> {
    timestamp: Timestamp,
    level: &'static str,
    message: &'l str,
    handler: Option<&'l str>,
    #[serde(flatten)]
    of: Option<Of<'l>>,
    #[serde(flatten)]
    details: Details<'l>,
}

/// The invocation that a line belongs to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Of<'l> {
    execution: &'l str,
    step: &'l str,
    phase: &'static str,
    attempt: u32,
    request_id: &'l str,
}

/// What only some lines have.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Details<'l> {
    /// How long the invocation took, in milliseconds.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "milliseconds"
    )]
    pub(crate) duration_ms: Option<Duration>,
    /// The error's declared name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_type: Option<&'l str>,
    /// The request, where its event belongs to no execution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<&'l str>,
    /// The handler's input, redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<Value>,
    /// The module that a handler's own line is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'l str>,
    /// The fields of a handler's own line.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "in_order")]
    fields: Vec<(&'static str, Value)>,
}

/// Starts logging.
pub(crate) fn install(settings: &Settings) {
    let log = Log {
        handler: settings.handler.clone(),
        level: settings.level,
        format: settings.format,
        current: Mutex::new(None),
    };
    if LOG.set(log).is_ok() {
        events::install();
    }
}

/// Lets the lines that follow belong to an invocation, until the guard is dropped.
pub(crate) fn enter(context: Context, secrets: Secrets) -> Entered {
    let invocation = Arc::new(Invocation { context, secrets });
    set_current(Some(Arc::clone(&invocation)));
    Entered(invocation)
}

/// An invocation that is being served.
pub(crate) struct Entered(Arc<Invocation>);

impl Entered {
    /// What nothing that is written of the invocation may hold.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        set_current(None);
    }
}

fn set_current(invocation: Option<Arc<Invocation>>) {
    if let Some(log) = LOG.get() {
        *log.current.lock().unwrap_or_else(PoisonError::into_inner) = invocation;
    }
}

/// Whether lines of this level are written.
pub(crate) fn writes(level: Level) -> bool {
    LOG.get().is_some_and(|log| level <= log.level)
}

/// Writes a line, if its level is asked for.
pub(crate) fn line<'l>(level: Level, message: &str, describe: impl FnOnce(&mut Details<'l>)) {
    if let Some(log) = LOG.get().filter(|log| level <= log.level) {
        let mut details = Details::default();
        describe(&mut details);
        log.write(level, message, details);
    }
}

impl Log {
    fn write(&self, level: Level, message: &str, mut details: Details<'_>) {
        let current = self
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let nothing = Secrets::default();
        let secrets = current.as_deref().map_or(&nothing, |of| &of.secrets);
        for (_, value) in &mut details.fields {
            if let Value::String(text) = value {
                *text = secrets.scrub(text).into_owned();
            }
        }
        let line = Line {
            timestamp: Timestamp::now(),
            level: level.as_str(),
            message: &secrets.scrub(message),
            handler: self.handler.as_deref(),
            of: current.as_deref().map(Of::from),
            details,
        };
        // One write a line: lines of several threads do not mix. Where stderr is gone, nobody reads.
        let _ = std::io::stderr().write_all(&line.bytes(self.format));
    }
}

impl Line<'_> {
    fn bytes(&self, format: Format) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(512);
        if format == Format::Text {
            let Self {
                timestamp,
                level,
                message,
                ..
            } = self;
            bytes.extend_from_slice(format!("{timestamp} {level} {message} ").as_bytes());
        }
        // None of its keys and values can fail to be JSON, and a line that did would be lost alone.
        let _ = serde_json::to_writer(&mut bytes, self);
        bytes.push(b'\n');
        bytes
    }
}

impl<'l> From<&'l Invocation> for Of<'l> {
    fn from(invocation: &'l Invocation) -> Self {
        let context = &invocation.context;
        Self {
            execution: &context.saga_id,
            step: &context.step,
            phase: match context.phase {
                Phase::Do => "do",
                Phase::Undo => "undo",
            },
            attempt: context.attempt,
            request_id: &context.request_id,
        }
    }
}

fn milliseconds<S: serde::Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let micros = duration.unwrap_or_default().as_micros();
    serializer.serialize_f64(micros as f64 / 1_000.0)
}

fn in_order<S: serde::Serializer>(
    fields: &[(&'static str, Value)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.iter().map(|(name, value)| (name, value)))
}
