//! Texts by numbers, so that what the model compares and hashes is small.

use std::collections::HashMap;
use std::rc::Rc;

/// The number of a text. [`NONE`] is the empty one.
pub(super) type Text = u32;

/// The empty text.
pub(super) const NONE: Text = 0;

/// All texts that have a number.
pub(super) struct Texts {
    numbers: HashMap<Rc<str>, Text>,
    all: Vec<Rc<str>>,
}

impl Texts {
    pub(super) fn new() -> Self {
        let mut texts = Self { numbers: HashMap::new(), all: Vec::new() };
        texts.number("");
        texts
    }

    /// The number of a text, old or new.
    pub(super) fn number(&mut self, text: &str) -> Text {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = Text::try_from(self.all.len()).unwrap_or(Text::MAX);
        let text: Rc<str> = text.into();
        self.all.push(text.clone());
        self.numbers.insert(text, number);
        number
    }

    pub(super) fn get(&self, number: Text) -> Rc<str> {
        self.all.get(number as usize).cloned().unwrap_or_default()
    }
}
