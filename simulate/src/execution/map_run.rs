//! The run of a distributed Map. <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html>

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::{Execution, Status};
use crate::history::seconds;
use crate::runtime::Inbox;
use crate::scope::Payload;

/// So many child executions run at the same time at most.
const MOST_AT_ONCE: usize = 10_000;

/// How many items may fail.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tolerance {
    pub count: Option<usize>,
    pub percentage: Option<f64>,
}

impl Tolerance {
    /// Whether so many failures are too many.
    pub(crate) fn is_exceeded(&self, failed: usize, total: usize) -> bool {
        if failed == 0 {
            return false;
        }
        let count = self.count.is_some_and(|most| failed > most);
        #[expect(clippy::cast_precision_loss, reason = "there are no so many items")]
        let share = self.percentage.is_some_and(|most| failed as f64 * 100.0 > most * total as f64);
        count || share || (self.count.is_none() && self.percentage.is_none())
    }
}

/// The run of a distributed Map: child executions, and how many of them may fail.
#[derive(Debug)]
pub struct MapRun {
    /// Its ARN.
    pub arn: String,
    /// The ARN of the execution whose Map it is.
    pub execution_arn: String,
    /// When it started, in milliseconds since 1970.
    pub start: i64,
    pub(crate) label: String,
    machine_arn: String,
    stop: Cell<Option<i64>>,
    status: Cell<Status>,
    /// When it was redriven last, and how often.
    redriven: Cell<Option<(i64, u64)>>,
    /// 0 for as many as there may be.
    max_concurrency: Cell<usize>,
    pub(super) tolerance: Cell<Tolerance>,
    /// The inputs of its children, each with its number of items.
    pub(super) inputs: RefCell<Vec<(Payload, usize)>>,
    /// As many of them as have been started, in the order of the inputs.
    pub(super) children: RefCell<Vec<Rc<Execution>>>,
    /// The numbers of children that have ended; `None` to look again at how many may run.
    pub(super) ended: Inbox<Option<usize>>,
    pub(super) results_written: Cell<usize>,
}

/// What a new run is made of.
pub(super) struct NewRun<'a> {
    pub arn: String,
    pub label: String,
    pub execution: &'a Execution,
    pub now: i64,
    pub max_concurrency: usize,
    pub tolerance: Tolerance,
}

impl MapRun {
    pub(super) fn new(new: NewRun<'_>) -> Rc<Self> {
        Rc::new(Self {
            arn: new.arn,
            execution_arn: new.execution.arn.clone(),
            start: new.now,
            label: new.label,
            machine_arn: new.execution.machine.arn.clone(),
            stop: Cell::new(None),
            status: Cell::new(Status::Running),
            redriven: Cell::new(None),
            max_concurrency: Cell::new(new.max_concurrency),
            tolerance: Cell::new(new.tolerance),
            inputs: RefCell::default(),
            children: RefCell::default(),
            ended: Inbox::default(),
            results_written: Cell::new(0),
        })
    }

    /// Makes it go on; how often it has been redriven now.
    pub(super) fn redrive(&self, now: i64) -> u64 {
        let count = self.redriven.get().map_or(0, |(_, count)| count) + 1;
        self.redriven.set(Some((now, count)));
        self.status.set(Status::Running);
        self.stop.set(None);
        count
    }

    pub(super) fn end(&self, status: Status, now: i64) {
        self.status.set(status);
        self.stop.set(Some(now));
    }

    /// How many children may run at the same time.
    pub(super) fn at_once(&self) -> usize {
        match self.max_concurrency.get() {
            0 => MOST_AT_ONCE,
            most => most.min(MOST_AT_ONCE),
        }
    }

    /// The children that have been started, in the order of their items.
    #[must_use]
    pub fn children(&self) -> Vec<Rc<Execution>> {
        self.children.borrow().clone()
    }

    /// Changes what may run at the same time and fail, as `UpdateMapRun` does. What is `None` stays as it is.
    pub fn update(&self, max_concurrency: Option<usize>, failures: Option<usize>, percentage: Option<f64>) {
        if let Some(most) = max_concurrency {
            self.max_concurrency.set(most);
        }
        let Tolerance { count, percentage: before } = self.tolerance.get();
        self.tolerance.set(Tolerance { count: failures.or(count), percentage: percentage.or(before) });
        self.ended.put(None);
    }

    /// As an item of `ListMapRuns`, with times in seconds since 1970.
    #[must_use]
    pub fn item(&self) -> Json {
        let mut item = json!({ "executionArn": self.execution_arn, "mapRunArn": self.arn,
            "stateMachineArn": self.machine_arn, "startDate": seconds(self.start) });
        if let Some(stop) = self.stop.get() {
            item["stopDate"] = seconds(stop);
        }
        item
    }

    /// As `DescribeMapRun` gives it, with times in seconds since 1970.
    #[must_use]
    pub fn describe(&self) -> Json {
        let tolerance = self.tolerance.get();
        let mut answer = self.item();
        if let Some(fields) = answer.as_object_mut() {
            fields.remove("stateMachineArn");
        }
        answer["status"] = self.status.get().to_string().into();
        answer["maxConcurrency"] = self.max_concurrency.get().into();
        answer["toleratedFailureCount"] = tolerance.count.unwrap_or(0).into();
        answer["toleratedFailurePercentage"] = tolerance.percentage.unwrap_or(0.0).into();
        answer["itemCounts"] = self.counts(|items| items);
        answer["executionCounts"] = self.counts(|_| 1);
        answer["redriveCount"] = self.redriven.get().map_or(0, |(_, count)| count).into();
        if let Some((last, _)) = self.redriven.get() {
            answer["redriveDate"] = seconds(last);
        }
        answer
    }

    /// Children by how they stand, each counted as `weigh` says of its number of items.
    fn counts(&self, weigh: impl Fn(usize) -> usize) -> Json {
        let (inputs, children) = (self.inputs.borrow(), self.children.borrow());
        let stands = |wanted: Option<Status>| -> usize {
            let of = |(number, (_, items)): (usize, &(Payload, usize))| {
                (children.get(number).map(|child| child.status()) == wanted).then(|| weigh(*items))
            };
            inputs.iter().enumerate().filter_map(of).sum()
        };
        // Here every child that failed can be redriven or started anew, and is so at once.
        let total: usize = inputs.iter().map(|(_, items)| weigh(*items)).sum();
        json!({ "pending": stands(None), "running": stands(Some(Status::Running)),
            "succeeded": stands(Some(Status::Succeeded)), "failed": stands(Some(Status::Failed)),
            "timedOut": stands(Some(Status::TimedOut)), "aborted": stands(Some(Status::Aborted)), "total": total,
            "resultsWritten": self.results_written.get(), "failuresNotRedrivable": 0, "pendingRedrive": 0 })
    }
}
