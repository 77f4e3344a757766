//! Patterns.

use std::rc::Rc;

use super::Function;
use crate::jsonata::error::Error;
use crate::jsonata::value::Value;

/// A pattern as JavaScript understands it.
#[derive(Debug)]
pub(in crate::jsonata) struct Pattern(regress::Regex);

impl Pattern {
    pub(in crate::jsonata) fn new(pattern: &str, flags: &str) -> Result<Self, Error> {
        regress::Regex::with_flags(pattern, flags).map(Self).map_err(|error| Error::new("S0302", 0, "", &error.text))
    }

    /// The first match in a text, as matchers give it.
    pub(in crate::jsonata) fn first_match(self: &Rc<Self>, text: &str) -> Value {
        self.match_from(&text.into(), 0)
    }

    /// The first match from a byte on; positions in it are counted in characters.
    pub(in crate::jsonata) fn match_from(self: &Rc<Self>, text: &Rc<str>, from: usize) -> Value {
        let Some(found) = self.0.find_from(text, from).next() else { return Value::Undefined };
        let range = found.range();
        let groups = (1..=found.captures.len())
            .map(|group| found.group(group).map_or(Value::from(""), |group| text[group].into()))
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "texts are shorter than that")]
        let characters = |end: usize| Value::Number(text[..end].chars().count() as f64);
        let next = Function::NextMatch { pattern: self.clone(), text: text.clone(), from: range.end };
        Value::object([
            ("match", text[range.clone()].into()),
            ("start", characters(range.start)),
            ("end", characters(range.end)),
            ("groups", Value::list(groups)),
            ("next", Value::Function(Rc::new(next))),
        ])
    }
}
