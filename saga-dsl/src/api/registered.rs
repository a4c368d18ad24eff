//! APIs as the runtime has them: their types are behind them.

use std::any::TypeId;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use saga_manifest::api as manifest;
use saga_manifest::handler::Handler;
use saga_manifest::saga::Data;

use super::{Answer, Api, Refusal, RegisteredAuthorizer, Request};
use crate::handler::{App, BoxError, LambdaDeclaration};
use crate::recorder::Recorder;

/// An API of a package.
#[derive(Clone)]
pub struct RegisteredApi {
    pub(crate) of: TypeId,
    pub(crate) entry: manifest::Api,
    pub(crate) resources: Vec<fn(&mut Recorder)>,
    pub(crate) authorizer: Option<fn() -> RegisteredAuthorizer>,
    start: fn() -> StartingApi,
    /// Whether its state does something when it is dropped.
    pub drops_state: bool,
}

/// An API that is being started.
pub type StartingApi = Pin<Box<dyn Future<Output = Result<Box<dyn ServeApi>, BoxError>> + Send>>;

/// An API with its state.
pub trait ServeApi: Send + Sync {
    /// Answers a request: a path that has no such method with 405, one that there is not with 404.
    fn serve(&self, request: Request) -> Pin<Box<dyn Future<Output = Answer> + Send + '_>>;
}

impl RegisteredApi {
    /// An API of a package.
    #[must_use]
    pub fn of<A: Api>() -> Self {
        let declaration = A::declare();
        let uses = declaration.function.uses.iter();
        Self {
            of: TypeId::of::<A>(),
            resources: uses.map(|used| used.register).collect(),
            authorizer: declaration.authorizer,
            start: || {
                Box::pin(async {
                    let app = Arc::new(A::App::start().await?);
                    Ok(Box::new(RunningApi::<A>::new(app)) as Box<dyn ServeApi>)
                })
            },
            drops_state: std::mem::needs_drop::<A::App>(),
            entry: manifest::Api {
                function: function(
                    declaration.name,
                    declaration.description,
                    declaration.function,
                    declaration.timeout_seconds,
                ),
                routes: declaration.routes,
                access: declaration.access,
                rate: declaration.rate,
                burst: declaration.burst,
            },
        }
    }

    /// The name that the bootstrap dispatches on.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.entry.function.name
    }

    /// What is declared of its function.
    #[must_use]
    pub fn function(&self) -> &Handler {
        &self.entry.function
    }

    /// Makes its state and starts it.
    #[must_use]
    pub fn start(&self) -> StartingApi {
        (self.start)()
    }
}

/// A function that no step invokes: what comes in and goes out is not the manifest's.
pub(super) fn function(
    name: &str,
    description: Option<&str>,
    declaration: LambdaDeclaration,
    timeout_seconds: u32,
) -> Handler {
    let anything = || Data {
        schema: serde_json::json!({}),
        sensitive: Vec::new(),
    };
    Handler {
        name: name.to_owned(),
        description: description.map(str::to_owned),
        place: declaration.place,
        input: anything(),
        output: anything(),
        timeout_seconds,
        memory_mib: declaration.memory_mib,
        concurrency: declaration.concurrency,
        environment: declaration.environment,
        secrets: declaration.secrets,
        unfenced: None,
        uses: declaration
            .uses
            .into_iter()
            .map(|used| used.entry)
            .collect(),
    }
}

/// An API that shares its state with whoever started it.
pub struct RunningApi<A: Api> {
    app: Arc<A::App>,
}

impl<A: Api> RunningApi<A> {
    /// An API on this state: a test hands in its fakes here.
    #[must_use]
    pub fn new(app: Arc<A::App>) -> Self {
        Self { app }
    }
}

impl<A: Api> ServeApi for RunningApi<A> {
    fn serve(&self, mut request: Request) -> Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
        Box::pin(async move {
            let mut parameters = std::mem::take(&mut request.parameters);
            let found = A::route(&request.method, &request.resource, &mut parameters);
            request.parameters = parameters;
            match found {
                Some(route) => route
                    .answer(&request, &self.app)
                    .await
                    .unwrap_or_else(Answer::from),
                None => no_route::<A>(&request),
            }
        })
    }
}

fn no_route<A: Api>(request: &Request) -> Answer {
    let (method, path) = (&request.method, &request.resource);
    let allowed = A::allowed(path);
    if allowed.is_empty() {
        return Refusal::not_found(format!("there is no `{path}`")).into();
    }
    let message = format!("`{path}` has no {method}: it has {allowed}");
    let refusal = Refusal {
        status: 405,
        message,
        field: None,
    };
    Answer::from(refusal).header("Allow", allowed)
}
