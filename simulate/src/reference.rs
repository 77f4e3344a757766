//! Paths as states write them: into the input (`$.order`), the context object (`$$.State.Name`) or a variable
//! (`$order.id`). <https://states-language.net/spec.html#path>

use std::borrow::Cow;
use std::fmt;

use serde_json::Value as Json;

use crate::jsonpath::{Error, Path};
use crate::scope::Scope;

/// A path with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    text: String,
    root: Root,
    path: Path,
    /// The first name of a path into the context object, and the path below it.
    part: Option<(String, Path)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Root {
    Input,
    Context,
    Variable(String),
}

impl Reference {
    /// Parses a path.
    ///
    /// # Errors
    ///
    /// What is wrong, and at which position.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (root, path) = split(text);
        let path = Path::parse(&path)?;
        let part = if root == Root::Context { path.below() } else { None };
        Ok(Self { text: text.to_owned(), root, path, part })
    }

    /// The path without what it is about.
    #[must_use]
    pub const fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is `$`: the whole input.
    #[must_use]
    pub fn is_whole_input(&self) -> bool {
        self.root == Root::Input && self.path.is_root()
    }

    /// What is there.
    ///
    /// # Errors
    ///
    /// If a definite path leads nowhere.
    pub fn read(&self, scope: &Scope<'_>) -> Result<Json, Error> {
        if let Root::Variable(name) = &self.root
            && scope.variables.get(name).is_none()
        {
            return Err(Error::no_result(name));
        }
        if let Some((name, below)) = &self.part
            && let Some(part) = scope.context.part(name)
            && let Ok(found) = below.read(&part)
        {
            return Ok(found);
        }
        self.path.read(&self.document(scope))
    }

    /// Whether it asks for a position behind the end of a list that is there.
    pub(crate) fn is_behind_a_list(&self, scope: &Scope<'_>) -> bool {
        self.path.is_behind_a_list(&self.document(scope))
    }

    fn document<'s>(&self, scope: &'s Scope<'_>) -> Cow<'s, Json> {
        match &self.root {
            Root::Input => Cow::Borrowed(&**scope.input),
            Root::Context => Cow::Owned(scope.context.to_json()),
            Root::Variable(name) => Cow::Owned(scope.variables.get(name).map_or(Json::Null, |value| (*value).clone())),
        }
    }
}

fn split(text: &str) -> (Root, String) {
    if let Some(rest) = text.strip_prefix("$$") {
        return (Root::Context, format!("${rest}"));
    }
    let name = text.strip_prefix('$').unwrap_or_default();
    let length = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
    let (name, rest) = name.split_at(length);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return (Root::Input, text.to_owned());
    }
    (Root::Variable(name.to_owned()), format!("${rest}"))
}

impl fmt::Display for Reference {
    /// As it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
