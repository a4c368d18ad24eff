//! `saga-cli generate`.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::command::{Saga, root};
use super::fixture::Fixture;
use super::template::{Template, referred};

/// Rewritten with `UPDATE_EXPECT=1 cargo test -p saga-cli --test main`.
#[track_caller]
pub fn check_golden(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        kept,
        text,
        "{} is stale: UPDATE_EXPECT=1 rewrites it",
        path.display()
    );
}

#[test]
fn the_examples_templates_are_the_ones_kept() {
    let out = TempDir::new().unwrap();
    for example in fs::read_dir(root().join("examples")).unwrap() {
        let folder = example.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap();
        let template = Saga::new(&format!("generate -p {name}")).run().success();
        check_golden(&folder.join("expected/template.yaml"), &template);
        // An example whose saga goes by events compiles to either target.
        if name.ends_with("-choreography") {
            let generate = format!("generate -p {name} --target choreography");
            let template = Saga::new(&generate).run().success();
            check_golden(&folder.join("expected/choreography.yaml"), &template);
        }
        let out = out.path().join(name);
        Saga::new(&format!("generate -p {name} --out {}", out.display()))
            .run()
            .success();
        for file in fs::read_dir(&out).unwrap() {
            let file = file.unwrap();
            if file.file_name() != "template.yaml" {
                let text = fs::read_to_string(file.path()).unwrap();
                check_golden(&folder.join("expected").join(file.file_name()), &text);
            }
        }
    }
}

#[test]
fn a_cold_build_gives_the_same_bytes_as_a_warm_one() {
    let cold = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let generate = || Saga::new("generate -p fare-processing");
    let built_anew = generate()
        .with("CARGO_TARGET_DIR", cold.path())
        .run()
        .success();
    assert_eq!(built_anew, generate().run().success());
    assert_eq!(built_anew, generate().run().success());
}

#[test]
fn the_code_is_named_from_where_the_template_will_be() {
    let folder = root().join("examples/fare-processing");
    let code = |template: &str| {
        template
            .lines()
            .find_map(|line| line.trim().strip_prefix("CodeUri: "))
            .unwrap()
            .trim_matches(['"', '\''])
            .to_owned()
    };
    assert_eq!(
        code(&Saga::new("generate -p fare-processing").run().success()),
        "examples/fare-processing"
    );
    assert_eq!(
        code(&Saga::new("generate").inside(&folder).run().success()),
        "."
    );
    assert_eq!(
        code(
            &Saga::new("generate")
                .inside(&folder.join("src"))
                .run()
                .success()
        ),
        ".."
    );
    let out = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    Saga::new(&format!(
        "generate -p fare-processing --out {}/new/folder",
        out.path().display()
    ))
    .run()
    .success();
    let template = fs::read_to_string(out.path().join("new/folder/template.yaml")).unwrap();
    let named = out
        .path()
        .join("new/folder")
        .join(code(&template))
        .canonicalize()
        .unwrap();
    assert_eq!(named, folder.canonicalize().unwrap());
}

#[test]
fn a_package_that_is_not_there_is_named() {
    Saga::new("generate -p fare-procesing").run().failure(
        2,
        &[
            "the workspace has no package `fare-procesing`",
            "did you mean `fare-processing`?",
        ],
    );
}

#[test]
fn several_packages_are_listed() {
    let fixture = Fixture::workspace(&["orders", "fares"]);
    fixture.command("generate").run().failure(
        2,
        &[
            "several packages hold sagas",
            "`fares`",
            "`orders`",
            "-p NAME",
        ],
    );
}

#[test]
fn a_folder_without_a_package_says_so() {
    let folder = TempDir::new().unwrap();
    Saga::new("generate")
        .inside(folder.path())
        .run()
        .failure(1, &["could not find `Cargo.toml`", "run saga-cli in"]);
}

#[test]
fn a_workspace_without_sagas_says_so() {
    let fixture = Fixture::workspace(&["plain"]);
    fixture.write(
        "plain/Cargo.toml",
        "[package]\nname = \"plain\"\nversion = \"0.1.0\"\n",
    );
    fixture.command("generate").run().failure(
        2,
        &["no package of this workspace depends on `saga-lambda`"],
    );
}

#[test]
fn two_binaries_have_to_be_told_apart() {
    let fixture = Fixture::workspace(&["orders"]);
    fixture.write("orders/src/bin/other.rs", "fn main() {}\n");
    fixture.command("generate").run().failure(
        2,
        &[
            "several binaries",
            "`orders`",
            "`other`",
            "[package.metadata.saga]",
        ],
    );
}

#[test]
fn a_binary_that_is_no_saga_says_so() {
    let fixture = Fixture::workspace(&["orders"]);
    fixture
        .command("generate")
        .run()
        .failure(1, &["wrote no manifest", "saga_lambda::main!"]);
}

#[test]
fn a_package_that_does_not_build_shows_what_rustc_says() {
    let fixture = Fixture::saga(
        "saga.step(ReserveRef { id: order.ident }.compensate(|_| ReleaseRef { id: order.id }));",
    );
    fixture.command("generate").run().failure(
        1,
        &["no field `ident`", "ordering/src/main.rs", "does not build"],
    );
}

/// Steps with a table and an `App` of their own.
const GOODS: &str = r#"
use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
pub struct Good { pub id: String }

#[derive(SagaTable)]
#[table(item = Good, partition_key = id: String, isolation = none("each good is there once"))]
pub struct Goods;

pub struct Store;

