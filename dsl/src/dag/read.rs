//! What blocks read.

use std::collections::BTreeMap;

use crate::ir::expr::{Expr, ValueId};
use crate::ir::{BlockId, Recording, Step, StepKind, Yield};
use crate::lower::{Segment, Step as Into, reads};

/// Which parts of which values are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads(BTreeMap<ValueId, Part>);

/// A part of a value: the whole, or some fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Fields(BTreeMap<String, Field>),
}

/// A field that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    maybe: bool,
    part: Part,
}

impl Reads {
    pub(super) fn add(&mut self, expr: &Expr) {
        reads(expr, &mut |id, path| {
            let id = ValueId { before: false, ..id };
            self.0.entry(id).or_insert_with(Part::nothing).add(path);
        });
    }

    /// The values.
    pub(super) fn values(&self) -> impl Iterator<Item = ValueId> {
        self.0.keys().copied()
    }

    /// What is read of a value.
    pub(super) fn get(&self, value: ValueId) -> Option<&Part> {
        self.0.get(&value)
    }
}

impl Part {
    pub(super) const fn nothing() -> Self {
        Self::Fields(BTreeMap::new())
    }

    fn add(&mut self, path: &[Segment]) {
        let Self::Fields(fields) = self else { return };
        match path.split_first() {
            Some((Segment { step: Into::Field(name), maybe }, rest)) => {
                let field = fields.entry(name.clone()).or_insert_with(|| Field { maybe: false, part: Self::nothing() });
                field.maybe |= maybe;
                // Behind what may be absent there may be nothing to look into.
                field.part.add(if *maybe { &[] } else { rest });
            }
            Some((Segment { step: Into::Index(_), .. }, _)) | None => *self = Self::Whole,
        }
    }

    /// This part, and another one of the same value.
    pub(super) fn extend(&mut self, other: &Self) {
        let (Self::Fields(mine), Self::Fields(others)) = (&mut *self, other) else {
            *self = Self::Whole;
            return;
        };
        for (name, other) in others {
            match mine.get_mut(name) {
                Some(field) => {
                    field.maybe |= other.maybe;
                    field.part.extend(&other.part);
                }
                None => {
                    mine.insert(name.clone(), other.clone());
                }
            }
        }
    }

    /// The part of a value, in an object of the same form.
    pub(super) fn of(&self, value: &Expr) -> Expr {
        match self {
            Self::Whole => value.clone(),
            Self::Fields(fields) => Expr::object(
                fields
                    .iter()
                    .map(|(name, Field { maybe, part })| {
                        let field = value.field(name);
                        (name.clone(), part.of(&if *maybe { field.maybe() } else { field }))
                    })
                    .collect(),
            ),
        }
    }
}

/// What a block that was recorded just now reads, with the blocks inside of it.
pub(super) fn of_block(recording: &Recording, block: BlockId) -> Reads {
    let mut found = Reads::default();
    for inner in inside(recording, block) {
        let inner = &recording.blocks[inner];
        for step in &inner.steps {
            step.kind.visit(&mut |expr| found.add(expr));
            if let StepKind::Label(label) = &step.kind {
                let value = recording.labels.get(label.index).and_then(|label| label.value.as_ref());
                value.iter().filter_map(|(_, first)| first.as_ref()).for_each(|first| found.add(first));
            }
            if let StepKind::Loop(again) = &step.kind {
                let carried = again.carried.iter().map(|(_, _, next)| next);
                let (error, cause) = &again.failure;
                carried.chain([&again.done, &again.value, &again.full, error, cause]).for_each(|expr| found.add(expr));
            }
        }
        if let Yield::Value(expr) = &inner.yields {
            found.add(expr);
        }
    }
    found
}

/// The steps of a block and of those inside of it that belong to the same state machine.
pub(super) fn steps_of(recording: &Recording, block: BlockId) -> Vec<&Step> {
    let in_another = |inner: usize| {
        std::iter::successors(Some(BlockId(inner)), |at| recording.blocks[at.0].parent)
            .take_while(|at| *at != block)
            .any(|at| recording.blocks[at.0].is_machine)
    };
    let own = inside(recording, block).filter(|inner| !in_another(*inner));
    own.flat_map(|inner| &recording.blocks[inner].steps).collect()
}

/// The block and those inside of it.
fn inside(recording: &Recording, block: BlockId) -> impl Iterator<Item = usize> {
    (block.0..recording.blocks.len()).filter(move |inner| {
        // What is inside of a block comes behind it.
        std::iter::successors(Some(BlockId(*inner)), |at| recording.blocks[at.0].parent)
            .take_while(|at| *at >= block)
            .any(|at| at == block)
    })
}
