//! What is answered.

use std::ops::Index;

use serde_json::{Map, Value as Json};

use crate::fault::Failure;

/// How a state ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It succeeds.
    Succeeded,
    /// It fails, and nothing takes the error.
    Failed,
    /// It fails, and a Retrier tries it again.
    Retriable,
    /// It fails, and a Catcher takes the error.
    CaughtError,
}

impl Status {
    /// As the API spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Retriable => "RETRIABLE",
            Self::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// What comes of a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How it ends.
    pub status: Status,
    /// Its output, as JSON text, if it succeeds or its error is caught.
    pub output: Option<String>,
    /// Its error and cause, if it fails.
    pub failure: Failure,
    /// The state behind it.
    pub next_state: Option<String>,
    /// What each field made of the data, from `DEBUG` on.
    pub inspection: Option<Inspection>,
}

/// What each field of a state made of the data, by the names of the API: `afterInputPath`, `errorDetails`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection(Map<String, Json>);

impl Inspection {
    pub(super) fn note(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Adds to `errorDetails`.
    pub(super) fn note_error(&mut self, name: &str, value: impl Into<Json>) {
        let details = self.0.entry("errorDetails").or_insert_with(|| Json::Object(Map::new()));
        if let Some(details) = details.as_object_mut() {
            details.insert(name.to_owned(), value.into());
        }
    }

    /// What is told under a name. The data are JSON text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// The names under which something is told.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Index<&str> for Inspection {
    type Output = Json;

    /// What is told under a name, or `null`.
    fn index(&self, name: &str) -> &Json {
        self.get(name).unwrap_or(&Json::Null)
    }
}

impl Outcome {
    /// As the body of an answer.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut fields = Map::new();
        let texts = [
            ("output", &self.output),
            ("error", &self.failure.error),
            ("cause", &self.failure.cause),
            ("nextState", &self.next_state),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                fields.insert(name.to_owned(), text.as_str().into());
            }
        }
        if let Some(inspection) = &self.inspection {
            fields.insert("inspectionData".to_owned(), inspection.0.clone().into());
        }
        fields.insert("status".to_owned(), self.status.name().into());
        fields.into()
    }
}
