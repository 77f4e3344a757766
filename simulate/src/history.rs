//! The history of an execution, as `GetExecutionHistory` gives it.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html>

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::{Map, Value as Json, json};

use crate::fault::Failure;
use crate::scope::Payload;

/// An execution of a Standard workflow has so many events at most; the last one says so.
pub const MOST_EVENTS: u64 = 25_000;

macro_rules! kinds {
    ($($name:ident $(=> $details:literal)?,)+) => {
        /// What an event tells of, by its name in the API.
        #[expect(missing_docs, reason = "the names are those of the API")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventType { $($name),+ }

        impl EventType {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in the API.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// The field in which its details are, for those that have some.
            #[must_use]
            pub fn details(self) -> Option<&'static str> {
                let details: &'static str = match self { $(Self::$name => kinds!(@ $($details)?)),+ };
                (!details.is_empty()).then_some(details)
            }
        }
    };
    (@ $details:literal) => { $details };
    (@) => { "" };
}

kinds! {
    ActivityFailed => "activityFailedEventDetails",
    ActivityScheduled => "activityScheduledEventDetails",
    ActivityScheduleFailed => "activityScheduleFailedEventDetails",
    ActivityStarted => "activityStartedEventDetails",
    ActivitySucceeded => "activitySucceededEventDetails",
    ActivityTimedOut => "activityTimedOutEventDetails",
    ChoiceStateEntered => "stateEnteredEventDetails",
    ChoiceStateExited => "stateExitedEventDetails",
    EvaluationFailed => "evaluationFailedEventDetails",
    ExecutionAborted => "executionAbortedEventDetails",
    ExecutionFailed => "executionFailedEventDetails",
    ExecutionRedriven => "executionRedrivenEventDetails",
    ExecutionStarted => "executionStartedEventDetails",
    ExecutionSucceeded => "executionSucceededEventDetails",
    ExecutionTimedOut => "executionTimedOutEventDetails",
    FailStateEntered => "stateEnteredEventDetails",
    LambdaFunctionFailed => "lambdaFunctionFailedEventDetails",
    LambdaFunctionScheduled => "lambdaFunctionScheduledEventDetails",
    LambdaFunctionScheduleFailed => "lambdaFunctionScheduleFailedEventDetails",
    LambdaFunctionStarted,
    LambdaFunctionStartFailed => "lambdaFunctionStartFailedEventDetails",
    LambdaFunctionSucceeded => "lambdaFunctionSucceededEventDetails",
    LambdaFunctionTimedOut => "lambdaFunctionTimedOutEventDetails",
    MapIterationAborted => "mapIterationAbortedEventDetails",
    MapIterationFailed => "mapIterationFailedEventDetails",
    MapIterationStarted => "mapIterationStartedEventDetails",
    MapIterationSucceeded => "mapIterationSucceededEventDetails",
    MapRunAborted,
    MapRunFailed => "mapRunFailedEventDetails",
    MapRunRedriven => "mapRunRedrivenEventDetails",
    MapRunStarted => "mapRunStartedEventDetails",
    MapRunSucceeded,
    MapStateAborted,
    MapStateEntered => "stateEnteredEventDetails",
    MapStateExited => "stateExitedEventDetails",
    MapStateFailed,
    MapStateStarted => "mapStateStartedEventDetails",
    MapStateSucceeded,
    ParallelStateAborted,
    ParallelStateEntered => "stateEnteredEventDetails",
    ParallelStateExited => "stateExitedEventDetails",
    ParallelStateFailed,
    ParallelStateStarted,
    ParallelStateSucceeded,
    PassStateEntered => "stateEnteredEventDetails",
    PassStateExited => "stateExitedEventDetails",
    SucceedStateEntered => "stateEnteredEventDetails",
    SucceedStateExited => "stateExitedEventDetails",
    TaskFailed => "taskFailedEventDetails",
    TaskScheduled => "taskScheduledEventDetails",
    TaskStarted => "taskStartedEventDetails",
    TaskStartFailed => "taskStartFailedEventDetails",
    TaskStateAborted,
    TaskStateEntered => "stateEnteredEventDetails",
    TaskStateExited => "stateExitedEventDetails",
    TaskSubmitFailed => "taskSubmitFailedEventDetails",
    TaskSubmitted => "taskSubmittedEventDetails",
    TaskSucceeded => "taskSucceededEventDetails",
    TaskTimedOut => "taskTimedOutEventDetails",
    WaitStateAborted,
    WaitStateEntered => "stateEnteredEventDetails",
    WaitStateExited => "stateExitedEventDetails",
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// From 1, without gaps.
    pub id: u64,
    /// The event that led to it; 0 for the first ones, and for what comes from outside.
    pub previous: u64,
    /// Milliseconds since 1970.
    pub millis: i64,
    /// What it tells of.
    pub kind: EventType,
    /// The fields of its details.
    pub details: Vec<(&'static str, Detail)>,
}

/// The value of a detail.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Text.
    Text(Rc<str>),
    /// A number.
    Number(i64),
    /// JSON that the API gives as text, with `…Details {truncated: false}` beside it.
    Payload(Payload),
    /// JSON that the API gives as text.
    Written(Payload),
    /// JSON.
    Json(Json),
}

