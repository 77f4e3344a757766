//! Mocks: what calls are answered in a test.
//!
//! ```
//! use std::time::Duration;
//! use serde_json::json;
//! use statewright::prelude::*;
//! use statewright_simulate::mock::mock;
//! use statewright_simulate::simulate;
//!
//! const COUNT: lambda::Function<String, i64> = lambda::Function::named("count-orders");
//! const ALERTS: sns::Topic = sns::Topic::named("alerts");
//!
//! let workflow = Workflow::new("count", |w, day: Value<String>| {
//!     let rows = w.run("CountOrders", COUNT.invoke(day).retry(lambda::transient()));
//!     w.run("Tell", sns::Publish::new(ALERTS, text!("{rows} orders")));
//!     rows
//! });
//! let run = simulate(&workflow)
//!     .input(json!("2026-03-01"))
//!     .mock(mock(&COUNT).fails("Lambda.ServiceException", "").returns(7).after(Duration::from_secs(3)))
//!     .mock(mock(&ALERTS).returns(sns::Published { message_id: "m-1".into() }))
//!     .run()?;
//! assert_eq!(run.output(), Some(json!(7)));
//! assert_eq!(run.elapsed(), Duration::from_secs(2 + 3), "the wait of the retry, and the second call");
//! assert_eq!(run.calls_of("Tell")[0].parameters["Message"], "7 orders");
//! # Ok::<(), statewright_simulate::Trouble>(())
//! ```

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use statewright::service::lambda::Function;
use statewright::service::sns::{Published, Topic};
use statewright::service::sqs::{Queue, Sent};

use crate::fault::Failure;
use crate::service::function::{invoked, name_of, payload};
use crate::task::{Answer, Reply, Request, Service};

mod file;

pub use file::{MockFile, MockFileError};

/// Answers calls: the first one with the first answer, and so on; the last answer is given for ever.
pub struct Mock<T = Json> {
    of: Box<dyn Fn(&Request) -> bool>,
    /// Puts a result into what the integration wraps it in.
    wrap: fn(&Request, Json) -> Json,
    answers: Vec<Says>,
    given: usize,
    lasts: bool,
    shape: std::marker::PhantomData<fn() -> T>,
}

enum Says {
    Answer(Answer),
    Computed(Box<dyn FnMut(&Request) -> Answer>),
}

impl<T> std::fmt::Debug for Mock<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mock({} answers)", self.answers.len())
    }
}

/// Answers the calls of a state, whatever it calls.
pub fn mock_state(name: &str) -> Mock {
    let name = name.to_owned();
    Mock::when(move |request| request.state == name)
}

/// Answers the calls of an API, such as `sns:publish`, in any pattern and from any state.
pub fn mock_api(api: &str) -> Mock {
    let api = format!(":::{api}");
    Mock::when(move |request| {
        let rest = request.resource.split_once(&api).map(|(_, rest)| rest);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Something that workflows call and that can be mocked: a Lambda function, a topic, a queue.
pub trait Mocked {
    /// The shape of its results.
    type Result;

    /// A mock without answers.
    fn mocked(&self) -> Mock<Self::Result>;
}

impl<Req, Res> Mocked for Function<Req, Res> {
    type Result = Res;

    fn mocked(&self) -> Mock<Res> {
        let name = self.name();
        Mock { wrap: invoked, ..Mock::when(move |request| name_of(request) == Some(name)) }
    }
}

impl Mocked for Topic {
    type Result = Published;

    fn mocked(&self) -> Mock<Published> {
        let name = self.name();
        Mock::when(move |request| is_named(&request.parameters["TopicArn"], ':', name))
    }
}

impl Mocked for Queue {
    type Result = Sent;

    fn mocked(&self) -> Mock<Sent> {
        let name = self.name();
        Mock::when(move |request| is_named(&request.parameters["QueueUrl"], '/', name))
    }
}

/// Whether an ARN or a URL is that of something with this name.
fn is_named(json: &Json, separator: char, name: &str) -> bool {
    let text = json.as_str().unwrap_or_default();
    text == name || text.rsplit(separator).next() == Some(name)
}

/// Answers the calls of a Lambda function, with results of its own shape, of a topic or of a queue.
pub fn mock<M: Mocked>(of: &M) -> Mock<M::Result> {
    of.mocked()
}

impl<Res: Serialize + 'static> Mock<Res> {
    /// The next calls are answered by a Rust function in place of the Lambda function.
    #[must_use]
    pub fn runs<Req: DeserializeOwned>(self, function: impl Fn(Req) -> Res + 'static) -> Self {
        self.answers(move |request| match serde_json::from_value(payload(request)) {
            Ok(input) => Answer::returns(serde_json::to_value(function(input)).unwrap_or_default()),
            Err(error) => {
                let cause = json!({ "errorMessage": error.to_string(), "errorType": "Runtime.UnmarshalError" });
                Answer::fails("Runtime.UnmarshalError", cause.to_string())
            }
        })
    }
}

impl<T> Mock<T> {
    /// Answers the calls for which this holds.
    pub fn when(of: impl Fn(&Request) -> bool + 'static) -> Self {
        let wrap = |_: &Request, result: Json| result;
        Self { of: Box::new(of), wrap, answers: Vec::new(), given: 0, lasts: true, shape: std::marker::PhantomData }
    }

    fn push(mut self, reply: Reply) -> Self {
        self.answers.push(Says::Answer(Answer { reply, after: Duration::ZERO, submitted: None }));
        self
    }

    /// The next call gives this result. Of a Lambda function it is the function's own result.
    #[must_use]
    pub fn returns(self, result: impl std::borrow::Borrow<T>) -> Self
    where
        T: Serialize,
    {
        let result = serde_json::to_value(result.borrow()).unwrap_or_default();
        self.push(Reply::Returns(result))
    }

    /// The next call gives this JSON.
    #[must_use]
    pub fn returns_json(self, result: Json) -> Self {
        self.push(Reply::Returns(result))
    }

    /// The next call fails.
    #[must_use]
    pub fn fails(self, error: &str, cause: &str) -> Self {
        self.push(Reply::Fails(Failure::new(error, cause)))
    }

    /// The next call never ends: it runs into its timeout, or somebody reports its end with the token.
    #[must_use]
    pub fn is_silent(self) -> Self {
        self.push(Reply::Silent)
    }

    /// The answer before this takes so long.
    #[must_use]
    pub fn after(mut self, time: Duration) -> Self {
        if let Some(Says::Answer(answer)) = self.answers.last_mut() {
            answer.after = time;
        }
        self
    }

    /// The next call, and those behind it, are answered by this.
    #[must_use]
    pub fn answers(mut self, answer: impl FnMut(&Request) -> Answer + 'static) -> Self {
        self.answers.push(Says::Computed(Box::new(answer)));
        self
    }

    /// A call for which there is no answer left is answered by nothing.
    #[must_use]
    pub const fn only(mut self) -> Self {
        self.lasts = false;
        self
    }
}

impl<T> Service for Mock<T> {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        if !(self.of)(request) {
            return None;
        }
        let last = self.answers.len().checked_sub(1)?;
        let number = if self.lasts { self.given.min(last) } else { self.given };
        let mut answer = match self.answers.get_mut(number)? {
            Says::Answer(answer) => answer.clone(),
            Says::Computed(compute) => compute(request),
        };
        // What computes its answers computes the rest of them too.
        if !matches!(self.answers.get(number), Some(Says::Computed(_))) {
            self.given += 1;
        }
        if let Reply::Returns(result) = answer.reply {
            answer.reply = Reply::Returns((self.wrap)(request, result));
        }
        Some(answer)
    }
}
