//! Values of attributes.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::Refusal;
use super::number::Number;

/// So deep may lists and maps stand inside each other.
const DEPTH: usize = 32;

/// The attributes of an item.
pub(super) type Item = IndexMap<String, Value>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(Number),
    Binary(Vec<u8>),
    Bool(bool),
    Null,
    Texts(BTreeSet<String>),
    Numbers(BTreeSet<Number>),
    Binaries(BTreeSet<Vec<u8>>),
    List(Vec<Value>),
    Map(Item),
}

/// The names of the types, as `attribute_type` takes them.
pub(super) const TYPES: [&str; 10] = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"];

impl Value {
    /// Reads `{"S": "text"}` and the like.
    ///
    /// # Errors
    ///
    /// What DynamoDB says of it.
    pub(super) fn read(json: &Json) -> Result<Self, Refusal> {
        Self::read_nested(json, 0)
    }

    fn read_nested(json: &Json, depth: usize) -> Result<Self, Refusal> {
        if depth > DEPTH {
            return Err(Refusal::validation("Nesting Levels have exceeded supported limits"));
        }
        let Json::Object(fields) = json else {
            return Err(Refusal::serialization(format!(
                "expected an attribute value such as {{\"S\": \"text\"}}, found {json}"
            )));
        };
        let mut fields = fields.iter();
        let Some((kind, content)) = fields.next() else {
            return Err(Refusal::validation(
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
            ));
        };
        if fields.next().is_some() {
            return Err(Refusal::validation(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported \
                 datatypes",
            ));
        }
        match kind.as_str() {
            "S" => text(content).map(|text| Self::Text(text.to_owned())),
            "N" => number(content).map(Self::Number),
            "B" => binary(content).map(Self::Binary),
            "BOOL" | "Bool" => match content {
                Json::Bool(truth) => Ok(Self::Bool(*truth)),
                other => Err(Refusal::serialization(format!("{other} can not be converted to a Boolean"))),
            },
            "NULL" | "Null" | "Nul" => match content {
                Json::Bool(true) => Ok(Self::Null),
                _ => Err(invalid("Null attribute value types must have the value of true")),
            },
            "SS" => {
                let texts = set(content, "string", |item| text(item).map(str::to_owned))?;
                texts.map(Self::Texts).ok_or_else(|| invalid(&duplicates(content, " contains duplicates.")))
            }
            "NS" => {
                let numbers = set(content, "number", number)?;
                numbers.map(Self::Numbers).ok_or_else(|| Refusal::validation("Input collection contains duplicates"))
            }
            "BS" => {
                let binaries = set(content, "binary", binary)?;
                let twice = || invalid(&duplicates(content, "of type BS contains duplicates."));
                binaries.map(Self::Binaries).ok_or_else(twice)
            }
            "L" => list(content)?
                .iter()
                .map(|item| Self::read_nested(item, depth + 1))
                .collect::<Result<_, _>>()
                .map(Self::List),
            "M" => read_fields(content, depth + 1).map(Self::Map),
            other => Err(Refusal::serialization(format!("`{other}` is not the type of an attribute value"))),
        }
    }

