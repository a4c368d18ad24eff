//! What the derives refuse: the text that is underlined, and the message.

use proc_macro2::{TokenStream, TokenTree};
use syn::{DeriveInput, LitStr};

/// A derive, an item, and what is said of it: `underlined text => message`.
type Refusal = (&'static str, &'static str, &'static [&'static str]);

#[track_caller]
fn check(refusals: &[Refusal]) {
    for (derive, source, expected) in refusals {
        let item: DeriveInput = syn::parse_str(source).expect(source);
        let errors = errors(source, super::expand(derive, &item));
        let said: Vec<_> = errors
            .iter()
            .map(|(at, message, _)| format!("{at} => {message}"))
            .collect();
        assert_eq!(said, *expected, "{source}");
        for (_, message, help) in errors {
            let first = message.chars().next().unwrap();
            assert!(
                !first.is_uppercase() && !message.ends_with('.'),
                "{message}"
            );
            assert!(!help.is_empty() && !help.ends_with('.'), "{help}");
        }
    }
}

/// The underlined text, message and help of each `::core::compile_error! { "…" }`.
fn errors(source: &str, tokens: TokenStream) -> Vec<(String, String, String)> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens
        .windows(3)
        .filter_map(|window| match window {
            [
                TokenTree::Ident(name),
                TokenTree::Punct(_),
                TokenTree::Group(group),
            ] if name == "compile_error" => {
                let (start, end) = (
                    name.span().byte_range().start,
                    group.span().byte_range().end,
                );
                let text: LitStr = syn::parse2(group.stream()).unwrap();
                let text = text.value();
                let (message, help) = text.split_once("\nhelp: ").unwrap_or((&text, "syntax"));
                Some((
                    source.get(start..end).unwrap_or("?").to_owned(),
                    message.to_owned(),
                    help.to_owned(),
                ))
            }
            _ => None,
        })
        .collect()
}

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
        let errors = errors(&source, super::expand("SagaData", &item));
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

#[test]
fn what_a_lambda_function_cannot_have() {
    check(&[
        ("SagaStep", "enum A { B }", &["A => a step is a struct"]),
        (
            "SagaStep",
            r#"#[step(timeout = "0s")] struct A;"#,
            &["\"0s\" => a timeout of zero"],
        ),
        (
            "SagaStep",
            r#"#[step(timeout = "16m")] struct A;"#,
            &["\"16m\" => a timeout of `16m` is out of bounds"],
        ),
        (
            "SagaStep",
            r#"#[step(timeout = "250ms")] struct A;"#,
            &["\"250ms\" => `250ms` is not whole seconds"],
        ),
        (
            "SagaStep",
            r#"#[step(timeout = "soon")] struct A;"#,
            &["\"soon\" => `soon` is not a duration"],
        ),
        (
            "SagaStep",
            r#"#[step(timeout = "99999999999s")] struct A;"#,
            &["\"99999999999s\" => `99999999999s` is not a duration"],
        ),
        (
            "SagaStep",
            "#[step(timeout = 10)] struct A;",
            &["10 => expected string literal"],
        ),
        (
            "SagaStep",
            r#"#[step(heartbeat = "5s")] struct A;"#,
            &["heartbeat => `#[step(heartbeat)]` cannot be in a saga"],
        ),
        (
            "SagaStep",
            "#[step(memory = 127)] struct A;",
            &["127 => memory is out of bounds"],
        ),
        (
            "SagaStep",
            r#"#[step(memory = "11GB")] struct A;"#,
            &["\"11GB\" => memory is out of bounds"],
        ),
        (
            "SagaStep",
            r#"#[step(memory = "1TB")] struct A;"#,
            &["\"1TB\" => this is not an amount of memory"],
        ),
        (
            "SagaStep",
            r#"#[step(name = "charge fare")] struct A;"#,
            &["\"charge fare\" => `charge fare` cannot be the name of a step"],
        ),
        (
            "SagaStep",
            r#"#[step(name = "")] struct A;"#,
            &["\"\" => this is empty"],
        ),
        (
            "SagaStep",
            r#"#[step(env(AWS_REGION = "x"))] struct A;"#,
            &["AWS_REGION => `AWS_REGION` is set by Lambda itself"],
        ),
        (
            "SagaStep",
            r#"#[step(env(SAGA_HANDLER = "x"))] struct A;"#,
            &["SAGA_HANDLER => `SAGA_HANDLER` belongs to the saga's own runtime"],
        ),
        (
            "SagaStep",
            r#"#[step(env(_X = "x"))] struct A;"#,
            &["_X => `_X` cannot be the name of an environment variable"],
        ),
        (
            "SagaStep",
            r#"#[step(env(STAGE = variable("x")))] struct A;"#,
            &["variable => `variable` gives no environment variable its value"],
        ),
        (
            "SagaStep",
            r#"#[step(env(STAGE = parameter("a-b")))] struct A;"#,
            &["\"a-b\" => `a-b` cannot be the name of a template's parameter"],
        ),
        (
            "SagaStep",
            r#"#[step(env(KEY = "x"), secrets(KEY = ssm("/k")))] struct A;"#,
            &["KEY => `KEY` is set twice"],
        ),
        (
            "SagaStep",
            r#"#[step(secrets(KEY = vault("k")))] struct A;"#,
            &["vault => no secret is kept in `vault`"],
        ),
    ]);
}

