//! What an API and its authorizer cannot say.

use super::check;

#[test]
fn what_is_no_route() {
    check(&[
        (
            "SagaApi",
            "struct A;",
            &["A => an API is an enum of its routes"],
        ),
        (
            "SagaApi",
            "enum A { B }",
            &["B => `B` states no single route"],
        ),
        (
            "SagaApi",
            r#"enum A { #[get("/a")] #[post("/a")] B }"#,
            &["B => `B` states no single route"],
        ),
        (
            "SagaApi",
            r#"enum A { #[get("a")] B }"#,
            &["\"a\" => `a` is no path of an API"],
        ),
        (
            "SagaApi",
            r#"enum A { #[get("/a b")] B }"#,
            &["\"/a b\" => `/a b` is no path of an API"],
        ),
        (
            "SagaApi",
            r#"enum A { #[get("/a/{b")] B }"#,
            &["\"/a/{b\" => `/a/{b` is no path of an API"],
        ),
        (
            "SagaApi",
            r#"enum A { #[get("/a")] B, #[get("/a")] C }"#,
            &["C => `B` has this route, too"],
        ),
        (
            "SagaApi",
            r#"enum A<T> { #[get("/a")] B }"#,
            &["T => an API cannot be generic"],
        ),
    ]);
}

#[test]
fn what_is_no_parameter() {
    check(&[
        (
            "SagaApi",
            r#"enum A { #[get("/a/{userName}")] B }"#,
            &["\"/a/{userName}\" => `{userName}` has no field"],
        ),
        (
            "SagaApi",
            r#"enum A { #[get("/a/{userName}")] B { user: String } }"#,
            &["user => `/a/{userName}` has no parameter `{user}`"],
        ),
        (
            "SagaApi",
            r#"enum A { #[get("/a/{b}")] B(String) }"#,
            &["(String) => a route's fields have names"],
        ),
    ]);
}

#[test]
fn what_a_gateway_does_not_take() {
    check(&[
        (
            "SagaApi",
            r#"#[api(timeout = "30s")] enum A { #[get("/a")] B }"#,
            &["\"30s\" => a timeout of `30s` is out of bounds"],
        ),
        (
            "SagaApi",
            r#"#[api(rate = 0)] enum A { #[get("/a")] B }"#,
            &["0 => no requests would be taken"],
        ),
        (
            "SagaApi",
            r#"#[api(authorizer = T, open_because = "it is")] enum A { #[get("/a")] B }"#,
            &["\"it is\" => an API with an authorizer is not open"],
        ),
        (
            "SagaApi",
            r#"#[api(open_because = " ")] enum A { #[get("/a")] B }"#,
            &["\" \" => this is empty"],
        ),
        (
            "SagaApi",
            r#"#[api(uses(Fares(get, start)))] enum A { #[get("/a")] B }"#,
            &["start => nobody can `start` a table"],
        ),
        (
            "SagaApi",
            r#"#[api(uses(Refunds(start, get)))] enum A { #[get("/a")] B }"#,
            &["get => nobody can `get` a saga"],
        ),
        (
            "SagaAuthorizer",
            "#[authorizer(rate = 5)] struct A;",
            &["rate => `authorizer` has no `rate`"],
        ),
        (
            "SagaAuthorizer",
            "struct A { b: u8 }",
            &["A => an authorizer is a struct without fields"],
        ),
    ]);
}
