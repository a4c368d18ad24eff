//! Map states on trial.

use saga_asl::data::Data;

use super::inspect::Watch;
use crate::fault::{Failure, Fault};
use crate::program::{ItemSource, Map};
use crate::state;

impl Watch<'_> {
    /// Looks at the Map's items and bounds; a failure if more iterations failed than may.
    pub(super) fn map(&mut self, map: &Map, effective: &Data) -> Result<Option<Failure>, Fault> {
        let items = self.items(map, effective)?;
        let concurrency = self.setting(effective, map.concurrency.as_ref())?;
        self.seen
            .push(("maxConcurrency", Data::from(concurrency.unwrap_or(0))));
        let count = self.setting(effective, map.tolerated_count.as_ref())?;
        self.seen
            .extend(count.map(|count| ("toleratedFailureCount", Data::from(count))));
        let percentage = map.tolerated_percentage.as_ref();
        let percentage = percentage
            .map(|setting| self.compute(effective, |scope, random| setting.number(scope, random)))
            .transpose()?;
        let share = percentage.and_then(Data::from_f64);
        self.seen
            .extend(share.map(|share| ("toleratedFailurePercentage", share)));
        let failed = self.trial.failed_iterations.unwrap_or(0);
        Ok(exceeded(failed, items, count, percentage).then(|| {
            Failure::new(
                "States.ExceedToleratedFailureThreshold",
                "The specified tolerated failure threshold was exceeded",
            )
        }))
    }

    /// How many items there are.
    fn items(&mut self, map: &Map, effective: &Data) -> Result<usize, Fault> {
        let found = self.compute(effective, |scope, random| match &map.items {
            ItemSource::Value(template) => template.evaluate(scope, random),
            ItemSource::Path(path) => path.select(scope).map_err(|not_found| {
                Fault::Runtime(format!("Invalid path '{}' : {not_found}", path.as_str()))
            }),
            ItemSource::Input => Ok(effective.clone()),
            ItemSource::Reader(_) => Ok(self.trial.items.clone().unwrap_or_default()),
        })?;
        if matches!(map.items, ItemSource::Path(_)) {
            self.step("afterItemsPath", &found);
        }
        Ok(found.as_array().map_or(0, <[Data]>::len))
    }

    fn setting(
        &mut self,
        effective: &Data,
        setting: Option<&crate::program::Setting>,
    ) -> Result<Option<i64>, Fault> {
        setting
            .map(|setting| self.compute(effective, |scope, random| setting.integer(scope, random)))
            .transpose()
    }

    /// What the state asks its service or its branches for.
    pub(super) fn asked(&mut self, effective: &Data) -> Result<(), Fault> {
        let state = self.state;
        let arguments = self.compute(effective, |scope, random| {
            state::arguments(state, scope, random)
        })?;
        match state.language {
            saga_asl::model::QueryLanguage::JsonPath => self.step("afterParameters", &arguments),
            saga_asl::model::QueryLanguage::JsonAta => {
                if matches!(state.kind, crate::program::Kind::Task(_)) {
                    self.seen.push(("afterArguments", arguments));
                }
            }
        }
        Ok(())
    }
}

/// Without either bound, the API lets any number of iterations fail.
#[expect(clippy::cast_precision_loss, reason = "items are far fewer than 2^53")]
fn exceeded(failed: usize, items: usize, count: Option<i64>, percentage: Option<f64>) -> bool {
    let by_count =
        count.is_some_and(|most| i64::try_from(failed).is_ok_and(|failed| failed > most));
    let share = 100.0 * failed as f64 / items.max(1) as f64;
    by_count || percentage.is_some_and(|most| share > most)
}