#[test]
fn what_a_step_says_is_said_once_and_known() {
    check(&[
        (
            "SagaStep",
            "#[step(output = A, output = B)] struct C;",
            &["output => `output` is stated twice"],
        ),
        (
            "SagaStep",
            "#[step(compensation = A, compensations(B, A))] struct C;",
            &["A => `A` is stated twice"],
        ),
        (
            "SagaStep",
            "#[step(compensate = A)] struct C;",
            &["compensate => `step` has no `compensate`"],
        ),
        (
            "SagaStep",
            "#[step(uses(Fares()))] struct C;",
            &["Fares => nothing is done with this"],
        ),
        (
            "SagaStep",
            "#[step(uses(Fares(gett)))] struct C;",
            &["gett => a handler cannot `gett`"],
        ),
        (
            "SagaStep",
            "#[step(uses(Fares(get, publish)))] struct C;",
            &["publish => `publish` stands alone"],
        ),
        (
            "SagaStep",
            "#[step(uses(Fares(get), Fares(put)))] struct C;",
            &["Fares => `Fares` is stated twice"],
        ),
    ]);
}

#[test]
fn errors_have_names_and_policies_that_the_language_takes() {
    check(&[
        (
            "SagaError",
            "struct E<T>(T);",
            &["T => a saga error cannot be generic"],
        ),
        (
            "SagaError",
            "union E { a: u8 }",
            &["E => a union cannot be a saga error"],
        ),
        (
            "SagaError",
            r#"enum E { #[saga(rename = "States.Timeout")] A }"#,
            &["\"States.Timeout\" => `States.Timeout` is reserved"],
        ),
        (
            "SagaError",
            r#"enum E { A, #[saga(rename = "A")] B }"#,
            &["B => two errors are named `A`"],
        ),
        (
            "SagaError",
            r#"enum E { #[saga(rename = " ")] A }"#,
            &["\" \" => this is empty"],
        ),
        (
            "SagaError",
            "enum E { #[saga(transparent)] A }",
            &["transparent => a transparent variant is the errors of its field"],
        ),
        (
            "SagaError",
            "enum E { #[saga(transparent, unknown)] A(B) }",
            &["unknown => a transparent variant declares nothing itself"],
        ),
        (
            "SagaError",
            "#[saga(unknown)] enum E { A }",
            &["#[saga(unknown)] => an enum of errors has no setting of its own"],
        ),
        (
            "SagaError",
            "enum E { #[saga(unkown)] A }",
            &["unkown => `saga` has no `unkown`"],
        ),
        (
            "SagaError",
            r#"enum E { #[saga(retry(interval = "0s"))] A }"#,
            &["\"0s\" => a retry interval of zero"],
        ),
        (
            "SagaError",
            "enum E { #[saga(retry(backoff = 0.9))] A }",
            &["0.9 => a backoff rate is at least 1.0"],
        ),
        (
            "SagaError",
            "enum E { #[saga(retry(max_attempts = 100000000))] A }",
            &["100000000 => this is out of bounds"],
        ),
        (
            "SagaError",
            r#"enum E { #[saga(retry(max_delay = "5s", interval = "5s"))] A }"#,
            &["\"5s\" => the longest delay is not longer than the first"],
        ),
        (
            "SagaError",
            r#"enum E { #[saga(retry(max_delay = "366d"))] A }"#,
            &["\"366d\" => a retry delay of `366d` is out of bounds"],
        ),
    ]);
}

