//! The ends of a saga, and what is told of them.

use saga_manifest::saga::Ending;

use super::{Builder, Exit, Role, naming};
use crate::checked::Notification;
use crate::checked::flow::End;

impl<'s> Builder<'s, '_> {
    /// Adds what follows a completed saga.
    pub(super) fn completion(&mut self) {
        let completed = naming::succeeded(&self.saga.definition.name);
        self.notifications(Ending::Completed, &completed);
        let result = match self.saga.body.end {
            End::Complete(result) if self.completes_once() => Some(result),
            _ => None,
        };
        let place = &self.saga.definition.place;
        self.add(completed, Role::Succeeded(result), place, Vec::new());
    }

    pub(super) fn first_completion(&self) -> String {
        let completed = naming::succeeded(&self.saga.definition.name);
        self.first_notification(Ending::Completed, completed)
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
