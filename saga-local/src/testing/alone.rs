//! A handler alone, on embedded services.

use std::collections::BTreeMap;
use std::fmt::Display;

use saga_dsl::api::{Answer, Api, RegisteredApi, Request};
use saga_dsl::handler::Registered;
use saga_dsl::handler::environment::{Environment, Within};
use saga_dsl::{App, Context, Handler, Saga, Table};

use super::result::{rows_of, typed};
use super::{SagaTest, environment_of, environments, serve};
use crate::http::Server;
use crate::saga::Callbacks;
use crate::services::Embedded;

/// A handler without its saga: it is called as a function would be, with its real clients on embedded
/// services that hold the tables, topics and queues of a saga's package. Nothing is fenced, so a handler that
/// is called twice acts twice if it does not see to that itself.
///
/// It panics where the test itself is wrong: a saga that does not compile, an `App` that does not start.
pub struct HandlerTest {
    services: Embedded,
    environments: BTreeMap<String, Environment>,
    /// What the clients of handlers call; it stops with the test.
    server: Server,
}

impl HandlerTest {
    /// Services with what this saga's package declares in them, empty.
    ///
    /// # Panics
    /// When the saga does not compile.
    pub async fn of<S: Saga>() -> Self {
        let test = SagaTest::of::<S>();
        let prepared = must(test.prepared());
        let services = Embedded::of(&test.manifest);
        let server = must(serve(&services, &Callbacks::default()).await);
        Self {
            environments: environments(&prepared.functions, &server),
            services,
            server,
        }
    }

    /// Starts a handler's `App` and calls it, in the environment of its function.
    ///
    /// # Errors
    /// The handler's own.
    ///
    /// # Panics
    /// When the `App` does not start.
    pub async fn run<H: Handler>(&self, step: H, cx: &Context) -> Result<H::Output, H::Error> {
        let call = async move |app: &H::App| step.handle(app, cx).await;
        self.with::<H, _>(call).await
    }

    /// Starts a handler's `App` and does something else with it, in the environment of the handler's function:
    /// looks at what lies in a table, as the handler would.
    ///
    /// # Panics
    /// When the `App` does not start.
    pub async fn with<H: Handler, O>(&self, work: impl AsyncFnOnce(&H::App) -> O) -> O {
        // A handler of another saga of the package has its own, on the same services.
        let known = self.environments.get(&H::name()).cloned();
        let other = || environment_of(Registered::of::<H>().function(), &self.server);
        let environment = known.unwrap_or_else(|| must(other()));
        let started = async {
            let app = must(H::App::start().await);
            work(&app).await
        };
        Within::new(environment, started).await
    }

    /// Starts an API's `App` and lets it answer a request, in the environment of its function.
    ///
    /// # Panics
    /// When the `App` does not start.
    pub async fn request<A: Api>(&self, request: Request) -> Answer {
        let api = RegisteredApi::of::<A>();
        let environment = must(environment_of(api.function(), &self.server));
        let started = async { must(api.start().await).serve(request).await };
        Within::new(environment, started).await
    }

    /// The rows of a table, in the order of their keys. Attributes that the type does not know are left out.
    ///
    /// # Panics
    /// When a row is not of the table's type.
    #[must_use]
    pub fn table<T: Table>(&self) -> Vec<T::Item> {
        typed(rows_of(&self.services, &T::declare().name))
    }
}

#[expect(clippy::panic, reason = "a test that is wrong fails, and says why")]
fn must<T, E: Display>(done: Result<T, E>) -> T {
    done.unwrap_or_else(|problem| panic!("{problem}"))
}
