//! What a Task asks of a service, and what it is answered.

use std::time::Duration;

use serde_json::Value as Json;

use crate::fault::Failure;

/// A call of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The name of the workflow.
    pub workflow: String,
    /// The name of the execution.
    pub execution: String,
    /// The name of the state.
    pub state: String,
    /// The `Resource` as it is written.
    pub resource: String,
    /// The request: `Parameters` or `Arguments` with everything evaluated.
    pub parameters: Json,
    /// The token, for a Task that waits for one.
    pub token: Option<String>,
    /// The role with whose rights the service is called, if it is another than the workflow's.
    pub role_arn: Option<String>,
    /// How often this state has been tried before.
    pub retry_count: u64,
    /// When, in milliseconds since 1970.
    pub millis: i64,
}

/// What a call is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The end of it.
    pub reply: Reply,
    /// How long that takes.
    pub after: Duration,
    /// For `.sync` and `.waitForTaskToken`: what the call itself gives, before the waiting.
    pub submitted: Option<Json>,
}

/// How a call ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// With a result.
    Returns(Json),
    /// With an error.
    Fails(Failure),
    /// Not at all: the Task runs into its timeout or heartbeat, or somebody reports its end with the token.
    Silent,
}

impl Answer {
    /// At once, this result.
    #[must_use]
    pub fn returns(result: impl Into<Json>) -> Self {
        Self { reply: Reply::Returns(result.into()), after: Duration::ZERO, submitted: None }
    }

    /// At once, this error.
    #[must_use]
    pub fn fails(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { reply: Reply::Fails(Failure::new(error, cause)), after: Duration::ZERO, submitted: None }
    }

    /// Never.
    #[must_use]
    pub const fn silent() -> Self {
        Self { reply: Reply::Silent, after: Duration::ZERO, submitted: None }
    }

    /// The same, after some time.
    #[must_use]
    pub const fn after(mut self, time: Duration) -> Self {
        self.after = time;
        self
    }

    /// What the call itself gives before the waiting, for `.sync` and `.waitForTaskToken`.
    #[must_use]
    pub fn submitted(mut self, response: impl Into<Json>) -> Self {
        self.submitted = Some(response.into());
        self
    }
}

/// Answers calls.
pub trait Service {
    /// The answer to a call; `None` if it has none, and somebody else is to be asked.
    fn answer(&mut self, request: &Request) -> Option<Answer>;
}

impl Service for Box<dyn Service> {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        (**self).answer(request)
    }
}

impl<F: FnMut(&Request) -> Option<Answer>> Service for F {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        self(request)
    }
}
