//! Tokens.

use std::rc::Rc;

use super::error::Error;

/// A token with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,
    pub position: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    End,
    /// `$name`, without the `$`.
    Variable(Rc<str>),
    Name(Rc<str>),
    String(Rc<str>),
    Number(f64),
    /// `true`, `false`, `null`.
    Word(&'static str),
    Operator(&'static str),
    /// Pattern and flags.
    Regex(Rc<str>, Rc<str>),
}

impl Token {
    /// The token as messages show it.
    pub(super) fn text(&self) -> String {
        match &self.kind {
            Kind::End => "(end)".to_owned(),
            Kind::Variable(name) | Kind::Name(name) | Kind::String(name) => name.to_string(),
            Kind::Number(number) => super::value::number_to_text(*number),
            Kind::Word(word) | Kind::Operator(word) => (*word).to_owned(),
            Kind::Regex(pattern, _) => format!("/{pattern}/"),
        }
    }

    pub(super) fn is(&self, operator: &str) -> bool {
        matches!(&self.kind, Kind::Operator(found) if *found == operator)
    }
}

/// The longer ones first.
const OPERATORS: [&str; 31] = [
    "..", ":=", "!=", ">=", "<=", "**", "~>", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+",
    "-", "*", "/", "%", "|", "=", "<", ">", "^", "&",
];

/// Reads tokens one by one: whether a `/` divides or begins a pattern depends on what was read before.
pub(super) struct Tokens {
    characters: Vec<char>,
    at: usize,
}

impl Tokens {
    pub(super) fn new(text: &str) -> Self {
        Self { characters: text.chars().collect(), at: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, c)| self.characters.get(self.at + offset) == Some(&c))
    }

    /// The next token. `infix`: an operator may stand here, so `/` divides.
    pub(super) fn next(&mut self, infix: bool) -> Result<Token, Error> {
        self.skip()?;
        let position = self.at;
        let kind = match self.peek() {
            None => Kind::End,
            Some('/') if !infix => {
                self.at += 1;
                return self.regex();
            }
            Some(quote @ ('"' | '\'')) => {
                self.at += 1;
                self.string(quote)?
            }
            Some(c) if c.is_ascii_digit() => self.number()?,
            Some('`') => {
                let end = self.characters[position + 1..].iter().position(|c| *c == '`');
                let end = end.ok_or_else(|| Error::new("S0105", self.characters.len(), "", ""))?;
                self.at = position + end + 2;
                Kind::Name(self.characters[position + 1..position + 1 + end].iter().collect::<String>().into())
            }
            Some(_) => match OPERATORS.into_iter().find(|operator| self.starts_with(operator)) {
                Some(operator) => {
                    self.at += operator.len();
                    Kind::Operator(operator)
                }
                None => self.word(),
            },
        };
        Ok(Token { kind, position: self.at })
    }

    /// Blanks and comments.
    fn skip(&mut self) -> Result<(), Error> {
        loop {
            while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r' | '\u{b}')) {
                self.at += 1;
            }
            if !self.starts_with("/*") {
                return Ok(());
            }
            let start = self.at;
            self.at += 2;
            while !self.starts_with("*/") {
                self.at += 1;
                if self.at >= self.characters.len() {
                    return Err(Error::new("S0106", start, "", ""));
                }
            }
            self.at += 2;
        }
    }

    fn string(&mut self, quote: char) -> Result<Kind, Error> {
        let mut text = Vec::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == quote {
                return Ok(Kind::String(String::from_utf16_lossy(&text).into()));
            }
            if c != '\\' {
                text.extend_from_slice(c.encode_utf16(&mut [0; 2]));
                continue;
            }
            let Some(escaped) = self.peek() else { break };
            self.at += 1;
            let unit = match escaped {
                '"' | '\\' | '/' => escaped as u16,
                'b' => 8,
                'f' => 12,
                'n' => 10,
                'r' => 13,
                't' => 9,
                'u' => {
                    let digits: String = self.characters.iter().skip(self.at).take(4).collect();
                    let unit = u16::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                    self.at += 4;
                    unit.ok_or_else(|| Error::new("S0104", self.at, "", ""))?
                }
                other => return Err(Error::new("S0103", self.at, &other.to_string(), "")),
            };
            text.push(unit);
        }
        Err(Error::new("S0101", self.at, "", ""))
    }

    fn number(&mut self) -> Result<Kind, Error> {
        let start = self.at;
        let digits = |tokens: &mut Self| {
            let from = tokens.at;
            while tokens.peek().is_some_and(|c| c.is_ascii_digit()) {
                tokens.at += 1;
            }
            tokens.at > from
        };
        if self.peek() == Some('0') {
            self.at += 1;
        } else {
            digits(self);
        }
        let whole = self.at;
        if self.peek() == Some('.') {
            self.at += 1;
            if !digits(self) {
                self.at = whole;
            }
        }
        let mantissa = self.at;
        if matches!(self.peek(), Some('e' | 'E')) {
            self.at += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.at += 1;
            }
            if !digits(self) {
                self.at = mantissa;
            }
        }
        let text: String = self.characters[start..self.at].iter().collect();
        let number: f64 = text.parse().unwrap_or(f64::INFINITY);
        if number.is_finite() { Ok(Kind::Number(number)) } else { Err(Error::new("S0102", self.at, &text, "")) }
    }

    fn word(&mut self) -> Kind {
        let start = self.at;
        let ends = |c: char| " \t\n\r\u{b}".contains(c) || "./:!=><*~[]{}(),@#;?+-%|^&\"'`".contains(c);
        while self.peek().is_some_and(|c| !ends(c)) {
            self.at += 1;
        }
        if self.at == start {
            // `!` or `~` alone: no operator of the language.
            self.at += 1;
        }
        let text: String = self.characters[start..self.at].iter().collect();
        if let Some(name) = text.strip_prefix('$') {
            return Kind::Variable(name.into());
        }
        match text.as_str() {
            "and" => Kind::Operator("and"),
            "or" => Kind::Operator("or"),
            "in" => Kind::Operator("in"),
            "true" => Kind::Word("true"),
            "false" => Kind::Word("false"),
            "null" => Kind::Word("null"),
            _ => Kind::Name(text.into()),
        }
    }

    fn regex(&mut self) -> Result<Token, Error> {
        let start = self.at;
        let mut depth = 0_i32;
        while let Some(c) = self.peek() {
            let escaped = self.at > 0
                && self.characters[start..self.at].iter().rev().take_while(|c| **c == '\\').count() % 2 == 1;
            if c == '/' && !escaped && depth == 0 {
                let pattern: String = self.characters[start..self.at].iter().collect();
                if pattern.is_empty() {
                    return Err(Error::new("S0301", self.at, "", ""));
                }
                self.at += 1;
                let flags = self.at;
                while matches!(self.peek(), Some('i' | 'm')) {
                    self.at += 1;
                }
                let flags: String = self.characters[flags..self.at].iter().collect();
                return Ok(Token { kind: Kind::Regex(pattern.into(), flags.into()), position: self.at });
            }
            match c {
                '(' | '[' | '{' if !escaped => depth += 1,
                ')' | ']' | '}' if !escaped => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        Err(Error::new("S0302", self.at, "", ""))
    }
}
