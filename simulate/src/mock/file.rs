//! Mocks in files: the mock configuration of Step Functions Local, and the mocks of TestState.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html>

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value as Json};

use crate::fault::Failure;
use crate::task::{Answer, Request, Service};

/// A file of mocks.
///
/// ```
/// use statewright_simulate::mock::MockFile;
///
/// let text = r#"{
///     "StateMachines": {"load": {"TestCases": {"Retried": {"Load": "Second"}}}},
///     "MockedResponses": {"Second": {
///         "0": {"Throw": {"Error": "Busy", "Cause": "later"}},
///         "1-2": {"Return": {"rows": 7}}
///     }}
/// }"#;
/// let file = MockFile::read(text)?;
/// assert_eq!(file.cases("load"), ["Retried"]);
/// # Ok::<(), statewright_simulate::mock::MockFileError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MockFile {
    /// For each workflow its test cases, and for each of those the answers of its states.
    machines: Vec<(String, Cases)>,
}

type Cases = Vec<(String, Answers)>;
type Answers = HashMap<String, Vec<(u64, u64, Answer)>>;

/// What is wrong with a file of mocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockFileError(String);

impl fmt::Display for MockFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MockFileError {}

/// The workflow and the test case of a file in which states stand at the top.
const ANY: &str = "";

impl MockFile {
    /// Reads one: the configuration of Step Functions Local, or an object with a mock of `TestState` for each state:
    /// `{"Load": {"result": {"rows": 7}}, "Tell": {"errorOutput": {"error": "Busy", "cause": "later"}}}`.
    ///
    /// # Errors
    ///
    /// What was expected, and where.
    pub fn read(text: &str) -> Result<Self, MockFileError> {
        let json: Json =
            serde_json::from_str(text).map_err(|error| MockFileError(format!("expected JSON: {error}")))?;
        let top = object(&json, "the file")?;
        let Some(machines) = top.get("StateMachines") else {
            let answers = top.iter().map(|(state, mock)| Ok((state.clone(), vec![test_state(state, mock)?])));
            let answers = answers.collect::<Result<Answers, MockFileError>>()?;
            return Ok(Self { machines: vec![(ANY.to_owned(), vec![(ANY.to_owned(), answers)])] });
        };
        let empty = Json::Object(Map::new());
        let responses = object(top.get("MockedResponses").unwrap_or(&empty), "`MockedResponses`")?;
        let mut all = Vec::new();
        for (machine, spec) in object(machines, "`StateMachines`")? {
            let place = format!("`TestCases` of `{machine}`");
            let mut cases = Vec::new();
            for (case, states) in object(spec.get("TestCases").unwrap_or(&Json::Null), &place)? {
                let mut answers = Answers::new();
                for (state, name) in object(states, &format!("`{case}` of `{machine}`"))? {
                    let name = name.as_str().unwrap_or_default();
                    let response = responses.get(name).ok_or_else(|| {
                        let known: Vec<&str> = responses.keys().map(String::as_str).collect();
                        MockFileError(format!(
                            "expected the name of a response for `{state}` in `{case}` of `{machine}`, found `{name}`; \
                             `MockedResponses` has {}",
                            known.join(", ")
                        ))
                    })?;
                    answers.insert(state.clone(), attempts(name, response)?);
                }
                cases.push((case.clone(), answers));
            }
            all.push((machine.clone(), cases));
        }
        Ok(Self { machines: all })
    }

    /// The names of the test cases of a workflow.
    #[must_use]
    pub fn cases(&self, workflow: &str) -> Vec<&str> {
        let of = self.machines.iter().filter(|(machine, _)| machine == workflow || machine == ANY);
        of.flat_map(|(_, cases)| cases.iter().map(|(case, _)| case.as_str())).collect()
    }

    /// What answers the calls in a test case: the only one, if none is named.
    ///
    /// # Errors
    ///
    /// If there is no such test case, or none is named and there are several.
    pub fn case(&self, workflow: &str, case: Option<&str>) -> Result<impl Service + use<>, MockFileError> {
        let of = self.machines.iter().filter(|(machine, _)| machine == workflow || machine == ANY);
        let mut found = of.flat_map(|(_, cases)| cases).filter(|(name, _)| case.is_none_or(|case| case == name));
        let (Some((_, answers)), None) = (found.next(), found.next()) else {
            let names = self.cases(workflow).join(", ");
            let names = if names.is_empty() { "none".to_owned() } else { names };
            let asked = case.map_or_else(|| "one test case".to_owned(), |case| format!("the test case `{case}`"));
            return Err(MockFileError(format!("expected {asked} of `{workflow}`, found {names}")));
        };
        Ok(Case { answers: answers.clone(), given: HashMap::new() })
    }
}

