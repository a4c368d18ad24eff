//! Who may: a function of the package that looks at tokens.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use saga_manifest::api::Method;
use saga_manifest::handler as entry;

use super::registered::function;
use crate::handler::{App, BoxError, LambdaDeclaration};
use crate::recorder::Recorder;

/// Looks at the tokens of requests. `#[derive(SagaAuthorizer)]` on its type says what its function needs.
pub trait Authorizer: DeclaredAuthorizer {
    /// Whom a token is of, and what they may; `now` is the time by the function's clock. The answer holds for the token for five
    /// minutes, whatever it is used for: so it names everything that they may, and is not made for one request.
    ///
    /// # Errors
    /// It is of nobody: the client is told 401.
    fn admit(
        token: &str,
        now: SystemTime,
        app: &Self::App,
    ) -> impl Future<Output = Result<Grant, Denied>> + Send;
}

/// What `#[derive(SagaAuthorizer)]` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as an authorizer",
    label = "no function",
    note = "derive it: `#[derive(SagaAuthorizer)]`"
)]
pub trait DeclaredAuthorizer: Send + Sync + 'static {
    /// What looking at tokens needs: keys, read once.
    type App: App;

    /// The declaration.
    #[doc(hidden)]
    fn declare() -> AuthorizerDeclaration;
}

/// What an authorizer's declaration says.
#[doc(hidden)]
pub struct AuthorizerDeclaration {
    /// Its name.
    pub name: &'static str,
    /// Its doc comment.
    pub description: Option<&'static str>,
    /// Its function.
    pub function: LambdaDeclaration,
    /// The function's time in seconds.
    pub timeout_seconds: u32,
}

/// What somebody may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who it is.
    pub subject: String,
    /// Methods and paths; a segment `{}` stands for any.
    pub allowed: Vec<(Method, String)>,
    /// What is handed to the API besides.
    pub context: BTreeMap<String, String>,
}

/// A token of nobody. What is wrong with it is logged, and not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied(pub String);

impl Grant {
    /// Somebody who may nothing yet.
    pub fn to(subject: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            allowed: Vec::new(),
            context: BTreeMap::new(),
        }
    }

    /// They may use this method of this path. `{}` stands for any segment; every other sign for itself: a path with `*`, `?` or
    /// `$` is never allowed, since a policy would take them for more.
    #[must_use]
    pub fn allow(mut self, method: Method, path: impl Into<String>) -> Self {
        self.allowed.push((method, path.into()));
        self
    }

    /// Tells the API this of them.
    #[must_use]
    pub fn tell(mut self, name: &str, value: impl Into<String>) -> Self {
        self.context.insert(name.to_owned(), value.into());
        self
    }
}

/// An authorizer as the runtime has it.
#[derive(Clone)]
pub struct RegisteredAuthorizer {
    pub(crate) of: TypeId,
    pub(crate) entry: entry::Handler,
    pub(crate) resources: Vec<fn(&mut Recorder)>,
    start: fn() -> StartingAuthorizer,
    /// Whether its state does something when it is dropped.
    pub drops_state: bool,
}

/// An authorizer that is being started.
pub type StartingAuthorizer =
    Pin<Box<dyn Future<Output = Result<Box<dyn Admit>, BoxError>> + Send>>;

/// A running authorizer's answer.
pub type Admitting<'a> = Pin<Box<dyn Future<Output = Result<Grant, Denied>> + Send + 'a>>;

/// An authorizer with its state.
pub trait Admit: Send + Sync {
    /// Looks at a token.
    fn admit<'a>(&'a self, token: &'a str, now: SystemTime) -> Admitting<'a>;
}

impl RegisteredAuthorizer {
    /// An authorizer of a package.
    #[must_use]
    pub fn of<A: Authorizer>() -> Self {
        let declaration = A::declare();
        let uses = declaration.function.uses.iter();
        Self {
            of: TypeId::of::<A>(),
            resources: uses.map(|used| used.register).collect(),
            start: || {
                Box::pin(async {
                    let app = Arc::new(A::App::start().await?);
                    Ok(Box::new(Running::<A>(app)) as Box<dyn Admit>)
                })
            },
            drops_state: std::mem::needs_drop::<A::App>(),
            entry: function(
                declaration.name,
                declaration.description,
                declaration.function,
                declaration.timeout_seconds,
            ),
        }
    }

    /// The name that the bootstrap dispatches on.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.entry.name
    }

    /// Makes its state and starts it.
    #[must_use]
    pub fn start(&self) -> StartingAuthorizer {
        (self.start)()
    }
}

struct Running<A: Authorizer>(Arc<A::App>);

impl<A: Authorizer> Admit for Running<A> {
    fn admit<'a>(&'a self, token: &'a str, now: SystemTime) -> Admitting<'a> {
        Box::pin(A::admit(token, now, &self.0))
    }
}