#[test]
fn sagas_and_resources_say_what_they_are() {
    check(&[
        (
            "Saga",
            "struct S { a: u8 }",
            &["S => a saga is a struct without fields"],
        ),
        (
            "Saga",
            "#[saga(history_key(created))] struct S;",
            &["history_key => `history_key` states no reason"],
        ),
        (
            "Saga",
            r#"#[saga(history_key(created, reason = ""))] struct S;"#,
            &["\"\" => this is empty"],
        ),
        (
            "Saga",
            r#"#[saga(history_key(reason = "r"))] struct S;"#,
            &["history_key => `history_key` states no single key"],
        ),
        (
            "Saga",
            r#"#[saga(history_key(arn = "a", reason = "r"))] struct S;"#,
            &["\"a\" => `a` is not an ARN"],
        ),
        (
            "SagaTable",
            "struct T;",
            &[
                "T => a table says what its items hold",
                "T => a table has a partition key",
            ],
        ),
        (
            "SagaTable",
            "#[table(item = A, partition_key = id)] struct T;",
            &["id => the key `id` has no type"],
        ),
        (
            "SagaTable",
            "#[table(item = A, partition_key = id: B, index(name = \"i\"))] struct T;",
            &["\"i\" => `i` cannot be the name of an index"],
        ),
        (
            "SagaTable",
            "#[table(item = A, partition_key = id: B, index(partition_key = c: D))] struct T;",
            &["index => an index has a name and a partition key"],
        ),
        (
            "SagaTable",
            "#[table(item = A, partition_key = id: B, existing())] struct T;",
            &["existing => `existing` states no single ARN"],
        ),
        (
            "SagaTopic",
            "struct T;",
            &["T => a topic says what its messages hold"],
        ),
        (
            "SagaTopic",
            "#[topic(mesage = A)] struct T;",
            &["mesage => `topic` has no `mesage`"],
        ),
        (
            "SagaQueue",
            "struct Q;",
            &["Q => a queue says what its messages hold"],
        ),
        (
            "SagaQueue",
            r#"#[queue(message = A, visibility_timeout = "13h")] struct Q;"#,
            &["\"13h\" => a visibility timeout of `13h` is out of bounds"],
        ),
        (
            "SagaQueue",
            r#"#[queue(message = A, retention = "15d")] struct Q;"#,
            &["\"15d\" => a retention of `15d` is out of bounds"],
        ),
        (
            "SagaQueue",
            "#[queue(message = A, dead_letter_after = 0)] struct Q;",
            &["0 => this is out of bounds"],
        ),
        (
            "SagaQueue",
            "#[queue(message = A, dead_letter_after = 3, no_dead_letter)] struct Q;",
            &["no_dead_letter => the queue has a dead-letter queue already"],
        ),
        (
            "SagaQueue",
            "#[queue(message = A, subscribe(T, filter()))] struct Q;",
            &["() => this filter lets everything through"],
        ),
        (
            "SagaQueue",
            "#[queue(message = A, subscribe(T, filter(a = [])))] struct Q;",
            &["a => no value of `a` passes this filter"],
        ),
    ]);
}
