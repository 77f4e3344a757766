//! Calls of TestState.

use serde_json::{Map, Value as Json, json};
use statewright_simulate::task::{Answer, Request};
use statewright_simulate::test_state::{Outcome, Refusal, TestState, test_state_with};

use super::{Case, Difference};

impl Case {
    /// Makes the call here.
    ///
    /// # Errors
    ///
    /// What is refused.
    pub fn test_state(&self) -> Result<Outcome, Refusal> {
        let mut body = self.json["test_state_request"].clone();
        body["definition"] = self.json["definition"].to_string().into();
        if let Some(input) = self.json["input_string"].as_str() {
            body["input"] = input.into();
        }
        let text = |name: &str| self.json["context"][name].as_str().unwrap_or_default().to_owned();
        let request = TestState { account: text("account"), region: text("region"), ..TestState::from_json(&body)? };
        let mut function = |_: &Request| Some(Answer::returns(self.returned()?));
        test_state_with(&request, &mut function)
    }

    /// What the function returns that was there: its handler is a literal.
    fn returned(&self) -> Option<Json> {
        let setup = self.json["setup"].as_array()?;
        let function = setup.iter().find(|step| step["op"] == "CreateFunction")?;
        let handler = function["params"]["Code"]["ZipFile"]["__zip__"]["handler.py"].as_str()?;
        let literal = handler.split_once("return b'")?.1.split_once('\'')?.0;
        serde_json::from_str(literal).ok()
    }

    /// What of the answer differs.
    #[must_use]
    pub fn test_state_differences(&self, answer: &Result<Outcome, Refusal>) -> Vec<Difference> {
        let expected = expected(&self.json["expected"]);
        let found = match answer {
            Ok(outcome) => outcome.to_json(),
            Err(refusal) => json!({ "code": refusal.kind.name(), "message": refusal.message }),
        };
        let mut differences = Vec::new();
        self.walk("", &parsed(&expected), &parsed(&found), &mut differences);
        differences
    }

    fn walk(&self, at: &str, expected: &Json, found: &Json, all: &mut Vec<Difference>) {
        match (expected, found) {
            (Json::Object(a), Json::Object(b)) => {
                let more = b.keys().filter(|key| !a.contains_key(*key));
                for key in a.keys().chain(more) {
                    let side = |fields: &Map<String, Json>| fields.get(key).cloned().unwrap_or_default();
                    self.walk(&format!("{at}/{key}"), &side(a), &side(b), all);
                }
            }
            (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
                for (number, (a, b)) in a.iter().zip(b).enumerate() {
                    self.walk(&format!("{at}/{number}"), a, b, all);
                }
            }
            (Json::Number(a), Json::Number(b)) if a.as_f64() == b.as_f64() => {}
            (Json::String(a), Json::String(b)) if self.is_like(a, b) => {}
            (a, b) if a == b => {}
            (expected, found) => {
                all.push(Difference { at: at.to_owned(), expected: expected.clone(), found: found.clone() });
            }
        }
    }

    /// Whether a text is the recorded one, in which times read `date` or by what they are, such as `start-date`, and
    /// names that AWS made up `resource-5`.
    fn is_like(&self, expected: &str, found: &str) -> bool {
        if expected.ends_with("-date") {
            return true;
        }
        let found = self.times.replace_all(found, "date");
        let expected = self.times.replace_all(expected, "date");
        let mut parts = expected.split("resource-");
        let Some(mut rest) = parts.next().and_then(|first| found.strip_prefix(first)) else { return false };
        let mut open = false;
        for part in parts {
            // Behind the number of the name.
            let part = part.trim_start_matches(|c: char| c.is_ascii_digit());
            open = part.is_empty();
            let Some(at) = rest.find(part).filter(|at| *at > 0 || part.is_empty()) else { return false };
            rest = &rest[at + part.len()..];
        }
        rest.is_empty() || open
    }
}

/// The recorded answer: a refusal was recorded in one of two forms.
fn expected(recorded: &Json) -> Json {
    if let Some(error) = recorded.get("Error") {
        return json!({ "code": error["Code"], "message": error["Message"] });
    }
    if let Some(code) = recorded.get("exception_typename") {
        let text = recorded["exception_value"].as_str().unwrap_or_default();
        let message = text.split_once(" operation: ").map_or(text, |(_, message)| message);
        return json!({ "code": code, "message": message });
    }
    let mut answer = recorded.clone();
    if let Some(fields) = answer.as_object_mut() {
        fields.remove("ResponseMetadata");
    }
    answer
}

/// Texts that are JSON are what they say, since the recording did that to some of them.
fn parsed(json: &Json) -> Json {
    match json {
        Json::String(text) if text.starts_with(['{', '[', '"']) => {
            serde_json::from_str::<Json>(text).map_or_else(|_| json.clone(), |inner| parsed(&inner))
        }
        Json::Array(items) => items.iter().map(parsed).collect(),
        Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), parsed(value))).collect(),
        other => other.clone(),
    }
}
