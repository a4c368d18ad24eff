//! Serving: from an event to an answer, over and over.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use lambda_runtime::tower::util::MapFutureLayer;
use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use lambda_runtime_api_client::BoxError;
use saga_dsl::handler::{Failure, Serve};
use saga_dsl::{Context, Package};
use saga_manifest::error::Outcome;
use saga_manifest::saga::SensitiveField;
use serde_json::Value;
use tracing_core::Level;

use crate::event::Event;
use crate::redact::{Secrets, redacted};
use crate::runtime_api::RuntimeApi;
use crate::settings::Settings;
use crate::shutdown::{self, Busy};
use crate::{answer, handler, log, panic};

/// Serves the handler that the settings name, until the process is told to end.
pub(crate) fn run(package: fn() -> Package, settings: &Settings) -> ExitCode {
    // One thread: Lambda sends one invocation at a time, most functions have less than one CPU, and a
    // pool of threads is start-up time.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let served = runtime
        .map_err(BoxError::from)
        .and_then(|runtime| runtime.block_on(serve(&package(), settings)));
    match served {
        Ok(code) => code,
        Err(error) => {
            log::line(
                Level::ERROR,
                &format!("the Lambda Runtime API failed: {error}"),
                |_| {},
            );
            ExitCode::FAILURE
        }
    }
}

async fn serve(package: &Package, settings: &Settings) -> Result<ExitCode, BoxError> {
    log::install(settings.handler.as_deref().unwrap_or_default(), settings);
    panic::install_hook();
    let api = Arc::new(RuntimeApi::of_process());
    match start(package, settings, &api).await {
        Ok(server) => server.run().await,
        Err(failure) => {
            log::line(Level::ERROR, &failure.message, |details| {
                details.error_type = Some(&failure.name)
            });
            api.init_error(failure.clone()).await?;
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn start(
    package: &Package,
    settings: &Settings,
    api: &Arc<RuntimeApi>,
) -> Result<Server, Failure> {
    let handler = handler::choose(package, settings.handler.as_deref())?;
    let notice = shutdown::ask_for_notice(Arc::clone(api));
    let (serving, ()) = tokio::join!(handler::start(handler), notice);
    Ok(Server {
        serving: serving?,
        sensitive: (handler.sensitive)(),
    })
}

/// A handler with its application state.
struct Server {
    serving: Box<dyn Serve>,
    sensitive: Vec<SensitiveField>,
}

impl Server {
    async fn run(self) -> Result<ExitCode, BoxError> {
        let busy = Busy::default();
        let during = {
            let busy = busy.clone();
            MapFutureLayer::new(move |invocation| busy.clone().during(invocation))
        };
        let service = service_fn(|event| self.answer(event));
        let served = Runtime::new(service).layer(during).run();
        tokio::select! {
            // An invocation that has arrived is served even if the signal arrived with it.
            biased;
            result = served => result?,
            () = busy.told_to_end() => log::line(Level::DEBUG, "told to end", |_| {}),
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Serves one invocation. What it leaves behind is one line of the log.
    async fn answer(&self, event: LambdaEvent<Event>) -> Result<Value, Diagnostic> {
        let arrived = Instant::now();
        let read = event.payload.read(event.context.request_id);
        let result = match read {
            Ok((input, context)) => self.invoke(input, context, arrived).await,
            Err(failure) => Err(failed(failure, arrived)),
        };
        result.map_err(answer::diagnostic)
    }

    async fn invoke(
        &self,
        mut input: Value,
        context: Context,
        arrived: Instant,
    ) -> Result<Value, Failure> {
        let secrets = Secrets::of(&mut input, &self.sensitive);
        let invocation = log::enter(context.clone(), secrets);
        log::line(Level::DEBUG, "invoked", |details| {
            details.input = Some(redacted(&input, &self.sensitive));
        });
        let result = match panic::caught(self.serving.serve(input, context)).await {
            Ok(answer) => answer.and_then(answer::within_limit),
            Err(panic) => Err(panic.into()),
        };
        match result {
            Ok(answer) => {
                log::line(Level::INFO, "answered", |details| {
                    details.duration_ms = Some(arrived.elapsed())
                });
                Ok(answer)
            }
            Err(failure) => {
                let message = invocation.scrub(&failure.message);
                Err(failed(Failure { message, ..failure }, arrived))
            }
        }
    }
}

/// Logs a failure: a known one is a part of business, an unknown outcome is trouble.
fn failed(failure: Failure, arrived: Instant) -> Failure {
    let level = match failure.outcome {
        Outcome::NotDone => Level::WARN,
        Outcome::Unknown => Level::ERROR,
    };
    log::line(level, &failure.message, |details| {
        details.error_type = Some(&failure.name);
        details.duration_ms = Some(arrived.elapsed());
    });
    failure
}
