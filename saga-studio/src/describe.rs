//! A saga as the page shows it.

use saga_graph::Canvas;
use saga_local::saga::Prepared;
use saga_manifest::Manifest;
use saga_manifest::resource::Table;
use saga_verify::model::{self, Kind, Model, Role};
use saga_verify::sample;
use serde::Serialize;
use serde_json::{Value, json};

use crate::mask::Mask;
use crate::order;
use crate::picture;
use crate::workshop::{Built, Problem};

/// A saga.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Described {
    name: String,
    description: Option<String>,
    /// The input's JSON Schema.
    schema: Value,
    /// Inputs that fit it.
    samples: Vec<Value>,
    /// What faults can hit, in the definition's order.
    tasks: Vec<Task>,
    /// The picture, to be painted.
    picture: String,
    /// Why it needs an orchestrator; none where it runs by events, too.
    orchestrated: Option<Problem>,
    /// The names of the sensitive fields.
    sensitive: Vec<String>,
    /// What lies in the tables before each run, unless the page says otherwise.
    rows: Value,
    /// The package's tables.
    tables: Vec<TableKey>,
}

/// A table, by what its rows are known by.
#[derive(Debug, Serialize)]
struct TableKey {
    name: String,
    key: Vec<String>,
}

/// A state that does, undoes or tells something.
#[derive(Debug, Serialize)]
struct Task {
    state: String,
    /// What it is for, in words.
    role: String,
    /// The errors that it may answer.
    errors: Vec<String>,
    /// Whether it waits for its token.
    waits: bool,
    /// Whether there is one when the saga runs by events.
    #[serde(rename = "byEvents")]
    by_events: bool,
}

/// Makes a saga ready to run.
///
/// # Errors
/// When there is none of that name, or it cannot run here.
pub(crate) fn prepared(built: &Built, saga: &str) -> Result<Prepared, Problem> {
    let Built {
        manifest,
        definitions,
        parameters,
        ..
    } = built;
    Prepared::of(manifest, saga, definitions, parameters).map_err(|error| {
        let help = "a parameter is given when the studio is started: `--parameter NAME=VALUE`";
        Problem::new(error.to_string(), help)
    })
}

/// Describes a saga.
///
/// # Errors
/// As [`prepared`].
pub(crate) fn saga(built: &Built, name: &str) -> Result<Described, Problem> {
    let ready = prepared(built, name)?;
    let unknown = || Problem::new(format!("the package has no saga `{name}`"), "");
    let mut sagas = built.manifest.sagas.iter();
    let saga = sagas.find(|saga| saga.name == name).ok_or_else(unknown)?;
    let graph = picture::graph(&built.manifest, &built.definitions, name).ok_or_else(unknown)?;
    let models = models(built, &built.manifest);
    let tasks = ready.tasks.iter();
    let choreography = order::by_events(built, name);
    let by_events = |state: &str| {
        let undone = state.strip_prefix("Undo").unwrap_or_default();
        let choreography = choreography.as_ref().ok();
        choreography.is_some_and(|it| it.step(state).is_some() || it.call(undone, true).is_some())
    };
    let tables = built.manifest.tables.iter();
    Ok(Described {
        name: saga.name.clone(),
        description: saga.description.clone(),
        schema: saga.input.schema.clone(),
        samples: sample::samples(&saga.input.schema),
        tasks: tasks
            .map(|state| task(state, name, &models, &ready, by_events(state)))
            .collect(),
        picture: Canvas::of(&graph).svg(),
        sensitive: Mask::of(&built.manifest)
            .names()
            .map(str::to_owned)
            .collect(),
        rows: built.rows.clone().unwrap_or_else(|| json!({})),
        tables: tables.map(key).collect(),
        orchestrated: choreography.as_ref().err().cloned(),
    })
}

fn key(table: &Table) -> TableKey {
    let keys = std::iter::once(&table.partition_key).chain(&table.sort_key);
    TableKey {
        name: table.name.clone(),
        key: keys.map(|key| key.name.clone()).collect(),
    }
}

/// The models of all sagas: a saga's states may start others.
fn models(built: &Built, manifest: &Manifest) -> Vec<Model> {
    let models = built.definitions.iter().filter_map(|definition| {
        let mut sagas = manifest.sagas.iter();
        let saga = sagas.find(|saga| saga.name == definition.saga)?;
        Some(model::manifest::model(manifest, saga, &definition.machine))
    });
    models.collect()
}

fn task(named: &str, own: &str, models: &[Model], ready: &Prepared, by_events: bool) -> Task {
    let (saga, state) = named.split_once('/').unwrap_or((own, named));
    let model = models.iter().find(|model| model.saga == saga);
    let known = model.and_then(|model| Some((model, model.tasks.get(state)?)));
    let errors = known.map(|(_, task)| task.errors.iter().map(|error| error.name.clone()));
    Task {
        state: named.to_owned(),
        role: known.map_or_else(String::new, |(model, task)| role(model, task)),
        errors: errors.into_iter().flatten().collect(),
        waits: ready.callbacks.iter().any(|state| state == named),
        by_events,
    }
}

fn role(model: &Model, task: &model::Task) -> String {
    if let Some(of) = &task.parked_form_of {
        return format!("{of}, parked");
    }
    let step = |number: usize| model.steps.get(number);
    match task.role {
        Role::Do(number) => {
            let kind = step(number).map(|step| match step.kind {
                Kind::Compensatable => "compensatable step",
                Kind::Pivot => "pivot",
                Kind::Retriable => "retriable step",
                Kind::ReadOnly => "read-only step",
            });
            kind.unwrap_or("step").to_owned()
        }
        Role::Undo(number) => {
            let of = step(number).map(|step| step.name.as_str());
            format!("compensation of {}", of.unwrap_or("a step"))
        }
        Role::Message => "message".to_owned(),
    }
}
