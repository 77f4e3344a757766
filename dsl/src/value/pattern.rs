//! Regular expressions.

use std::borrow::Cow;

/// A regular expression as JavaScript has them, which are those of JSONata.
///
/// A text is a pattern, too: `name.matches("^shop-[0-9]+$")`. What is malformed is a diagnostic of the workflow that
/// uses it ([`SW0242`](crate::diag::codes::PATTERN)).
///
/// ```
/// use statewright::prelude::*;
/// use statewright::value::Pattern;
///
/// Workflow::new("feed", |w, name: Value<String>| {
///     w.value(name.matches(Pattern::new("^shop-[0-9]+$").ignore_case()))
/// });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    source: Cow<'static, str>,
    ignores_case: bool,
    is_multiline: bool,
}

impl Pattern {
    /// A pattern that is matched anywhere in a text.
    #[must_use]
    pub fn new(source: impl Into<Cow<'static, str>>) -> Self {
        Self { source: source.into(), ignores_case: false, is_multiline: false }
    }

    /// Upper and lower case are the same.
    #[must_use]
    pub fn ignore_case(mut self) -> Self {
        self.ignores_case = true;
        self
    }

    /// `^` and `$` are the beginning and the end of a line.
    #[must_use]
    pub fn multiline(mut self) -> Self {
        self.is_multiline = true;
        self
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// As JSONata writes it: between slashes.
    pub(crate) fn to_jsonata(&self) -> String {
        let mut text = String::from("/");
        let mut escaped = false;
        for c in self.source.chars() {
            if c == '/' && !escaped {
                text.push('\\');
            }
            escaped = c == '\\' && !escaped;
            // A line's end would end nothing, but nobody could read it.
            match c {
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                c => text.push(c),
            }
        }
        text.push('/');
        if self.ignores_case {
            text.push('i');
        }
        if self.is_multiline {
            text.push('m');
        }
        text
    }

    /// What is wrong with it. JSONata finds the end of a pattern by counting brackets, those inside of `[…]` as well.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.source.is_empty() {
            return Some("expected something that is to match".to_owned());
        }
        let mut open = Vec::new();
        let mut characters = self.source.chars();
        while let Some(c) = characters.next() {
            match c {
                '\\' if characters.next().is_none() => return Some("a `\\` at the end".to_owned()),
                '(' => open.push(')'),
                '[' => open.push(']'),
                '{' => open.push('}'),
                ')' | ']' | '}' => match open.pop() {
                    Some(expected) if expected == c => {}
                    Some(expected) => return Some(format!("expected `{expected}`, found `{c}`")),
                    None => return Some(format!("a `{c}` without its opening bracket")),
                },
                _ => {}
            }
        }
        open.pop().map(|expected| format!("expected `{expected}` before the end"))
    }
}

impl From<&'static str> for Pattern {
    fn from(source: &'static str) -> Self {
        Self::new(source)
    }
}

impl From<String> for Pattern {
    fn from(source: String) -> Self {
        Self::new(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_are_escaped_once() {
        assert_eq!(Pattern::new("a/b\\/c").to_jsonata(), "/a\\/b\\/c/");
        assert_eq!(Pattern::new("^a$").ignore_case().multiline().to_jsonata(), "/^a$/im");
    }

    #[test]
    fn brackets_are_counted() {
        assert_eq!(Pattern::new("^(a|[b-d]){2}\\($").problem(), None);
        for wrong in ["", "(", "[(]", "a)", "a\\"] {
            assert!(Pattern::new(wrong).problem().is_some(), "{wrong}");
        }
    }
}