impl App for Store {
    async fn start() -> Result<Self, BoxError> { Ok(Self) }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Store, compensation = PutBack, uses(Goods(delete)))]
pub struct Pick { pub id: String }

impl Handler for Pick {
    async fn handle(self, _: &Store, _: &Context) -> Result<(), Never> { Ok(()) }
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(app = Store, uses(Goods(put)))]
pub struct PutBack { pub id: String }

impl Handler for PutBack {
    async fn handle(self, _: &Store, _: &Context) -> Result<(), Never> { Ok(()) }
}
"#;

#[test]
fn steps_of_another_crate_bring_their_functions_tables_and_grants() {
    let fixture = Fixture::saga(
        "saga.step(ReserveRef { id: order.id }.compensate(|_| ReleaseRef { id: order.id }));
         saga.step(goods::PickRef { id: order.id }.compensate(|_| goods::PutBackRef { id: order.id }));",
    )
    .with_library("goods", GOODS);
    let template = fixture.command("generate").run().success();
    let template = Template::read(&template);
    let granted = |function: &str| {
        let role = template.properties(&format!("{function}Role"));
        let statements = &role["Policies"][0]["PolicyDocument"]["Statement"];
        let statements = statements.as_array().unwrap().iter();
        let of_goods = statements
            .filter(|statement| referred(&statement["Resource"]).as_deref() == Some("GoodsTable"));
        of_goods
            .map(|statement| statement["Action"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(granted("PickFunction"), [json!(["dynamodb:DeleteItem"])]);
    assert_eq!(granted("PutBackFunction"), [json!(["dynamodb:PutItem"])]);
    assert_eq!(granted("ReserveFunction"), [Value::Null; 0]);
}

#[test]
fn what_a_definition_prints_is_not_in_the_template() {
    let fixture = Fixture::saga(
        "println!(\"noise\"); saga.step(ReserveRef { id: order.id }.compensate(|_| ReleaseRef { id: order.id }));",
    );
    let template = fixture.command("generate").run().success();
    assert!(
        template.starts_with("AWSTemplateFormatVersion"),
        "{template}"
    );
    assert!(!template.contains("noise"));
}

#[test]
fn two_steps_of_one_name_are_reported_with_both_places() {
    let reserve =
        "saga.step(ReserveRef { id: order.id }.compensate(|_| ReleaseRef { id: order.id }));";
    let fixture = Fixture::saga(&format!("{reserve}\n{reserve}"));
    fixture.command("generate").run().failure(
        1,
        &[
            "`Reserve`",
            "ordering/src/main.rs:32",
            "main.rs:33",
            ".named(",
        ],
    );
    let named = reserve.replace(".compensate", ".named(\"ReserveAgain\").compensate");
    let fixture = Fixture::saga(&format!("{reserve}\n{named}"));
    fixture.command("generate").run().success();
}

#[test]
fn a_retry_of_half_a_second_is_reported_with_its_place() {
    let fixture = Fixture::saga(
        "saga.step(ReserveRef { id: order.id }\n.retry_others(Retry::after(Duration::from_millis(500)))\n.compensate(|_| ReleaseRef { id: order.id }));",
    );
    fixture
        .command("generate")
        .run()
        .failure(1, &["whole seconds", "ordering/src/main.rs:32"]);
}

#[test]
fn a_saga_that_is_not_there_is_named() {
    Saga::new("generate -p fare-processing --saga FareProcesing")
        .run()
        .failure(
            2,
            &["no saga `FareProcesing`", "did you mean `FareProcessing`?"],
        );
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let mut child = Saga::new("generate -p fare-processing")
        .command()
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn an_output_folder_that_is_a_file_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let taken = folder.path().join("taken");
    fs::write(&taken, "mine").unwrap();
    Saga::new(&format!(
        "generate -p fare-processing --out {}",
        taken.display()
    ))
    .run()
    .failure(1, &["taken"]);
    assert_eq!(fs::read_to_string(taken).unwrap(), "mine");
}

#[test]
fn what_needs_an_orchestrator_is_refused_with_its_place() {
    Saga::new("generate -p trip-booking --target choreography")
        .run()
        .failure(
            1,
            &[
                "does the same for each item of a list: that needs an orchestrator",
                "examples/trip-booking/src/saga.rs:",
                "--target step-functions",
            ],
        );
}

/// What `cargo test` says of its own package is no business of the package that is built: dependencies whose build
/// scripts read it would be built anew, now and by the next cargo that says nothing of the kind.
#[test]
fn a_build_hears_nothing_of_the_package_that_a_test_is_of() {
    let folder = TempDir::new().unwrap();
    let (heard, cargo) = (folder.path().join("heard"), folder.path().join("cargo"));
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = build ]; then env > {}; exit 1; fi\nexec {} \"$@\"\n",
        heard.display(),
        env!("CARGO")
    );
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let ran = Saga::new("generate -p fare-processing")
        .with("CARGO", &cargo)
        .with("CARGO_PKG_NAME", "of-a-test")
        .with("CARGO_MANIFEST_DIR", "/of/a/test")
        .with("CARGO_TERM_COLOR", "never")
        .run();
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let heard = fs::read_to_string(heard).unwrap();
    let name = |line: &str| line.split('=').next().unwrap().to_owned();
    let mut names: Vec<_> = heard.lines().map(name).collect();
    names.retain(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
    assert_eq!(names, Vec::<String>::new());
    assert!(heard.contains("CARGO_TERM_COLOR=never"), "{heard}");
}
