//! The Amazon States Language: a model of every state and field in both query languages that loses nothing.
//!
//! Reading never refuses an object. A field that is not known, or whose value is not of the type that the language
//! gives it, is kept under its name in [`Rest`], and so is the order of the keys: what was read is written back as the
//! same JSON text. Whether a definition is *right* is the business of checks, not of the model.
//!
//! ```
//! use statewright::asl::{Kind, StateMachine};
//!
//! let text = r#"{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": "hi", "End": true, "x-note": 1}}}"#;
//! let machine = StateMachine::from_text(text, "hello.asl.json")?;
//! let Kind::Pass(hello) = &machine.states["Hello"].kind else { panic!("a Pass state") };
//! assert_eq!(hello.result, Some("hi".into()));
//! assert_eq!(machine.to_json(), serde_json::from_str::<serde_json::Value>(text).unwrap());
//! # Ok::<(), statewright::diag::Diagnostic>(())
//! ```
//!
//! <https://states-language.net/spec.html>, <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html>

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::diag::{Diagnostic, Place, codes};

mod choice;
mod map;
mod object;
mod resource;
mod retry;
mod state;
mod walk;

pub use choice::{Choice, Comparison, Operator, Rule};
pub use map::{ItemBatcher, ItemReader, Map, ProcessorConfig, ReaderConfig, ResultWriter, WriterConfig};
pub use object::{Amount, Json, Nullable, Part, Rest, States};
pub use resource::{Pattern, Resource};
pub use retry::{Catcher, Retrier};
pub use state::{Credentials, Fail, Kind, Parallel, Pass, State, Task, Wait};
pub use walk::Visit;

use object::object;

/// How paths and expressions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueryLanguage {
    /// The language's default.
    JsonPath,
    /// JSONata 2.0.6, in `{% … %}`.
    Jsonata,
}

impl Part for QueryLanguage {
    fn read(json: Json) -> Result<Self, Json> {
        match json.as_str() {
            Some("JSONPath") => Ok(Self::JsonPath),
            Some("JSONata") => Ok(Self::Jsonata),
            _ => Err(json),
        }
    }

    fn write(&self) -> Json {
        match self {
            Self::JsonPath => "JSONPath".into(),
            Self::Jsonata => "JSONata".into(),
        }
    }
}

object! {
    /// A state machine: the whole definition, a branch of a [`Parallel`], or the item processor of a [`Map`].
    pub struct StateMachine {
        /// For the reader.
        comment: Option<String> = "Comment",
        /// Of the whole machine; [`QueryLanguage::JsonPath`] if absent. Not inside an item processor.
        query_language: Option<QueryLanguage> = "QueryLanguage",
        /// How an item processor runs its items. Nowhere else.
        processor_config: Option<ProcessorConfig> = "ProcessorConfig",
        /// The name of the first state.
        start_at: Option<String> = "StartAt",
        /// The states, by their names.
        states: States = "States",
        /// The longest time of an execution, in seconds. Only of the whole definition.
        timeout_seconds: Option<u64> = "TimeoutSeconds",
        /// `1.0`. Only of the whole definition.
        version: Option<String> = "Version",
    }
}

impl StateMachine {
    /// Reads a definition.
    ///
    /// # Errors
    ///
    /// `SW0301` with line and column if the text is not JSON, `SW0302` if it is not an object.
    pub fn from_text(text: &str, file: &str) -> Result<Self, Diagnostic> {
        let place = Place::Pointer { file: file.to_owned(), pointer: String::new() };
        let json: Json = serde_json::from_str(text).map_err(|error| {
            Diagnostic::error(codes::NOT_JSON, format!("expected JSON: {error}"), place.clone())
                .help("a definition is one JSON object with `StartAt` and `States`")
        })?;
        Self::read(json).map_err(|other| {
            let found = match other {
                Json::Array(_) => "an array",
                Json::String(_) => "a string",
                Json::Null => "null",
                Json::Bool(_) => "a bool",
                _ => "a number",
            };
            Diagnostic::error(codes::NOT_A_STATE_MACHINE, format!("expected a state machine, found {found}"), place)
                .help("a definition is one JSON object with `StartAt` and `States`")
        })
    }

    /// The definition as JSON: what was read, or, for what was built here, the fields in their usual order.
    #[must_use]
    pub fn to_json(&self) -> Json {
        self.write()
    }

    /// The definition as readable JSON text with a line feed at its end.
    #[must_use]
    pub fn to_text(&self) -> String {
        crate::files::text(self)
    }

    /// The query language of one of its states, or of a state in a machine inside it: the state's own, else this
    /// machine's, which must be the whole definition.
    #[must_use]
    pub fn query_language_of(&self, state: &State) -> QueryLanguage {
        state.query_language.or(self.query_language).unwrap_or(QueryLanguage::JsonPath)
    }
}

impl Serialize for StateMachine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Part::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for StateMachine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Json::deserialize(deserializer)?).map_err(|_| serde::de::Error::custom("expected a state machine"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_json_says_where() {
        let error = StateMachine::from_text("{\n  \"StartAt\": }", "x.json").unwrap_err();
        assert_eq!(error.code.id, "SW0301");
        assert!(error.message.contains("line 2 column 14"), "{}", error.message);
        let error = StateMachine::from_text("[]", "x.json").unwrap_err();
        assert_eq!(error.message, "expected a state machine, found an array");
    }

    #[test]
    fn what_is_built_is_written_in_the_usual_order() {
        let mut machine = StateMachine { start_at: Some("A".into()), ..StateMachine::default() };
        let pass = State { end: Some(true), comment: Some("first".into()), ..State::new(Kind::Pass(Pass::default())) };
        machine.states.insert("A".into(), pass);
        let expected = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Comment":"first","End":true}}}"#;
        assert_eq!(machine.to_json().to_string(), expected);
    }

    #[test]
    fn a_field_that_is_added_takes_its_usual_place_among_those_that_were_read() {
        let text = r#"{"States":{"A":{"End":true,"x":0,"Type":"Pass"}},"StartAt":"A"}"#;
        let mut machine = StateMachine::from_text(text, "x").unwrap();
        machine.states["A"].comment = Some("c".into());
        machine.comment = Some("m".into());
        let expected = r#"{"Comment":"m","States":{"A":{"End":true,"x":0,"Type":"Pass","Comment":"c"}},"StartAt":"A"}"#;
        assert_eq!(machine.to_json().to_string(), expected);
    }

    #[test]
    fn a_known_field_of_a_wrong_type_is_kept() {
        let text = r#"{"StartAt":1,"States":{"A":{"Type":"Task","Retry":"no","TimeoutSeconds":-1,"ResultPath":null},"B":7,"C":{"Type":"Odd","Next":null}}}"#;
        let machine = StateMachine::from_text(text, "x").unwrap();
        assert_eq!(machine.to_json().to_string(), text);
        let text = r#"{"StartAt":"A","States":[]}"#;
        assert_eq!(StateMachine::from_text(text, "x").unwrap().to_json().to_string(), text);
    }
}
