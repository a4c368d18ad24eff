//! Ways back: where catchers lead, and with which data.

use saga_asl::model::{Catcher, DataPath, QueryLanguage, State};

use super::{ERROR, Reader, reads};
use crate::call;
use crate::flow::{Caught, WayBack};
use crate::refusal::Refused;
use crate::template::Env;

impl Reader<'_> {
    /// Where a catcher leads, and with which data.
    pub(super) fn caught(
        &self,
        catcher: &Catcher,
        language: QueryLanguage,
        env: &Env,
    ) -> Result<Caught, Refused> {
        let mut after = env.clone();
        if language == QueryLanguage::JsonAta {
            let reads = reads(language, &env.payload, env);
            for (name, template) in &catcher.assign {
                let value = reads
                    .value(template)
                    .map_err(|refused| refused.within(name).within("Assign"))?;
                after.variables.insert(name.clone(), value);
            }
            after.payload = match &catcher.output {
                Some(template) => reads
                    .value(template)
                    .map_err(|refused| refused.within("Output"))?,
                None => ERROR,
            };
        } else {
            match &catcher.result_path {
                None => after.payload = ERROR,
                Some(DataPath::Discard) => {}
                Some(DataPath::Path(path)) => {
                    after.payload = after
                        .payload
                        .with(&call::reference(path, "ResultPath")?, ERROR);
                }
            }
        }
        Ok(Caught {
            catcher: catcher.clone(),
            way: self.way_back(&catcher.next)?,
            env: after,
        })
    }

    /// The data of a way back: what is assigned only on such ways is lost.
    pub(crate) fn on_the_way_back(&self, env: &Env) -> Env {
        let mut env = env.clone();
        let states = self.states.values().map(|(state, _)| *state);
        let assigned = states.flat_map(|state| {
            let caught = state.catchers().iter().map(|catcher| &catcher.assign);
            state
                .assign()
                .into_iter()
                .chain(caught)
                .flat_map(|assign| assign.keys())
        });
        for name in assigned {
            let name = name.strip_suffix(".$").unwrap_or(name);
            env.variables.entry(name.to_owned()).or_insert(ERROR);
        }
        env
    }

    /// The Tasks that tell somebody that this undo failed.
    pub(crate) fn told_of_failure(&self, undo: &str) -> Vec<String> {
        let catchers = self.state(undo).map_or(&[][..], State::catchers);
        let ways = catchers
            .iter()
            .filter_map(|catcher| self.way_back(&catcher.next).ok());
        ways.flat_map(|way| way.notices).collect()
    }

    /// The states from a catcher on, to the end.
    pub(super) fn way_back(&self, start: &str) -> Result<WayBack, Refused> {
        let mut way = WayBack::default();
        let mut name = start;
        let mut met = Vec::new();
        loop {
            let Some(state) = self.state(name) else {
                return Err(Refused::new(
                    "/Next",
                    format!("there is no state `{name}`"),
                    "`saga-cli validate` finds such names",
                ));
            };
            if met.contains(&name) {
                let message = format!("what is caught here goes round in circles at `{name}`");
                return Err(Refused::new(
                    "/Next",
                    message,
                    "let it end in a Fail state: retries are the compensation's own",
                ));
            }
            met.push(name);
            match state {
                State::Task(_) if self.tells(name) => way.notices.push(name.to_owned()),
                State::Task(_) => way.undos.push(name.to_owned()),
                State::Pass(_) | State::Wait(_) => {}
                State::Fail(_) | State::Succeed(_) => {}
                State::Choice(_) | State::Parallel(_) | State::Map(_) => {
                    let message = format!(
                        "what is caught here is undone by `{name}`, a {}",
                        state.type_name()
                    );
                    let help = "a saga runs the compensations of what was done, in reverse, and needs no choice: \
                                give each step its own undo in a row of Tasks";
                    return Err(Refused::new("/Next", message, help));
                }
            }
            match state.transition().and_then(|transition| transition.next()) {
                Some(next) => name = next,
                None => {
                    name.clone_into(&mut way.last);
                    way.succeeds = !matches!(state, State::Fail(_));
                    return Ok(way);
                }
            }
        }
    }
}
