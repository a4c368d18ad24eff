//! Packages that a test writes: a workspace beside this one, on the crates of this one.

use std::fs;
use std::path::{Path, PathBuf};

use super::command::{Saga, root};

/// The file that most packages of one saga are: its `define` is `{body}`.
const MAIN: &str = r#"
use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
pub struct Order { pub id: String }

#[derive(Serialize, Deserialize, SagaStep)]
#[step(compensation = Release)]
pub struct Reserve { pub id: String }

impl Handler for Reserve {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> { Ok(()) }
}

#[derive(Serialize, Deserialize, SagaStep)]
pub struct Release { pub id: String }

impl Handler for Release {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> { Ok(()) }
}

/// Reserves what was ordered.
#[derive(Saga)]
pub struct Ordering;

impl Saga for Ordering {
    type Input = Order;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, order: Ref<'s, Order>) -> Completed<'s, ()> {
{body}
        saga.complete(())
    }
}

saga_lambda::main!(Ordering);
"#;

/// A workspace of packages, in a folder that is the test's own and made anew each time.
pub struct Fixture {
    folder: PathBuf,
}

impl Fixture {
    /// A workspace of empty packages with these names, which hold sagas by their dependencies.
    pub fn workspace(names: &[&str]) -> Self {
        let fixture = Self {
            folder: builds().join(test()),
        };
        if fixture.folder.exists() {
            fs::remove_dir_all(&fixture.folder).unwrap();
        }
        let members = names
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect::<Vec<_>>()
            .join(", ");
        fixture.write(
            "Cargo.toml",
            &format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n"),
        );
        // The same versions as ours, so that nothing is built twice.
        fs::copy(root().join("Cargo.lock"), fixture.path().join("Cargo.lock")).unwrap();
        for name in names {
            fixture.write(&format!("{name}/Cargo.toml"), &manifest(name));
            fixture.write(&format!("{name}/src/main.rs"), "fn main() {}\n");
        }
        fixture
    }

    /// A workspace with one package `ordering` whose saga is defined by `body`.
    pub fn saga(body: &str) -> Self {
        let fixture = Self::workspace(&["ordering"]);
        // Tests that run at once build into one folder: a binary has the name of its test.
        fixture.write("ordering/Cargo.toml", &manifest(&test()));
        fixture.write("ordering/src/main.rs", &MAIN.replace("{body}", body));
        fixture
    }

    /// With a library that the package `ordering` uses.
    pub fn with_library(self, name: &str, text: &str) -> Self {
        self.write(&format!("{name}/Cargo.toml"), &manifest(name));
        self.write(&format!("{name}/src/lib.rs"), text);
        let used = format!("{name} = {{ path = \"../{name}\" }}\n");
        self.write("ordering/Cargo.toml", &(manifest(&test()) + &used));
        self
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The workspace's folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// `saga-cli` in the workspace. All fixtures share what they build.
    pub fn command(&self, arguments: &str) -> Saga {
        Saga::new(arguments)
            .inside(self.path())
            .with("CARGO_TARGET_DIR", builds().join("target"))
    }
}

/// The name of the running test.
fn test() -> String {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("main");
    name.rsplit("::").next().unwrap().to_owned()
}

fn builds() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures")
}

fn manifest(name: &str) -> String {
    let root = root();
    let root = root.display();
    format!(
        r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"

[dependencies]
saga-dsl = {{ path = "{root}/saga-dsl" }}
saga-lambda = {{ path = "{root}/saga-lambda" }}
serde = {{ version = "1", features = ["derive"] }}
"#
    )
}
