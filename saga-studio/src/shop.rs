//! What is built now, and building it again when a source is saved.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::workshop::{Built, Problem, Workshop};

/// How often the sources are looked at. A look is a call of `stat` for each: of hundreds it takes a millisecond.
const INTERVAL: Duration = Duration::from_millis(400);

/// What there is of the package.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// How often it was built.
    pub(crate) version: u64,
    pub(crate) building: bool,
    /// What was built last; it stays where the next build fails.
    pub(crate) built: Option<Arc<Built>>,
    pub(crate) problem: Option<Problem>,
}

impl State {
    /// As the page sees it.
    pub(crate) fn told(&self, package: &str, opened: u64) -> Value {
        let sagas = self.built.iter().flat_map(|built| &built.manifest.sagas);
        let sagas = sagas.map(|saga| json!({ "name": saga.name, "description": saga.description }));
        json!({
            "package": package,
            "opened": opened,
            "version": self.version,
            "building": self.building,
            "problem": self.problem,
            "sagas": sagas.collect::<Vec<_>>(),
        })
    }
}

/// Where the package is built.
pub(crate) struct Shop {
    pub(crate) workshop: Arc<dyn Workshop>,
    /// What tells this studio from one before it, at the same address: a number that follows from when it was opened.
    pub(crate) opened: u64,
    state: watch::Receiver<State>,
}

impl Shop {
    /// Builds on a thread of its own, until nobody holds the shop any more.
    pub(crate) fn open(workshop: Arc<dyn Workshop>) -> Self {
        let (sender, state) = watch::channel(State::default());
        let builder = Arc::clone(&workshop);
        thread::spawn(move || build_again_and_again(&*builder, &sender));
        let opened = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let opened = opened.map_or(0, |since| u64::from(since.subsec_nanos()) ^ since.as_secs());
        Self {
            workshop,
            opened,
            state,
        }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    pub(crate) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// What was built last.
    ///
    /// # Errors
    /// When nothing was.
    pub(crate) fn built(&self) -> Result<Arc<Built>, Problem> {
        let state = self.state();
        state.built.ok_or_else(|| {
            let failed = state.problem.unwrap_or_default();
            match failed.message.is_empty() {
                true => Problem::new("the package is not built yet", "wait until it is"),
                false => failed,
            }
        })
    }
}

fn build_again_and_again(workshop: &dyn Workshop, state: &watch::Sender<State>) {
    while !state.is_closed() {
        state.send_modify(|state| state.building = true);
        // Taken before: what is saved while it builds is built next.
        let mut seen = times(workshop.sources());
        let began = SystemTime::now();
        let built = workshop.build();
        state.send_modify(|state| {
            state.version += 1;
            state.building = false;
            match built {
                Ok(built) => (state.built, state.problem) = (Some(Arc::new(built)), None),
                Err(problem) => state.problem = Some(problem),
            }
        });
        // The build may have named more files; of those nothing was known before.
        let sources = workshop.sources();
        for (path, time) in times(sources.clone()) {
            let saved_since = time.filter(|time| *time < began).is_none();
            let before = if saved_since { None } else { time };
            seen.entry(path).or_insert(before);
        }
        while !state.is_closed() && times(sources.clone()) == seen {
            thread::sleep(INTERVAL);
        }
    }
}

/// When each file was written; none where there is no such file.
fn times(files: Vec<PathBuf>) -> BTreeMap<PathBuf, Option<SystemTime>> {
    let written = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    let files = files.into_iter();
    files.map(|path| (path.clone(), written(&path))).collect()
}
