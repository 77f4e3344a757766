//! What the builder recorded: blocks of steps that hold expressions. It knows no ASL.
//!
//! A [`Recording`] belongs to one workflow. Its blocks form a tree: the body of the workflow, and below it the arms,
//! branches, item processors and handlers. A value is readable in the block that made it and in the blocks below.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::diag::{Diagnostic, Diagnostics, Place, codes};
use crate::service::Suffix;

mod depth;
mod distributed;
pub(crate) mod expr;
mod label;
mod language;
pub(crate) mod raw;
mod shown;
mod step;

pub(crate) use distributed::{Batches, Distributed, Reader};
pub(crate) use expr::{Expr, Kind, ValueId};
pub(crate) use label::{LabelId, LabelInfo};
pub(crate) use shown::shown;
pub(crate) use step::{Handler, Loop, Step, StepKind, Until};

/// A block, by its place in [`Recording::blocks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BlockId(pub usize);

/// How a value came to be; decides how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The input of the workflow.
    Input,
    /// The item of a Map.
    Item,
    /// The result of a Task, Parallel or Map.
    Result,
    /// The error that a handler got.
    Error,
    /// A `set`, or what the arms of a choice or attempt gave.
    Computed,
}

/// What is known of a value.
#[derive(Debug)]
pub(crate) struct ValueInfo {
    /// The name, from which variables get theirs.
    pub name: String,
    pub at: Place,
    pub block: BlockId,
    pub origin: Origin,
    /// Leading fields that say nothing to a reader, such as `Payload`, and are left out of variables' names.
    pub envelope: &'static [&'static str],
}

/// What a block gives to whoever contains it.
#[derive(Clone, Debug)]
pub(crate) enum Yield {
    Nothing,
    Value(Expr),
    /// It never comes to its end: it fails or succeeds before.
    Never,
}

/// Steps in order.
#[derive(Debug)]
pub(crate) struct Block {
    pub parent: Option<BlockId>,
    pub steps: Vec<Step>,
    pub yields: Yield,
    /// How its place is called in messages: the name of the state that contains it.
    pub name: String,
    /// Whether it is the block of an item of a Map.
    pub is_item: bool,
    /// Whether it is a machine of its own: a branch, or the block of an item.
    pub is_machine: bool,
    depth: depth::Depth,
}

/// Everything recorded for one workflow.
#[derive(Debug)]
pub(crate) struct Recording {
    id: u32,
    pub values: Vec<ValueInfo>,
    pub blocks: Vec<Block>,
    pub labels: Vec<LabelInfo>,
    /// The handler around the whole body.
    pub on_error: Option<Handler>,
    /// Whether its expressions become JSONPath, not JSONata.
    pub in_paths: bool,
    /// Whether it has been made ready for that.
    pub is_ready: bool,
    /// Whether it has been said that blocks are too deep.
    told_depth: bool,
    /// Whether schedules start it, which add a field of their own to the input.
    pub is_scheduled: bool,
    /// What its lock is computed by.
    pub key: Option<Expr>,
    pub diagnostics: Diagnostics,
}

/// A recording as the scopes of its workflow share it.
pub(crate) type Shared = Rc<RefCell<Recording>>;

thread_local! {
    // Tells the values of one workflow from those of another; never reaches the output.
    static RECORDINGS: Cell<u32> = const { Cell::new(0) };
}

impl Recording {
    pub(crate) fn new(workflow: &str) -> Self {
        let id = RECORDINGS.get();
        RECORDINGS.set(id.wrapping_add(1));
        let root = Block {
            parent: None,
            steps: Vec::new(),
            yields: Yield::Nothing,
            name: workflow.to_owned(),
            is_item: false,
            is_machine: true,
            depth: depth::Depth::default(),
        };
        Self {
            id,
            values: Vec::new(),
            blocks: vec![root],
            labels: Vec::new(),
            on_error: None,
            in_paths: false,
            is_ready: false,
            told_depth: false,
            is_scheduled: false,
            key: None,
            diagnostics: Diagnostics::new(),
        }
    }

    /// Whether a value is one of this workflow.
    pub(crate) const fn owns(&self, value: ValueId) -> bool {
        value.recording == self.id
    }

    /// The body of the workflow.
    pub(crate) const ROOT: BlockId = BlockId(0);

    pub(crate) fn block(&mut self, parent: BlockId, name: &str) -> BlockId {
        let depth = self.depth_in(parent);
        self.blocks.push(Block {
            parent: Some(parent),
            steps: Vec::new(),
            yields: Yield::Nothing,
            name: name.to_owned(),
            is_item: false,
            is_machine: false,
            depth,
        });
        BlockId(self.blocks.len() - 1)
    }

    pub(crate) fn value(&mut self, info: ValueInfo) -> ValueId {
        self.values.push(info);
        ValueId { recording: self.id, index: self.values.len() - 1, before: false }
    }

    /// The input of the workflow: its first value.
    pub(crate) fn input(&self) -> Expr {
        Kind::Value(ValueId { recording: self.id, index: 0, before: false }).into()
    }

    pub(crate) fn info(&self, value: ValueId) -> &ValueInfo {
        &self.values[value.index]
    }

