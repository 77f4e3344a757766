//! What a test does in an account beside deploying.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::command::run;
use crate::install::endpoints;

/// The account behind an endpoint.
#[derive(Debug)]
pub struct Account<'s> {
    pub(crate) python: &'s Path,
    pub(crate) url: String,
}

impl Account<'_> {
    /// Everything that the examples use and that is not theirs: topics, queues, a table, jobs.
    pub fn prepare(&self) {
        let _ = self.call(&["prepare"]);
    }

    /// An execution to its end: `status`, `output`, `error`, `cause`, and the names of the states that it entered.
    #[must_use]
    pub fn run(&self, machine: &str, input: &Json) -> Json {
        self.call(&["run", machine, &input.to_string()])
    }

    /// An execution as EventBridge Scheduler would start it, with the schedule's role: its ARN and its input.
    #[must_use]
    pub fn fire(&self, group: &str, schedule: &str) -> Json {
        self.call(&["fire", group, schedule])
    }

    /// Takes a statement out of the policy of a role.
    pub fn drop_statement(&self, role: &str, sid: &str) {
        let _ = self.call(&["drop", role, sid]);
    }

    /// A role that is nobody's.
    pub fn put_role(&self, name: &str) {
        let _ = self.call(&["put-role", name]);
    }

    /// How many `roles`, `machines`, `log_groups` and `schedules` there are.
    #[must_use]
    pub fn count(&self) -> Json {
        self.call(&["count"])
    }

    fn call(&self, arguments: &[&str]) -> Json {
        let script = endpoints().join("account.py");
        let done = run(Command::new(self.python).arg(script).arg(&self.url).args(arguments)).unwrap().ends(0);
        serde_json::from_str(&done.stdout).unwrap()
    }
}
