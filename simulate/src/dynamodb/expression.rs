//! What the expressions of a request share: their names and values, and reading tokens and paths.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::Refusal;
use super::condition::Condition;
use super::path::{Path, Step, check_apart};
use super::request::Request;
use super::reserved::is_reserved;
use super::token::{Token, tokens};
use super::update::Update;
use super::value::Value;

const NAMES: &str = "ExpressionAttributeNames";
const VALUES: &str = "ExpressionAttributeValues";
/// The most bytes of an expression.
const SIZE: usize = 4096;
/// So deep may parentheses, NOT and functions stand inside each other.
const DEPTH: usize = 100;

/// The expressions of a request.
pub(super) struct Expressions<'r> {
    request: Request<'r>,
    names: IndexMap<String, String>,
    values: IndexMap<String, Value>,
    used: BTreeSet<String>,
}

impl<'r> Expressions<'r> {
    /// Reads what `ExpressionAttributeNames` and `ExpressionAttributeValues` define for the expressions in these fields.
    ///
    /// # Errors
    ///
    /// If one is wrong, or there is no expression to use them.
    pub(super) fn open(request: Request<'r>, fields: &[&str]) -> Result<Self, Refusal> {
        let (mut names, mut values) = (IndexMap::new(), IndexMap::new());
        for definitions in [NAMES, VALUES] {
            let Some(map) = request.map(definitions)? else { continue };
            if fields.iter().all(|field| request.get(field).is_none()) {
                let verb = if fields.len() == 1 { "is" } else { "are" };
                let fields = fields.join(" and ");
                return Err(Refusal::validation(format!(
                    "{definitions} can only be specified when using expressions: {fields} {verb} null"
                )));
            }
            if map.is_empty() {
                return Err(Refusal::validation(format!("{definitions} must not be empty")));
            }
            for (key, json) in map {
                let is_key = match tokens(key).as_slice() {
                    [(Token::Name(name), _)] => definitions == NAMES && name == key,
                    [(Token::Value(name), _)] => definitions == VALUES && name == key,
                    _ => false,
                };
                if !is_key {
                    return Err(Refusal::validation(format!(
                        "{definitions} contains invalid key: Syntax error; key: \"{key}\""
                    )));
                }
                if definitions == VALUES {
                    values.insert(key.clone(), Self::value(key, json)?);
                } else {
                    let name = json.as_str().filter(|name| !name.is_empty()).ok_or_else(|| {
                        Refusal::validation(format!(
                            "{NAMES} contains invalid value: Empty attribute name; key: \"{key}\""
                        ))
                    })?;
                    names.insert(key.clone(), name.to_owned());
                }
            }
        }
        Ok(Self { request, names, values, used: BTreeSet::new() })
    }

    fn value(key: &str, json: &Json) -> Result<Value, Refusal> {
        Value::read(json).map_err(|refusal| {
            let message = format!("{VALUES} contains invalid value: {} for key {key}", refusal.message);
            Refusal { message, ..refusal }
        })
    }

    /// # Errors
    ///
    /// If a name or a value is defined that no expression uses.
    pub(super) fn close(self) -> Result<(), Refusal> {
        let unused = |definitions: &str, keys: Vec<&String>| {
            let keys: Vec<&str> =
                keys.into_iter().filter(|key| !self.used.contains(*key)).map(String::as_str).collect();
            match keys.as_slice() {
                [] => Ok(()),
                keys => Err(Refusal::validation(format!(
                    "Value provided in {definitions} unused in expressions: keys: {{{}}}",
                    keys.join(", ")
                ))),
            }
        };
        unused(NAMES, self.names.keys().collect())?;
        unused(VALUES, self.values.keys().collect())
    }

    pub(super) fn condition(&mut self, field: &str) -> Result<Option<Condition>, Refusal> {
        self.parse(field, Condition::parse)
    }

    pub(super) fn update(&mut self, field: &str) -> Result<Option<Update>, Refusal> {
        self.parse(field, Update::parse)
    }

    pub(super) fn projection(&mut self, field: &str) -> Result<Option<Vec<Path>>, Refusal> {
        self.parse(field, |parser| {
            let mut paths = vec![parser.path()?];
            while parser.take(",") {
                paths.push(parser.path()?);
            }
            parser.end()?;
            check_apart(paths.iter())?;
            Ok(paths)
        })
    }

