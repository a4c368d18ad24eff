//! Serving: from an event to an answer, over and over.

use std::process::ExitCode;
use std::time::Instant;

use saga_choreography::names::{INTAKE, PUBLISHER};
use saga_dsl::handler::{Failure, Serve};
use saga_dsl::{BoxError, Context, Package};
use saga_manifest::error::Outcome;
use saga_manifest::saga::SensitiveField;
use serde_json::Value;
use tracing_core::Level;

use crate::api::{Api, Gate};
use crate::choreography::{Intake, Publisher, Sagas, envelope};
use crate::connection::Endpoint;
use crate::fence::{Fenced, Fences};
use crate::redact::redact;
use crate::runtime_api::{Invocation, RuntimeApi};
use crate::settings::Settings;
use crate::shutdown::{self, Notice};
use crate::{answer, event, handler, log, panic};

/// Serves the handler that the settings name, until the process is told to end.
pub(crate) fn run(package: &Package, settings: &Settings) -> ExitCode {
    log::install(settings);
    panic::install_hook();
    match serve(package, settings) {
        Ok(code) => code,
        Err(error) => {
            let message = format!("the Lambda Runtime API failed: {error}");
            log::line(Level::ERROR, &message, |_| {});
            ExitCode::FAILURE
        }
    }
}

fn serve(package: &Package, settings: &Settings) -> Result<ExitCode, BoxError> {
    // One thread: Lambda sends one event at a time, most functions have less than one CPU, and a pool of
    // threads is start-up time.
    let mut threads = tokio::runtime::Builder::new_current_thread();
    threads.enable_all().build()?.block_on(async {
        let endpoint = Endpoint::parse(&settings.runtime_api);
        let mut api = RuntimeApi::at(endpoint.clone());
        match Role::start(package, settings, endpoint).await {
            Ok(role) => run_as(&role, &mut api).await,
            Err(failure) => {
                let failure = answer::clipped(failure);
                let name = Some(failure.name.as_str());
                log::line(Level::ERROR, &failure.message, |details| {
                    details.error_type = name
                });
                api.init_error(&failure).await?;
                Ok(ExitCode::FAILURE)
            }
        }
    })
}

