//! What keeps a world from running on.

use std::fmt;

use serde_json::json;
use statewright::diag::{Diagnostic, text};

use crate::task::Request;

/// What keeps a world from running on: nothing that happens in AWS, so no state catches it.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// A definition can't run.
    Invalid(Vec<Diagnostic>),
    /// There is no such workflow.
    Unknown(String),
    /// Nothing answers a call.
    NotMocked(Box<Request>),
    /// A workflow entered so many states without time passing.
    Endless {
        /// Its name.
        workflow: String,
        /// How many.
        states: u64,
    },
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotMocked(request) => {
                let Request { workflow, state, resource, parameters, .. } = &**request;
                writeln!(f, "nothing answers the call of `{state}` in `{workflow}`: {resource} with {parameters}")?;
                let mock = json!({ "StateMachines": { workflow: { "TestCases": { "Test": { state: "Answer" } } } },
                    "MockedResponses": { "Answer": { "0": { "Return": {} } } } });
                writeln!(f, "in Rust, add: .mock(mock_state({state:?}).returns(json!({{}})))")?;
                write!(f, "or in a file for --mocks: {mock}")
            }
            Self::Invalid(problems) => {
                let style = text::Style::Plain;
                problems.iter().try_for_each(|problem| f.write_str(&text::render(problem, style)))
            }
            Self::Unknown(name) => write!(f, "there is no workflow `{name}`"),
            Self::Endless { workflow, states } => {
                write!(f, "`{workflow}` entered {states} states without time passing: a loop that never ends?")
            }
        }
    }
}

impl std::error::Error for Trouble {}
