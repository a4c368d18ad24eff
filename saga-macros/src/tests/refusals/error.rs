//! What errors cannot declare.

use super::check;

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
