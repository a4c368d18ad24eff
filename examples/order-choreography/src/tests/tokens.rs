//! The authorizer: whom it lets in, and to what.

use std::time::{Duration, SystemTime};

use saga_dsl::api::{Authorizer as _, Denied, Grant, Method};
use saga_lambda::token::Tokens;
use serde_json::{Value, json};

use crate::tokens::{Keys, ShopTokens};

const NOW: u64 = 1_800_000_000;

fn tokens(audience: &str) -> Tokens {
    Tokens::new(b"0123456789abcdef0123456789abcdef", audience).unwrap()
}

async fn admit(token: &str) -> Result<Grant, Denied> {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    ShopTokens::admit(token, now, &Keys::new(tokens("shop"))).await
}

fn claims(scope: &str) -> Value {
    json!({ "sub": "ann", "aud": "shop", "exp": NOW + 60, "scope": scope })
}

fn may(grant: &Grant, method: Method, path: &str) -> bool {
    grant.allowed.contains(&(method, path.to_owned()))
}

#[tokio::test]
async fn a_customer_may_use_what_is_theirs() {
    let grant = admit(&tokens("shop").sign(&claims(""))).await.unwrap();
    assert_eq!(grant.subject, "ann");
    assert!(grant.context.is_empty());
    assert!(may(&grant, Method::Post, "/order"));
    assert!(may(&grant, Method::Delete, "/order/ann"));
    assert!(may(&grant, Method::Get, "/product/{}"));
    for (method, path) in [
        (Method::Get, "/order"),
        (Method::Get, "/order/{}"),
        (Method::Post, "/payment"),
        (Method::Post, "/product"),
        (Method::Put, "/product/{}"),
    ] {
        assert!(!may(&grant, method, path), "{method:?} {path}");
    }
}

#[tokio::test]
async fn staff_may_do_everything_and_are_told_apart() {
    let grant = admit(&tokens("shop").sign(&claims("read staff")))
        .await
        .unwrap();
    assert_eq!(grant.context["scope"], "staff");
    assert!(may(&grant, Method::Put, "/product/{}"));
    assert!(may(&grant, Method::Get, "/order"));
}

#[tokio::test]
async fn nobody_else_comes_in() {
    let forged = tokens("shop").sign(&claims("staff"));
    let (signed, _) = forged.rsplit_once('.').unwrap();
    let mut over = claims("");
    over["exp"] = (NOW - 60).into();
    for (token, why) in [
        (
            tokens("bank").sign(&json!({ "sub": "ann", "aud": "bank", "exp": NOW + 60 })),
            "audience",
        ),
        (tokens("shop").sign(&over), "expired"),
        (format!("{signed}.AAAA"), "signature"),
        (
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.".to_owned(),
            "HS256",
        ),
        ("no token".to_owned(), "malformed"),
    ] {
        let Denied(said) = admit(&token).await.unwrap_err();
        assert!(said.contains(why), "{said}");
    }
}