    fn parse<T>(
        &mut self,
        field: &str,
        parse: impl FnOnce(&mut Parser<'_>) -> Result<T, String>,
    ) -> Result<Option<T>, Refusal> {
        let Some(source) = self.request.text(field)? else { return Ok(None) };
        let invalid = |message: String| Refusal::validation(format!("Invalid {field}: {message}"));
        if source.len() > SIZE {
            return Err(invalid(format!(
                "Expression size has exceeded the maximum allowed size; expression size: {}",
                source.len()
            )));
        }
        let (names, values, used) = (&self.names, &self.values, &mut self.used);
        let mut parser = Parser { source, tokens: tokens(source), at: 0, depth: 0, names, values, used };
        if parser.tokens.is_empty() {
            return Err(invalid("The expression can not be empty;".to_owned()));
        }
        parse(&mut parser).map(Some).map_err(invalid)
    }
}

/// Reads an expression token by token.
pub(super) struct Parser<'e> {
    source: &'e str,
    tokens: Vec<(Token<'e>, usize)>,
    at: usize,
    depth: usize,
    names: &'e IndexMap<String, String>,
    values: &'e IndexMap<String, Value>,
    used: &'e mut BTreeSet<String>,
}

impl<'e> Parser<'e> {
    pub(super) fn peek(&self) -> Option<Token<'e>> {
        self.tokens.get(self.at).map(|(token, _)| *token)
    }

    pub(super) const fn skip(&mut self) {
        self.at += 1;
    }

