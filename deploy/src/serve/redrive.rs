//! Redriving: an execution goes on from the state that failed.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html>

use serde_json::{Value as Json, json};

use super::account::{Account, time};
use super::input::Input;
use super::refusal::{Answer, Refusal};

/// How an execution was redriven.
pub(super) struct Redriven {
    count: u64,
    last: i64,
    /// That of the last request.
    client_token: Option<String>,
}

impl Redriven {
    pub(super) fn tell(&self, answer: &mut Json) {
        answer["redriveCount"] = self.count.into();
        answer["redriveDate"] = time(self.last);
    }
}

impl Account {
    pub(super) fn redrive_execution(&mut self, input: &Input) -> Answer {
        let execution = self.execution(input)?;
        let client_token = input.text("clientToken")?.map(str::to_owned);
        let before = self.redriven.get(&execution.arn);
        if let Some(known) = before.filter(|known| client_token.is_some() && known.client_token == client_token) {
            // The same request once more.
            return Ok(json!({ "redriveDate": time(known.last) }));
        }
        let count = before.map_or(0, |known| known.count) + 1;
        self.world.redrive(&execution).map_err(|why| Refusal::new("ExecutionNotRedrivable", why))?;
        let last = self.world.now();
        self.redriven.insert(execution.arn.clone(), Redriven { count, last, client_token });
        Ok(json!({ "redriveDate": time(last) }))
    }
}