/// What the process is for.
enum Role<'p> {
    /// Steps of one handler.
    Steps(Box<Server<'p>>),
    /// The beginnings of sagas by events.
    Intake(Box<Intake<'p>>),
    /// Their outboxes.
    Publisher(Box<Publisher>),
    /// An API's requests.
    Api(Api),
    /// Who may send them.
    Gate(Gate),
}

impl<'p> Role<'p> {
    /// What the settings ask for.
    async fn start(
        package: &'p Package,
        settings: &Settings,
        endpoint: Endpoint,
    ) -> Result<Self, Failure> {
        let name = settings.handler.as_deref().unwrap_or_default();
        let variable = |name: &str| std::env::var(name).ok();
        match name {
            INTAKE => return Ok(Self::Intake(Box::new(Intake::new(package)))),
            PUBLISHER => {
                return Publisher::of(variable)
                    .map(|publisher| Self::Publisher(Box::new(publisher)));
            }
            _ => {}
        }
        if let Some(api) = package.served_api(name) {
            let notice = shutdown::notice_for(api.drops_state, endpoint);
            return tokio::join!(Api::start(api), notice).0.map(Self::Api);
        }
        if let Some(authorizer) = package.authorizer(name) {
            let notice = shutdown::notice_for(authorizer.drops_state, endpoint);
            return tokio::join!(Gate::start(authorizer), notice)
                .0
                .map(Self::Gate);
        }
        let server = Server::start(package, settings, endpoint).await;
        server.map(|server| Self::Steps(Box::new(server)))
    }

    async fn reply(&self, invocation: &Invocation) -> Result<Vec<u8>, Failure> {
        let result = match self {
            Self::Steps(server) => return server.reply(invocation).await,
            Self::Intake(intake) => intake.reply(invocation).await,
            Self::Publisher(publisher) => publisher.reply(invocation).await,
            Self::Api(api) => api.reply(invocation).await,
            Self::Gate(gate) => gate.reply(invocation).await,
        };
        if let Err(failure) = &result {
            log::line(Level::ERROR, &failure.message, |details| {
                details.error_type = Some(&failure.name);
                details.request_id = Some(&invocation.request_id);
            });
        }
        result.map(String::into_bytes).map_err(answer::clipped)
    }
}

async fn run_as(role: &Role<'_>, api: &mut RuntimeApi) -> Result<ExitCode, BoxError> {
    let mut notice = Notice::listen();
    while !notice.was_given().await {
        let invocation = tokio::select! {
            // An event that has arrived is answered, even if the notice arrived with it.
            biased;
            invocation = api.next() => invocation?,
            () = notice.given() => break,
        };
        let reply = match role.reply(&invocation).await {
            Ok(answer) => api.answer(&invocation, answer).await?,
            Err(failure) => api.fail(&invocation, &failure).await?,
        };
        if !reply.status.is_success() {
            // It came too late, or is not what Lambda takes; whoever invoked knows by now.
            let message = format!(
                "the reply to {} was refused: {}",
                invocation.request_id, reply.status
            );
            log::line(Level::ERROR, &message, |_| {});
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A handler with its application state.
pub(crate) struct Server<'p> {
    serving: Box<dyn Serve>,
    sensitive: Vec<SensitiveField>,
    pub(crate) fences: Fences,
    pub(crate) sagas: Sagas<'p>,
}

impl<'p> Server<'p> {
    async fn start(
        package: &'p Package,
        settings: &Settings,
        endpoint: Endpoint,
    ) -> Result<Self, Failure> {
        let handler = handler::choose(package, settings.handler.as_deref())?;
        let notice = shutdown::notice_for(handler.drops_state, endpoint);
        let fences = Fences::of(|name| std::env::var(name).ok());
        let (serving, (), ()) = tokio::join!(handler::start(handler), notice, fences.connect());
        Ok(Self {
            serving: serving?,
            sensitive: (handler.sensitive)(),
            fences,
            sagas: Sagas::of(package),
        })
    }

    /// Serves one invocation. What it leaves behind is one line of the log.
    async fn reply(&self, invocation: &Invocation) -> Result<Vec<u8>, Failure> {
        let arrived = Instant::now();
        if let Some(heard) = envelope::read(&invocation.event) {
            let heard = self.hear(heard, invocation, arrived).await;
            return heard.map(String::into_bytes).map_err(answer::clipped);
        }
        match event::read(invocation) {
            Ok((input, context, fenced)) => self.invoke(input, context, fenced, arrived).await,
            Err(failure) => {
                let result = Err(failure);
                log_result(&result, arrived, Some(&invocation.request_id));
                result
            }
        }
        .map(String::into_bytes)
        .map_err(answer::clipped)
    }

    pub(crate) async fn invoke(
        &self,
        input: Value,
        context: Context,
        fenced: Option<Fenced>,
        arrived: Instant,
    ) -> Result<String, Failure> {
        let shown = log::writes(Level::DEBUG) || !self.sensitive.is_empty();
        let mut shown = if shown { input.clone() } else { Value::Null };
        let secrets = redact(&mut shown, &self.sensitive);
        let entered = log::enter(context.clone(), secrets);
        log::line(Level::DEBUG, "invoked", |details| {
            details.input = Some(shown)
        });
        let work = async {
            let result = match panic::caught(self.serving.serve(input, context.clone())).await {
                Ok(answer) => answer.and_then(|answer| answer::to_json(&answer)),
                Err(panic) => Err(panic.into()),
            };
            // A fence keeps what failed: like the log, without anything sensitive, and of bounded length.
            result.map_err(|failure| answer::clipped(answer::scrubbed(failure, entered.secrets())))
        };
        let result = match fenced {
            Some(fenced) => self.fences.guard(fenced, &context, work).await,
            None => work.await,
        };
        log_result(&result, arrived, None);
        result
    }
}

/// Logs how an invocation ended; `request` is its id, where its event belongs to no execution.
pub(crate) fn log_result(
    result: &Result<String, Failure>,
    arrived: Instant,
    request: Option<&str>,
) {
    let failure = result.as_ref().err();
    let level = match failure.map(|failure| failure.outcome) {
        None => Level::INFO,
        // A known failure is a part of business, an unknown outcome is trouble.
        Some(Outcome::NotDone) => Level::WARN,
        Some(Outcome::Unknown) => Level::ERROR,
    };
    let message = failure.map_or("answered", |failure| &failure.message);
    log::line(level, message, |details| {
        details.duration_ms = Some(arrived.elapsed());
        details.error_type = failure.map(|failure| failure.name.as_str());
        details.request_id = request;
    });
}
