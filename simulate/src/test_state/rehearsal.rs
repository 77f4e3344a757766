//! One state that runs often, as in an execution: what the API refuses to combine is of no interest here.

use super::bench::Bench;
use super::stage::Stage;
use super::subject::Subject;
use super::{Outcome, Refusal, TestState, check};

/// A state that is found and compiled once, and runs as often as somebody asks: for a model checker, which asks often.
///
/// What [`test_state`](super::test_state) refuses to do runs: a Choice has a context object, and needs no mock for it.
///
/// ```
/// use statewright_simulate::test_state::{Rehearsal, TestState};
///
/// let choice = r#"{ "Type": "Choice", "QueryLanguage": "JSONata", "Default": "B",
///     "Choices": [{ "Condition": "{% $states.context.Execution.RedriveCount > 0 %}", "Next": "A" }] }"#;
/// let rehearsal = Rehearsal::of(&TestState::new(choice))?;
/// let mut request = TestState::new("");
/// request.context = Some(r#"{ "Execution": { "RedriveCount": 1 } }"#.into());
/// assert_eq!(rehearsal.run(&request)?.next_state.as_deref(), Some("A"));
/// # Ok::<(), statewright_simulate::test_state::Refusal>(())
/// ```
pub struct Rehearsal(Subject);

impl std::fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rehearsal({})", self.0.code().map_or("?", |code| &*code.name))
    }
}

impl Rehearsal {
    /// The state of a request; nothing else of the request matters.
    ///
    /// # Errors
    ///
    /// If there is no such state, or something is wrong with it.
    pub fn of(request: &TestState) -> Result<Self, Refusal> {
        Subject::find(request).map(Self)
    }

    /// Runs it with the input, the variables, the context object and the mock of a request. What the request says of the
    /// definition is not looked at.
    ///
    /// # Errors
    ///
    /// If one of them can't be read.
    pub fn run(&self, request: &TestState) -> Result<Outcome, Refusal> {
        let mocked = match request.mock {
            Some(_) => check::mock(request, self.0.code()?)?,
            None => None,
        };
        let bench = Bench::new(request, &self.0)?;
        Stage::new(request, &self.0, &bench, mocked, None)?.run()
    }
}
