//! What sagas and resources have to say, and cannot.

use super::check;

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
                "T => a table says how sagas that run at the same time are kept apart on its items",
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
            "SagaTable",
            "#[table(item = A, partition_key = id: B)] struct T;",
            &["T => a table says how sagas that run at the same time are kept apart on its items"],
        ),
        (
            "SagaTable",
            "#[table(item = A, partition_key = id: B, isolation = luck)] struct T;",
            &["luck => there is no isolation `luck`"],
        ),
        (
            "SagaTable",
            "#[table(item = A, partition_key = id: B, isolation = lock)] struct T;",
            &["lock => `lock` needs the field that names the holder"],
        ),
        (
            "SagaTable",
            "#[table(item = A, partition_key = id: B, isolation = none)] struct T;",
            &["none => `none` needs its reason"],
        ),
        (
            "SagaTable",
            "#[table(item = A, partition_key = id: B, isolation = none(\"\"))] struct T;",
            &["\"\" => this is empty"],
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
