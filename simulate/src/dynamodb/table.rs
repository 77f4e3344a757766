//! A table: its key and its items.

use std::collections::BTreeMap;

use super::Refusal;
use super::number::Number;
use super::value::{Item, Value, item_size};

const NO_MATCH: &str = "The provided key element does not match the schema";
/// The most bytes of an item.
const SIZE: usize = 400 * 1024;

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) partition: KeyAttribute,
    pub(super) sort: Option<KeyAttribute>,
    items: BTreeMap<Key, Item>,
}

/// An attribute of the key.
#[derive(Clone, Debug)]
pub(super) struct KeyAttribute {
    pub(super) name: String,
    /// `S`, `N` or `B`, once it is known: the first item tells.
    pub(super) kind: Option<&'static str>,
    /// The most bytes of a value.
    most: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) partition: KeyValue,
    sort: Option<KeyValue>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyValue {
    Number(Number),
    Text(String),
    Binary(Vec<u8>),
}

impl KeyValue {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(Self::Number(*number)),
            Value::Text(text) => Some(Self::Text(text.clone())),
            Value::Binary(bytes) => Some(Self::Binary(bytes.clone())),
            _ => None,
        }
    }

    /// Numbers have no length.
    fn length(&self) -> Option<usize> {
        match self {
            Self::Number(_) => None,
            Self::Text(text) => Some(text.len()),
            Self::Binary(bytes) => Some(bytes.len()),
        }
    }
}

impl KeyAttribute {
    fn new(name: &str, kind: Option<&'static str>, most: usize) -> Self {
        Self { name: name.to_owned(), kind, most }
    }

    fn accepts(&self, value: &Value) -> bool {
        self.kind.is_none_or(|kind| kind == value.kind())
    }

    /// # Errors
    ///
    /// If the value is empty or too long, or can't be part of a key: that is what `mismatch` says.
    fn key_value(&self, value: &Value, mismatch: impl Fn() -> Refusal) -> Result<KeyValue, Refusal> {
        let key = KeyValue::of(value).filter(|_| self.accepts(value)).ok_or_else(mismatch)?;
        match key.length() {
            Some(0) => {
                let kind = if matches!(key, KeyValue::Text(_)) { "string" } else { "binary" };
                Err(Refusal::validation(format!(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an \
                     empty {kind} value. Key: {}",
                    self.name
                )))
            }
            Some(length) if length > self.most => Err(Refusal::validation(if self.most == 2048 {
                "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
            } else {
                "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of \
                 1024 bytes"
            })),
            _ => Ok(key),
        }
    }

    /// The value of a key condition.
    ///
    /// # Errors
    ///
    /// If it can't be part of the key.
    pub(super) fn condition_value(&self, value: &Value) -> Result<KeyValue, Refusal> {
        self.key_value(value, || {
            Refusal::validation(
                "One or more parameter values were invalid: Condition parameter type does not match schema type",
            )
        })
    }
}

impl Table {
    pub(super) fn new(partition: (&str, Option<&'static str>), sort: Option<(&str, Option<&'static str>)>) -> Self {
        Self {
            partition: KeyAttribute::new(partition.0, partition.1, 2048),
            sort: sort.map(|(name, kind)| KeyAttribute::new(name, kind, 1024)),
            items: BTreeMap::new(),
        }
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        [&self.partition].into_iter().chain(&self.sort)
    }

    /// The key that a request gives: it has nothing else.
    ///
    /// # Errors
    ///
    /// If it has other attributes than the table's key, or values that can't be.
    pub(super) fn key(&self, given: &Item) -> Result<Key, Refusal> {
        if given.len() != self.attributes().count() {
            return Err(Refusal::validation(NO_MATCH));
        }
        let no_match = || Refusal::validation(NO_MATCH);
        let part =
            |attribute: &KeyAttribute| attribute.key_value(given.get(&attribute.name).ok_or_else(no_match)?, no_match);
        Ok(Key { partition: part(&self.partition)?, sort: self.sort.as_ref().map(part).transpose()? })
    }

