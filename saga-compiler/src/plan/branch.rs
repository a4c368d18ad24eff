//! A parallel: each branch is a machine that settles, whatever fails in it; the join looks whether one
//! did.

use super::forward::{After, Here, Surroundings};
use super::recovery::{Holder, Recovery};
use super::{Builder, Exit, Given, Instance, Plan, Role, Trigger, naming};
use crate::checked::flow::{Block, Parallel};
use crate::checked::variables::{Fact, Variable};

impl<'s> Builder<'s, '_> {
    /// Adds a parallel; gives its state.
    pub(super) fn parallel(&mut self, parallel: &'s Parallel<'s>, here: Here<'_, 's>) -> String {
        let definition = parallel.definition;
        let name = naming::of(&definition.name, here.instance);
        let branches = parallel.branches.iter().enumerate();
        let plans = branches
            .clone()
            .map(|(branch, block)| self.branch(parallel, branch, block, here.instance));
        let plans: Vec<Plan<'s>> = plans.collect();
        let output = (self.variable(Fact::Output(&definition.name)), Given::Output);
        let mut exits = Vec::new();
        if parallel.after_pivot {
            // A step that is parked fails its branch, and so the execution: nothing may catch that.
            exits.push(Exit::success(here.next).setting([output]));
            self.add_nesting(
                name.clone(),
                Role::Parallel(parallel),
                &definition.place,
                exits,
                here.instance,
                plans,
            );
            return name;
        }
        let mut known = vec![output];
        let mut unknown = Vec::new();
        for (branch, block) in branches {
            for (there, here) in self.handed_on(&definition.name, branch) {
                known.push((here, Given::HandedOn(branch, there)));
                unknown.push((here, of_unknown(there.fact)));
            }
            if block.is_undoable() {
                let variable = self.variable(Fact::UndoFrom(&definition.name, branch));
                known.push((variable, Given::UndoFrom(branch)));
                unknown.push((variable, of_unknown(variable.fact)));
            }
        }
        let failure = self.of_failure(Fact::Failure);
        known.push((failure, Given::FirstFailure));
        unknown.push((failure, Given::Error(&definition.name)));
        let joined = naming::outcome(&definition.name, here.instance);
        exits.push(Exit::success(&joined).setting(known));
        let backward = self.backward(here.recovery, here.done);
        let errors = Exit::any_error(&backward);
        exits.extend(errors.map(|exit| exit.setting(unknown.clone())));
        self.add_nesting(
            name.clone(),
            Role::Parallel(parallel),
            &definition.place,
            exits,
            here.instance,
            plans,
        );
        let exits = vec![
            Exit::new(Trigger::Failed(failure), backward),
            Exit::otherwise(here.next),
        ];
        self.add(joined, Role::Joined, &definition.place, exits);
        name
    }

    /// The machine of a branch.
    fn branch(
        &self,
        parallel: &'s Parallel<'s>,
        branch: usize,
        block: &'s Block<'s>,
        instance: &Instance,
    ) -> Plan<'s> {
        let definition = parallel.definition;
        let holder = Holder {
            name: naming::branch(&definition.name, branch, instance),
            place: &definition.place,
        };
        let is_wanted = self.wanted.contains(definition.name.as_str());
        let mut builder = self.inside(&definition.name, branch, false);
        let start = builder.settling(block, holder, is_wanted, instance);
        builder.finish(start)
    }

    /// Adds the states of a block that is a branch or an item; gives the first one.
    pub(super) fn settling(
        &mut self,
        block: &'s Block<'s>,
        holder: Holder<'s>,
        is_wanted: bool,
        instance: &Instance,
    ) -> String {
        self.holder = Some(holder.clone());
        let recovery = Recovery::Outside {
            holder: holder.clone(),
        };
        let surroundings = Surroundings {
            instance,
            recovery: &recovery,
            before: None,
            name: holder.name.clone(),
            after: After::Settle {
                holder,
                is_wanted,
                is_undoable: block.is_undoable(),
            },
        };
        self.block(block, surroundings)
    }

    /// What a branch hands on: its variables there and here.
    fn handed_on(&self, parallel: &'s str, branch: usize) -> Vec<(Variable<'s>, Variable<'s>)> {
        let variables = &self.saga.variables;
        let region = variables.regions.of(parallel, branch);
        let level = self.level.inside(region);
        let facts = variables.regions.handed_on_from(region);
        facts
            .map(|fact| (variables.find(fact, &level), self.variable(fact)))
            .collect()
    }
}

/// What is assumed where nobody can tell what a branch did: everything.
pub(super) fn of_unknown<'s>(fact: Fact<'s>) -> Given<'s> {
    match fact {
        Fact::UndoFrom(..) => Given::Everything,
        _ => Given::Null,
    }
}
