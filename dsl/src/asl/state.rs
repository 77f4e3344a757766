//! States.

use serde::ser::{SerializeMap, Serializer};
use serde_json::Map as JsonMap;

use super::object::{Fields, Part, Rest, object, put, serialize, take};
use super::{Amount, Catcher, Choice, Json, Map, Nullable, QueryLanguage, Retrier, StateMachine};

/// A state: what all states have, and what its type has.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The type, with the fields that only that type has.
    pub kind: Kind,
    /// For the reader.
    pub comment: Option<String>,
    /// In place of the machine's.
    pub query_language: Option<QueryLanguage>,
    /// JSONPath: what of the input is used; `null` for `{}`.
    pub input_path: Option<Nullable<String>>,
    /// JSONPath: what of the result is the output; `null` for `{}`.
    pub output_path: Option<Nullable<String>>,
    /// Variables for the states behind it.
    pub assign: Option<Json>,
    /// JSONata: the output.
    pub output: Option<Json>,
    /// The state behind it.
    pub next: Option<String>,
    /// Whether the machine ends behind it.
    pub end: Option<bool>,
    /// Everything else.
    pub rest: Rest,
}

/// The type of a state.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Calls a service.
    Task(Task),
    /// Passes its input on, changed or not.
    Pass(Pass),
    /// Chooses what comes next.
    Choice(Choice),
    /// Waits.
    Wait(Wait),
    /// Ends the machine with success.
    Succeed,
    /// Ends the machine with an error.
    Fail(Fail),
    /// Runs branches at the same time.
    Parallel(Parallel),
    /// Runs states for each item.
    Map(Box<Map>),
    /// A `Type` that the language does not know, or none: everything is in the state's [`Rest`].
    Other,
    /// No object at all.
    NoObject(Json),
}

impl Kind {
    /// The `Type`, where it is one that the language knows.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Task(_) => "Task",
            Self::Pass(_) => "Pass",
            Self::Choice(_) => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail(_) => "Fail",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
            Self::Other | Self::NoObject(_) => return None,
        })
    }

    fn take(fields: &mut JsonMap<String, Json>) -> Self {
        match fields.get("Type").and_then(Json::as_str) {
            Some("Task") => Self::Task(Fields::take(fields)),
            Some("Pass") => Self::Pass(Fields::take(fields)),
            Some("Choice") => Self::Choice(Fields::take(fields)),
            Some("Wait") => Self::Wait(Fields::take(fields)),
            Some("Succeed") => Self::Succeed,
            Some("Fail") => Self::Fail(Fields::take(fields)),
            Some("Parallel") => Self::Parallel(Fields::take(fields)),
            Some("Map") => Self::Map(Box::new(Fields::take(fields))),
            _ => Self::Other,
        }
    }

    fn put(&self, fields: &mut JsonMap<String, Json>) {
        match self {
            Self::Task(task) => task.put(fields),
            Self::Pass(pass) => pass.put(fields),
            Self::Choice(choice) => choice.put(fields),
            Self::Wait(wait) => wait.put(fields),
            Self::Fail(fail) => fail.put(fields),
            Self::Parallel(parallel) => parallel.put(fields),
            Self::Map(map) => map.put(fields),
            Self::Succeed | Self::Other | Self::NoObject(_) => {}
        }
    }

    fn serialize<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Task(task) => task.serialize(map),
            Self::Pass(pass) => pass.serialize(map),
            Self::Choice(choice) => choice.serialize(map),
            Self::Wait(wait) => wait.serialize(map),
            Self::Fail(fail) => fail.serialize(map),
            Self::Parallel(parallel) => parallel.serialize(map),
            Self::Map(inner) => inner.serialize(map),
            Self::Succeed | Self::Other | Self::NoObject(_) => Ok(()),
        }
    }
}

