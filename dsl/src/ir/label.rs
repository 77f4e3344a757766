//! Labels, and whether a jump to one may be.

use super::{BlockId, Expr, Recording, StepKind, ValueId};
use crate::diag::{Diagnostic, Diagnostics, Place, codes};

/// A label, by its place in [`Recording::labels`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LabelId {
    pub recording: u32,
    pub index: usize,
}

/// What is known of a label.
#[derive(Debug)]
pub(crate) struct LabelInfo {
    pub name: String,
    pub at: Place,
    /// Where it stands, once it does.
    pub placed: Option<(BlockId, Place)>,
    /// What is taken along to it, and what it is at first where the label stands in the way itself.
    pub value: Option<(ValueId, Option<Expr>)>,
}

impl Recording {
    pub(crate) fn label(&mut self, info: LabelInfo) -> LabelId {
        self.labels.push(info);
        LabelId { recording: self.id, index: self.labels.len() - 1 }
    }

    /// Lets a label stand in a block.
    pub(crate) fn place(&mut self, label: LabelId, block: BlockId, at: &Place) {
        let Some(info) = self.own_label(label, at) else { return };
        if let Some((_, first)) = &info.placed {
            let diagnostic = Diagnostic::error(
                codes::LABEL_NOT_PLACED,
                format!("the label `{}` stands at two places", info.name),
                at.clone(),
            )
            .here("again here")
            .label(first.clone(), "first here")
            .help("make a second label");
            self.diagnostics.push(diagnostic);
            return;
        }
        self.labels[label.index].placed = Some((block, at.clone()));
    }

    /// The label, if it is one of this workflow.
    pub(crate) fn own_label(&mut self, label: LabelId, at: &Place) -> Option<&LabelInfo> {
        if label.recording == self.id {
            return self.labels.get(label.index);
        }
        self.diagnostics.push(
            Diagnostic::error(codes::GOTO_OUT_OF_SCOPE, "this label belongs to another workflow", at.clone())
                .help("to go on in another workflow, start it: `CHILD.start(input)`"),
        );
        None
    }

    /// How many jumps lead to each label, those left out that may not be.
    pub(crate) fn jumps(&self, diagnostics: &mut Diagnostics) -> Vec<usize> {
        let mut jumps = vec![0; self.labels.len()];
        for (index, block) in self.blocks.iter().enumerate() {
            for step in &block.steps {
                if let StepKind::Goto { label, .. } = step.kind
                    && self.may_go(BlockId(index), &step.at, label, diagnostics)
                {
                    jumps[label.index] += 1;
                }
            }
        }
        jumps
    }

    fn may_go(&self, from: BlockId, at: &Place, label: LabelId, diagnostics: &mut Diagnostics) -> bool {
        let Some(info) = self.labels.get(label.index).filter(|_| label.recording == self.id) else { return false };
        let refuse = |code, message, place: &Place, why: String, help| {
            Diagnostic::error(code, message, at.clone()).here("jumps from here").label(place.clone(), why).help(help)
        };
        let Some((target, place)) = &info.placed else {
            diagnostics.push(refuse(
                codes::LABEL_NOT_PLACED,
                format!("the label `{}` stands nowhere", info.name),
                &info.at,
                "made here".to_owned(),
                "let it stand in front of a state: `w.place(label)`",
            ));
            return false;
        };
        let (inner, outer) = (self.machine_of(from), self.machine_of(*target));
        if inner != outer {
            let name = |block: BlockId| &self.blocks[block.0].name;
            let message = if self.is_within(from, outer) {
                format!("a jump to `{}` would leave `{}`", info.name, name(inner))
            } else {
                format!("a jump to `{}` would lead into `{}`", info.name, name(outer))
            };
            diagnostics.push(refuse(
                codes::GOTO_OUT_OF_SCOPE,
                message,
                place,
                "to here".to_owned(),
                "a branch and an item end where they began; return a value from the closure, and decide behind it",
            ));
            return false;
        }
        if let Some(section) = self.section_around(*target).filter(|section| !self.is_within(from, *section)) {
            let name = &self.blocks[section.0].name;
            diagnostics.push(refuse(
                codes::GOTO_OUT_OF_SCOPE,
                format!("a jump to `{}` would lead into the guarded section `{name}`, past its beginning", info.name),
                place,
                "to here".to_owned(),
                "place the label before the section",
            ));
            return false;
        }
        true
    }

    /// The machine that a block is in.
    fn machine_of(&self, block: BlockId) -> BlockId {
        let up = |block: &BlockId| self.blocks[block.0].parent;
        std::iter::successors(Some(block), up).find(|block| self.blocks[block.0].is_machine).unwrap_or(Self::ROOT)
    }

    /// The innermost guarded section around a block.
    fn section_around(&self, block: BlockId) -> Option<BlockId> {
        let bodies = self.blocks.iter().flat_map(|block| &block.steps).filter_map(|step| match step.kind {
            StepKind::Guarded { body, .. } => Some(body),
            _ => None,
        });
        let bodies: Vec<BlockId> = bodies.collect();
        std::iter::successors(Some(block), |block| self.blocks[block.0].parent).find(|block| bodies.contains(block))
    }
}
