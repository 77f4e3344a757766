//! Parsing paths.

use serde_json::Value as Json;

use super::filter::{Operand, Operator, Predicate};
use super::{Argument, Error, Path, Step};

/// So deep may filters and arguments be nested.
const DEPTH: usize = 50;

pub(super) fn parse(text: &str) -> Result<Path, Error> {
    let text = text.trim();
    let rooted = if text.starts_with(['$', '@']) { text.to_owned() } else { format!("$.{text}") };
    let mut parser = Parser { characters: rooted.chars().collect(), at: 0, depth: 0 };
    let path = parser.path()?;
    if parser.at < parser.characters.len() {
        return Err(parser.unexpected());
    }
    Ok(path)
}

struct Parser {
    characters: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(offset, c)| self.characters.get(self.at + offset) == Some(&c));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn unexpected(&self) -> Error {
        Error(format!("Could not parse token starting at position {}. Expected ?, ', 0-9, * ", self.at))
    }

    /// From `$` or `@` to where no further step begins.
    fn path(&mut self) -> Result<Path, Error> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Error("the path is nested too deep".to_owned()));
        }
        self.at += 1;
        let mut steps = Vec::new();
        loop {
            match self.peek() {
                Some('.') => {
                    self.at += 1;
                    if self.eat(".") {
                        steps.push(Step::Deep);
                    }
                    match self.peek() {
                        None => return Err(Error("Path must not end with a '.' or '..'".to_owned())),
                        Some('[') => {}
                        Some('*') => {
                            self.at += 1;
                            steps.push(Step::Wildcard);
                        }
                        Some(_) => steps.push(self.name()?),
                    }
                }
                Some('[') => {
                    // A bracket that nothing follows is overlooked.
                    if self.at + 1 == self.characters.len() {
                        self.at += 1;
                        break;
                    }
                    steps.push(self.bracket()?);
                }
                _ => break,
            }
        }
        self.depth -= 1;
        Ok(Path { steps })
    }

    fn name(&mut self) -> Result<Step, Error> {
        let start = self.at;
        while let Some(c) = self.peek() {
            match c {
                '.' | '[' | ')' | ',' | '=' | '!' | '<' | '>' | '&' | '|' => break,
                ' ' if self.depth == 1 => {
                    let message =
                        "Use bracket notion ['my prop'] if your property contains blank characters. position: ";
                    return Err(Error(format!("{message}{start}")));
                }
                ' ' => break,
                '(' => {
                    let name = self.characters[start..self.at].iter().collect();
                    self.at += 1;
                    return Ok(Step::Function(name, self.arguments()?));
                }
                _ => self.at += 1,
            }
        }
        if self.at == start {
            return Err(self.unexpected());
        }
        Ok(Step::Properties(vec![self.characters[start..self.at].iter().collect()]))
    }

    fn arguments(&mut self) -> Result<Vec<Argument>, Error> {
        let mut arguments = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(')') => {
                    self.at += 1;
                    return Ok(arguments);
                }
                Some(',') => self.at += 1,
                Some('$' | '@') => arguments.push(Argument::Path(self.path()?)),
                Some(_) => arguments.push(Argument::Constant(self.constant()?)),
                None => return Err(self.unexpected()),
            }
        }
    }

    fn bracket(&mut self) -> Result<Step, Error> {
        self.at += 1;
        self.blanks();
        let step = match self.peek() {
            Some('\'' | '"') => {
                let mut names = Vec::new();
                loop {
                    self.blanks();
                    // A backslash keeps the next character from ending the name, and stays in it.
                    names.push(self.quoted(true)?);
                    self.blanks();
                    if !self.eat(",") {
                        break;
                    }
                }
                Step::Properties(names)
            }
            Some('*') => {
                self.at += 1;
                Step::Wildcard
            }
            Some('?') => {
                self.at += 1;
                self.blanks();
                if !self.eat("(") {
                    return Err(self.unexpected());
                }
                let predicate = self.any()?;
                self.blanks();
                if !self.eat(")") {
                    return Err(self.unexpected());
                }
                Step::Filter(predicate)
            }
            Some(c) if c.is_ascii_digit() || c == '-' || c == ':' => self.positions()?,
            _ => {
                self.at -= 1;
                return Err(self.unexpected());
            }
        };
        self.blanks();
        if self.eat("]") { Ok(step) } else { Err(self.unexpected()) }
    }

    fn positions(&mut self) -> Result<Step, Error> {
        let mut indexes = Vec::new();
        let mut colons = 0;
        let mut ends = [None, None, None];
        loop {
            self.blanks();
            if let Some(number) = self.integer() {
                indexes.push(number);
                if let Some(end) = ends.get_mut(colons) {
                    *end = Some(number);
                }
            }
            self.blanks();
            if self.eat(":") {
                colons += 1;
            } else if !self.eat(",") {
                break;
            }
        }
        match (colons, indexes.is_empty()) {
            (0, false) => Ok(Step::Indexes(indexes)),
            (0, true) => Err(self.unexpected()),
            // A step is read and ignored.
            _ => Ok(Step::Slice(ends[0], ends[1])),
        }
    }

    fn integer(&mut self) -> Option<i64> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.at += 1;
        }
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let text: String = self.characters[start..self.at].iter().collect();
        let number = text.parse().ok();
        if number.is_none() {
            self.at = start;
        }
        number
    }

    fn quoted(&mut self, keep: bool) -> Result<String, Error> {
        let Some(quote @ ('\'' | '"')) = self.peek() else { return Err(self.unexpected()) };
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                c if c == quote => return Ok(text),
                '\\' => {
                    text.extend(keep.then_some(c));
                    text.extend(self.peek());
                    self.at += 1;
                }
                c => text.push(c),
            }
        }
        Err(self.unexpected())
    }

    fn constant(&mut self) -> Result<Json, Error> {
        match self.peek() {
            Some('\'' | '"') => Ok(self.quoted(false)?.into()),
            Some('[') => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.blanks();
                    if self.eat("]") {
                        return Ok(items.into());
                    }
                    if !self.eat(",") {
                        items.push(self.constant()?);
                    }
                }
            }
            _ => {
                let start = self.at;
                while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
                    self.at += 1;
                }
                let text: String = self.characters[start..self.at].iter().collect();
                serde_json::from_str(&text).map_err(|_| self.unexpected())
            }
        }
    }

    /// `a || b`
    fn any(&mut self) -> Result<Predicate, Error> {
        let mut parts = vec![self.all()?];
        while {
            self.blanks();
            self.eat("||")
        } {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Predicate::Any(parts) })
    }

    /// `a && b`
    fn all(&mut self) -> Result<Predicate, Error> {
        let mut parts = vec![self.one()?];
        while {
            self.blanks();
            self.eat("&&")
        } {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Predicate::All(parts) })
    }

    fn one(&mut self) -> Result<Predicate, Error> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Error("the path is nested too deep".to_owned()));
        }
        self.blanks();
        let predicate = if self.eat("!") {
            Predicate::Not(Box::new(self.one()?))
        } else if self.eat("(") {
            let inner = self.any()?;
            self.blanks();
            if !self.eat(")") {
                return Err(self.unexpected());
            }
            inner
        } else {
            let left = self.operand()?;
            self.blanks();
            match Operator::ALL.into_iter().find(|operator| self.eat(operator.text())) {
                Some(operator) => {
                    self.blanks();
                    Predicate::Compare(left, operator, self.operand()?)
                }
                None => Predicate::Exists(left),
            }
        };
        self.depth -= 1;
        Ok(predicate)
    }

    fn operand(&mut self) -> Result<Operand, Error> {
        self.blanks();
        match self.peek() {
            Some('@') => self.path().map(Operand::Here),
            Some('$') => self.path().map(Operand::Document),
            Some('/') => {
                let start = self.at + 1;
                let length =
                    self.characters[start..].iter().position(|c| *c == '/').ok_or_else(|| self.unexpected())?;
                let pattern: String = self.characters[start..start + length].iter().collect();
                self.at = start + length + 1;
                let flags = if self.eat("i") { "i" } else { "" };
                // The whole text has to match.
                let whole = format!("^(?:{pattern})$");
                let compiled = regress::Regex::with_flags(&whole, flags).map_err(|error| Error(error.text))?;
                Ok(Operand::Pattern(pattern, compiled))
            }
            _ => self.constant().map(Operand::Constant),
        }
    }
}
