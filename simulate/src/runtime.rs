//! Time and tasks of a simulation: everything runs on one thread, and time passes only when nothing else can happen.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

type Job = Pin<Box<dyn Future<Output = ()>>>;

/// The jobs of a simulation, and its clock.
#[derive(Clone)]
pub(crate) struct Runtime(Rc<Inner>);

struct Inner {
    /// Milliseconds since 1970.
    now: Cell<i64>,
    jobs: RefCell<HashMap<u64, Option<Job>>>,
    next: Cell<u64>,
    ready: Arc<Ready>,
    /// By time, and for the same time in the order in which they were set.
    timers: RefCell<BTreeMap<(i64, u64), Waker>>,
}

#[derive(Default)]
struct Ready(Mutex<VecDeque<u64>>);

impl Ready {
    fn push(&self, job: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(job);
    }

    fn pop(&self) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

struct WakeJob {
    job: u64,
    ready: Arc<Ready>,
}

impl Wake for WakeJob {
    fn wake(self: Arc<Self>) {
        self.ready.push(self.job);
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Runtime({})", self.0.now.get())
    }
}

impl Runtime {
    pub(crate) fn new(now: i64) -> Self {
        Self(Rc::new(Inner {
            now: Cell::new(now),
            jobs: RefCell::default(),
            next: Cell::new(0),
            ready: Arc::default(),
            timers: RefCell::default(),
        }))
    }

    pub(crate) fn now(&self) -> i64 {
        self.0.now.get()
    }

    fn number(&self) -> u64 {
        self.0.next.replace(self.0.next.get() + 1)
    }

    /// Starts a job; dropping what is given back ends it.
    pub(crate) fn spawn(&self, job: impl Future<Output = ()> + 'static) -> Running {
        let number = self.number();
        self.0.jobs.borrow_mut().insert(number, Some(Box::pin(job)));
        self.0.ready.push(number);
        Running { runtime: Some(self.clone()), job: number }
    }

    /// Runs what can run now. Whether there was something.
    pub(crate) fn run_ready(&self) -> bool {
        let mut any = false;
        while let Some(number) = self.0.ready.pop() {
            // While it is polled, its place stays taken: a job may end itself.
            let Some(mut job) = self.0.jobs.borrow_mut().get_mut(&number).and_then(Option::take) else { continue };
            any = true;
            let waker = Waker::from(Arc::new(WakeJob { job: number, ready: self.0.ready.clone() }));
            let done = job.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
            let mut jobs = self.0.jobs.borrow_mut();
            if done {
                jobs.remove(&number);
            } else if let Some(place) = jobs.get_mut(&number) {
                *place = Some(job);
                continue;
            }
            // What the job holds may end other jobs.
            drop(jobs);
            drop(job);
        }
        any
    }

    /// When something happens next, if anything does.
    pub(crate) fn next_timer(&self) -> Option<i64> {
        self.0.timers.borrow().keys().next().map(|(time, _)| *time)
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, to: i64) {
        self.0.now.set(self.0.now.get().max(to));
        loop {
            let mut timers = self.0.timers.borrow_mut();
            match timers.first_entry() {
                Some(first) if first.key().0 <= self.0.now.get() => first.remove().wake(),
                _ => return,
            }
        }
    }

