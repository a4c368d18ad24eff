//! What each derive expands to, kept as formatted Rust in `tests/expansions`: `<name>.in.rs` is what an
//! author writes, `<name>.rs` what it becomes. `UPDATE_EXPECT=1 cargo test -p saga-macros` rewrites the
//! latter.

use std::fs;
use std::path::Path;

use pretty_assertions::assert_eq;
use syn::DeriveInput;

fn check(derive: &str, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions");
    let source = fs::read_to_string(folder.join(format!("{name}.in.rs"))).unwrap();
    let item: DeriveInput = syn::parse_str(&source).unwrap();
    let file = syn::parse2(super::expand(derive, &item)).unwrap();
    let expanded = prettyplease::unparse(&file);
    let expected = folder.join(format!("{name}.rs"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(expected, expanded).unwrap();
        return;
    }
    assert_eq!(expanded, fs::read_to_string(expected).unwrap(), "{name}");
}

#[test]
fn a_struct_of_data() {
    check("SagaData", "data");
}

#[test]
fn a_transparent_struct() {
    check("SagaData", "newtype");
}

#[test]
fn an_enum_of_names() {
    check("SagaData", "names");
}

#[test]
fn an_enum_with_data() {
    check("SagaData", "variants");
}

#[test]
fn a_step() {
    check("SagaStep", "step");
}

#[test]
fn errors() {
    check("SagaError", "error");
}

#[test]
fn an_api() {
    check("SagaApi", "api");
}

#[test]
fn an_authorizer() {
    check("SagaAuthorizer", "authorizer");
}

#[test]
fn a_saga() {
    check("Saga", "saga");
}

#[test]
fn a_table() {
    check("SagaTable", "table");
}

#[test]
fn a_topic() {
    check("SagaTopic", "topic");
}

#[test]
fn a_queue() {
    check("SagaQueue", "queue");
}

#[test]
fn what_is_wrong_is_left_out() {
    check("SagaStep", "wrong_step");
}
