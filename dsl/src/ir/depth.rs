//! How deep blocks are inside of each other.
//!
//! Blocks are compiled by recursion, and definitions are read by programs that take some depth of JSON and no more: 128 for many. A
//! Parallel or a Map takes four of them, and what is around the definition a few.

use super::{BlockId, Recording};
use crate::diag::{Diagnostic, Place, codes};

/// Blocks of any kind.
const BLOCKS: u32 = 100;

/// Branches and items.
const MACHINES: u32 = 25;

/// How many blocks are around a block.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Depth {
    blocks: u32,
    machines: u32,
}

impl Recording {
    /// The depth of a block in another one.
    pub(super) fn depth_in(&self, parent: BlockId) -> Depth {
        let parent = &self.blocks[parent.0];
        let Depth { blocks, machines } = parent.depth;
        Depth { blocks: blocks + 1, machines: machines + u32::from(parent.is_machine) }
    }

    /// Says once that a block is too deep to be compiled.
    pub(crate) fn check_depth(&mut self, block: BlockId, name: &str, at: &Place) {
        if self.blocks[block.0].depth.is_too_deep() && !std::mem::replace(&mut self.told_depth, true) {
            let message = format!("`{name}` is deeper than {BLOCKS} blocks, or than {MACHINES} Parallels and Maps");
            self.diagnostics.push(
                Diagnostic::error(codes::NESTED_TOO_DEEP, message, at.clone())
                    .help("start another workflow for the inner part: `CHILD.start(input)`"),
            );
        }
    }

    /// Leaves out what is too deep, which has been told of, so that the rest can be looked at.
    pub(crate) fn cut_depth(&mut self) {
        for block in self.blocks.iter_mut().filter(|block| self.told_depth && block.depth.is_too_deep()) {
            block.steps.clear();
        }
    }
}

impl Depth {
    const fn is_too_deep(self) -> bool {
        self.blocks > BLOCKS || self.machines > MACHINES
    }
}