impl From<&str> for Detail {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl Event {
    /// The field of its details with that name.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<&Detail> {
        self.details.iter().find(|(known, _)| *known == name).map(|(_, detail)| detail)
    }

    /// The name of the state that it is about, for `…StateEntered` and `…StateExited`.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        match self.detail("name") {
            Some(Detail::Text(name)) => Some(name),
            _ => None,
        }
    }

    /// As the API gives it, with `timestamp` as text in UTC. Without `data`, the fields with payloads are left out, as
    /// for `includeExecutionData: false`.
    #[must_use]
    pub fn to_json(&self, data: bool) -> Json {
        let mut event = json!({ "timestamp": iso(self.millis), "type": self.kind.name(), "id": self.id,
            "previousEventId": self.previous });
        let Some(name) = self.kind.details() else { return event };
        let mut details = Map::new();
        for (name, detail) in &self.details {
            let json = match detail {
                Detail::Text(text) => Json::from(&**text),
                Detail::Number(number) => (*number).into(),
                Detail::Json(json) => json.clone(),
                Detail::Payload(_) | Detail::Written(_) if !data => continue,
                Detail::Written(payload) => payload.to_text().into(),
                Detail::Payload(payload) => {
                    details.insert((*name).to_owned(), payload.to_text().into());
                    details.insert(format!("{name}Details"), json!({ "truncated": false }));
                    continue;
                }
            };
            details.insert((*name).to_owned(), json);
        }
        if let Some(fields) = event.as_object_mut() {
            fields.insert(name.to_owned(), details.into());
        }
        event
    }
}

/// A time as Step Functions writes it: in UTC, with milliseconds.
pub(crate) fn iso(millis: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    format!("{time:.3}")
}

/// A time as the API gives it: in seconds since 1970.
#[must_use]
pub fn seconds(millis: i64) -> Json {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of these ages are exact")]
    let seconds = millis as f64 / 1_000.0;
    seconds.into()
}

/// The details of an error: what is missing is left out.
pub(crate) fn failure_details(failure: &Failure) -> Vec<(&'static str, Detail)> {
    let error = failure.error.as_deref().map(|error| ("error", error.into()));
    let cause = failure.cause.as_deref().map(|cause| ("cause", cause.into()));
    error.into_iter().chain(cause).collect()
}

/// The events of an execution, while it runs.
#[derive(Debug)]
pub(crate) struct History {
    events: RefCell<Vec<Event>>,
    last: Cell<u64>,
    most: u64,
    kept: bool,
}

impl History {
    /// `limited`: with the most events that AWS allows. `kept`: events are there to be read; else they are only counted.
    pub(crate) fn new(limited: bool, kept: bool) -> Self {
        let most = if limited { MOST_EVENTS } else { u64::MAX };
        Self { events: RefCell::default(), last: Cell::new(0), most, kept }
    }

    /// Whether there is only room for the event that says that there is no more room.
    pub(crate) fn is_full(&self) -> bool {
        self.last.get() + 1 >= self.most
    }

    /// Adds an event; returns its id. The last place is kept for the end of the execution: what comes too late is dropped,
    /// and has none.
    pub(crate) fn add(
        &self,
        previous: u64,
        millis: i64,
        kind: EventType,
        details: Vec<(&'static str, Detail)>,
    ) -> Option<u64> {
        use EventType as E;
        let ends = matches!(kind, E::ExecutionFailed | E::ExecutionTimedOut | E::ExecutionAborted);
        let id = self.last.get() + 1;
        if id > self.most || (id == self.most && !ends) {
            return None;
        }
        self.last.set(id);
        if self.kept {
            self.events.borrow_mut().push(Event { id, previous, millis, kind, details });
        }
        Some(id)
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.events.borrow().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_62_types() {
        assert_eq!(EventType::ALL.len(), 62);
    }

    #[test]
    fn a_payload_is_text_and_can_be_left_out() {
        let event = Event {
            id: 2,
            previous: 0,
            millis: 0,
            kind: EventType::PassStateEntered,
            details: vec![("input", Detail::Payload(json!({ "a": 1 }).into())), ("name", "A".into())],
        };
        let with = json!({ "timestamp": "1970-01-01T00:00:00.000Z", "type": "PassStateEntered", "id": 2,
            "previousEventId": 0, "stateEnteredEventDetails":
                { "input": "{\"a\":1}", "inputDetails": { "truncated": false }, "name": "A" } });
        assert_eq!(event.to_json(true), with);
        assert_eq!(event.to_json(false)["stateEnteredEventDetails"], json!({ "name": "A" }));
    }
}
