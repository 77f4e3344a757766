//! Steps: what the workflow does.

use serde_json::Value as Json;

use super::{BlockId, Distributed, Expr, LabelId, ValueId};
use crate::diag::Place;
use crate::guard::Concurrency;
use crate::retry::Retry;
use crate::service::{Access, Task};

/// One thing that the workflow does.
#[derive(Debug)]
pub(crate) struct Step {
    pub name: String,
    pub at: Place,
    pub comment: Option<String>,
    pub kind: StepKind,
}

#[derive(Debug)]
pub(crate) enum StepKind {
    /// Names a value; becomes no state.
    Let {
        value: ValueId,
        expr: Expr,
    },
    Task {
        task: Box<Task>,
        result: ValueId,
    },
    Wait {
        until: Until,
    },
    Choice {
        arms: Vec<(Expr, BlockId)>,
        otherwise: Option<BlockId>,
        result: ValueId,
    },
    Parallel {
        branches: Vec<BlockId>,
        retry: Vec<Retry>,
        result: ValueId,
    },
    Map {
        /// A list; none if the items are read from S3.
        items: Option<Expr>,
        item: ValueId,
        max_concurrency: Option<Expr>,
        body: BlockId,
        retry: Vec<Retry>,
        /// Whether each item has an execution of its own, and how.
        distributed: Option<Box<Distributed>>,
        result: ValueId,
    },
    Attempt {
        body: BlockId,
        handlers: Vec<Handler>,
        result: ValueId,
    },
    Loop(Box<Loop>),
    /// A state in the words of the language.
    Raw {
        state: Json,
        /// What it gets, in place of what the state before it gives.
        input: Option<Expr>,
        access: Access,
        result: ValueId,
    },
    /// Where jumps lead; becomes no state.
    Label(LabelId),
    /// Goes on at a label; becomes no state.
    Goto {
        label: LabelId,
        /// What is taken along.
        value: Option<Expr>,
    },
    /// A section: its lock, who may hold it, and what of the input its key is computed from.
    Guarded {
        lock: String,
        concurrency: Box<Concurrency>,
        key: Option<Expr>,
        body: BlockId,
        result: ValueId,
    },
    Succeed {
        output: Option<Expr>,
    },
    Fail {
        error: Option<Expr>,
        cause: Option<Expr>,
    },
}

/// A block that runs again and again.
#[derive(Debug)]
pub(crate) struct Loop {
    pub body: BlockId,
    /// Whether it is at its end, in the terms of the body.
    pub done: Expr,
    /// What it gives then.
    pub value: Expr,
    /// Whether it may not run once more.
    pub full: Expr,
    /// Values that are something else each time: what they are at first, and what next.
    pub carried: Vec<(ValueId, Expr, Expr)>,
    pub wait: Option<Until>,
    /// Error and cause if it is full.
    pub failure: (Expr, Expr),
    pub result: ValueId,
}

/// What a Wait waits for.
#[derive(Debug)]
pub(crate) enum Until {
    Seconds(Expr),
    Timestamp(Expr),
}

/// What follows when something in the body of an attempt fails.
#[derive(Debug)]
pub(crate) struct Handler {
    pub errors: Vec<String>,
    pub error: ValueId,
    pub block: BlockId,
}

impl StepKind {
    /// Whether it becomes a state of its own name.
    pub(crate) const fn is_state(&self) -> bool {
        !matches!(
            self,
            Self::Let { .. } | Self::Attempt { .. } | Self::Guarded { .. } | Self::Label(_) | Self::Goto { .. }
        )
    }

    /// Calls `f` with every expression that stands in the step itself, not in its blocks.
    pub(crate) fn visit(&self, f: &mut dyn FnMut(&Expr)) {
        match self {
            Self::Let { expr, .. } => f(expr),
            Self::Task { task, .. } => task.visit(f),
            Self::Wait { until: Until::Seconds(expr) | Until::Timestamp(expr) } => f(expr),
            Self::Choice { arms, .. } => arms.iter().for_each(|(condition, _)| f(condition)),
            Self::Map { items, max_concurrency, distributed, .. } => {
                items.iter().chain(max_concurrency).for_each(&mut *f);
                distributed.iter().for_each(|distributed| distributed.visit(f));
            }
            Self::Succeed { output } => output.iter().for_each(f),
            Self::Fail { error, cause } => error.iter().chain(cause).for_each(f),
            Self::Guarded { key, .. } => key.iter().for_each(f),
            // The rest is in the terms of the body.
            Self::Loop(again) => again.carried.iter().for_each(|(_, first, _)| f(first)),
            Self::Goto { value: input, .. } | Self::Raw { input, .. } => input.iter().for_each(f),
            Self::Parallel { .. } | Self::Attempt { .. } | Self::Label(_) => {}
        }
    }
}
