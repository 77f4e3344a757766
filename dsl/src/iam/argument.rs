//! What is known of a Task's arguments before it runs.

use serde_json::Value as Json;

use crate::asl::Task;

/// An argument, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Argument<'a> {
    Absent,
    Text(&'a str),
    /// Text whose beginning is known.
    Prefix(String),
    /// Computed.
    Computed,
    /// Something that is no text.
    Other(&'a Json),
}

/// The arguments of a Task in either query language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arguments<'a>(Option<&'a Json>);

impl<'a> Arguments<'a> {
    pub(super) fn of(task: &'a Task) -> Self {
        Self(task.arguments.as_ref().or(task.parameters.as_ref()))
    }

    /// Those of a reader or a writer of a Map.
    pub(super) fn either(arguments: Option<&'a Json>, parameters: Option<&'a Json>) -> Self {
        Self(arguments.or(parameters))
    }

    pub(super) fn get(&self, name: &str) -> Argument<'a> {
        match self.0 {
            Some(Json::Object(fields)) => match (fields.get(name), fields.get(&format!("{name}.$"))) {
                (Some(Json::String(text)), _) => Self::field(Some(text)),
                (Some(other), _) => Argument::Other(other),
                (None, Some(path)) => json_path(path.as_str().unwrap_or_default()),
                (None, None) => Argument::Absent,
            },
            // The whole request is one expression.
            Some(Json::String(_)) => Argument::Computed,
            _ => Argument::Absent,
        }
    }

    /// The items of a list of objects, if it is known how many there are.
    pub(super) fn list(&self, name: &str) -> Option<Vec<Self>> {
        let items = self.0.and_then(|json| json.get(name))?.as_array()?;
        Some(items.iter().map(|item| Self(Some(item))).collect())
    }

    /// The members of a member.
    pub(super) fn inner(&self, name: &str) -> Self {
        match self.get(name) {
            Argument::Other(json) => Self(Some(json)),
            _ => Self(None),
        }
    }

    /// What a single text field says.
    pub(super) fn field(text: Option<&'a str>) -> Argument<'a> {
        match text {
            None => Argument::Absent,
            Some(text) => match text.strip_prefix("{%").and_then(|inner| inner.strip_suffix("%}")) {
                Some(expression) => jsonata(expression.trim()),
                None if text.starts_with('$') && !text.starts_with("${") => json_path(text),
                None => Argument::Text(text),
            },
        }
    }
}

/// `'text' & more` begins with that text.
fn jsonata(expression: &str) -> Argument<'static> {
    let prefix = expression.strip_prefix('\'').and_then(|rest| rest.split_once('\''));
    match prefix {
        Some((prefix, rest))
            if rest.trim_start().starts_with('&') && is_concatenation(rest) && !prefix.contains('\\') =>
        {
            known(prefix)
        }
        _ => Argument::Computed,
    }
}

/// Whether nothing in an expression binds less than `&`, outside brackets and texts: then all of it is one text.
fn is_concatenation(expression: &str) -> bool {
    let (mut depth, mut quote) = (0_i32, None);
    let mut top = String::new();
    for c in expression.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, c) if depth == 0 => top.push(c),
            (None, _) => {}
        }
    }
    !top.contains(['?', '=', '<', '>', '~']) && !top.split_whitespace().any(|word| matches!(word, "and" | "or" | "in"))
}

/// `States.Format('text{}', …)` begins with that text.
fn json_path(path: &str) -> Argument<'static> {
    let template = path.strip_prefix("States.Format('").and_then(|rest| rest.split_once('\''));
    match template.map(|(template, _)| template.split("{}").next().unwrap_or_default()) {
        Some(prefix) if !prefix.contains('\\') => known(prefix),
        _ => Argument::Computed,
    }
}

fn known(prefix: &str) -> Argument<'static> {
    if prefix.is_empty() { Argument::Computed } else { Argument::Prefix(prefix.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_an_expression_is_known() {
        let field = |text| Arguments::field(Some(text));
        assert_eq!(field("load-orders"), Argument::Text("load-orders"));
        assert_eq!(field("{% 'load-' & $shop %}"), Argument::Prefix("load-".into()));
        assert_eq!(field("{% $shop & '-load' %}"), Argument::Computed);
        assert_eq!(field("{% 'a' = $x ? 'b' : 'c' %}"), Argument::Computed);
        assert_eq!(field("{% 'a' & $x = 'ab' ? 'job-one' : 'job-two' %}"), Argument::Computed);
        assert_eq!(field("{% 'a' & ($x = 'y' ? 'b' : 'c') & ' or ?' %}"), Argument::Prefix("a".into()));
        assert_eq!(json_path("States.Format('load-{}', $.shop)"), Argument::Prefix("load-".into()));
        assert_eq!(json_path("$.job"), Argument::Computed);
        assert_eq!(field("arn:${AWS::Partition}:sns"), Argument::Text("arn:${AWS::Partition}:sns"));
    }
}
