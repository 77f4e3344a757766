//! What is known when the workflow is compiled, as JSONata.

use serde_json::Value as Json;

/// A literal in a template: as it is, unless a string in it would be read as an expression.
pub(super) fn literal_template(json: &Json) -> Json {
    match json {
        Json::String(text) if text.starts_with("{%") => Json::String(format!("{{% {} %}}", quote(text))),
        Json::Array(items) => items.iter().map(literal_template).collect(),
        Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), literal_template(value))).collect(),
        other => other.clone(),
    }
}

/// A literal in an expression.
pub(super) fn literal(json: &Json) -> String {
    match json {
        Json::String(text) => quote(text),
        Json::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(key, value)| format!("{}: {}", quote(key), literal(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => json.to_string(),
    }
}

/// A template as one expression.
pub(super) fn expression_of(template: &Json) -> String {
    match template {
        Json::String(text) => match text.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}")).map(str::trim) {
            Some(path) if path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '$' | '.' | '_')) => {
                path.to_owned()
            }
            Some(expression) => format!("({expression})"),
            None => quote(text),
        },
        Json::Array(items) => format!("[{}]", items.iter().map(expression_of).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(key, value)| format!("{}: {}", quote(key), expression_of(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => template.to_string(),
    }
}

/// A string in JSONata. Single quotes read best inside JSON, but have no escape for themselves.
pub(super) fn quote(text: &str) -> String {
    let json = Json::from(text).to_string();
    let inner = &json[1..json.len() - 1];
    if text.contains('\'') { json } else { format!("'{}'", inner.replace("\\\"", "\"")) }
}

/// A step into a field.
pub(super) fn step_into(of: String, name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !matches!(name, "and" | "or" | "in" | "true" | "false" | "null" | "function");
    if plain {
        format!("{of}.{name}")
    } else if name.contains('`') || name.is_empty() {
        format!("$lookup({of}, {})", quote(name))
    } else {
        format!("{of}.`{name}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_so_that_json_stays_readable() {
        assert_eq!(quote("a \"b\" \n"), "'a \"b\" \\n'");
        assert_eq!(quote("it's \"b\""), "\"it's \\\"b\\\"\"");
        assert_eq!(quote("back\\slash"), "'back\\\\slash'");
    }

    #[test]
    fn fields_that_are_no_names_are_quoted() {
        assert_eq!(step_into("$x".into(), "size"), "$x.size");
        assert_eq!(step_into("$x".into(), "image-count"), "$x.`image-count`");
        assert_eq!(step_into("$x".into(), "and"), "$x.`and`");
        assert_eq!(step_into("$x".into(), "a`b"), "$lookup($x, 'a`b')");
    }

    #[test]
    fn a_template_is_one_expression() {
        let template =
            serde_json::json!({ "a": ["{% $x + 1 %}", "x"], "b": { "c": "{% $states.result.d %}" }, "e": null });
        let expected = "{'a': [($x + 1), 'x'], 'b': {'c': $states.result.d}, 'e': null}";
        assert_eq!(expression_of(&template), expected);
    }

    #[test]
    fn a_literal_that_looks_like_an_expression_is_quoted() {
        assert_eq!(literal_template(&"{% x %}".into()), Json::from("{% '{% x %}' %}"));
        assert_eq!(literal_template(&"{{ x }}".into()), Json::from("{{ x }}"));
    }
}