    /// Takes this symbol, if it comes next.
    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(next)) if next == symbol);
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|next| next.is_keyword(keyword));
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), String> {
        if self.take(symbol) { Ok(()) } else { Err(self.wrong()) }
    }

    pub(super) fn end(&self) -> Result<(), String> {
        if self.peek().is_none() { Ok(()) } else { Err(self.wrong()) }
    }

    /// The name of a function, if a call comes next.
    pub(super) fn call(&mut self) -> Option<&'e str> {
        match (self.peek(), self.tokens.get(self.at + 1)) {
            (Some(Token::Word(name)), Some((Token::Symbol("("), _))) => {
                self.at += 2;
                Some(name)
            }
            _ => None,
        }
    }

    /// The number of tokens before the next.
    pub(super) const fn place(&self) -> usize {
        self.at
    }

    /// The place behind the parenthesis that closes the one that comes next.
    pub(super) fn closing(&self) -> usize {
        let mut open = 0_usize;
        for (place, (token, _)) in self.tokens.iter().enumerate().skip(self.at) {
            match token {
                Token::Symbol("(") => open += 1,
                Token::Symbol(")") if open <= 1 => return place + 1,
                Token::Symbol(")") => open -= 1,
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// That the next token can't stand there.
    pub(super) fn wrong(&self) -> String {
        let span = |at: usize| self.tokens.get(at).map(|(token, end)| (end - token.text().len(), *end));
        let here = span(self.at);
        let start = self.at.checked_sub(1).and_then(span).or(here).map_or(0, |(start, _)| start);
        let end = span(self.at + 1).or(here).map_or(self.source.len(), |(_, end)| end);
        let near = self.source.get(start..end).unwrap_or_default().trim_end();
        let token = self.peek().map_or("<EOF>", Token::text);
        format!("Syntax error; token: \"{token}\", near: \"{near}\"")
    }

    /// Does what may do the same again inside.
    pub(super) fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == DEPTH {
            return Err("The expression is nested too deeply".to_owned());
        }
        self.depth += 1;
        let found = inner(self)?;
        self.depth -= 1;
        Ok(found)
    }

    /// The value that stands next for itself, if one does.
    pub(super) fn value(&mut self) -> Result<Option<Value>, String> {
        let Some(Token::Value(key)) = self.peek() else { return Ok(None) };
        let value = self.values.get(key).cloned().ok_or_else(|| {
            format!("An expression attribute value used in expression is not defined; attribute value: {key}")
        })?;
        self.used.insert(key.to_owned());
        self.skip();
        Ok(Some(value))
    }

    pub(super) fn path(&mut self) -> Result<Path, String> {
        let head = self.name()?;
        let mut steps = Vec::new();
        loop {
            if self.take(".") {
                steps.push(Step::Field(self.name()?));
            } else if self.take("[") {
                let Some(Token::Digits(digits)) = self.peek() else { return Err(self.wrong()) };
                let index = digits
                    .parse()
                    .map_err(|_| format!("List index is not within the allowable range; index: [{digits}]"))?;
                self.skip();
                steps.push(Step::Index(index));
                self.expect("]")?;
            } else {
                return Ok(Path { head, steps });
            }
        }
    }

    fn name(&mut self) -> Result<String, String> {
        let name = match self.peek() {
            Some(Token::Word(word)) if is_reserved(word) => {
                return Err(format!("Attribute name is a reserved keyword; reserved keyword: {word}"));
            }
            Some(Token::Word(word)) => word.to_owned(),
            Some(Token::Name(key)) => {
                let name = self.names.get(key).cloned().ok_or_else(|| {
                    format!(
                        "An expression attribute name used in the document path is not defined; attribute name: {key}"
                    )
                })?;
                self.used.insert(key.to_owned());
                name
            }
            _ => return Err(self.wrong()),
        };
        self.skip();
        Ok(name)
    }
}

/// That a function or an operator got another number of operands than it takes.
pub(super) fn wrong_count(function: &str, count: usize) -> String {
    format!(
        "Incorrect number of operands for operator or function; operator or function: {function}, number of operands: {count}"
    )
}

/// That a function got an operand of a type that it doesn't take.
pub(super) fn wrong_kind(function: &str, kind: &str) -> String {
    format!("Incorrect operand type for operator or function; operator or function: {function}, operand type: {kind}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KNOWN: [&str; 5] = ["ProjectionExpression", "ConditionExpression", "UpdateExpression", NAMES, VALUES];

    fn project(json: &Json) -> Result<Vec<Path>, String> {
        let request = Request::read(json, &KNOWN).unwrap();
        let mut expressions =
            Expressions::open(request, &["ProjectionExpression"]).map_err(|refusal| refusal.message)?;
        let paths = expressions.projection("ProjectionExpression").map_err(|refusal| refusal.message)?;
        expressions.close().map_err(|refusal| refusal.message)?;
        Ok(paths.unwrap_or_default())
    }

    #[test]
    fn paths_are_read_with_their_names() {
        let paths = project(&json!({
            "ProjectionExpression": "pk, #a.b[2][0] , #a.#b",
            "ExpressionAttributeNames": { "#a": "tick:x.y", "#b": "status" },
        }));
        let texts: Vec<String> = paths.unwrap().iter().map(Path::to_string).collect();
        assert_eq!(texts, ["[pk]", "[tick:x.y, b, [2], [0]]", "[tick:x.y, status]"]);
    }

    #[test]
    fn syntax_errors_name_the_token() {
        for (expression, expected) in [
            ("a,", r#"Syntax error; token: "<EOF>", near: ",""#),
            ("!!", r#"Syntax error; token: "!", near: "!!""#),
            ("a b c", r#"Syntax error; token: "b", near: "a b c""#),
            ("a-b", r#"Syntax error; token: "-", near: "a-b""#),
            ("a[b]", r#"Syntax error; token: "b", near: "[b]""#),
            ("  ", "The expression can not be empty;"),
            ("a.status", "Attribute name is a reserved keyword; reserved keyword: status"),
            ("a[99999999999999999999]", "List index is not within the allowable range; index: [99999999999999999999]"),
        ] {
            let message = project(&json!({ "ProjectionExpression": expression })).unwrap_err();
            assert_eq!(message, format!("Invalid ProjectionExpression: {expected}"), "{expression}");
        }
        let long = project(&json!({ "ProjectionExpression": "a".repeat(5000) })).unwrap_err();
        assert!(long.contains("exceeded the maximum allowed size"), "{long}");
    }

    #[test]
    fn definitions_are_checked() {
        for (request, expected) in [
            (
                json!({ "ProjectionExpression": "a", NAMES: { "#x": "x", "#y": "y" } }),
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x, #y}",
            ),
            (
                json!({ "ProjectionExpression": "a", VALUES: { ":x": { "S": "x" } } }),
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}",
            ),
            (
                json!({ "ProjectionExpression": "#a" }),
                "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute \
                 name: #a",
            ),
            (
                json!({ NAMES: { "#x": "x" } }),
                "ExpressionAttributeNames can only be specified when using expressions: ProjectionExpression is null",
            ),
            (json!({ "ProjectionExpression": "a", NAMES: {} }), "ExpressionAttributeNames must not be empty"),
            (
                json!({ "ProjectionExpression": "a", NAMES: { "x": "x" } }),
                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"x\"",
            ),
            (
                json!({ "ProjectionExpression": "a", VALUES: { ":x": {} } }),
                "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one \
                 of the supported datatypes for key :x",
            ),
        ] {
            assert_eq!(project(&request).unwrap_err(), expected);
        }
    }

    #[test]
    fn projections_must_not_overlap() {
        let message = project(&json!({ "ProjectionExpression": "a.b, a" })).unwrap_err();
        assert!(message.starts_with("Invalid ProjectionExpression: Two document paths overlap"), "{message}");
    }
}