    pub(super) fn write(&self) -> Json {
        match self {
            Self::Text(text) => json!({ "S": text }),
            Self::Number(number) => json!({ "N": number.to_string() }),
            Self::Binary(bytes) => json!({ "B": STANDARD.encode(bytes) }),
            Self::Bool(truth) => json!({ "BOOL": truth }),
            Self::Null => json!({ "NULL": true }),
            Self::Texts(texts) => json!({ "SS": texts }),
            Self::Numbers(numbers) => json!({ "NS": numbers.iter().map(Number::to_string).collect::<Vec<_>>() }),
            Self::Binaries(binaries) => {
                json!({ "BS": binaries.iter().map(|b| STANDARD.encode(b)).collect::<Vec<_>>() })
            }
            Self::List(items) => json!({ "L": items.iter().map(Self::write).collect::<Vec<_>>() }),
            Self::Map(fields) => json!({ "M": write_item(fields) }),
        }
    }

    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "S",
            Self::Number(_) => "N",
            Self::Binary(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::Texts(_) => "SS",
            Self::Numbers(_) => "NS",
            Self::Binaries(_) => "BS",
            Self::List(_) => "L",
            Self::Map(_) => "M",
        }
    }

    /// Only texts, numbers and binaries have an order, and only with their like.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            (Self::Binary(a), Self::Binary(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// What the function `size` gives, if it takes a value of this type.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::Text(text) => Some(text.len()),
            Self::Binary(bytes) => Some(bytes.len()),
            Self::Texts(set) => Some(set.len()),
            Self::Numbers(set) => Some(set.len()),
            Self::Binaries(set) => Some(set.len()),
            Self::List(items) => Some(items.len()),
            Self::Map(fields) => Some(fields.len()),
            Self::Number(_) | Self::Bool(_) | Self::Null => None,
        }
    }

    pub(super) fn begins_with(&self, start: &Self) -> bool {
        match (self, start) {
            (Self::Text(text), Self::Text(start)) => text.starts_with(start.as_str()),
            (Self::Binary(bytes), Self::Binary(start)) => bytes.starts_with(start),
            _ => false,
        }
    }

    pub(super) fn contains(&self, part: &Self) -> bool {
        match (self, part) {
            (Self::Text(text), Self::Text(part)) => text.contains(part.as_str()),
            (Self::Binary(bytes), Self::Binary(part)) => {
                part.is_empty() || bytes.windows(part.len()).any(|window| window == part)
            }
            (Self::Texts(set), Self::Text(part)) => set.contains(part),
            (Self::Numbers(set), Self::Number(part)) => set.contains(part),
            (Self::Binaries(set), Self::Binary(part)) => set.contains(part),
            (Self::List(items), part) => items.contains(part),
            _ => false,
        }
    }

    /// So many bytes of an item it takes.
    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Number(number) => number.size(),
            Self::Binary(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::Texts(set) => set.iter().map(String::len).sum(),
            Self::Numbers(set) => set.iter().map(|number| number.size()).sum(),
            Self::Binaries(set) => set.iter().map(Vec::len).sum(),
            Self::List(items) => 3 + items.iter().map(|item| 1 + item.size()).sum::<usize>(),
            Self::Map(fields) => 3 + fields.len() + item_size(fields),
        }
    }
}

/// Reads the attributes of an item.
///
/// # Errors
///
/// What DynamoDB says of the first that is wrong.
pub(super) fn read_item(json: &Json) -> Result<Item, Refusal> {
    read_fields(json, 0)
}

fn read_fields(json: &Json, depth: usize) -> Result<Item, Refusal> {
    let Json::Object(fields) = json else {
        return Err(Refusal::serialization(format!("expected a map of attribute values, found {json}")));
    };
    let read = |(name, value): (&String, &Json)| Ok((name.clone(), Value::read_nested(value, depth)?));
    fields.iter().map(read).collect()
}

pub(super) fn write_item(item: &Item) -> Json {
    Json::Object(item.iter().map(|(name, value)| (name.clone(), value.write())).collect::<Map<_, _>>())
}

/// So many bytes an item has.
pub(super) fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}

fn invalid(message: &str) -> Refusal {
    Refusal::validation(format!("One or more parameter values were invalid: {message}"))
}

fn text(json: &Json) -> Result<&str, Refusal> {
    json.as_str().ok_or_else(|| Refusal::serialization(format!("{json} can not be converted to a String")))
}

fn number(json: &Json) -> Result<Number, Refusal> {
    Number::parse(text(json)?).map_err(Refusal::validation)
}

fn binary(json: &Json) -> Result<Vec<u8>, Refusal> {
    let text = text(json)?;
    STANDARD
        .decode(text)
        .map_err(|error| Refusal::serialization(format!("'{text}' can not be converted to a Blob: {error}")))
}

