//! The fields of a request.

use serde_json::{Map, Value as Json};

use super::Refusal;
use super::value::{Item, read_item};

/// The fields of a request, or of a part of one.
#[derive(Clone, Copy)]
pub(super) struct Request<'r>(&'r Map<String, Json>);

impl<'r> Request<'r> {
    /// # Errors
    ///
    /// If it is no object, or has a field that isn't `known`.
    pub(super) fn read(json: &'r Json, known: &[&str]) -> Result<Self, Refusal> {
        let fields = json.as_object();
        let fields = fields.ok_or_else(|| Refusal::serialization(format!("expected an object, found {json}")))?;
        match fields.iter().find(|(name, value)| !value.is_null() && !known.contains(&name.as_str())) {
            Some((name, _)) => Err(Refusal::validation(format!("the field `{name}` is not supported here"))),
            None => Ok(Self(fields)),
        }
    }

    /// What is null isn't there.
    pub(super) fn get(self, name: &str) -> Option<&'r Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn wrong(name: &str, expected: &str, found: &Json) -> Refusal {
        Refusal::serialization(format!("{name}: expected {expected}, found {found}"))
    }

    pub(super) fn text(self, name: &str) -> Result<Option<&'r str>, Refusal> {
        let read = |json: &'r Json| json.as_str().ok_or_else(|| Self::wrong(name, "a text", json));
        self.get(name).map(read).transpose()
    }

    pub(super) fn truth(self, name: &str) -> Result<Option<bool>, Refusal> {
        let read = |json: &Json| json.as_bool().ok_or_else(|| Self::wrong(name, "true or false", json));
        self.get(name).map(read).transpose()
    }

    /// A whole number from `least`.
    pub(super) fn count(self, name: &str, least: u64) -> Result<Option<u64>, Refusal> {
        let Some(json) = self.get(name) else { return Ok(None) };
        let count = json.as_i64().ok_or_else(|| Self::wrong(name, "a whole number", json))?;
        match u64::try_from(count) {
            Ok(count) if count >= least => Ok(Some(count)),
            _ => Err(constraint(
                &format!("'{count}'"),
                name,
                &format!("Member must have value greater than or equal to {least}"),
            )),
        }
    }

    pub(super) fn list(self, name: &str) -> Result<Option<&'r Vec<Json>>, Refusal> {
        let read = |json: &'r Json| json.as_array().ok_or_else(|| Self::wrong(name, "a list", json));
        self.get(name).map(read).transpose()
    }

    pub(super) fn map(self, name: &str) -> Result<Option<&'r Map<String, Json>>, Refusal> {
        let read = |json: &'r Json| json.as_object().ok_or_else(|| Self::wrong(name, "a map", json));
        self.get(name).map(read).transpose()
    }

    /// One of the `allowed` texts.
    pub(super) fn choice(self, name: &str, allowed: &[&str]) -> Result<Option<&'r str>, Refusal> {
        match self.text(name)? {
            Some(text) if !allowed.contains(&text) => Err(constraint(
                &format!("'{text}'"),
                name,
                &format!("Member must satisfy enum value set: [{}]", allowed.join(", ")),
            )),
            text => Ok(text),
        }
    }

    /// The name of the table, which may stand there as an ARN.
    pub(super) fn table(self) -> Result<String, Refusal> {
        Ok(table_name(required("TableName", self.text("TableName")?)?).to_owned())
    }

    pub(super) fn item(self, name: &str) -> Result<Item, Refusal> {
        read_item(required(name, self.get(name))?)
    }
}

/// # Errors
///
/// If there is none.
pub(super) fn required<T>(name: &str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| constraint("null", name, "Member must not be null"))
}

fn constraint(value: &str, name: &str, constraint: &str) -> Refusal {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    let name: String = first.into_iter().chain(letters).collect();
    Refusal::validation(format!(
        "1 validation error detected: Value {value} at '{name}' failed to satisfy constraint: {constraint}"
    ))
}

/// Of a name or an ARN.
pub(super) fn table_name(text: &str) -> &str {
    if !text.starts_with("arn:") {
        return text;
    }
    let name = text.split_once(":table/").map_or(text, |(_, name)| name);
    name.split_once('/').map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_unknown_field_is_named() {
        let refusal = Request::read(&json!({ "TableName": "t", "Expected": {} }), &["TableName"]).err().unwrap();
        assert_eq!(refusal.exception, "ValidationException");
        assert_eq!(refusal.message, "the field `Expected` is not supported here");
        assert!(Request::read(&json!({ "Expected": null }), &["TableName"]).is_ok());
    }

    #[test]
    fn a_table_may_be_an_arn() {
        assert_eq!(table_name("arn:aws:dynamodb:eu-west-1:123456789012:table/locks"), "locks");
        assert_eq!(table_name("arn:aws:dynamodb:eu-west-1:123456789012:table/locks/index/x"), "locks");
        assert_eq!(table_name("locks"), "locks");
    }

    #[test]
    fn a_wrong_value_is_told_with_its_constraint() {
        let json = json!({ "Limit": 0, "Select": "SOME" });
        let request = Request::read(&json, &["Limit", "Select", "TableName"]).unwrap();
        assert_eq!(
            request.count("Limit", 1).unwrap_err().message,
            "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value \
             greater than or equal to 1"
        );
        assert_eq!(
            request.choice("Select", &["COUNT", "ALL_ATTRIBUTES"]).unwrap_err().message,
            "1 validation error detected: Value 'SOME' at 'select' failed to satisfy constraint: Member must satisfy enum \
             value set: [COUNT, ALL_ATTRIBUTES]"
        );
        assert_eq!(
            request.table().unwrap_err().message,
            "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"
        );
        assert_eq!(request.text("Limit").unwrap_err().exception, "SerializationException");
    }
}
