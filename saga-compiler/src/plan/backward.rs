//! The ends of a saga, and what is told of them.

use saga_manifest::saga::Ending;

use super::{Builder, Exit, Role, naming};
use crate::checked::flow::{End, Node};
use crate::checked::{Notification, Step};
use crate::fence;

impl<'s> Builder<'s, '_> {
    /// Adds what follows a completed saga.
    pub(super) fn completion(&mut self) {
        let completed = naming::succeeded(&self.saga.definition.name);
        let notified = self.first_notification(Ending::Completed, completed.clone());
        self.confirmations(&notified);
        self.notifications(Ending::Completed, &completed);
        let result = match self.saga.body.end {
            End::Complete(result) if self.completes_once() => Some(result),
            _ => None,
        };
        let place = &self.saga.definition.place;
        self.add(completed, Role::Succeeded(result), place, Vec::new());
    }

    pub(super) fn first_completion(&self) -> String {
        let first = self.final_changes().next();
        if let Some(step) = first {
            return naming::confirm(step.name);
        }
        let completed = naming::succeeded(&self.saga.definition.name);
        self.first_notification(Ending::Completed, completed)
    }

    /// Adds what makes changes of numbers final. Where that fails the saga goes on: what they keep for their undo
    /// stays beside the number, and does nothing.
    fn confirmations(&mut self, end: &str) {
        let steps: Vec<_> = self.final_changes().collect();
        let following = steps.iter().skip(1).map(|next| naming::confirm(next.name));
        for (step, next) in steps.iter().zip(following.chain([end.to_owned()])) {
            let mut exits = vec![Exit::success(&next)];
            exits.extend(Exit::any_error(&next));
            let name = naming::confirm(step.name);
            self.add(name, Role::Confirm(step), step.place, exits);
        }
    }

    /// The changes of numbers that are made on every way to the saga's end, of which each is made once.
    fn final_changes(&self) -> impl Iterator<Item = &'s Step<'s>> + use<'s> {
        let nodes = self.saga.body.nodes.iter();
        let steps = nodes.filter_map(|node| match node {
            Node::Step(step) => Some(&**step),
            _ => None,
        });
        steps.filter(|step| fence::is_change(step))
    }

    /// Adds what follows a saga that is undone.
    pub(super) fn compensation_notes(&mut self) {
        self.notifications(Ending::Compensated, &self.compensated());
        let place = &self.saga.definition.place;
        self.add(self.compensated(), Role::Failed, place, Vec::new());
    }

    pub(super) fn compensated(&self) -> String {
        naming::failed(&self.saga.definition.name)
    }

    /// Adds the notifications of an ending, each of which goes on whether it was sent or not.
    fn notifications(&mut self, ending: Ending, end: &str) {
        let notifications: Vec<_> = self.notifications_on(ending).collect();
        let following = notifications.iter().skip(1).map(|next| next.name);
        for (notification, next) in notifications.iter().zip(following.chain([end])) {
            let owed = naming::owed(notification.name);
            let mut exits = vec![Exit::success(next)];
            exits.extend(Exit::any_error(&owed));
            let place = notification.place;
            self.add(
                notification.name.to_owned(),
                Role::Notify(notification),
                place,
                exits,
            );
            let mut exits = vec![Exit::success(next)];
            exits.extend(Exit::any_error(next));
            self.add(owed, Role::Owed(notification), place, exits);
        }
    }

    pub(super) fn first_notification(&self, ending: Ending, end: String) -> String {
        let first = self.notifications_on(ending).next();
        first.map_or(end, |notification| notification.name.to_owned())
    }

    pub(super) fn notifications_on(
        &self,
        ending: Ending,
    ) -> impl Iterator<Item = &'s Notification<'s>> + use<'s> {
        let notifications = self.saga.notifications.iter();
        notifications.filter(move |notification| notification.on == ending)
    }
}
