//! The context object: what a state knows about its execution.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html>

use std::rc::Rc;

use serde_json::{Map, Value as Json, json};

use crate::history::iso;
use crate::jsonata::Bound;
use crate::scope::Payload;

/// The context object. Its parts are made when they are asked for: most states don't, and the input of an execution can
/// be large.
///
/// ```
/// use serde_json::json;
/// use statewright_simulate::context::Context;
///
/// let context = Context::of(&json!({ "Execution": { "Name": "run-1" } }));
/// assert_eq!(context.part("Execution").as_deref(), Some(&json!({ "Name": "run-1" })));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Context {
    given: Vec<(&'static str, Payload)>,
    pub(crate) state: Option<Entered>,
    pub(crate) token: Option<Rc<str>>,
    pub(crate) item: Option<Rc<Item>>,
}

/// The state that is running.
#[derive(Clone, Debug)]
pub(crate) struct Entered {
    pub name: Rc<str>,
    pub millis: i64,
    /// For a state that can be tried again.
    pub retry_count: Option<u64>,
}

/// The item of a Map that is running.
#[derive(Debug)]
pub(crate) struct Item {
    pub index: usize,
    pub value: Payload,
    /// Of an object's field.
    pub key: Option<String>,
    /// Of a distributed Map: where the item is from.
    pub source: Option<String>,
}

/// The parts that there can be.
const PARTS: [&str; 5] = ["Execution", "StateMachine", "State", "Task", "Map"];

impl Context {
    /// A context object as it is given.
    #[must_use]
    pub fn of(json: &Json) -> Self {
        let given = PARTS.into_iter().filter_map(|name| Some((name, json.get(name)?.clone().into())));
        Self { given: given.collect(), ..Self::default() }
    }

    pub(crate) fn new(execution: Payload, machine: Payload) -> Self {
        Self { given: vec![("Execution", execution), ("StateMachine", machine)], ..Self::default() }
    }

    /// One of its parts, such as `Execution`.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<Payload> {
        if let Some((_, part)) = self.given.iter().find(|(known, _)| *known == name) {
            return Some(part.clone());
        }
        let made = match name {
            "State" => {
                let state = self.state.as_ref()?;
                let mut fields = json!({ "EnteredTime": iso(state.millis), "Name": &*state.name });
                if let (Some(count), Some(fields)) = (state.retry_count, fields.as_object_mut()) {
                    fields.insert("RetryCount".to_owned(), count.into());
                }
                fields
            }
            "Task" => json!({ "Token": &**self.token.as_ref()? }),
            "Map" => json!({ "Item": self.item.as_ref()?.to_json() }),
            _ => return None,
        };
        Some(made.into())
    }

    fn parts(&self) -> impl Iterator<Item = (&'static str, Payload)> {
        PARTS.into_iter().filter_map(|name| Some((name, self.part(name)?)))
    }

    /// All of it.
    #[must_use]
    pub fn to_json(&self) -> Json {
        self.parts().map(|(name, part)| (name.to_owned(), part.into_json())).collect()
    }

    pub(crate) fn bound(&self) -> Bound {
        Bound::object(self.parts().map(|(name, part)| (name, part.bound())))
    }
}

impl Item {
    fn to_json(&self) -> Json {
        let mut item = Map::new();
        item.insert("Index".to_owned(), self.index.into());
        if let Some(key) = &self.key {
            item.insert("Key".to_owned(), key.as_str().into());
        }
        item.insert("Value".to_owned(), (*self.value).clone());
        if let Some(source) = &self.source {
            item.insert("Source".to_owned(), source.as_str().into());
        }
        item.into()
    }
}
