//! Names that are taken.

use crate::ir::raw::FUNCTIONS;

/// The reserved one, the parameters of our closures over lists, and what is no name in the language.
const WORDS: [&str; 8] = ["states", "item", "lists", "at", "eval", "true", "false", "null"];

/// Names that no variable may have: these, and the functions of JSONata and those that Step Functions adds.
pub(super) fn reserved() -> impl Iterator<Item = &'static str> {
    WORDS.into_iter().chain(FUNCTIONS)
}
