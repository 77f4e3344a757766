//! What is asked.

use crate::fault::Failure;
use crate::world::{ACCOUNT, BEGINNING, REGION};

/// A state, and what it is run with. Fields that the API takes as JSON text are text here too.
#[derive(Clone, Debug, PartialEq)]
pub struct TestState {
    /// A state, or a state machine of which `state_name` names a state.
    pub definition: String,
    /// The state of a state machine, also of one inside a Map or Parallel.
    pub state_name: Option<String>,
    /// The input: `{}` if it is absent.
    pub input: Option<String>,
    /// How much is told.
    pub inspection_level: InspectionLevel,
    /// The values of variables, as an object.
    pub variables: Option<String>,
    /// The context object. It is used as it is: nothing is added to it.
    pub context: Option<String>,
    /// What stands in place of the work of the state.
    pub mock: Option<Mock>,
    /// What has happened to the state before.
    pub configuration: Configuration,
    /// The role with whose rights it runs.
    pub role_arn: Option<String>,
    /// Whether secrets of an HTTP Task are shown. They never are here.
    pub reveal_secrets: bool,
    /// The account in which it runs.
    pub account: String,
    /// The region in which it runs.
    pub region: String,
    /// When, in milliseconds since 1970.
    pub millis: i64,
    /// Of everything that is random.
    pub seed: u64,
}

/// How much is told of a state's data flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InspectionLevel {
    /// Nothing.
    #[default]
    Info,
    /// What each field made of the data.
    Debug,
    /// And of an HTTP Task, request and response.
    Trace,
}

/// What stands in place of the work of a state: one of a result and an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mock {
    /// The result, as JSON text.
    pub result: Option<String>,
    /// The error.
    pub error_output: Option<Failure>,
    /// How the result is held against the API that is called. There are no models of the APIs here, so that nothing
    /// is done with it.
    pub field_validation: FieldValidation,
}

/// How a result is held against the API that is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// Fields that the API always returns must be there, and all must be of their types.
    #[default]
    Strict,
    /// The fields that are there must be of their types.
    Present,
    /// Not at all.
    None,
}

/// What has happened to a state before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// How often the state has been tried again by the Retrier that takes the mocked error.
    pub retrier_retry_count: Option<u64>,
    /// Of a Map or Parallel: in which state inside it the mocked error happened.
    pub error_caused_by_state: Option<String>,
    /// Of a Map: how many iterations failed.
    pub map_iteration_failure_count: Option<u64>,
    /// Of a Map: what its `ItemReader` reads, as it stands in its source.
    pub map_item_reader_data: Option<String>,
}

impl Mock {
    /// A result, as JSON text.
    #[must_use]
    pub fn result(json: impl Into<String>) -> Self {
        Self { result: Some(json.into()), ..Self::default() }
    }

    /// An error.
    #[must_use]
    pub fn error(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error_output: Some(Failure::new(error, cause)), ..Self::default() }
    }
}

impl TestState {
    /// A state, or a state machine, and nothing else yet.
    #[must_use]
    pub fn new(definition: impl Into<String>) -> Self {
        Self {
            definition: definition.into(),
            state_name: None,
            input: None,
            inspection_level: InspectionLevel::default(),
            variables: None,
            context: None,
            mock: None,
            configuration: Configuration::default(),
            role_arn: None,
            reveal_secrets: false,
            account: ACCOUNT.to_owned(),
            region: REGION.to_owned(),
            millis: BEGINNING,
            seed: 0,
        }
    }

    /// With a name: this state of a state machine.
    #[must_use]
    pub fn state(mut self, name: impl Into<String>) -> Self {
        self.state_name = Some(name.into());
        self
    }

    /// With an input, as JSON text.
    #[must_use]
    pub fn input(mut self, json: impl Into<String>) -> Self {
        self.input = Some(json.into());
        self
    }

    /// With more or less told.
    #[must_use]
    pub const fn level(mut self, level: InspectionLevel) -> Self {
        self.inspection_level = level;
        self
    }

    /// With a mock.
    #[must_use]
    pub fn mock(mut self, mock: Mock) -> Self {
        self.mock = Some(mock);
        self
    }
}
