//! All states of a definition.

use std::collections::BTreeMap;

use saga_asl::model::{State, StateMachine};
use saga_asl::syntax::escape;

/// The pointer to a state; to the whole for none.
pub(crate) fn pointer(machine: &StateMachine, state: &str) -> String {
    let states = all_states(machine);
    states
        .get(state)
        .map_or_else(String::new, |(_, pointer)| pointer.clone())
}

/// Every state with the pointer to it, those of inner machines too.
pub(super) fn all_states(machine: &StateMachine) -> BTreeMap<&str, (&State, String)> {
    let mut all = BTreeMap::new();
    let mut waiting = vec![(String::new(), &machine.states)];
    while let Some((pointer, states)) = waiting.pop() {
        for (name, state) in states {
            let own = format!("{pointer}/States/{}", escape(name));
            match state {
                State::Parallel(parallel) => {
                    let branches = parallel.branches.iter().enumerate();
                    waiting.extend(branches.map(|(index, branch)| {
                        (format!("{own}/Branches/{index}"), &branch.states)
                    }));
                }
                State::Map(map) => {
                    let processors = [
                        ("ItemProcessor", &map.item_processor),
                        ("Iterator", &map.iterator),
                    ];
                    let processors = processors
                        .into_iter()
                        .filter_map(|(field, of)| Some((field, of.as_ref()?)));
                    waiting.extend(
                        processors.map(|(field, of)| (format!("{own}/{field}"), &of.states)),
                    );
                }
                _ => {}
            }
            all.insert(name.as_str(), (state, own));
        }
    }
    all
}