    /// The key among the attributes of an item.
    ///
    /// # Errors
    ///
    /// If one is missing, or its value can't be part of a key.
    pub(super) fn key_in(&self, item: &Item) -> Result<Key, Refusal> {
        let part = |attribute: &KeyAttribute| {
            let name = &attribute.name;
            let value = item.get(name).ok_or_else(|| {
                Refusal::validation(format!(
                    "One or more parameter values were invalid: Missing the key {name} in the item"
                ))
            })?;
            attribute.key_value(value, || {
                let (expected, actual) = (attribute.kind.unwrap_or("S, N or B"), value.kind());
                Refusal::validation(format!(
                    "One or more parameter values were invalid: Type mismatch for key {name} expected: {expected} actual: \
                     {actual}"
                ))
            })
        };
        Ok(Key { partition: part(&self.partition)?, sort: self.sort.as_ref().map(part).transpose()? })
    }

    /// Of an item, the attributes of its key.
    pub(super) fn key_item(&self, item: &Item) -> Item {
        let part = |attribute: &KeyAttribute| Some((attribute.name.clone(), item.get(&attribute.name)?.clone()));
        self.attributes().filter_map(part).collect()
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Item> {
        self.items.get(key)
    }

    /// # Errors
    ///
    /// If the item is larger than an item may be.
    pub(super) fn check_size(item: &Item, message: &str) -> Result<(), Refusal> {
        if item_size(item) > SIZE { Err(Refusal::validation(message)) } else { Ok(()) }
    }

    /// Puts an item there, or takes it away.
    pub(super) fn store(&mut self, key: Key, item: Option<Item>) {
        let Some(item) = item else {
            self.items.remove(&key);
            return;
        };
        for attribute in [&mut self.partition].into_iter().chain(&mut self.sort) {
            attribute.kind = attribute.kind.or_else(|| item.get(&attribute.name).map(Value::kind));
        }
        self.items.insert(key, item);
    }

    /// In the order of their keys.
    pub(super) fn items(&self) -> impl DoubleEndedIterator<Item = (&Key, &Item)> {
        self.items.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::value::read_item;
    use super::*;

    fn item(json: Json) -> Item {
        read_item(&json).unwrap()
    }

    fn put(table: &mut Table, json: Json) {
        let item = item(json);
        table.store(table.key_in(&item).unwrap(), Some(item));
    }

    #[test]
    fn items_stand_in_the_order_of_their_keys() {
        let mut table = Table::new(("p", None), Some(("n", None)));
        for n in ["10", "9", "-1", "1.5"] {
            put(&mut table, json!({ "p": { "S": "a" }, "n": { "N": n } }));
        }
        let order: Vec<Json> = table.items().filter_map(|(_, item)| item.get("n")).map(Value::write).collect();
        assert_eq!(json!(order), json!([{ "N": "-1" }, { "N": "1.5" }, { "N": "9" }, { "N": "10" }]));
    }

    #[test]
    fn the_first_item_tells_the_types() {
        let mut table = Table::new(("p", None), None);
        put(&mut table, json!({ "p": { "N": "1" } }));
        let message = table.key_in(&item(json!({ "p": { "S": "1" } }))).unwrap_err().message;
        assert!(message.ends_with("Type mismatch for key p expected: N actual: S"), "{message}");
        assert_eq!(table.key(&item(json!({ "p": { "S": "1" } }))).unwrap_err().message, NO_MATCH);
        let equal = table.key(&item(json!({ "p": { "N": "1.0" } }))).unwrap();
        assert!(table.get(&equal).is_some());
    }

    #[test]
    fn keys_are_checked() {
        let table = Table::new(("p", None), Some(("s", None)));
        let text = |text: &str| json!({ "S": text });
        for wrong in [
            json!({ "p": text("a") }),
            json!({ "p": text("a"), "x": text("b") }),
            json!({ "p": text("a"), "s": text("b"), "x": text("c") }),
            json!({ "p": text("a"), "s": { "BOOL": true } }),
        ] {
            assert_eq!(table.key(&item(wrong.clone())).unwrap_err().message, NO_MATCH, "{wrong}");
        }
        let in_item = |json: Json| table.key_in(&item(json)).unwrap_err().message;
        assert!(in_item(json!({ "p": text("a") })).ends_with("Missing the key s in the item"));
        assert!(in_item(json!({ "p": text(""), "s": text("b") })).ends_with("empty string value. Key: p"));
        assert!(in_item(json!({ "p": text(&"a".repeat(2049)), "s": text("b") })).contains("Size of hashkey"));
        assert!(in_item(json!({ "p": text("a"), "s": text(&"b".repeat(1025)) })).contains("size of all range keys"));
    }
}
