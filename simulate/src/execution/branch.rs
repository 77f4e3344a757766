//! Lines of states: the one of an execution, and those of branches and iterations.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::Value as Json;

use super::map_run::MapRun;
use crate::context::Item;
use crate::history::EventType;
use crate::scope::{Payload, Variables};

/// A line of states: the machine's own, that of a branch, or that of an iteration.
#[derive(Debug)]
pub(crate) struct Branch {
    /// The event to which the next one points.
    pub(super) last: Cell<u64>,
    /// The event to which that one points.
    pub(super) before: Cell<u64>,
    /// How it is told that the state that is running was cut.
    pub(super) open: Cell<Option<EventType>>,
    /// The state that is running.
    pub(super) at: RefCell<Option<At>>,
    pub(super) variables: Variables,
    pub(super) item: Option<Rc<Item>>,
    /// The branches or iterations of that state, by their numbers.
    pub(super) lines: RefCell<Vec<Line>>,
    /// The run of that state, if it is a distributed Map.
    pub(super) map_run: RefCell<Option<Rc<MapRun>>>,
}

/// A branch of a Parallel, or an iteration of a Map.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) branch: Rc<Branch>,
    /// What it gave, when it has come to its end.
    pub(super) output: Option<Payload>,
}

/// A state in which a line of states is.
#[derive(Clone, Debug)]
pub(crate) struct At {
    pub(super) state: usize,
    pub(super) input: Payload,
    /// The event with which it was entered; `None` if it is still to be.
    pub(super) entered: Option<u64>,
}

/// Where a redrive begins.
#[derive(Debug)]
pub(crate) struct Resume {
    pub(super) branch: Rc<Branch>,
    pub(super) at: At,
}

impl Line {
    pub(super) const fn is_done(&self) -> bool {
        self.output.is_some()
    }
}

impl Branch {
    pub(crate) fn new(last: u64, variables: Variables, item: Option<Rc<Item>>) -> Rc<Self> {
        Rc::new(Self {
            last: Cell::new(last),
            before: Cell::new(0),
            open: Cell::new(None),
            at: RefCell::default(),
            variables,
            item,
            lines: RefCell::default(),
            map_run: RefCell::default(),
        })
    }

    /// Forgets what ran below its state: the state was left, or is tried again from its beginning.
    pub(super) fn forget_below(&self) {
        self.lines.borrow_mut().clear();
        self.map_run.borrow_mut().take();
    }

    /// What its lines gave, in their order.
    pub(super) fn outputs(&self) -> Vec<Json> {
        let lines = self.lines.borrow();
        lines.iter().filter_map(|line| line.output.clone()).map(Payload::into_json).collect()
    }
}
