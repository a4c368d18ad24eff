//! What the sagas' state machines call, on every way that `verify` explores.

use saga_engine::history::{Detail, Family, HistoryEvent};
use saga_verify::model::manifest;
use saga_verify::{Options, Verdict};
use serde_json::Value;

use crate::called::by_state;
use crate::example::Example;
use crate::granted::Grants;
use crate::own;

/// Explores each saga with up to so many faults.
pub fn explore(example: &Example, depth: usize, used: &mut Grants) {
    for definition in &example.definitions {
        let mut sagas = example.manifest.sagas.iter();
        let saga = sagas.find(|saga| saga.name == definition.saga).unwrap();
        let model = manifest::model(&example.manifest, saga, &definition.machine);
        let options = Options {
            depth,
            ..Options::default()
        };
        let verdict = saga_verify::watch(
            &definition.machine,
            &model,
            &manifest::inputs(saga),
            options,
            &mut |history| note(example, &definition.saga, history, used),
        );
        match verdict.unwrap() {
            Verdict::Holds(certificate) => assert!(certificate.complete, "{}", saga.name),
            broken @ Verdict::Broken(_) => panic!("{broken}"),
        }
    }
}

/// Notes the calls of a state machine's history.
pub fn note(example: &Example, machine: &str, history: &[HistoryEvent], used: &mut Grants) {
    for event in history {
        let Detail::Scheduled {
            family: Family::Task { kind, action },
            arguments,
            ..
        } = &event.detail
        else {
            continue;
        };
        let arguments: Value = serde_json::to_value(arguments).unwrap();
        let role = used.entry(example.role_of(machine)).or_default();
        for (allowed, on) in by_state(kind, action, &arguments) {
            let on = example.named(&on);
            if action.contains(".sync") {
                let following = own::FOLLOWING.iter();
                role.extend(following.map(|action| ((*action).to_owned(), on.clone())));
                let hearing = own::HEARING.iter();
                role.extend(hearing.map(|action| ((*action).to_owned(), own::HEARS.to_owned())));
            }
            role.insert((allowed, on));
        }
    }
}