    /// Waits so many milliseconds.
    pub(crate) async fn sleep(&self, millis: i64) {
        if millis <= 0 {
            return;
        }
        let timer = Timer { runtime: self.clone(), key: (self.now().saturating_add(millis), self.number()) };
        poll_fn(|context| {
            if timer.runtime.now() >= timer.key.0 {
                return Poll::Ready(());
            }
            timer.runtime.0.timers.borrow_mut().insert(timer.key, context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

struct Timer {
    runtime: Runtime,
    key: (i64, u64),
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.runtime.0.timers.borrow_mut().remove(&self.key);
    }
}

/// A job that runs, and ends when this is dropped.
pub(crate) struct Running {
    /// Nothing once it is detached.
    runtime: Option<Runtime>,
    job: u64,
}

impl Running {
    /// Lets the job run to its end by itself.
    pub(crate) fn detach(mut self) {
        self.runtime = None;
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Running({})", self.job)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(runtime) = &self.runtime else { return };
        // What the job holds may end other jobs, so it is dropped when nothing is borrowed.
        let job = runtime.0.jobs.borrow_mut().remove(&self.job);
        drop(job);
    }
}

/// Where jobs leave what somebody waits for.
#[derive(Debug)]
pub(crate) struct Inbox<T> {
    items: RefCell<VecDeque<T>>,
    waker: RefCell<Option<Waker>>,
}

impl<T> Default for Inbox<T> {
    fn default() -> Self {
        Self { items: RefCell::default(), waker: RefCell::default() }
    }
}

impl<T> Inbox<T> {
    pub(crate) fn put(&self, item: T) {
        self.items.borrow_mut().push_back(item);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    pub(crate) fn try_take(&self) -> Option<T> {
        self.items.borrow_mut().pop_front()
    }

    pub(crate) async fn take(&self) -> T {
        poll_fn(|context| match self.try_take() {
            Some(item) => Poll::Ready(item),
            None => {
                *self.waker.borrow_mut() = Some(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

/// Something that happens once, for which any number of jobs can wait.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    given: Cell<bool>,
    wakers: RefCell<Vec<Waker>>,
}

impl Signal {
    pub(crate) fn give(&self) {
        self.given.set(true);
        self.wakers.borrow_mut().drain(..).for_each(Waker::wake);
    }

    /// It may happen once more.
    pub(crate) fn take_back(&self) {
        self.given.set(false);
    }

    pub(crate) async fn wait(&self) {
        poll_fn(|context| {
            if self.given.get() {
                return Poll::Ready(());
            }
            self.wakers.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// What comes first of two; the first of them, if both are there.
pub(crate) enum First<A, B> {
    A(A),
    B(B),
}

pub(crate) async fn race<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> First<A, B> {
    let (mut a, mut b) = (pin!(a), pin!(b));
    poll_fn(|context| {
        if let Poll::Ready(found) = a.as_mut().poll(context) {
            return Poll::Ready(First::A(found));
        }
        b.as_mut().poll(context).map(First::B)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(runtime: &Runtime) {
        loop {
            runtime.run_ready();
            match runtime.next_timer() {
                Some(time) => runtime.advance(time),
                None => return,
            }
        }
    }

    #[test]
    fn time_passes_only_when_nothing_can_run() {
        let (runtime, log) = (Runtime::new(0), Rc::new(RefCell::new(Vec::new())));
        let mut running = Vec::new();
        for (name, wait) in [("b", 2_000), ("a", 1_000), ("c", 604_800_000)] {
            let (clock, log) = (runtime.clone(), log.clone());
            running.push(runtime.spawn(async move {
                clock.sleep(wait).await;
                log.borrow_mut().push((name, clock.now()));
            }));
        }
        run(&runtime);
        assert_eq!(*log.borrow(), [("a", 1_000), ("b", 2_000), ("c", 604_800_000)]);
    }

    #[test]
    fn a_dropped_job_ends_with_its_timers() {
        let (runtime, done) = (Runtime::new(0), Rc::new(Cell::new(false)));
        let (clock, flag) = (runtime.clone(), done.clone());
        let running = runtime.spawn(async move {
            clock.sleep(1_000).await;
            flag.set(true);
        });
        runtime.run_ready();
        drop(running);
        assert_eq!(runtime.next_timer(), None);
        run(&runtime);
        assert!(!done.get());
    }

    #[test]
    fn the_first_of_two_ends_the_other() {
        let (runtime, inbox) = (Runtime::new(0), Rc::new(Inbox::default()));
        let (clock, found) = (runtime.clone(), inbox.clone());
        let _running = runtime.spawn(async move {
            let first = race(clock.sleep(5_000), clock.sleep(3_000)).await;
            found.put((matches!(first, First::B(())), clock.now()));
        });
        run(&runtime);
        assert_eq!(inbox.try_take(), Some((true, 3_000)));
    }
}
