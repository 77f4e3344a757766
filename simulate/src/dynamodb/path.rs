//! Paths into the attributes of an item: `a.b[0]`.

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;

use super::value::{Item, Value};

/// What DynamoDB says of a change at a place that isn't there.
const NO_PLACE: &str = "The document path provided in the update expression is invalid for update";

/// An attribute, and steps from there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path {
    pub(super) head: String,
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Index(usize),
    Field(String),
}

impl Path {
    pub(super) fn read<'i>(&self, item: &'i Item) -> Option<&'i Value> {
        let head = item.get(&self.head)?;
        self.steps.iter().try_fold(head, |value, step| match (value, step) {
            (Value::Map(fields), Step::Field(name)) => fields.get(name),
            (Value::List(items), Step::Index(index)) => items.get(*index),
            _ => None,
        })
    }

    /// Behind the end of a list, it is appended.
    ///
    /// # Errors
    ///
    /// If there is no map or list to write it to.
    pub(super) fn write(&self, item: &mut Item, value: Value) -> Result<(), String> {
        let Some((last, parents)) = self.steps.split_last() else {
            item.insert(self.head.clone(), value);
            return Ok(());
        };
        match (self.parent(item, parents), last) {
            (Some(Value::Map(fields)), Step::Field(name)) => {
                fields.insert(name.clone(), value);
            }
            (Some(Value::List(items)), Step::Index(index)) => match items.get_mut(*index) {
                Some(place) => *place = value,
                None => items.push(value),
            },
            _ => return Err(NO_PLACE.to_owned()),
        }
        Ok(())
    }

    /// # Errors
    ///
    /// If there is no map or list to remove it from.
    pub(super) fn remove(&self, item: &mut Item) -> Result<(), String> {
        let Some((last, parents)) = self.steps.split_last() else {
            item.shift_remove(&self.head);
            return Ok(());
        };
        match (self.parent(item, parents), last) {
            (Some(Value::Map(fields)), Step::Field(name)) => {
                fields.shift_remove(name);
            }
            (Some(Value::List(items)), Step::Index(index)) if *index < items.len() => {
                items.remove(*index);
            }
            (Some(Value::List(_)), Step::Index(_)) => {}
            _ => return Err(NO_PLACE.to_owned()),
        }
        Ok(())
    }

    fn parent<'i>(&self, item: &'i mut Item, parents: &[Step]) -> Option<&'i mut Value> {
        let head = item.get_mut(&self.head)?;
        parents.iter().try_fold(head, |value, step| match (value, step) {
            (Value::Map(fields), Step::Field(name)) => fields.get_mut(name),
            (Value::List(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        })
    }

    /// How one of two paths stands in the other's way.
    fn clash(&self, other: &Self) -> Option<&'static str> {
        if self.head != other.head {
            return None;
        }
        match self.steps.iter().zip(&other.steps).find(|(one, two)| one != two) {
            None => Some("overlap"),
            Some((Step::Index(_), Step::Field(_)) | (Step::Field(_), Step::Index(_))) => Some("conflict"),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.head)?;
        for step in &self.steps {
            match step {
                Step::Index(index) => write!(f, ", [{index}]")?,
                Step::Field(name) => write!(f, ", {name}")?,
            }
        }
        f.write_str("]")
    }
}

/// # Errors
///
/// If one path is part of another, or makes a list of what is a map for another.
pub(super) fn check_apart<'p>(paths: impl Iterator<Item = &'p Path> + Clone) -> Result<(), String> {
    for (place, two) in paths.clone().enumerate() {
        for one in paths.clone().take(place) {
            if let Some(clash) = one.clash(two) {
                return Err(format!(
                    "Two document paths {clash} with each other; must remove or rewrite one of these paths; path one: {one}, \
                     path two: {two}"
                ));
            }
        }
    }
    Ok(())
}

/// Of an item, only what is at the paths. Items of lists move up.
pub(super) fn project<'p>(paths: impl IntoIterator<Item = &'p Path>, item: &Item) -> Item {
    let mut parts: IndexMap<String, Part<'_>> = IndexMap::new();
    for path in paths {
        if let Some(value) = path.read(item) {
            parts.entry(path.head.clone()).or_default().add(&path.steps, value);
        }
    }
    parts.into_iter().map(|(name, part)| (name, part.value())).collect()
}

