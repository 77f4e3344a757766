//! An action of a service.

use std::fmt;

use crate::service::{Integration, Service};
use crate::shape::{Member, Shape};

/// How a Task waits for what it started.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Not at all.
    RequestResponse,
    /// Until the job is done: `.sync`.
    Sync,
    /// Until the job is done, with its output as JSON: `.sync:2`.
    Sync2,
    /// Until somebody reports the end with the task's token: `.waitForTaskToken`.
    WaitForTaskToken,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::RequestResponse, Self::Sync, Self::Sync2, Self::WaitForTaskToken];

    /// What it appends to a `Resource`.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::RequestResponse => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::WaitForTaskToken => ".waitForTaskToken",
        }
    }

    fn letter(self) -> char {
        match self {
            Self::RequestResponse => 'r',
            Self::Sync => 's',
            Self::Sync2 => '2',
            Self::WaitForTaskToken => 't',
        }
    }
}

/// Why Step Functions can't do what the service can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unsupported {
    /// AWS lists it as not supported.
    Listed,
    /// Events go to or fro, for which there is no form in a state machine.
    Stream,
}

/// An action of a service.
///
/// ```
/// use statewright_model::{optimized, Pattern};
///
/// let run = optimized("ecs").and_then(|ecs| ecs.action("runTask")).expect("an action");
/// assert!(run.supports(Pattern::Sync));
/// assert_eq!(run.rule(), Some("StepFunctionsGetEventsForECSTaskRule"));
/// assert!(run.errors().any(|error| error == "AmazonECS.Unknown"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Action {
    service: Service,
    name: &'static str,
    /// The API's name, the request, the result, the errors; then `key=value`.
    rest: &'static str,
}

impl Action {
    pub(crate) fn at(service: Service, index: usize) -> Option<Self> {
        let (name, rest) = service.action_line(index)?.split_once('\t')?;
        Some(Self { service, name, rest })
    }

    fn field(&self, index: usize) -> &'static str {
        self.rest.split('\t').nth(index).unwrap_or_default()
    }

    fn more(&self, key: &str) -> Option<&'static str> {
        self.rest.split('\t').skip(4).find_map(|field| field.strip_prefix(key)?.strip_prefix('='))
    }

    /// The service it is one of.
    #[must_use]
    pub fn service(&self) -> Service {
        self.service
    }

    /// Its name in a `Resource`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The name of the API's operation. Optimized integrations that are no operation have their own name here.
    #[must_use]
    pub fn api(&self) -> &'static str {
        self.field(0)
    }

    /// The request, if there is anything to say in it.
    #[must_use]
    pub fn input(&self) -> Option<Shape> {
        self.service.shape(self.field(1))
    }

    /// The result, as far as it is known. A token's result is whatever was reported with it.
    #[must_use]
    pub fn output(&self, pattern: Pattern) -> Option<Shape> {
        let number = match pattern {
            Pattern::RequestResponse => self.field(2),
            Pattern::Sync => self.more("sync")?,
            Pattern::Sync2 => self.more("sync2")?,
            Pattern::WaitForTaskToken => return None,
        };
        self.service.shape(number)
    }

    /// The errors that the API lists for it, and those that every call can end with, as a Retrier or a Catcher names them.
    /// The list is not complete: services also raise what they don't list.
    pub fn errors(&self) -> impl Iterator<Item = String> + use<> {
        let service = self.service;
        let numbers = self.field(3).split(' ');
        let listed = numbers.filter_map(move |number| service.error(number.parse().ok()?));
        let more = self.more("more").unwrap_or_default().split_terminator(' ').map(str::to_owned);
        listed.map(move |name| format!("{}.{name}", service.prefix())).chain(more)
    }

    /// Whether it can wait like this.
    #[must_use]
    pub fn supports(&self, pattern: Pattern) -> bool {
        self.more("p").unwrap_or("rt").contains(pattern.letter())
    }

    /// Whether the pages of AWS disagree about this: refuse nothing then.
    #[must_use]
    pub fn is_in_doubt(&self, pattern: Pattern) -> bool {
        self.more("doubt").unwrap_or_default().contains(pattern.letter())
    }

    /// Why Step Functions can't call it, if it can't.
    #[must_use]
    pub fn unsupported(&self) -> Option<Unsupported> {
        match self.more("no")? {
            "stream" => Some(Unsupported::Stream),
            _ => Some(Unsupported::Listed),
        }
    }

    /// The `EventBridge` rule with which Step Functions hears of the end of the job.
    #[must_use]
    pub fn rule(&self) -> Option<&'static str> {
        self.more("rule")
    }

    /// The IAM action with which the job is stopped when the execution is.
    #[must_use]
    pub fn stopped_by(&self) -> Option<&'static str> {
        self.more("stop")
    }

    /// The members that make a second call with the same value do nothing. Step Functions fills in none of them.
    pub fn tokens(&self) -> impl Iterator<Item = Member> + use<> {
        self.input().into_iter().flat_map(|input| input.members().filter(Member::is_token))
    }

    /// Its `Resource`, in the partition `aws`.
    #[must_use]
    pub fn resource(&self, pattern: Pattern) -> String {
        let sdk = if self.service.integration() == Integration::Sdk { "aws-sdk:" } else { "" };
        format!("arn:aws:states:::{sdk}{}:{}{}", self.service.name(), self.name, pattern.suffix())
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Action({}:{})", self.service.name(), self.name)
    }
}
