//! Who may use the routes: bearers of tokens that the shop's login signs (HS256, with the audience that is a parameter of the
//! template and the key that is a secret in the parameter store).

use std::time::SystemTime;

use saga_dsl::api::{Authorizer, Denied, Grant, Method, SagaAuthorizer};
use saga_dsl::prelude::*;
use saga_lambda::secret::parameter;
use saga_lambda::token::{Claims, Tokens};

/// The scope of those who may do everything.
pub const STAFF: &str = "staff";

/// Lets customers use what is theirs, and staff everything.
#[derive(SagaAuthorizer)]
#[authorizer(
    app = Keys,
    env(TOKEN_AUDIENCE = parameter("TokenAudience")),
    secrets(TOKEN_KEY = ssm("/order-choreography/token-key"))
)]
pub struct ShopTokens;

/// What tells true tokens from others.
pub struct Keys(Tokens);

impl App for Keys {
    async fn start() -> Result<Self, BoxError> {
        let audience = saga_lambda::variable("TOKEN_AUDIENCE").unwrap_or_default();
        if audience.is_empty() {
            return Err("the template's parameter `TokenAudience` is empty".into());
        }
        let key = parameter("TOKEN_KEY").await?;
        Ok(Self(Tokens::new(key.as_bytes(), audience)?))
    }
}

impl Authorizer for ShopTokens {
    async fn admit(token: &str, now: SystemTime, keys: &Keys) -> Result<Grant, Denied> {
        let claims = keys.0.verify(token, now);
        claims
            .map(|claims| grant(&claims))
            .map_err(|untrue| Denied(untrue.to_string()))
    }
}

/// What its bearer may.
fn grant(claims: &Claims) -> Grant {
    use Method::{Delete, Get, Post, Put};
    let name = &claims.sub;
    let granted = Grant::to(name)
        .allow(Get, "/product")
        .allow(Get, "/product/{}")
        .allow(Post, "/order");
    let own = ["order", "payment"]
        .into_iter()
        .fold(granted, |grant, service| {
            let path = format!("/{service}/{name}");
            grant.allow(Get, path.clone()).allow(Delete, path)
        });
    if !claims.has_scope(STAFF) {
        return own;
    }
    [Get, Post, Put, Delete]
        .into_iter()
        .fold(own.tell("scope", STAFF), |grant, method| {
            grant
                .allow(method, "/order")
                .allow(method, "/order/{}")
                .allow(method, "/payment")
                .allow(method, "/payment/{}")
                .allow(method, "/product")
                .allow(method, "/product/{}")
        })
}

#[cfg(test)]
impl Keys {
    /// The keys of tests.
    pub fn new(tokens: Tokens) -> Self {
        Self(tokens)
    }
}
