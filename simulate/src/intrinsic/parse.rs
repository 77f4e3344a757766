//! Parsing calls.

use serde_json::Value as Json;

use super::{Argument, Error, Intrinsic, function};
use crate::reference::Reference;

/// So deep may calls be nested.
const DEPTH: usize = 10;

pub(super) fn parse(text: &str) -> Result<Intrinsic, Error> {
    let mut parser = Parser { characters: text.chars().collect(), at: 0 };
    let call = parser.call(1)?;
    parser.blanks();
    if parser.at < parser.characters.len() {
        return Err(parser.wrong("nothing behind the call"));
    }
    Ok(call)
}

struct Parser {
    characters: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    fn wrong(&self, expected: &str) -> Error {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |c| format!("`{c}`"));
        Error(format!("expected {expected} at position {}, found {found}", self.at))
    }

    fn call(&mut self, depth: usize) -> Result<Intrinsic, Error> {
        if depth > DEPTH {
            return Err(Error(format!("expected at most {DEPTH} calls inside each other")));
        }
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '.') {
            self.at += 1;
        }
        let name: String = self.characters[start..self.at].iter().collect();
        if !function::NAMES.contains(&name.as_str()) {
            return Err(Error(format!("expected an intrinsic function such as States.Format, found `{name}`")));
        }
        if self.peek() != Some('(') {
            return Err(self.wrong("`(`"));
        }
        self.at += 1;
        let mut arguments = Vec::new();
        loop {
            self.blanks();
            if self.peek() == Some(')') && arguments.is_empty() {
                break;
            }
            arguments.push(self.argument(depth)?);
            self.blanks();
            match self.peek() {
                Some(',') => self.at += 1,
                Some(')') => break,
                _ => return Err(self.wrong("`,` or `)`")),
            }
        }
        self.at += 1;
        let text = self.characters[start..self.at].iter().collect();
        Ok(Intrinsic { text, name, arguments })
    }

    fn argument(&mut self, depth: usize) -> Result<Argument, Error> {
        match self.peek() {
            Some('\'') => self.text().map(|text| Argument::Constant(text.into())),
            Some('$') => Ok(Argument::Path(Reference::parse(&self.path())?)),
            Some('S') => self.call(depth + 1).map(Argument::Call),
            _ => {
                let start = self.at;
                while self.peek().is_some_and(|c| !matches!(c, ',' | ')' | ' ')) {
                    self.at += 1;
                }
                let text: String = self.characters[start..self.at].iter().collect();
                let constant: Option<Json> = serde_json::from_str(&text).ok();
                match constant {
                    Some(constant @ (Json::Null | Json::Bool(_) | Json::Number(_))) => Ok(Argument::Constant(constant)),
                    _ => {
                        self.at = start;
                        Err(self.wrong("a text in single quotes, a number, true, false, null, a path or a call"))
                    }
                }
            }
        }
    }

    /// Single quotes; a backslash takes the next character as it is, but for the braces of templates, which keep it.
    fn text(&mut self) -> Result<String, Error> {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\'' => return Ok(text),
                '\\' => {
                    let Some(escaped) = self.peek() else { break };
                    if matches!(escaped, '{' | '}') {
                        text.push('\\');
                    }
                    text.push(escaped);
                    self.at += 1;
                }
                c => text.push(c),
            }
        }
        Err(self.wrong("the closing quote"))
    }

    /// Up to a comma or bracket that is not part of it.
    fn path(&mut self) -> String {
        let start = self.at;
        let (mut depth, mut quote) = (0_i32, None);
        while let Some(c) = self.peek() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(c),
                (None, '[' | '(') => depth += 1,
                (None, ']' | ')') if depth > 0 => depth -= 1,
                (None, ')' | ',') if depth == 0 => break,
                (None, _) => {}
            }
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect::<String>().trim_end().to_owned()
    }
}
