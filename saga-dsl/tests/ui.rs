//! What rustc says of a saga that is wrong: one mistake a file, on the author's line.
//!
//! `TRYBUILD=overwrite cargo test -p saga-dsl --test ui` rewrites the expected output.

#[test]
fn mistakes_are_refused_in_the_authors_words() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

#[test]
fn what_is_right_compiles() {
    trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
}
