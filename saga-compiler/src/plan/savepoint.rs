//! A savepoint: its block is written once for each try, and what a try did is undone before the next.

use super::chain::{Chain, Exhausted};
use super::forward::{After, Here, Surroundings};
use super::recovery::Recovery;
use super::{Builder, Exit, Given, Role, naming};
use crate::checked::flow::Savepoint;
use crate::checked::variables::{Fact, names_in};

impl<'s> Builder<'s, '_> {
    /// Adds all tries; gives the first state of the first one.
    pub(super) fn savepoint(&mut self, savepoint: &'s Savepoint<'s>, here: Here<'_, 's>) -> String {
        let mark = self.nodes.len();
        let mut parts = Vec::new();
        let mut next_try = None;
        for number in (1..=savepoint.definition.tries).rev() {
            let first = self.one_try(savepoint, number, &here, next_try);
            let states = self.nodes.split_off(mark);
            let waits = (number > 1).then(|| self.interval(savepoint, number, &here, &first));
            next_try = Some(waits.unwrap_or(first));
            self.nodes.extend(states);
            parts.push(self.nodes.split_off(mark));
        }
        self.nodes.extend(parts.into_iter().rev().flatten());
        next_try.unwrap_or(here.next)
    }

    /// Adds the pause before a later try; gives its state.
    fn interval(
        &mut self,
        savepoint: &'s Savepoint<'s>,
        number: u32,
        here: &Here<'_, 's>,
        first: &str,
    ) -> String {
        let definition = savepoint.definition;
        let instance = here.instance.at_try(number);
        let name = naming::interval(&definition.name, &instance);
        let mut exit = Exit::success(first);
        // What an earlier try knew is no longer so.
        exit.forgets = names_in(&definition.block);
        if savepoint.block.is_undoable() {
            let taken = self.variable(Fact::Taken(&definition.name));
            exit = exit.setting([(taken, Given::Number(number))]);
        }
        let role = Role::Interval(savepoint);
        self.add_copy(name.clone(), role, &definition.place, vec![exit], &instance);
        name
    }

    /// Adds a try, with its own undo where another one may follow; gives its first state.
    fn one_try(
        &mut self,
        savepoint: &'s Savepoint<'s>,
        number: u32,
        here: &Here<'_, 's>,
        next_try: Option<String>,
    ) -> String {
        let definition = savepoint.definition;
        let instance = here.instance.at_try(number);
        let is_wanted = self.wanted.contains(definition.name.as_str());
        let value = self.variable(Fact::Output(&definition.name));
        let taken = self.variable(Fact::Taken(&definition.name));
        // Of a later try the pause before it has told.
        let keeps = (number == 1 && savepoint.block.is_undoable())
            .then_some((taken, Given::Number(number)));
        let chain = next_try.map(|end| {
            let later = here.instance.at_try(number + 1);
            (naming::chain(&later), end)
        });
        let (recovery, before) = match &chain {
            Some((chain, end)) => {
                let here = Recovery::Here {
                    chain: chain.clone(),
                    end: end.clone(),
                };
                (here, None)
            }
            None => (here.recovery.clone(), here.point.map(str::to_owned)),
        };
        let surroundings = Surroundings {
            instance: &instance,
            recovery: &recovery,
            before,
            name: naming::of(&definition.name, &instance),
            after: After::State {
                next: here.next.clone(),
                value: is_wanted.then_some(value),
                keeps,
            },
        };
        let first = self.block(&savepoint.block, surroundings);
        if let Some((ending, end)) = chain {
            let exhausted = self.exhausted(here);
            let chain = Chain {
                ending,
                exhausted,
                of_settled: false,
            };
            self.undo_block(&savepoint.block, &instance, &chain, end);
        }
        first
    }

    fn exhausted(&self, here: &Here<'_, 's>) -> Exhausted<'s> {
        if self.is_frame {
            return Exhausted::Park;
        }
        Exhausted::GiveUp {
            recovery: here.recovery.clone(),
            from: None,
        }
    }
}
