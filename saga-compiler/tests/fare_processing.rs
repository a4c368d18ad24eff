//! The whole of one saga.

use crate::manifest::{compile, fare_processing};

#[test]
fn dump() {
    let output = compile(&fare_processing());
    println!("{}", output.template.to_text().unwrap());
}
