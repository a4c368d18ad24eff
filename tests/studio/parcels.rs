//! A small package like a user's, outside of the workspace: its source is edited while the studio runs, its handlers print,
//! panic and hang.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::workspace;

/// Its source. What is to be edited stands in a line of its own.
const MAIN: &str = r#"use saga_dsl::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, SagaData)]
pub struct Parcel {
    pub id: String,
    pub mood: String,
}

#[derive(Serialize, Deserialize, SagaStep)]
#[step(compensation = Unweigh, timeout = "3s")]
pub struct Weigh {
    pub id: String,
    pub mood: String,
}

impl Handler for Weigh {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        println!("weighing {}", self.id);
        eprintln!("the scales say 7");
        match self.mood.as_str() {
            "panic" => panic!("the scales broke"),
            "hang" => std::thread::sleep(std::time::Duration::from_secs(60)),
            _ => {}
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize, SagaStep)]
pub struct Unweigh {
    pub id: String,
}

impl Handler for Unweigh {
    async fn handle(self, _: &(), _: &Context) -> Result<(), Never> {
        println!("unweighing {}", self.id);
        Ok(())
    }
}

#[derive(Saga)]
pub struct Parcels;

impl Saga for Parcels {
    type Input = Parcel;
    type Output = ();

    fn define<'s>(mut saga: Flow<'s, '_>, parcel: Ref<'s, Parcel>) -> Completed<'s, ()> {
        saga.step(WeighRef { id: parcel.id, mood: parcel.mood }.compensate(|_| UnweighRef { id: parcel.id }));
        // and then
        saga.complete(())
    }
}

saga_lambda::main!(Parcels);
"#;

/// Writes the package anew. Gives its folder.
pub fn write() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("studio/parcels");
    let root = workspace().display();
    let manifest = format!(
        r#"[package]
name = "studio-parcels"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
saga-dsl = {{ path = "{root}/saga-dsl" }}
saga-lambda = {{ path = "{root}/saga-lambda" }}
serde = {{ version = "1", features = ["derive"] }}

# As ours: what others of our packages depend on is not built once more.
[profile.dev]
debug = "line-tables-only"

[profile.dev.package]
serde_json.opt-level = 1
"#
    );
    let told = |error: std::io::Error| format!("{folder:?}: {error}");
    fs::create_dir_all(folder.join("src")).map_err(told)?;
    fs::write(folder.join("Cargo.toml"), manifest).map_err(told)?;
    // The same versions as ours, so that nothing is built twice.
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).map_err(told)?;
    fs::write(folder.join("src/main.rs"), MAIN).map_err(told)?;
    Ok(folder)
}
