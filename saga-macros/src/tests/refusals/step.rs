//! What a step cannot say.

use super::check;

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
            &["10 => `10` is not a duration"],
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
            "#[step(concurrency = 0)] struct A;",
            &["0 => this is not a number of invocations"],
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
