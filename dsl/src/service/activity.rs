//! Activities: tasks that a worker of your own takes, wherever it runs.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html>

use std::fmt;
use std::marker::PhantomData;

use super::{Step, Suffix, Task, arn};
use crate::diag::codes;
use crate::shape::Shape;
use crate::value::Arg;

/// An activity, with the shapes of what its workers get and give. It is made with `CreateActivity`, and a worker asks for
/// tasks with `GetActivityTask`.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Scan { file: String }
///
/// const SCAN: activity::Activity<Scan, bool> = activity::Activity::named("scan-for-viruses");
///
/// Workflow::new("upload", |w, file: Value<String>| {
///     let clean = SCAN.perform(ScanFields { file }).timeout(Duration::from_secs(3600)).heartbeat(Duration::from_secs(60));
///     w.run("Scan", clean)
/// });
/// ```
pub struct Activity<Req, Res> {
    name: &'static str,
    shapes: PhantomData<fn(Req) -> Res>,
}

impl<Req, Res> Activity<Req, Res> {
    /// The activity of that name in the workflow's own account and region, or of that ARN.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self { name, shapes: PhantomData }
    }

    /// Its name or ARN.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<Req: Shape, Res: Shape> Activity<Req, Res> {
    /// A task for its workers. A worker that dies is noticed by a [heartbeat](Step::heartbeat); without a
    /// [timeout](Step::timeout), a task that nobody takes waits for more than three years.
    pub fn perform(&self, request: impl Arg<Req>) -> Perform<Res> {
        let mut task = Task::new("", Suffix::None);
        task.activity = Some(arn("states", "activity:", self.name));
        task.whole = Some(request.into_value().expr());
        Perform { task, shape: PhantomData }
    }
}

impl<Req, Res> Clone for Activity<Req, Res> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Req, Res> Copy for Activity<Req, Res> {}

impl<Req, Res> fmt::Debug for Activity<Req, Res> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Activity").field("name", &self.name).finish()
    }
}

/// A task for the workers of an [`Activity`].
#[derive(Debug)]
#[must_use = "a step does nothing until the workflow runs it: `w.run(\"Name\", step)`"]
pub struct Perform<Res> {
    task: Task,
    shape: PhantomData<fn() -> Res>,
}

impl<Res: Shape> Step for Perform<Res> {
    type Output = Res;

    fn task_mut(&mut self) -> &mut Task {
        &mut self.task
    }

    fn into_task(mut self) -> Task {
        if self.task.role.is_some() {
            let found = "performs an activity with the credentials of another role".to_owned();
            let help = "remove `.credentials(…)`: the worker has rights of its own".to_owned();
            self.task.problem = Some((codes::ACTIVITY_CREDENTIALS, found, help));
        }
        self.task
    }
}