impl MockFile {
    /// What answers the calls of all its workflows, each in its first test case.
    #[must_use]
    pub fn into_service(self) -> impl Service {
        let first = |(machine, cases): (String, Cases)| {
            let (_, answers) = cases.into_iter().next()?;
            Some((machine, Case { answers, given: HashMap::new() }))
        };
        let mut cases: Vec<(String, Case)> = self.machines.into_iter().filter_map(first).collect();
        move |request: &Request| {
            let of = cases.iter_mut().find(|(machine, _)| *machine == request.workflow || machine == ANY);
            of.and_then(|(_, case)| case.answer(request))
        }
    }
}

struct Case {
    answers: Answers,
    given: HashMap<(String, String), u64>,
}

impl Service for Case {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        let answers = self.answers.get(&request.state)?;
        let given = self.given.entry((request.execution.clone(), request.state.clone())).or_default();
        let number = *given;
        *given += 1;
        answers.iter().find(|(from, to, _)| (*from..=*to).contains(&number)).map(|(_, _, answer)| answer.clone())
    }
}

fn object<'j>(json: &'j Json, place: &str) -> Result<&'j Map<String, Json>, MockFileError> {
    json.as_object().ok_or_else(|| MockFileError(format!("expected an object as {place}, found {json}")))
}

/// The answers of a response, by the numbers of the attempts: `"0"`, `"1-2"`.
fn attempts(name: &str, response: &Json) -> Result<Vec<(u64, u64, Answer)>, MockFileError> {
    let mut all = Vec::new();
    for (attempt, says) in object(response, &format!("the response `{name}`"))? {
        let (from, to) = attempt.split_once('-').unwrap_or((attempt, attempt));
        let (Ok(from), Ok(to)) = (from.trim().parse(), to.trim().parse()) else {
            return Err(MockFileError(format!(
                "expected the number of an attempt such as \"0\" or \"1-2\" in the response `{name}`, found `{attempt}`"
            )));
        };
        let answer = match (says.get("Return"), says.get("Throw")) {
            (Some(result), None) => Answer::returns(result.clone()),
            (None, Some(thrown)) => {
                Answer { reply: crate::task::Reply::Fails(failure(thrown, "Error", "Cause")), ..Answer::silent() }
            }
            _ => {
                let message = format!("expected `Return` or `Throw` for attempt {attempt} of `{name}`, found {says}");
                return Err(MockFileError(message));
            }
        };
        all.push((from, to, answer));
    }
    Ok(all)
}

/// A mock as `TestState` takes it, for every attempt.
fn test_state(state: &str, mock: &Json) -> Result<(u64, u64, Answer), MockFileError> {
    let answer = match (mock.get("result"), mock.get("errorOutput")) {
        (Some(Json::String(text)), None) => {
            Answer::returns(serde_json::from_str::<Json>(text).unwrap_or_else(|_| text.as_str().into()))
        }
        (Some(result), None) => Answer::returns(result.clone()),
        (None, Some(thrown)) => {
            Answer { reply: crate::task::Reply::Fails(failure(thrown, "error", "cause")), ..Answer::silent() }
        }
        _ => return Err(MockFileError(format!("expected `result` or `errorOutput` for `{state}`, found {mock}"))),
    };
    Ok((0, u64::MAX, answer))
}

fn failure(thrown: &Json, error: &str, cause: &str) -> Failure {
    let text = |name: &str| thrown.get(name).and_then(Json::as_str).map(str::to_owned);
    Failure { error: text(error), cause: text(cause) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |text: &str| MockFile::read(text).unwrap_err().to_string();
        assert!(wrong("{").starts_with("expected JSON: "));
        let missing =
            r#"{"StateMachines": {"m": {"TestCases": {"c": {"S": "Nope"}}}}, "MockedResponses": {"Yes": {}}}"#;
        assert_eq!(
            wrong(missing),
            "expected the name of a response for `S` in `c` of `m`, found `Nope`; `MockedResponses` has Yes"
        );
        assert_eq!(
            wrong(r#"{"S": {"output": 1}}"#),
            r#"expected `result` or `errorOutput` for `S`, found {"output":1}"#
        );
    }

    #[test]
    fn a_case_is_chosen_by_name_or_is_the_only_one() {
        let file = MockFile::read(r#"{"StateMachines": {"m": {"TestCases": {"a": {}, "b": {}}}}}"#);
        let file = file.unwrap_or_default();
        let why = |case| file.case("m", case).err().map(|error| error.to_string());
        assert_eq!(why(Some("a")), None);
        assert_eq!(why(None).as_deref(), Some("expected one test case of `m`, found a, b"));
        assert_eq!(why(Some("z")).as_deref(), Some("expected the test case `z` of `m`, found a, b"));
    }
}
