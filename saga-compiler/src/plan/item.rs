//! A map: each item is a machine that settles, and its undo one in which undo happens.

use saga_manifest::saga::Ending;

use super::chain::{Chain, Exhausted, entries};
use super::forward::Here;
use super::recovery::Holder;
use super::{Builder, Exit, Given, Instance, Plan, Role, Trigger, naming};
use crate::checked::flow::Map;
use crate::checked::variables::{Fact, Variable};

impl<'s> Builder<'s, '_> {
    /// Adds a map; gives its first state.
    pub(super) fn map(&mut self, map: &'s Map<'s>, here: Here<'_, 's>) -> String {
        let definition = map.definition;
        let name = naming::of(&definition.name, here.instance);
        let items = vec![self.items(map, here.instance)];
        let output = (self.variable(Fact::Output(&definition.name)), Given::Output);
        let place = &definition.place;
        let role = Role::Map(map);
        if map.after_pivot {
            let park = self.park_list(map, &name, here.instance);
            let fits = self.fits(
                map,
                &name,
                Exit::new(Trigger::DoesNotFit(definition), park),
                here.instance,
            );
            // A step that is parked fails its item, and so the execution: nothing may catch that.
            let exits = vec![Exit::success(here.next).setting([output])];
            self.add_nesting(name, role, place, exits, here.instance, items);
            return fits;
        }
        let failure = self.of_failure(Fact::Failure);
        let outcomes = self.variable(Fact::Outcomes(&definition.name));
        let backward = self.backward(here.recovery, here.done);
        let before = self.backward(here.recovery, here.point);
        let refused = Exit::new(Trigger::DoesNotFit(definition), before);
        let refused = refused.setting([(failure, Given::DoesNotFit(definition))]);
        let fits = self.fits(map, &name, refused, here.instance);
        let joined = naming::outcome(&definition.name, here.instance);
        let known = [
            output,
            (outcomes, Given::Outcomes),
            (failure, Given::FirstFailure),
        ];
        let unknown = [
            (outcomes, Given::Null),
            (failure, Given::Error(&definition.name)),
        ];
        let mut exits = vec![Exit::success(&joined).setting(known)];
        let errors = Exit::any_error(&backward);
        exits.extend(errors.map(|exit| exit.setting(unknown.clone())));
        self.add_nesting(name, role, place, exits, here.instance, items);
        let exits = vec![
            Exit::new(Trigger::Failed(failure), backward),
            Exit::otherwise(here.next),
        ];
        self.add(joined, Role::Joined, place, exits);
        fits
    }

    /// Adds the question whether a map's list fits; gives its state.
    fn fits(
        &mut self,
        map: &'s Map<'s>,
        name: &str,
        refused: Exit<'s>,
        instance: &Instance,
    ) -> String {
        let definition = map.definition;
        let fits = naming::fits(&definition.name, instance);
        let exits = vec![refused, Exit::otherwise(name)];
        self.add(fits.clone(), Role::Fits, &definition.place, exits);
        fits
    }

    /// Adds what tells that a map after the pivot has a list that does not fit: the map itself then
    /// fails. Gives the first state.
    fn park_list(&mut self, map: &'s Map<'s>, name: &str, instance: &Instance) -> String {
        let definition = map.definition;
        let notifications: Vec<_> = self.notifications_on(Ending::Parked).collect();
        let names = notifications
            .iter()
            .map(|told| naming::notify_parked(told.name, &definition.name, instance));
        let names: Vec<_> = names.chain([name.to_owned()]).collect();
        let park = naming::park(&definition.name, instance);
        let roles = notifications.into_iter().map(Role::NotifyParked);
        let chain = std::iter::once((park.clone(), Role::ParkList(map)));
        let chain = chain.chain(names.iter().cloned().zip(roles));
        let mark = self.nodes.len();
        for ((state, role), next) in chain.zip(&names) {
            let mut onward = vec![Exit::success(next)];
            onward.extend(Exit::any_error(next));
            self.add_copy(state, role, &definition.place, onward, instance);
        }
        let parking = self.nodes.split_off(mark);
        self.last.splice(0..0, parking);
        park
    }

    /// The machine of an item.
    fn items(&self, map: &'s Map<'s>, instance: &Instance) -> Plan<'s> {
        let definition = map.definition;
        let holder = Holder {
            name: naming::item(&definition.name, instance),
            place: &definition.place,
        };
        let is_wanted = self.wanted.contains(definition.name.as_str());
        let start = holder.name.clone();
        let mut builder = self.inside(&definition.name, 0, false);
        let first = builder.settling(&map.item, holder, is_wanted, instance);
        let states = std::mem::take(&mut builder.nodes);
        let exit = Exit::success(first).setting(self.item(map, &builder));
        let role = Role::Item;
        builder.add(start.clone(), role, &definition.place, vec![exit]);
        builder.nodes.extend(states);
        builder.finish(start)
    }

    /// What an item's machine knows of its place in the list.
    fn item(&self, map: &'s Map<'s>, inside: &Self) -> [(Variable<'s>, Given<'s>); 3] {
        let name = map.definition.name.as_str();
        let regions = &self.saga.variables.regions;
        let around = regions.map_around(regions.home(Fact::Output(name)));
        let around = around.map(|outer| self.variable(Fact::Path(outer)));
        [
            (inside.variable(Fact::Item(name)), Given::Item),
            (inside.variable(Fact::Index(name)), Given::Index),
            (inside.variable(Fact::Path(name)), Given::Path(name, around)),
        ]
    }

    /// Adds what undoes a map's items. In the machine of an item's undo a parked state fails the
    /// execution, and a redrive resumes there.
    pub(super) fn undo_map(
        &mut self,
        map: &'s Map<'s>,
        instance: &Instance,
        chain: &Chain<'s>,
        next: &str,
    ) {
        let definition = map.definition;
        let point = naming::undo(&definition.name, instance);
        let name = naming::in_chain(&point, &chain.ending);
        let mut exits = vec![Exit::success(next)];
        let mut inside = chain.clone();
        inside.of_settled = true;
        if let Exhausted::GiveUp { recovery, from } = &chain.exhausted {
            let outer = self.backward(recovery, Some(from.as_deref().unwrap_or(&point)));
            exits.extend(Exit::any_error(&outer));
            inside.exhausted = Exhausted::Raise;
        }
        let items = vec![self.undo_items(map, &name, instance, &inside)];
        let role = Role::UndoMap(map);
        let instance = instance.in_chain(&chain.ending);
        self.add_nesting(name, role, &definition.place, exits, &instance, items);
    }

    /// The machine of an item's undo.
    fn undo_items(
        &self,
        map: &'s Map<'s>,
        name: &str,
        instance: &Instance,
        chain: &Chain<'s>,
    ) -> Plan<'s> {
        let definition = map.definition;
        let mut builder = self.inside(&definition.name, 0, true);
        let start = naming::item_of(name);
        let undone = naming::item_undone(name);
        let region = builder.level.region();
        let facts = self.saga.variables.regions.handed_on_from(region);
        let restored = facts.map(|fact| {
            let variable = builder.variable(fact);
            (variable, Given::Restored(variable))
        });
        let item = self.item(map, &builder);
        let is_item = |variable: &Variable<'s>| item.iter().any(|(known, _)| known == variable);
        let restored: Vec<_> = restored
            .filter(|(variable, _)| !is_item(variable))
            .chain(item.clone())
            .collect();
        let exits = entries(&map.item, None, instance, chain).into_iter();
        let mut exits: Vec<_> = exits
            .map(|exit| exit.setting(restored.iter().cloned()))
            .collect();
        exits.push(Exit::otherwise(&undone));
        let role = Role::UndoItem;
        builder.add(start.clone(), role, &definition.place, exits);
        builder.undo_block(&map.item, instance, chain, undone.clone());
        builder.add_last(undone, Role::ItemUndone, &definition.place);
        builder.finish(start)
    }
}