/// What is taken of a value.
#[derive(Default)]
struct Part<'i> {
    whole: Option<&'i Value>,
    fields: IndexMap<String, Part<'i>>,
    items: BTreeMap<usize, Part<'i>>,
}

impl<'i> Part<'i> {
    fn add(&mut self, steps: &[Step], value: &'i Value) {
        match steps.split_first() {
            None => self.whole = Some(value),
            Some((Step::Field(name), rest)) => self.fields.entry(name.clone()).or_default().add(rest, value),
            Some((Step::Index(index), rest)) => self.items.entry(*index).or_default().add(rest, value),
        }
    }

    fn value(self) -> Value {
        if let Some(whole) = self.whole {
            return whole.clone();
        }
        if self.items.is_empty() {
            return Value::Map(self.fields.into_iter().map(|(name, part)| (name, part.value())).collect());
        }
        Value::List(self.items.into_values().map(Part::value).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::value::{read_item, write_item};
    use super::*;

    fn path(text: &str) -> Path {
        let mut steps = text.split('.').map(|step| step.parse().map_or(Step::Field(step.to_owned()), Step::Index));
        let Some(Step::Field(head)) = steps.next() else { panic!("{text}") };
        Path { head, steps: steps.collect() }
    }

    fn item() -> Item {
        read_item(&json!({
            "a": { "M": { "b": { "L": [{ "S": "x" }, { "S": "y" }, { "S": "z" }] }, "c": { "N": "1" } } },
            "d": { "S": "whole" },
        }))
        .unwrap()
    }

    #[test]
    fn it_leads_through_maps_and_lists() {
        assert_eq!(path("a.b.1").read(&item()), Some(&Value::Text("y".to_owned())));
        for nothing in ["a.b.3", "a.b.x", "a.0", "d.e", "e"] {
            assert_eq!(path(nothing).read(&item()), None, "{nothing}");
        }
    }

    #[test]
    fn writing_needs_a_place() {
        let mut item = item();
        path("a.b.9").write(&mut item, Value::Null).unwrap();
        assert_eq!(path("a.b.3").read(&item), Some(&Value::Null));
        path("a.n").write(&mut item, Value::Null).unwrap();
        assert_eq!(path("a.n").read(&item), Some(&Value::Null));
        for nowhere in ["e.f", "d.f", "a.b.f", "a.0"] {
            assert_eq!(path(nowhere).write(&mut item, Value::Null), Err(NO_PLACE.to_owned()), "{nowhere}");
            assert_eq!(path(nowhere).remove(&mut item), Err(NO_PLACE.to_owned()), "{nowhere}");
        }
    }

    #[test]
    fn removing_closes_the_gap() {
        let mut item = item();
        path("a.b.0").remove(&mut item).unwrap();
        path("a.b.7").remove(&mut item).unwrap();
        path("a.c").remove(&mut item).unwrap();
        path("d").remove(&mut item).unwrap();
        assert_eq!(write_item(&item), json!({ "a": { "M": { "b": { "L": [{ "S": "y" }, { "S": "z" }] } } } }));
    }

    #[test]
    fn paths_overlap_or_conflict() {
        let check = |one: &str, two: &str| check_apart([path(one), path(two)].iter());
        let message = check("a", "a.b").unwrap_err();
        assert!(message.starts_with("Two document paths overlap with each other;"), "{message}");
        assert!(message.ends_with("path one: [a], path two: [a, b]"), "{message}");
        let message = check("a.0", "a.b").unwrap_err();
        assert!(message.starts_with("Two document paths conflict with each other;"), "{message}");
        assert!(message.ends_with("path one: [a, [0]], path two: [a, b]"), "{message}");
        assert_eq!(check("a.b", "a.c"), Ok(()));
        assert_eq!(check("a.0", "a.1"), Ok(()));
    }

    #[test]
    fn a_projection_keeps_the_shape() {
        let paths = [path("a.b.2"), path("a.b.0"), path("nothing"), path("a.c")];
        assert_eq!(
            write_item(&project(&paths, &item())),
            json!({ "a": { "M": { "b": { "L": [{ "S": "x" }, { "S": "z" }] }, "c": { "N": "1" } } } })
        );
    }
}
