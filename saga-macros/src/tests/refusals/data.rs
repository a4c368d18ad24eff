//! What data cannot be.

use super::{check, errors};
use crate::tests::expand;

#[test]
fn data_is_a_plain_struct_or_enum() {
    check(&[
        (
            "SagaData",
            "union Bits { a: u8 }",
            &["Bits => a union cannot be saga data"],
        ),
        (
            "SagaData",
            "struct Page<T> { a: T }",
            &["T => saga data cannot be generic"],
        ),
        (
            "SagaData",
            "struct Page<'a> { a: &'a str }",
            &["'a => saga data cannot be generic"],
        ),
        (
            "SagaData",
            "struct Pair(u8, u8);",
            &["Pair => a tuple struct of saga data has one field"],
        ),
        (
            "SagaData",
            "enum Never {}",
            &["Never => an enum of saga data has a variant"],
        ),
        (
            "SagaData",
            "enum Payment { Card { number: u8 } }",
            &["{ number: u8 } => the variant `Card` has fields of its own"],
        ),
        (
            "SagaData",
            "enum Payment { Card(u8, u8) }",
            &["(u8, u8) => the variant `Card` has fields of its own"],
        ),
    ]);
}

#[test]
fn names_in_json_are_one_each() {
    check(&[
        (
            "SagaData",
            r#"struct A { a: u8, #[serde(rename = "a")] b: u8 }"#,
            &["b => two fields are named `a` in JSON"],
        ),
        (
            "SagaData",
            r#"enum A { B, #[serde(rename = "B")] C }"#,
            &["C => two variants are named `B` in JSON"],
        ),
        (
            "SagaData",
            r#"#[serde(rename_all = "camelcase")] struct A { a: u8 }"#,
            &["\"camelcase\" => `camelcase` is not a rule of `rename_all`"],
        ),
        (
            "SagaData",
            r#"#[serde(rename_all(serialize = "camelCase", deserialize = "snake_case"))] struct A { a: u8 }"#,
            &[
                r#"(serialize = "camelCase", deserialize = "snake_case") => what is written is not what is read"#,
            ],
        ),
        (
            "SagaData",
            r#"struct A { #[serde(rename(serialize = "b"))] a: u8 }"#,
            &[r#"(serialize = "b") => what is written is not what is read"#],
        ),
    ]);
}

#[test]
fn attributes_of_serde_that_differ_between_reading_and_writing() {
    let keys = [
        "alias = \"b\"",
        "deserialize_with = \"f\"",
        "getter = \"f\"",
        "serialize_with = \"f\"",
        "skip_deserializing",
        "skip_serializing",
        "with = \"m\"",
        "borrow",
    ];
    for key in keys {
        let source = format!("struct A {{ #[serde({key})] a: u8 }}");
        let name = key.split(' ').next().unwrap();
        let item = syn::parse_str(&source).unwrap();
        let errors = errors(&source, expand("SagaData", &item));
        assert_eq!(errors.len(), 1, "{source}");
        assert_eq!(
            (errors[0].0.as_str(), &errors[0].1),
            (name, &format!("`#[serde({name})]` cannot be in a saga"))
        );
    }
    check(&[
        (
            "SagaData",
            "#[serde(untagged)] enum A { B }",
            &["untagged => `#[serde(untagged)]` cannot be in a saga"],
        ),
        (
            "SagaData",
            r#"#[serde(from = "B")] struct A { a: u8 }"#,
            &["from => `#[serde(from)]` cannot be in a saga"],
        ),
        (
            "SagaData",
            "enum A { B, #[serde(other)] C }",
            &["other => `#[serde(other)]` cannot be in a saga"],
        ),
        (
            "SagaData",
            "enum A { B, #[serde(skip)] C }",
            &["C => a variant that is skipped cannot be written"],
        ),
        (
            "SagaData",
            "struct A { #[serde(novel)] a: u8 }",
            &["novel => `serde` has no `novel`"],
        ),
        (
            "SagaData",
            r#"struct A { #[serde(skip_serializing_if = "f")] a: u8 }"#,
            &["\"f\" => `a` is left out sometimes and could not be read back"],
        ),
    ]);
}

#[test]
fn flattened_and_transparent_fields_are_plain() {
    check(&[
        (
            "SagaData",
            "struct A { #[serde(flatten)] a: Option<B> }",
            &["flatten => an `Option` cannot be flattened in saga data"],
        ),
        (
            "SagaData",
            "struct A { #[serde(flatten, default)] a: B }",
            &["flatten => a flattened field is always there"],
        ),
        (
            "SagaData",
            "struct A { #[serde(flatten)] #[saga(sensitive)] a: B }",
            &["flatten => a flattened field cannot be sensitive"],
        ),
        (
            "SagaData",
            "struct A(#[saga(sensitive)] String);",
            &["sensitive => a field that stands for its struct cannot be sensitive"],
        ),
        (
            "SagaData",
            "#[serde(transparent)] struct A { a: u8, b: u8 }",
            &["transparent => a transparent struct is its one field"],
        ),
        (
            "SagaData",
            "#[serde(transparent)] enum A { B }",
            &["transparent => an enum cannot be transparent"],
        ),
        (
            "SagaData",
            r#"#[serde(tag = "t")] struct A { a: u8 }"#,
            &["\"t\" => a struct of saga data has no tag"],
        ),
        (
            "SagaData",
            r#"#[serde(content = "c")] enum A { B }"#,
            &["\"c\" => an enum with `content` has a `tag`"],
        ),
        (
            "SagaData",
            "enum A { B(#[serde(default)] u8) }",
            &["#[serde(default)] => a variant's content cannot have attributes of its own"],
        ),
        (
            "SagaData",
            "enum A { #[saga(sensitive)] B(u8) }",
            &["sensitive => a variant cannot be sensitive"],
        ),
        (
            "SagaData",
            "struct A { #[saga(sensitive(tokn))] a: u8 }",
            &["tokn => `tokn` is not a form of sensitive data"],
        ),
    ]);
}