    /// Adds a step, after a look at what it reads.
    pub(crate) fn push(&mut self, block: BlockId, step: Step) {
        self.check_depth(block, &step.name, &step.at);
        if self.ended(block) && !matches!(step.kind, StepKind::Label(_)) {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::UNREACHABLE_STEP,
                    format!(
                        "`{}` can never run: the block has failed, succeeded or gone elsewhere before it",
                        step.name
                    ),
                    step.at.clone(),
                )
                .help("remove it, or move it before the `fail`, `succeed` or `goto`"),
            );
        }
        step.kind.visit(&mut |expr| self.reads(block, expr, &step.at));
        self.token(&step);
        self.blocks[block.0].steps.push(step);
    }

    /// The task token is readable in the arguments of a task that waits for it, and there it must be read.
    fn token(&mut self, step: &Step) {
        let waits = matches!(&step.kind, StepKind::Task { task, .. } if task.suffix == Suffix::WaitForTaskToken);
        let mut read = false;
        step.kind.visit(&mut |expr| read |= expr.reads_token());
        let (code, message, help) = match (waits, read) {
            (true, true) | (false, false) => return,
            (false, true) => (
                codes::TOKEN_OUTSIDE_CALLBACK,
                format!("`{}` reads the task token, but does not wait for it", step.name),
                "end the step with `.wait_for_task_token()`",
            ),
            (true, false) => (
                codes::CALLBACK_WITHOUT_TOKEN,
                format!("`{}` waits for its task token, and passes it on to nobody", step.name),
                "put `task::token()` into the step's arguments",
            ),
        };
        self.diagnostics.push(Diagnostic::error(code, message, step.at.clone()).help(help));
    }

    fn ended(&self, block: BlockId) -> bool {
        let last = self.blocks[block.0].steps.last();
        matches!(last.map(|s| &s.kind), Some(StepKind::Succeed { .. } | StepKind::Fail { .. } | StepKind::Goto { .. }))
    }

    /// Ends a block with what it gives.
    pub(crate) fn finish(&mut self, block: BlockId, yields: Yield, at: &Place) {
        if let Yield::Value(expr) = &yields {
            self.reads(block, expr, at);
            if expr.reads_token() {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::TOKEN_OUTSIDE_CALLBACK,
                        "the task token is read where no task waits for it",
                        at.clone(),
                    )
                    .help("read it in the arguments of a step with `.wait_for_task_token()`"),
                );
            }
        }
        self.blocks[block.0].yields = yields;
    }

    /// Every value that an expression reads must come from this block or from one around it.
    pub(crate) fn reads(&mut self, block: BlockId, expr: &Expr, at: &Place) {
        let mut found = Vec::new();
        let in_item = std::iter::successors(Some(block), |block| self.blocks[block.0].parent)
            .any(|block| self.blocks[block.0].is_item);
        expr.visit(&mut |e| match e.kind() {
            Kind::Value(id) => found.push(*id),
            Kind::Context(context) if context.is_of_item() && !in_item => self.diagnostics.push(
                Diagnostic::error(
                    codes::INDEX_OUTSIDE_MAP,
                    "there is no item here whose place could be read",
                    at.clone(),
                )
                .help("read `map::index()` in the block of `w.map(\"Each\", list).each(|w, item| …)`"),
            ),
            Kind::Call(op, _) => {
                let problems = language::problems(op).into_iter();
                self.diagnostics.extend(problems.map(|problem| problem.at(at)));
            }
            _ => {}
        });
        if expr.reads_foreign_item() {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::VALUE_OUT_OF_SCOPE,
                    "the item of a closure over a list is readable in that expression only",
                    at.clone(),
                )
                .help("for states per item write `w.map(\"Each\", list).each(|w, item| …)`, not `list.map(…)`"),
            );
        }
        for id in found {
            if !self.owns(id) {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::VALUE_OF_ANOTHER_WORKFLOW,
                        "this value belongs to another workflow",
                        at.clone(),
                    )
                    .help("pass it on as the input of this workflow"),
                );
                continue;
            }
            let info = self.info(id);
            if self.is_within(block, info.block) {
                continue;
            }
            let diagnostic = Diagnostic::error(
                codes::VALUE_OUT_OF_SCOPE,
                format!("the value of `{}` is not readable here", info.name),
                at.clone(),
            )
            .here("read here")
            .label(info.at.clone(), format!("made here, inside `{}`", self.blocks[info.block.0].name))
            .help(format!("return it from the closure that makes `{}`", info.name));
            self.diagnostics.push(diagnostic);
        }
    }

    pub(crate) fn is_within(&self, inner: BlockId, outer: BlockId) -> bool {
        let mut at = Some(inner);
        while let Some(block) = at {
            if block == outer {
                return true;
            }
            at = self.blocks[block.0].parent;
        }
        false
    }
}

/// Whole seconds of a duration, which is all that AWS knows.
pub(crate) fn whole_seconds(duration: Duration, at: &Place, diagnostics: &mut Diagnostics) -> u64 {
    if duration.subsec_nanos() != 0 {
        diagnostics.push(
            Diagnostic::error(
                codes::FRACTION_OF_A_SECOND,
                format!("expected whole seconds, found {duration:?}"),
                at.clone(),
            )
            .help("write `Duration::from_secs(…)`"),
        );
    }
    duration.as_secs()
}
