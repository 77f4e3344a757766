//! A request as far as it is known before it runs.

use serde_json::Value as Json;

/// The query language in which a request is written.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// `Parameters`: a key that ends in `.$` has a path or an intrinsic function for its value.
    JsonPath,
    /// `Arguments`: a text between `{%` and `%}` is an expression.
    Jsonata,
}

impl Language {
    /// The expression in a value, if it is one.
    pub(crate) fn expression(self, value: &Json) -> Option<&str> {
        let text = (self == Self::Jsonata).then(|| value.as_str())??;
        text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
    }

    /// A key without the mark that its value is a path.
    pub(crate) fn key(self, key: &str) -> (&str, bool) {
        match (self, key.strip_suffix(".$")) {
            (Self::JsonPath, Some(name)) => (name, true),
            _ => (key, false),
        }
    }
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Known<'a> {
    /// It is not there.
    Absent,
    /// A text that is written out.
    Text(&'a str),
    /// A text of which the beginning is known.
    Prefix(String),
    /// Only the run tells.
    Computed,
    /// Something that is no text.
    Other(&'a Json),
}

impl<'a> Known<'a> {
    /// What is known of a field that is one text in either language: `Credentials.RoleArn`, say.
    ///
    /// ```
    /// use statewright_model::Known;
    ///
    /// assert_eq!(Known::of("arn:aws:iam::123456789012:role/load"), Known::Text("arn:aws:iam::123456789012:role/load"));
    /// assert_eq!(Known::of("{% 'load-' & $shop %}"), Known::Prefix("load-".into()));
    /// assert_eq!(Known::of("$.role"), Known::Computed);
    /// ```
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        match text.strip_prefix("{%").and_then(|inner| inner.strip_suffix("%}")) {
            Some(expression) => jsonata(expression.trim(), true),
            // A symbol such as `${AWS::Region}` is no path.
            None if (text.starts_with('$') && !text.starts_with("${")) || text.starts_with("States.") => {
                json_path(text)
            }
            None => Self::Text(text),
        }
    }
}

/// A request, with what is known of its members.
///
/// ```
/// use serde_json::json;
/// use statewright_model::{Known, Language, Request};
///
/// let json = json!({ "Cluster": "main", "Tasks": ["a", "{% 'b-' & $c %}"] });
/// let request = Request::new(&json, Language::Jsonata);
/// assert_eq!(request.at("Cluster"), [Known::Text("main")]);
/// assert_eq!(request.at("Tasks[]"), [Known::Text("a"), Known::Prefix("b-".into())]);
/// assert_eq!(request.at("Reason"), [Known::Absent]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    json: &'a Json,
    language: Language,
}

impl<'a> Request<'a> {
    /// A request in a language.
    #[must_use]
    pub fn new(json: &'a Json, language: Language) -> Self {
        Self { json, language }
    }

    /// What is at a path such as `TransactItems[].Put.TableName`: for each item of the arrays on the way, at least one.
    #[must_use]
    pub fn at(&self, path: &str) -> Vec<Known<'a>> {
        let mut found = Vec::new();
        self.walk(self.json, path, &mut found);
        if found.is_empty() {
            found.push(Known::Absent);
        }
        found
    }

    /// What is known of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Known<'a> {
        self.at(name).pop().unwrap_or(Known::Absent)
    }

    /// The items of a member that is a list, if it is known how many there are.
    #[must_use]
    pub fn items(&self, name: &str) -> Option<Vec<Self>> {
        let items = self.json.get(name)?.as_array()?;
        Some(items.iter().map(|item| Self::new(item, self.language)).collect())
    }

    /// A member that is an object.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Self> {
        Some(Self::new(self.json.get(name)?, self.language))
    }

    /// The names of the members at a path, if none of them is computed.
    pub(crate) fn keys(&self, path: &str) -> Option<Vec<&'a str>> {
        let object = self.json.as_object()?.get(path)?.as_object()?;
        Some(object.keys().map(|key| self.language.key(key).0).collect())
    }

    fn walk(&self, value: &'a Json, path: &str, found: &mut Vec<Known<'a>>) {
        if let Some(expression) = self.language.expression(value) {
            return found.push(jsonata(expression, path.is_empty()));
        }
        if path.is_empty() {
            return found.push(match value {
                Json::String(text) => Known::Text(text),
                Json::Null => Known::Absent,
                other => Known::Other(other),
            });
        }
        let (part, rest) = path.split_once('.').unwrap_or((path, ""));
        let (name, each) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
        let Some(object) = value.as_object() else { return found.push(Known::Absent) };
        let dynamic = || object.get(&format!("{name}.$")).filter(|_| self.language == Language::JsonPath);
        match (object.get(name), each) {
            (Some(Json::Array(items)), true) => items.iter().for_each(|item| self.walk(item, rest, found)),
            (Some(next), false) => self.walk(next, rest, found),
            (Some(next), true) if self.language.expression(next).is_some() => found.push(Known::Computed),
            (Some(other), true) => found.push(Known::Other(other)),
            (None, _) => found.push(match dynamic().and_then(Json::as_str) {
                Some(path) if rest.is_empty() && !each => json_path(path),
                Some(_) => Known::Computed,
                None => Known::Absent,
            }),
        }
    }
}

