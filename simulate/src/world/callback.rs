//! Tasks that wait for somebody to report with their token.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token>

use std::rc::{Rc, Weak};

use serde_json::Value as Json;

use super::World;
use crate::fault::Failure;
use crate::runtime::Inbox;

/// A task that waits for somebody to report with its token.
#[derive(Debug)]
pub(crate) struct Callback {
    pub token: Rc<str>,
    pub heard: Inbox<Heard>,
}

/// What is reported with a token.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A worker has taken the task.
    Started(Option<String>),
    Heartbeat,
    Success(Json),
    Failure(Failure),
}

impl World {
    pub(crate) fn callback(&self) -> Rc<Callback> {
        let token = format!("AQCEAAAAKgAAAAMAAAAA{}", self.uuid().replace('-', ""));
        let callback = Rc::new(Callback { token: token.into(), heard: Inbox::default() });
        let mut callbacks = self.0.callbacks.borrow_mut();
        callbacks.retain(|_, known| known.strong_count() > 0);
        callbacks.insert(callback.token.clone(), Rc::downgrade(&callback));
        callback
    }

    fn hear(&self, token: &str, heard: Heard) -> bool {
        let callback = self.0.callbacks.borrow().get(token).and_then(Weak::upgrade);
        callback.map(|callback| callback.heard.put(heard)).is_some()
    }

    /// Ends the task with this token, as `SendTaskSuccess` does; `false` if none waits for it.
    pub fn send_task_success(&self, token: &str, output: impl Into<Json>) -> bool {
        self.hear(token, Heard::Success(output.into()))
    }

    /// Fails the task with this token, as `SendTaskFailure` does; `false` if none waits for it.
    pub fn send_task_failure(&self, token: &str, failure: Failure) -> bool {
        self.hear(token, Heard::Failure(failure))
    }

    /// Says that the task with this token is alive, as `SendTaskHeartbeat` does; `false` if none waits for it.
    pub fn send_task_heartbeat(&self, token: &str) -> bool {
        self.hear(token, Heard::Heartbeat)
    }

    /// Says that a worker has taken the task with this token, as `GetActivityTask` does.
    pub fn take_task(&self, token: &str, worker: Option<&str>) -> bool {
        self.hear(token, Heard::Started(worker.map(str::to_owned)))
    }
}
