//! Comparing what was recorded with what runs here.

use std::fmt;
use std::rc::Rc;

use serde_json::Value as Json;

/// Something that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where.
    pub at: String,
    /// What AWS gave.
    pub expected: Json,
    /// What we give.
    pub found: Json,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |json: &Json| json.to_string().chars().take(400).collect::<String>();
        write!(f, "{}\n      AWS  {}\n      here {}", self.at, short(&self.expected), short(&self.found))
    }
}

/// What is not compared in a case: it differs from run to run.
#[derive(Debug)]
pub(super) struct Masks {
    /// Names on the way to a value, and the value's own; `..` lets any be in between.
    paths: Vec<Vec<String>>,
    /// What stands where something was masked.
    stand_ins: Vec<String>,
    times: Rc<regress::Regex>,
}

impl Masks {
    pub(super) fn new(case: &Json, times: Rc<regress::Regex>) -> Self {
        let paths = case["masked_jsonpaths"].as_array().into_iter().flatten();
        let paths = paths.filter_map(|pair| pair[0].as_str()).map(|path| {
            path.trim_start_matches('$').split('.').filter(|name| !name.is_empty()).map(str::to_owned).collect()
        });
        let pairs = case["masked_jsonpaths"].as_array().into_iter().flatten();
        let stand_ins = pairs.filter_map(|pair| pair[1].as_str().map(str::to_owned));
        Self { paths: paths.collect(), stand_ins: stand_ins.collect(), times }
    }

    /// Collects what differs.
    pub(super) fn compare(&self, at: &str, expected: &Json, found: &Json, differences: &mut Vec<Difference>) {
        self.walk(at, &mut Vec::new(), &parsed(expected), &parsed(found), differences);
    }

    fn walk(&self, at: &str, way: &mut Vec<String>, expected: &Json, found: &Json, all: &mut Vec<Difference>) {
        if self.is_masked(way) || (!found.is_null() && self.is_placeholder(expected)) {
            return;
        }
        match (expected, found) {
            (Json::Object(a), Json::Object(b)) => {
                let more = b.keys().filter(|key| !a.contains_key(*key));
                for key in a.keys().chain(more) {
                    let side = |fields: &serde_json::Map<String, Json>| fields.get(key).cloned().unwrap_or_default();
                    way.push(key.clone());
                    self.walk(&format!("{at}/{key}"), way, &side(a), &side(b), all);
                    way.pop();
                }
            }
            (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
                for (number, (a, b)) in a.iter().zip(b).enumerate() {
                    self.walk(&format!("{at}[{number}]"), way, a, b, all);
                }
            }
            (Json::Number(a), Json::Number(b)) if a.as_f64() == b.as_f64() => {}
            (Json::String(a), Json::String(b)) if self.text(a) == self.text(b) => {}
            (a, b) if a == b => {}
            (expected, found) => {
                all.push(Difference { at: at.to_owned(), expected: expected.clone(), found: found.clone() });
            }
        }
    }

    /// A text in which times are `date`, and the input of a message `json-input-1`.
    fn text(&self, text: &str) -> String {
        let text = self.times.replace_all(text, "date");
        match (text.find("The Parameters '"), text.find("' could not be used")) {
            (Some(from), Some(to)) if from < to => {
                format!("{}json-input-1{}", &text[..from + "The Parameters '".len()], &text[to..])
            }
            _ => match (text.find("in the input '"), text.rfind('\'')) {
                (Some(from), Some(to)) if text[from..].contains("json-input-1") || text[from..].contains('{') => {
                    format!("{}json-input-1{}", &text[..from + "in the input '".len()], &text[to..])
                }
                _ => text,
            },
        }
    }

    /// What stands for a UUID, a token, a time, or a number that was drawn.
    fn is_placeholder(&self, expected: &Json) -> bool {
        let Some(text) = expected.as_str() else { return false };
        let stem = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
        let known = ["RandomNumberGenerated", "timestamp"];
        if text.contains(":mapRun:") && text.contains("MapRunArnPart") {
            return true;
        }
        known.contains(&text)
            || self.stand_ins.iter().any(|known| known == text || known == stem)
            || (stem != text && ["uuid", "task_token", "task-token"].contains(&stem))
    }

    fn is_masked(&self, way: &[String]) -> bool {
        self.paths.iter().any(|path| {
            let Some((last, before)) = path.split_last() else { return false };
            let Some((own, mut outer)) = way.split_last() else { return false };
            own == last
                && before.iter().rev().all(|name| {
                    // `events` is the list itself.
                    if name == "events" {
                        return true;
                    }
                    let found = outer.iter().rposition(|known| known == name);
                    found.inspect(|at| outer = &outer[..*at]).is_some()
                })
        })
    }
}

/// Objects whose text is JSON of an object are that object: what AWS gives as text lost its spelling in the recording.
fn parsed(json: &Json) -> Json {
    match json {
        Json::String(text) if text.trim_start().starts_with('{') => serde_json::from_str::<Json>(text)
            .ok()
            .filter(Json::is_object)
            .map_or_else(|| json.clone(), |json| parsed(&json)),
        Json::Array(items) => items.iter().map(parsed).collect(),
        Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), parsed(value))).collect(),
        other => other.clone(),
    }
}
