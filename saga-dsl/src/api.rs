//! APIs beside the sagas: an enum whose variants are the routes, and what answers them.
//!
//! ```
//! # use saga_dsl::api::{Answer, Api, Refusal, Request, Routes as _, SagaApi};
//! /// What the shop offers.
//! #[derive(SagaApi)]
//! #[api(app = (), open_because = "anybody may look")]
//! enum ShopApi {
//!     /// Lists it.
//!     #[get("/product")]
//!     List,
//!     /// One product.
//!     #[get("/product/{id}")]
//!     Read { id: String },
//! }
//!
//! impl Api for ShopApi {
//!     async fn answer(self, _: &Request, (): &()) -> Result<Answer, Refusal> {
//!         match self {
//!             Self::List => Ok(Answer::ok(&["lamp"])),
//!             Self::Read { id } => Err(Refusal::not_found(format!("there is no product `{id}`"))),
//!         }
//!     }
//! }
//! # let request = Request::new("DELETE", "/product/{id}");
//! # assert_eq!(ShopApi::allowed(&request.resource), "GET");
//! ```

mod answer;
mod authorizer;
mod registered;
mod request;

use std::collections::BTreeMap;
use std::future::Future;

pub use answer::{Answer, Refusal};
pub use authorizer::{
    Admit, Admitting, Authorizer, AuthorizerDeclaration, DeclaredAuthorizer, Denied, Grant,
    RegisteredAuthorizer,
};
pub use registered::{RegisteredApi, ServeApi, StartingApi};
pub use request::{Caller, Request};
pub use saga_macros::{SagaApi, SagaAuthorizer};
pub use saga_manifest::api::Method;
use saga_manifest::api::{Access, Route};

use crate::handler::{App, LambdaDeclaration};

/// What answers the requests of an API. One function serves all its routes.
#[diagnostic::on_unimplemented(
    message = "nothing answers the requests of `{Self}`",
    label = "no answers",
    note = "write `impl Api for {Self}` with `async fn answer(self, request: &Request, app: &…)`"
)]
pub trait Api: Routes {
    /// Answers a request for this route.
    ///
    /// # Errors
    /// What the client is told instead.
    fn answer(
        self,
        request: &Request,
        app: &Self::App,
    ) -> impl Future<Output = Result<Answer, Refusal>> + Send;
}

/// What `#[derive(SagaApi)]` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as an API",
    label = "no routes",
    note = "derive it for an enum whose variants are the routes: `#[derive(SagaApi)]`"
)]
pub trait Routes: Sized + Send + 'static {
    /// What the answers need: clients, made once.
    type App: App;

    /// The declaration.
    #[doc(hidden)]
    fn declare() -> ApiDeclaration;

    /// The route of a method and a path, with its parameters; none where there is none.
    #[doc(hidden)]
    fn route(method: &str, path: &str, parameters: &mut BTreeMap<String, String>) -> Option<Self>;

    /// The methods of a path, as the header `Allow` has them.
    #[must_use]
    fn allowed(path: &str) -> String {
        let routes = Self::declare().routes.into_iter();
        let methods = routes.filter(|route| route.path == path);
        let names: Vec<_> = methods.map(|route| route.method.name()).collect();
        names.join(", ")
    }
}

/// What an API's declaration says.
#[doc(hidden)]
pub struct ApiDeclaration {
    /// Its name.
    pub name: &'static str,
    /// Its doc comment.
    pub description: Option<&'static str>,
    /// Its function.
    pub function: LambdaDeclaration,
    /// The function's time in seconds.
    pub timeout_seconds: u32,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Who may.
    pub access: Access,
    /// The authorizer that `access` names.
    pub authorizer: Option<fn() -> RegisteredAuthorizer>,
    /// Requests a second.
    pub rate: u32,
    /// Requests at once.
    pub burst: u32,
}
