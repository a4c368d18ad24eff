//! The backward path: what undoes the steps, in reverse, and what is told at the end.

use saga_manifest::saga::Ending;

use super::{Builder, Exit, Parked, Role, Trigger, naming};
use crate::checked::dynamodb::CONDITION_FAILED;
use crate::checked::{Kind, Notification, Step};
use crate::fence;

/// Why an undo whose condition fails is done.
const NOTHING_TO_UNDO: &str = "The item is another saga's: there is nothing of this one to undo.";

impl<'s> Builder<'s> {
    /// Adds the compensations, the last step's first, and the end.
    pub(super) fn backward(&mut self) {
        for (position, step) in self.saga.steps.iter().enumerate().rev() {
            self.compensation(position, step);
        }
        self.notifications(Ending::Compensated, &self.compensated());
        let place = &self.saga.definition.place;
        self.add(self.compensated(), Role::Failed, place, Vec::new());
    }

    /// The state that starts to undo what was done before the step of that position.
    pub(super) fn backward_before(&self, position: usize) -> String {
        let before = self.saga.steps.iter().take(position).rev();
        let mut undone = before.filter(|step| matches!(step.kind, Kind::Compensatable(_)));
        match undone.next() {
            Some(step) => naming::undo(step.name),
            None => self.first_notification(Ending::Compensated, self.compensated()),
        }
    }

    fn compensated(&self) -> String {
        naming::failed(&self.saga.definition.name)
    }

    fn compensation(&mut self, position: usize, step: &'s Step<'s>) {
        let Kind::Compensatable(undo) = &step.kind else {
            return;
        };
        let next = self.backward_before(position);
        let nothing = fence::covers(&step.call, undo);
        let settled = || {
            let mut exits = vec![Exit::success(&next)];
            if nothing {
                let exit = Exit::new(Trigger::Errors(vec![CONDITION_FAILED]), &next);
                exits.push(Exit {
                    about: Some(NOTHING_TO_UNDO),
                    ..exit
                });
            }
            exits
        };
        let mut exits = settled();
        exits.extend(Exit::any_error(&naming::park(step.name)));
        self.add(
            naming::undo(step.name),
            Role::Undo(step, undo),
            step.place,
            exits,
        );
        self.park(Parked::Undo(step, undo), settled());
    }

    /// Adds the notifications of an ending, each of which goes on whether it was sent or not.
    pub(super) fn notifications(&mut self, ending: Ending, end: &str) {
        let notifications: Vec<_> = self.notifications_on(ending).collect();
        let following = notifications.iter().skip(1).map(|next| next.name);
        for (notification, next) in notifications.iter().zip(following.chain([end])) {
            let mut exits = vec![Exit::success(next)];
            exits.extend(Exit::any_error(&naming::park(notification.name)));
            let place = notification.place;
            self.add(
                notification.name.to_owned(),
                Role::Notify(notification),
                place,
                exits,
            );
            let mut exits = vec![Exit::success(next)];
            exits.extend(Exit::any_error(next));
            self.add(
                naming::park(notification.name),
                Role::Owed(notification),
                place,
                exits,
            );
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