fn list(json: &Json) -> Result<&Vec<Json>, Refusal> {
    json.as_array().ok_or_else(|| Refusal::serialization(format!("expected a list, found {json}")))
}

/// `None` if a value is there twice.
fn set<T: Ord>(
    json: &Json,
    kind: &str,
    read: impl Fn(&Json) -> Result<T, Refusal>,
) -> Result<Option<BTreeSet<T>>, Refusal> {
    let items = list(json)?;
    if items.is_empty() {
        return Err(invalid(&format!("An {kind} set  may not be empty")));
    }
    let found = items.iter().map(read).collect::<Result<BTreeSet<T>, _>>()?;
    Ok((found.len() == items.len()).then_some(found))
}

fn duplicates(json: &Json, end: &str) -> String {
    let items: Vec<&str> = json.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    format!("Input collection [{}]{end}", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: Json) -> String {
        Value::read(&json).unwrap_err().message
    }

    #[test]
    fn all_types_are_read_and_written() {
        for value in [
            json!({ "S": "" }),
            json!({ "N": "-1.5" }),
            json!({ "B": "AQI=" }),
            json!({ "BOOL": false }),
            json!({ "NULL": true }),
            json!({ "SS": ["a", "b"] }),
            json!({ "NS": ["-1", "2"] }),
            json!({ "BS": ["AQ==", "Ag=="] }),
            json!({ "L": [{ "S": "a" }, { "L": [] }] }),
            json!({ "M": { "a": { "N": "1" }, "b": { "M": {} } } }),
        ] {
            let read = Value::read(&value).unwrap();
            assert_eq!(read.write(), value);
            assert!(TYPES.contains(&read.kind()) && value.get(read.kind()).is_some(), "{value}");
        }
    }

    #[test]
    fn the_spelling_of_results_is_read_too() {
        assert_eq!(Value::read(&json!({ "Bool": true })), Ok(Value::Bool(true)));
        assert_eq!(Value::read(&json!({ "Nul": true })), Ok(Value::Null));
    }

    #[test]
    fn wrong_values_are_refused() {
        assert!(refused(json!({})).starts_with("Supplied AttributeValue is empty"));
        assert!(refused(json!({ "S": "a", "N": "1" })).starts_with("Supplied AttributeValue has more than one"));
        assert!(refused(json!({ "SS": [] })).ends_with("An string set  may not be empty"));
        assert!(refused(json!({ "SS": ["a", "a"] })).ends_with("Input collection [a, a] contains duplicates."));
        assert_eq!(refused(json!({ "NS": ["1", "1.0"] })), "Input collection contains duplicates");
        assert!(refused(json!({ "BS": ["AQ==", "AQ=="] })).ends_with("[AQ==, AQ==]of type BS contains duplicates."));
        assert!(refused(json!({ "NULL": false })).ends_with("Null attribute value types must have the value of true"));
        for wrong in [json!({ "N": 1 }), json!({ "S": null }), json!({ "X": "1" }), json!("a"), json!({ "B": "?" })] {
            assert_eq!(Value::read(&wrong).unwrap_err().exception, "SerializationException", "{wrong}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |levels: usize| (0..levels).fold(json!({ "S": "a" }), |inner, _| json!({ "L": [inner] }));
        assert!(Value::read(&nested(32)).is_ok());
        assert_eq!(refused(nested(33)), "Nesting Levels have exceeded supported limits");
    }

    #[test]
    fn maps_are_equal_in_any_order_and_lists_are_not() {
        let read = |json: Json| Value::read(&json).unwrap();
        let map = |first: &str, second: &str| read(json!({ "M": { first: { "S": "x" }, second: { "S": "x" } } }));
        assert_eq!(map("a", "b"), map("b", "a"));
        let list = |first: &str, second: &str| read(json!({ "L": [{ "S": first }, { "S": second }] }));
        assert_ne!(list("a", "b"), list("b", "a"));
    }
}
