//! A request as the API gets it.

use serde_json::Value as Json;

use super::{Configuration, FieldValidation, InspectionLevel, Mock, Refusal, TestState};
use crate::fault::Failure;

impl TestState {
    /// Reads the body of a request. Account, region and time are not in it.
    ///
    /// ```
    /// use serde_json::json;
    /// use statewright_simulate::test_state::{TestState, test_state};
    ///
    /// let body = json!({ "definition": r#"{ "Type": "Pass", "Result": 7, "Next": "B" }"#, "inspectionLevel": "DEBUG" });
    /// let outcome = test_state(&TestState::from_json(&body)?)?;
    /// assert_eq!(
    ///     outcome.to_json(),
    ///     json!({
    ///         "output": "7",
    ///         "nextState": "B",
    ///         "inspectionData": { "input": "{}", "afterResultSelector": "7", "afterResultPath": "7" },
    ///         "status": "SUCCEEDED"
    ///     })
    /// );
    /// # Ok::<(), statewright_simulate::test_state::Refusal>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a field is not of its type, or none of the values that it can have.
    pub fn from_json(body: &Json) -> Result<Self, Refusal> {
        let Some(definition) = text(body, "", "definition")? else {
            return Err(Refusal::validation(
                "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must not be null",
            ));
        };
        const LEVELS: [(&str, InspectionLevel); 3] =
            [("INFO", InspectionLevel::Info), ("DEBUG", InspectionLevel::Debug), ("TRACE", InspectionLevel::Trace)];
        Ok(Self {
            state_name: text(body, "", "stateName")?,
            input: text(body, "", "input")?,
            inspection_level: one_of(body, "", "inspectionLevel", &LEVELS)?,
            variables: text(body, "", "variables")?,
            context: text(body, "", "context")?,
            mock: body.get("mock").filter(|mock| !mock.is_null()).map(mock).transpose()?,
            configuration: match body.get("stateConfiguration") {
                Some(json) => configuration(json)?,
                None => Configuration::default(),
            },
            role_arn: text(body, "", "roleArn")?,
            reveal_secrets: body.get("revealSecrets") == Some(&Json::Bool(true)),
            ..Self::new(definition)
        })
    }
}

fn mock(json: &Json) -> Result<Mock, Refusal> {
    const MODES: [(&str, FieldValidation); 3] =
        [("STRICT", FieldValidation::Strict), ("PRESENT", FieldValidation::Present), ("NONE", FieldValidation::None)];
    let failure = |json: &Json| {
        Ok(Failure {
            error: text(json, "mock.errorOutput.", "error")?,
            cause: text(json, "mock.errorOutput.", "cause")?,
        })
    };
    Ok(Mock {
        result: text(json, "mock.", "result")?,
        error_output: json.get("errorOutput").filter(|error| !error.is_null()).map(failure).transpose()?,
        field_validation: one_of(json, "mock.", "fieldValidationMode", &MODES)?,
    })
}

fn configuration(json: &Json) -> Result<Configuration, Refusal> {
    const AT: &str = "stateConfiguration.";
    Ok(Configuration {
        retrier_retry_count: count(json, AT, "retrierRetryCount")?,
        error_caused_by_state: text(json, AT, "errorCausedByState")?,
        map_iteration_failure_count: count(json, AT, "mapIterationFailureCount")?,
        map_item_reader_data: text(json, AT, "mapItemReaderData")?,
    })
}

fn text(json: &Json, at: &str, name: &str) -> Result<Option<String>, Refusal> {
    match json.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(Refusal::constraint(&format!("{at}{name}"), &other.to_string(), "be a string")),
    }
}

fn count(json: &Json, at: &str, name: &str) -> Result<Option<u64>, Refusal> {
    match json.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(number) => number.as_u64().map(Some).ok_or_else(|| {
            Refusal::constraint(&format!("{at}{name}"), &number.to_string(), "have value greater than or equal to 0")
        }),
    }
}

fn one_of<T: Copy + Default>(json: &Json, at: &str, name: &str, known: &[(&str, T)]) -> Result<T, Refusal> {
    let Some(text) = text(json, at, name)? else { return Ok(T::default()) };
    let found = known.iter().find(|(spelling, _)| *spelling == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(spelling, _)| *spelling).collect();
        let constraint = format!("satisfy enum value set: [{}]", names.join(", "));
        Refusal::constraint(&format!("{at}{name}"), &text, &constraint)
    })
}