/// `'text' & more` begins with that text.
fn jsonata(expression: &str, whole: bool) -> Known<'static> {
    let prefix = expression.strip_prefix('\'').and_then(|rest| rest.split_once('\''));
    match prefix {
        Some((text, rest)) if whole && !text.contains('\\') => match rest.trim_start() {
            rest if rest.starts_with('&') && is_concatenation(rest) => known(text),
            _ => Known::Computed,
        },
        _ => Known::Computed,
    }
}

/// Whether nothing in an expression binds less than `&`, outside brackets and texts: then all of it is one text.
fn is_concatenation(expression: &str) -> bool {
    let (mut depth, mut quote) = (0_i32, None);
    let mut top = String::new();
    for c in expression.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, c) if depth == 0 => top.push(c),
            _ => {}
        }
    }
    !top.contains(['?', '=', '<', '>', '~']) && !top.split_whitespace().any(|word| matches!(word, "and" | "or" | "in"))
}

/// `States.Format('text{}', …)` begins with that text.
fn json_path(path: &str) -> Known<'static> {
    let template = path.strip_prefix("States.Format('").and_then(|rest| rest.split_once('\''));
    match template.map(|(template, _)| template.split("{}").next().unwrap_or_default()) {
        Some(prefix) if !prefix.contains('\\') => known(prefix),
        _ => Known::Computed,
    }
}

fn known(prefix: &str) -> Known<'static> {
    if prefix.is_empty() { Known::Computed } else { Known::Prefix(prefix.to_owned()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_may_go_through_arrays() {
        let json = json!({ "Items": [{ "Put": { "Table": "a" } }, { "Put": { "Table.$": "$.t" } }, { "Get": {} }] });
        let request = Request::new(&json, Language::JsonPath);
        assert_eq!(request.at("Items[].Put.Table"), [Known::Text("a"), Known::Computed, Known::Absent]);
        assert_eq!(request.at("Items[].Get.Table"), [Known::Absent, Known::Absent, Known::Absent]);
    }

    #[test]
    fn the_beginning_of_an_expression_is_known() {
        let json = json!({ "A": "{% 'load-' & $x %}", "B": "{% 'a' & $x = 'ab' ? 'b' : 'c' %}", "C.$": "States.Format('x-{}', $.y)" });
        let jsonata = Request::new(&json, Language::Jsonata);
        assert_eq!(jsonata.at("A"), [Known::Prefix("load-".into())]);
        assert_eq!(jsonata.at("B"), [Known::Computed]);
        assert_eq!(jsonata.at("C"), [Known::Absent]);
        let json_path = Request::new(&json, Language::JsonPath);
        assert_eq!(json_path.at("C"), [Known::Prefix("x-".into())]);
        assert_eq!(json_path.at("A"), [Known::Text("{% 'load-' & $x %}")]);
    }

    #[test]
    fn a_request_that_is_one_expression_is_unknown() {
        let json = json!("{% $request %}");
        assert_eq!(Request::new(&json, Language::Jsonata).at("A"), [Known::Computed]);
    }
}
