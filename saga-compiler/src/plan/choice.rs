//! A choice: its cases are flat in the machine that it stands in.

use super::chain::number;
use super::forward::{After, Here, Surroundings};
use super::{Builder, Exit, Given, Role, Trigger, naming};
use crate::checked::flow::Choice;
use crate::checked::variables::Fact;

impl<'s> Builder<'s, '_> {
    /// Adds a choice and its cases; gives its state.
    pub(super) fn choice(&mut self, choice: &'s Choice<'s>, here: Here<'_, 's>) -> String {
        let definition = choice.definition;
        let name = naming::of(&definition.name, here.instance);
        let taken = self.variable(Fact::Taken(&definition.name));
        let value = self.variable(Fact::Output(&definition.name));
        let is_wanted = self.wanted.contains(definition.name.as_str());
        let mark = self.nodes.len();
        let mut exits = Vec::new();
        for (case, way) in choice.cases.iter().enumerate() {
            let surroundings = Surroundings {
                instance: here.instance,
                recovery: here.recovery,
                before: here.point.map(str::to_owned),
                name: naming::case(&definition.name, case, here.instance),
                after: After::State {
                    next: here.next.clone(),
                    value: is_wanted.then_some(value),
                    keeps: None,
                },
            };
            let entry = self.block(&way.then, surroundings);
            let trigger = way.when.map_or(Trigger::Otherwise, Trigger::Case);
            let exit = Exit::new(trigger, entry);
            exits.push(exit.setting([(taken, Given::Number(number(case)))]));
        }
        let cases = self.nodes.split_off(mark);
        let role = Role::Choice(choice);
        self.add_copy(name.clone(), role, &definition.place, exits, here.instance);
        self.nodes.extend(cases);
        name
    }
}