impl State {
    /// A state of that type, with nothing else.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            comment: None,
            query_language: None,
            input_path: None,
            output_path: None,
            assign: None,
            output: None,
            next: None,
            end: None,
            rest: Rest::default(),
        }
    }

    /// The Retriers, of a state that can have some.
    #[must_use]
    pub fn retry(&self) -> &[Retrier] {
        match &self.kind {
            Kind::Task(task) => task.retry.as_deref(),
            Kind::Parallel(parallel) => parallel.retry.as_deref(),
            Kind::Map(map) => map.retry.as_deref(),
            _ => None,
        }
        .unwrap_or_default()
    }

    /// The Catchers, of a state that can have some.
    #[must_use]
    pub fn catch(&self) -> &[Catcher] {
        match &self.kind {
            Kind::Task(task) => task.catch.as_deref(),
            Kind::Parallel(parallel) => parallel.catch.as_deref(),
            Kind::Map(map) => map.catch.as_deref(),
            _ => None,
        }
        .unwrap_or_default()
    }

    /// The machines inside it, to be changed.
    pub(crate) fn machines_mut(&mut self) -> &mut [StateMachine] {
        match &mut self.kind {
            Kind::Parallel(parallel) => parallel.branches.as_deref_mut().unwrap_or_default(),
            Kind::Map(map) => {
                let processor = if map.item_processor.is_some() { &mut map.item_processor } else { &mut map.iterator };
                processor.as_mut().map(std::slice::from_mut).unwrap_or_default()
            }
            _ => &mut [],
        }
    }

    /// The machines inside it: branches, or the item processor.
    #[must_use]
    pub fn machines(&self) -> &[StateMachine] {
        match &self.kind {
            Kind::Parallel(parallel) => parallel.branches.as_deref().unwrap_or_default(),
            Kind::Map(map) => map.processor().map(std::slice::from_ref).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl Part for State {
    /// Reads any JSON: what is no object is a state of the kind [`Kind::NoObject`].
    fn read(json: Json) -> Result<Self, Json> {
        let Json::Object(fields) = json else { return Ok(Self::new(Kind::NoObject(json))) };
        let (mut state, rest) = Rest::read(fields, |fields| {
            let kind = Kind::take(fields);
            if kind.name().is_some() {
                fields.swap_remove("Type");
            }
            Self {
                kind,
                comment: take(fields, "Comment"),
                query_language: take(fields, "QueryLanguage"),
                input_path: take(fields, "InputPath"),
                output_path: take(fields, "OutputPath"),
                assign: take(fields, "Assign"),
                output: take(fields, "Output"),
                next: take(fields, "Next"),
                end: take(fields, "End"),
                rest: Rest::default(),
            }
        });
        state.rest = rest;
        Ok(state)
    }

    fn write(&self) -> Json {
        if let Kind::NoObject(json) = &self.kind {
            return json.clone();
        }
        let mut fields = JsonMap::new();
        put(&mut fields, "Type", &self.kind.name().map(str::to_owned));
        put(&mut fields, "Comment", &self.comment);
        put(&mut fields, "QueryLanguage", &self.query_language);
        put(&mut fields, "InputPath", &self.input_path);
        self.kind.put(&mut fields);
        put(&mut fields, "Assign", &self.assign);
        put(&mut fields, "Output", &self.output);
        put(&mut fields, "OutputPath", &self.output_path);
        put(&mut fields, "Next", &self.next);
        put(&mut fields, "End", &self.end);
        self.rest.write(fields)
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.rest.is_plain() || self.kind.name().is_none() {
            return serde::Serialize::serialize(&self.write(), serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        serialize(&mut map, "Type", &self.kind.name().map(str::to_owned))?;
        serialize(&mut map, "Comment", &self.comment)?;
        serialize(&mut map, "QueryLanguage", &self.query_language)?;
        serialize(&mut map, "InputPath", &self.input_path)?;
        self.kind.serialize(&mut map)?;
        serialize(&mut map, "Assign", &self.assign)?;
        serialize(&mut map, "Output", &self.output)?;
        serialize(&mut map, "OutputPath", &self.output_path)?;
        serialize(&mut map, "Next", &self.next)?;
        serialize(&mut map, "End", &self.end)?;
        map.end()
    }
}

object! {
    /// Calls a service.
    pub group Task {
        /// What is called; see [`Resource`](super::Resource).
        resource: Option<String> = "Resource",
        /// JSONPath: the request.
        parameters: Option<Json> = "Parameters",
        /// JSONata: the request.
        arguments: Option<Json> = "Arguments",
        /// The role with whose rights the service is called.
        credentials: Option<Credentials> = "Credentials",
        /// The longest time, in seconds; 99,999,999 if absent.
        timeout_seconds: Option<Amount> = "TimeoutSeconds",
        /// JSONPath: where the longest time is.
        timeout_seconds_path: Option<String> = "TimeoutSecondsPath",
        /// The longest time between two heartbeats, in seconds.
        heartbeat_seconds: Option<Amount> = "HeartbeatSeconds",
        /// JSONPath: where the longest time between two heartbeats is.
        heartbeat_seconds_path: Option<String> = "HeartbeatSecondsPath",
        /// JSONPath: what is made of the result.
        result_selector: Option<Json> = "ResultSelector",
        /// JSONPath: where the result goes in the input; `null` to discard it.
        result_path: Option<Nullable<String>> = "ResultPath",
        /// When it is tried again.
        retry: Option<Vec<Retrier>> = "Retry",
        /// What comes next after an error.
        catch: Option<Vec<Catcher>> = "Catch",
    }
}

object! {
    /// The role with whose rights a Task calls its service.
    pub struct Credentials {
        /// The role's ARN, or a JSONata expression.
        role_arn: Option<String> = "RoleArn",
        /// JSONPath: where the role's ARN is.
        role_arn_path: Option<String> = "RoleArn.$",
    }
}

object! {
    /// Passes its input on, changed or not.
    pub group Pass {
        /// JSONPath: the result, which is not evaluated.
        result: Option<Json> = "Result",
        /// JSONPath: the result.
        parameters: Option<Json> = "Parameters",
        /// JSONPath: where the result goes in the input; `null` to discard it.
        result_path: Option<Nullable<String>> = "ResultPath",
    }
}

object! {
    /// Waits for exactly one of these.
    pub group Wait {
        /// So many seconds, up to 99,999,999.
        seconds: Option<Amount> = "Seconds",
        /// JSONPath: where the seconds are.
        seconds_path: Option<String> = "SecondsPath",
        /// Until then: RFC 3339 with upper-case `T` and `Z`, or a JSONata expression.
        timestamp: Option<String> = "Timestamp",
        /// JSONPath: where the time is.
        timestamp_path: Option<String> = "TimestampPath",
    }
}

object! {
    /// Ends the machine with an error.
    pub group Fail {
        /// The error's name.
        error: Option<String> = "Error",
        /// JSONPath: where the error's name is.
        error_path: Option<String> = "ErrorPath",
        /// What is known of its cause.
        cause: Option<String> = "Cause",
        /// JSONPath: where the cause is.
        cause_path: Option<String> = "CausePath",
    }
}

object! {
    /// Runs branches at the same time.
    pub group Parallel {
        /// JSONPath: the input of each branch.
        parameters: Option<Json> = "Parameters",
        /// JSONata: the input of each branch.
        arguments: Option<Json> = "Arguments",
        /// The branches.
        branches: Option<Vec<StateMachine>> = "Branches",
        /// JSONPath: what is made of the results.
        result_selector: Option<Json> = "ResultSelector",
        /// JSONPath: where the results go in the input; `null` to discard them.
        result_path: Option<Nullable<String>> = "ResultPath",
        /// When all branches are run again.
        retry: Option<Vec<Retrier>> = "Retry",
        /// What comes next after an error.
        catch: Option<Vec<Catcher>> = "Catch",
    }
}
