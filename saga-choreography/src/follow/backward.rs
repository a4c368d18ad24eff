//! The way back: what may have been done first, so that its fence lets it be done no more; then what was done, the
//! last first. What may have been done is the last of its branch, so that the order is the reverse one all the
//! same. Branches are undone one after the other.

use saga_manifest::flow::{Block, Node};
use saga_manifest::step::{Kind, Step};

use super::Walk;
use crate::cause::Told;
use crate::record::{Stage, Task};

impl<'c> Walk<'c> {
    /// Undoes what was done, or may have been. True if there is nothing left to undo.
    pub(super) fn undo(&mut self, body: &'c Block) -> bool {
        let unsure = |stage: &Stage| matches!(stage, Stage::Unsure(_));
        let done = |stage: &Stage| matches!(stage, Stage::Done(_));
        self.undo_block(body, &unsure) && self.undo_block(body, &done)
    }

    fn undo_block(&mut self, block: &'c Block, is_due: &dyn Fn(&Stage) -> bool) -> bool {
        let mut nodes = block.nodes.iter().rev();
        nodes.all(|node| match node {
            Node::Step(step) => self.undo_step(step, is_due),
            // Of a choice, only the case that was taken has anything that was done.
            node => {
                let mut blocks = node.blocks().into_iter().rev();
                blocks.all(|block| self.undo_block(block, is_due))
            }
        })
    }

    fn undo_step(&mut self, step: &'c Step, is_due: &dyn Fn(&Stage) -> bool) -> bool {
        let Kind::Compensatable { compensation } = &step.kind else {
            return true;
        };
        let Some(mut fact) = self.record.steps.remove(&step.name) else {
            return true;
        };
        let is_undone = !is_due(&fact.forward.stage) || {
            let mut undo = fact.backward.take().unwrap_or_else(|| {
                self.begin_undo();
                Task::new(self.now, self.record.redrives)
            });
            self.ask(&step.name, compensation, true, &mut undo);
            matches!(fact.backward.insert(undo).stage, Stage::Done(_))
        };
        self.record.steps.insert(step.name.clone(), fact);
        is_undone
    }

    /// The first undo tells of what failed, whoever was the last to come to an end.
    fn begin_undo(&mut self) {
        let has_begun = matches!(self.told, Told::Undone(_));
        if let (Some(error), false) = (&self.record.error, has_begun) {
            self.told = Told::Failed(error.step.clone());
        }
    }
}
