//! Random stories: deliveries that are duplicated, delayed, reordered and crash anywhere, retries, undos
//! before their dos, aborts, recoveries and redrives, against an exact ledger of effects. And each rule of
//! the protocol broken in turn, which the same stories find.

#![expect(clippy::indexing_slicing, reason = "a test may fail")]

mod chance;
mod client;
mod ledger;
mod world;

use saga_fence::mutation::{self, Mutation};
use world::World;

const STORIES: u64 = 20_000;

/// The first story that goes wrong, and what is wrong with it.
fn first_wrong(stories: u64) -> Option<(u64, String)> {
    (0..stories).find_map(|seed| World::new(seed).run().err().map(|wrong| (seed, wrong)))
}

#[test]
fn the_ledger_is_what_the_saga_believes() {
    if let Some((seed, wrong)) = first_wrong(STORIES) {
        panic!("story {seed}: {wrong}");
    }
}

#[test]
fn stories_end_in_every_way() {
    let mut ends = std::collections::BTreeMap::new();
    for seed in 0..1_000 {
        let mut world = World::new(seed);
        world.run().unwrap();
        for end in world.ends() {
            *ends.entry(end).or_insert(0) += 1;
        }
    }
    for end in ["completed", "not done", "compensated", "recovered"] {
        assert!(
            ends.get(end).is_some_and(|count| *count > 50),
            "{end}: {ends:?}"
        );
    }
}

#[test]
fn each_broken_rule_is_found() {
    let unseen: Vec<_> = Mutation::ALL
        .into_iter()
        .filter(|rule| mutation::with(*rule, || first_wrong(STORIES)).is_none())
        .collect();
    assert_eq!(unseen, [], "no story goes wrong without these rules");
}
