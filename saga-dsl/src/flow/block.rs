//! Blocks: what a closure defines with a flow of its own.

use saga_manifest::flow::{Block, End};

use super::{Flow, Way, Within};
use crate::reference::Ref;

impl<'s, P> Flow<'s, '_, P> {
    /// What `define` records, as a block that goes on with its value. The closure is handed a flow of
    /// every lifetime within this one's, so nothing of that flow can leave it but by the value.
    pub(super) fn part<T>(
        &mut self,
        define: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, T>,
    ) -> Block {
        let mut recorder = std::mem::take(&mut self.recorder);
        recorder.open();
        let mut part = Flow::new(self.arena, recorder);
        let value = define(&mut part).node().to_expr();
        self.recorder = part.recorder;
        self.recorder.close(End::Continue(value))
    }
}

impl<'s, 'env, P> Flow<'s, 'env, P> {
    /// What `define` records, as a block that ends as it says; and this flow again.
    pub(super) fn way<Q, T>(
        self,
        define: impl for<'i> FnOnce(Flow<'i, 's, P>) -> Way<'i, 's, Q, T>,
    ) -> (Self, Block) {
        let mut recorder = self.recorder;
        recorder.open();
        let way = define(Flow::new(self.arena, recorder));
        let mut recorder = way.recorder;
        let block = recorder.close(way.end);
        (Self::new(self.arena, recorder), block)
    }
}
