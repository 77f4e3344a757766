//! The fields of a request.

use serde_json::Value as Json;

use super::refusal::{Answer, Refusal};

/// The fields of a request.
#[derive(Debug)]
pub(super) struct Input(Json);

impl Input {
    /// Reads the body of a request.
    pub(super) fn read(body: &[u8]) -> Answer<Self> {
        let unreadable = |why: &str| Refusal::new("SerializationException", why);
        if body.is_empty() {
            return Ok(Self(Json::Object(serde_json::Map::new())));
        }
        match serde_json::from_slice(body) {
            Ok(json @ Json::Object(_)) => Ok(Self(json)),
            Ok(_) => Err(unreadable("expected a JSON object in the body")),
            Err(error) => Err(unreadable(&format!("expected JSON in the body: {error}"))),
        }
    }

    /// All of them.
    pub(super) const fn json(&self) -> &Json {
        &self.0
    }

    /// A field, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn typed<'a, T>(&'a self, name: &str, kind: &str, read: fn(&'a Json) -> Option<T>) -> Answer<Option<T>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let wrong = || Refusal::new("SerializationException", format!("expected {kind} in `{name}`, found {value}"));
        read(value).map(Some).ok_or_else(wrong)
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Answer<Option<&str>> {
        self.typed(name, "a text", Json::as_str)
    }

    /// A text without which there is no request.
    pub(super) fn required(&self, name: &str) -> Answer<&str> {
        self.text(name)?.ok_or_else(|| Refusal::constraint(name, "Member must not be null"))
    }

    /// One of these texts; the first one if it is not there.
    pub(super) fn one_of(&self, name: &str, values: &[&'static str]) -> Answer<&'static str> {
        let Some(text) = self.text(name)? else { return Ok(values.first().copied().unwrap_or_default()) };
        values.iter().find(|value| **value == text).copied().ok_or_else(|| {
            Refusal::constraint(name, &format!("Member must satisfy enum value set: [{}]", values.join(", ")))
        })
    }

    /// A number, if it is there.
    pub(super) fn number(&self, name: &str) -> Answer<Option<f64>> {
        self.typed(name, "a number", Json::as_f64)
    }

    /// A bool; `default` if it is not there.
    pub(super) fn flag(&self, name: &str, default: bool) -> Answer<bool> {
        Ok(self.typed(name, "a bool", Json::as_bool)?.unwrap_or(default))
    }

    /// A list; empty if it is not there.
    pub(super) fn list(&self, name: &str) -> Answer<&[Json]> {
        Ok(self.typed(name, "a list", Json::as_array)?.map_or(&[], Vec::as_slice))
    }

    /// How many are wanted: from 0, which means the default, to the most.
    pub(super) fn count(&self, name: &str, default: usize, most: usize) -> Answer<usize> {
        let count = self.typed(name, "a number", Json::as_i64)?.unwrap_or_default();
        match usize::try_from(count) {
            Ok(0) => Ok(default),
            Ok(count) if count <= most => Ok(count),
            Ok(_) => Err(Refusal::constraint(name, &format!("Member must have value less than or equal to {most}"))),
            Err(_) => Err(Refusal::constraint(name, "Member must have value greater than or equal to 0")),
        }
    }
}
