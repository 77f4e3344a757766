//! The rules of Choice states. <https://states-language.net/spec.html#choice-state>

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value as Json;
use statewright::asl::Operator;

use crate::fault::Fault;
use crate::reference::Reference;
use crate::scope::Scope;
use crate::template::{Jsonata, Template};

#[derive(Debug)]
pub(crate) struct RuleCode {
    pub condition: Condition,
    pub assign: Option<Template>,
    pub output: Option<Template>,
    pub next: usize,
}

#[derive(Debug)]
pub(crate) enum Condition {
    Constant(bool),
    Expression(Jsonata),
    Compare { variable: Reference, test: Test },
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
}

/// What a value is held against.
#[derive(Debug)]
pub(crate) enum Test {
    Compare(Type, Relation, Operand),
    Matches(Vec<Option<String>>),
    Is(Operator, bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Numeric,
    Boolean,
    Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equals,
    Less,
    Greater,
    LessEquals,
    GreaterEquals,
}

#[derive(Debug)]
pub(crate) enum Operand {
    Constant(Json),
    Path(Reference),
}

impl Relation {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equals => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::Greater => order.is_gt(),
            Self::LessEquals => order.is_le(),
            Self::GreaterEquals => order.is_ge(),
        }
    }
}

impl Test {
    /// Reads an operator with its operand; `Err` says what is wrong with the operand.
    pub(crate) fn parse(operator: Operator, operand: &Json) -> Result<Self, String> {
        let name = operator.name();
        if let Some(kind) = name.strip_prefix("Is") {
            let expected = operand.as_bool().ok_or_else(|| format!("expected true or false for `Is{kind}`"))?;
            return Ok(Self::Is(operator, expected));
        }
        if operator == Operator::StringMatches {
            let text = operand.as_str().ok_or_else(|| "expected a text for `StringMatches`".to_owned())?;
            return Ok(Self::Matches(wildcards(text)));
        }
        let (name, is_path) = name.strip_suffix("Path").map_or((name, false), |name| (name, true));
        let types = [
            ("String", Type::String),
            ("Numeric", Type::Numeric),
            ("Boolean", Type::Boolean),
            ("Timestamp", Type::Timestamp),
        ];
        let found = types.into_iter().find_map(|(prefix, r#type)| Some((r#type, name.strip_prefix(prefix)?)));
        let (r#type, relation) = found.ok_or_else(|| format!("`{name}` is no comparison"))?;
        let relation = match relation {
            "LessThan" => Relation::Less,
            "GreaterThan" => Relation::Greater,
            "LessThanEquals" => Relation::LessEquals,
            "GreaterThanEquals" => Relation::GreaterEquals,
            _ => Relation::Equals,
        };
        let operand = if is_path {
            let path = operand.as_str().ok_or_else(|| format!("expected a path for `{name}Path`"))?;
            Operand::Path(Reference::parse(path).map_err(|error| error.to_string())?)
        } else {
            Operand::Constant(operand.clone())
        };
        Ok(Self::Compare(r#type, relation, operand))
    }

    fn holds(&self, found: &Json, scope: &Scope<'_>) -> Result<bool, Fault> {
        match self {
            Self::Is(operator, expected) => Ok(is(*operator, found) == *expected),
            Self::Matches(pattern) => Ok(found.as_str().is_some_and(|text| matches(pattern, text))),
            Self::Compare(r#type, relation, Operand::Constant(operand)) => {
                Ok(compare(*r#type, found, operand).is_some_and(|order| relation.holds(order)))
            }
            Self::Compare(r#type, relation, Operand::Path(path)) => {
                let operand = path.read(scope).map_err(|_| invalid(path))?;
                Ok(compare(*r#type, found, &operand).is_some_and(|order| relation.holds(order)))
            }
        }
    }
}

fn invalid(path: &Reference) -> Fault {
    Fault::runtime(format!("Invalid path '{path}': The choice state's condition path references an invalid value."))
}

impl Condition {
    pub(crate) fn holds(&self, scope: &Scope<'_>) -> Result<bool, Fault> {
        match self {
            Self::Constant(holds) => Ok(*holds),
            Self::Expression(expression) => match expression.resolve(scope)? {
                Json::Bool(holds) => Ok(holds),
                other => Err(expression.unexpected("boolean", &other)),
            },
            Self::Compare { variable, test } => match (variable.read(scope), test) {
                (Ok(found), test) => test.holds(&found, scope),
                (Err(_), Test::Is(Operator::IsPresent, expected)) => Ok(!expected),
                (Err(_), _) => Err(invalid(variable)),
            },
            Self::And(parts) => {
                for part in parts {
                    if !part.holds(scope)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(parts) => {
                for part in parts {
                    if part.holds(scope)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(part) => Ok(!part.holds(scope)?),
        }
    }
}

fn is(operator: Operator, found: &Json) -> bool {
    match operator {
        Operator::IsNull => found.is_null(),
        Operator::IsNumeric => found.is_number(),
        Operator::IsString => found.is_string(),
        Operator::IsBoolean => found.is_boolean(),
        Operator::IsTimestamp => timestamp(found).is_some(),
        _ => true,
    }
}

/// `None` if one of the two is not of the type.
fn compare(r#type: Type, found: &Json, operand: &Json) -> Option<Ordering> {
    match r#type {
        // Java compares UTF-16 units.
        Type::String => Some(found.as_str()?.encode_utf16().cmp(operand.as_str()?.encode_utf16())),
        Type::Numeric => match (found.as_i64(), operand.as_i64()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => found.as_f64()?.partial_cmp(&operand.as_f64()?),
        },
        Type::Boolean => Some(found.as_bool()?.cmp(&operand.as_bool()?)),
        Type::Timestamp => Some(timestamp(found)?.cmp(&timestamp(operand)?)),
    }
}

/// A text that is a time in the profile of RFC 3339 that the language uses: upper-case `T` and, without an offset, `Z`.
pub(crate) fn timestamp(json: &Json) -> Option<Timestamp> {
    let text = json.as_str()?;
    let date = text.get(..10)?;
    let clock = text.get(10..)?.strip_prefix('T')?;
    let has_offset = clock.ends_with('Z') || clock.get(8..).is_some_and(|rest| rest.contains(['+', '-']));
    let plain = date.bytes().all(|b| b.is_ascii_digit() || b == b'-') && clock.get(2..3) == Some(":");
    if has_offset && plain { text.parse().ok() } else { None }
}

/// A pattern as literal parts, with `None` for each `*`.
fn wildcards(pattern: &str) -> Vec<Option<String>> {
    let mut parts = vec![Some(String::new())];
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        let literal = match c {
            '*' => {
                parts.extend([None, Some(String::new())]);
                continue;
            }
            '\\' => characters.next().unwrap_or('\\'),
            c => c,
        };
        if let Some(Some(last)) = parts.last_mut() {
            last.push(literal);
        }
    }
    parts
}

fn matches(pattern: &[Option<String>], text: &str) -> bool {
    let literals: Vec<&str> = pattern.iter().flatten().map(String::as_str).collect();
    let (Some(first), Some(last)) = (literals.first(), literals.last()) else { return text.is_empty() };
    if literals.len() == 1 {
        return text == *first;
    }
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for literal in literals.get(1..literals.len() - 1).unwrap_or_default() {
        let Some(at) = rest.find(literal) else { return false };
        rest = rest.get(at + literal.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_star_matches_anything_and_an_escaped_one_itself() {
        let holds = |pattern: &str, text: &str| matches(&wildcards(pattern), text);
        assert!(holds("log-*.txt", "log-7.txt") && holds("*", "") && holds("a*b*c", "axbxbxc"));
        assert!(!holds("log-*.txt", "log-7.csv") && !holds("a*a", "a"));
        assert!(holds(r"a\*", "a*") && !holds(r"a\*", "ab"));
        assert!(holds(r"a\\b", r"a\b"));
    }

    #[test]
    fn a_time_has_an_upper_case_t_and_an_offset() {
        assert!(timestamp(&json!("2016-08-18T17:33:00Z")).is_some());
        assert!(timestamp(&json!("2016-08-18T17:33:00.123+02:00")).is_some());
        for wrong in ["2016-08-18T17:33:00", "2016-08-18 17:33:00Z", "2016-08-18t17:33:00Z", "2016-13-18T17:33:00Z"] {
            assert_eq!(timestamp(&json!(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn values_of_another_type_are_never_equal() {
        assert_eq!(compare(Type::Numeric, &json!("1"), &json!(1)), None);
        assert_eq!(compare(Type::Numeric, &json!(1.0), &json!(1)), Some(Ordering::Equal));
        assert_eq!(compare(Type::String, &json!("b"), &json!("a")), Some(Ordering::Greater));
    }
}
