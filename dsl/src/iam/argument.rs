//! What is known of a Task's arguments before it runs.

use serde_json::Value as Json;
pub(super) use statewright_model::Known as Argument;
use statewright_model::{Language, Request};

use crate::asl::Task;

/// The arguments of a Task, or of a reader or a writer of a Map, in either query language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arguments<'a>(Option<Request<'a>>);

impl<'a> Arguments<'a> {
    pub(super) fn of(task: &'a Task) -> Self {
        Self::either(task.arguments.as_ref(), task.parameters.as_ref())
    }

    /// Those of a reader or a writer of a Map.
    pub(super) fn either(arguments: Option<&'a Json>, parameters: Option<&'a Json>) -> Self {
        let arguments = arguments.map(|json| Request::new(json, Language::Jsonata));
        Self(arguments.or_else(|| parameters.map(|json| Request::new(json, Language::JsonPath))))
    }

    pub(super) fn get(&self, name: &str) -> Argument<'a> {
        self.0.map_or(Argument::Absent, |request| request.get(name))
    }

    /// The items of a list of objects, if it is known how many there are.
    pub(super) fn list(&self, name: &str) -> Option<Vec<Self>> {
        let items = self.0?.items(name)?;
        Some(items.into_iter().map(|item| Self(Some(item))).collect())
    }

    /// The members of a member.
    pub(super) fn inner(&self, name: &str) -> Self {
        Self(self.0.and_then(|request| request.member(name)))
    }
}
