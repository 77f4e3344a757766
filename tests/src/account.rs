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

    /// A table: `key`, `protected`, `ttl`, `tags`.
    #[must_use]
    pub fn table(&self, name: &str) -> Json {
        self.call(&["table", name])
    }

    /// A table that is nobody's, with this key.
    pub fn put_table(&self, name: &str, key: &str) {
        let _ = self.call(&["put-table", name, key]);
    }

    /// Lets a table be deleted.
    pub fn unprotect(&self, table: &str) {
        let _ = self.call(&["unprotect", table]);
    }

    /// Puts a token into a lock of the guard.
    pub fn hold(&self, table: &str, key: &str, token: &str) {
        let _ = self.call(&["hold", table, key, token]);
    }

    /// The tokens in a lock of the guard.
    #[must_use]
    pub fn holders(&self, table: &str, key: &str) -> Vec<String> {
        serde_json::from_value(self.call(&["holders", table, key])).unwrap()
    }

    /// Starts executions, all at once, and gives their ARNs.
    #[must_use]
    pub fn start_all(&self, machine: &str, inputs: &[Json]) -> Vec<String> {
        serde_json::from_value(self.call(&["start-all", machine, &Json::from(inputs).to_string()])).unwrap()
    }

    /// Stops an execution.
    pub fn stop(&self, arn: &str) {
        let _ = self.call(&["stop", arn]);
    }

    /// Waits until somebody holds a lock, and stops that execution; its ARN.
    #[must_use]
    pub fn stop_holder(&self, table: &str, key: &str) -> String {
        serde_json::from_value(self.call(&["stop-holder", table, key])).unwrap()
    }

    /// Executions at their ends: `status`, `output`, `input`, `end`, and by state when it was `entered` and `left`.
    #[must_use]
    pub fn histories(&self, arns: &[String]) -> Vec<Json> {
        serde_json::from_value(self.call(&["histories", &Json::from(arns).to_string()])).unwrap()
    }

    /// The executions of a state machine by name: `status` and `input`.
    #[must_use]
    pub fn executions(&self, machine: &str) -> Json {
        self.call(&["executions", machine])
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
