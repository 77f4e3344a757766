//! Parsing, by how strongly operators bind.

use std::rc::Rc;

use super::error::Error;
use super::node::{Kind, Lambda, Node};
use super::path;
use super::signature::Signature;
use super::token::{Kind as TokenKind, Token, Tokens};

/// So deep may an expression be nested, so that no input exhausts the stack.
const DEPTH: usize = 200;

/// Parses a whole expression.
pub(super) fn parse(text: &str) -> Result<Node, Error> {
    let mut tokens = Tokens::new(text);
    let token = tokens.next(false)?;
    let mut parser = Parser { tokens, token, depth: 0 };
    let root = parser.expression(0)?;
    if parser.token.kind != TokenKind::End {
        return Err(Error::new("S0201", parser.token.position, &parser.token.text(), ""));
    }
    path::assemble(root)
}

struct Parser {
    tokens: Tokens,
    token: Token,
    depth: usize,
}

/// How strongly an operator binds to what is left of it.
fn binding(token: &Token) -> u32 {
    let TokenKind::Operator(operator) = token.kind else { return 0 };
    match operator {
        "[" | "(" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "^" | "~>" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

impl Parser {
    /// Goes on to the next token, and gives the present one. `infix`: an operator may follow.
    fn advance(&mut self, infix: bool) -> Result<Token, Error> {
        let next = self.tokens.next(infix)?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn expect(&mut self, operator: &'static str, infix: bool) -> Result<Token, Error> {
        if self.token.is(operator) {
            return self.advance(infix);
        }
        let code = if self.token.kind == TokenKind::End { "S0203" } else { "S0202" };
        Err(Error::new(code, self.token.position, &quoted(&self.token.text()), &quoted(operator)))
    }

    fn expression(&mut self, right: u32) -> Result<Node, Error> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Error::new("U1001", self.token.position, "", ""));
        }
        let token = self.advance(true)?;
        let mut left = self.prefix(token)?;
        while right < binding(&self.token) {
            let token = self.advance(false)?;
            left = self.infix(left, &token)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self, token: Token) -> Result<Node, Error> {
        let position = token.position;
        let kind = match token.kind {
            TokenKind::Name(name) => Kind::Name(name),
            TokenKind::Variable(name) => Kind::Variable(name),
            TokenKind::String(text) => Kind::String(text),
            TokenKind::Number(number) => Kind::Number(number),
            TokenKind::Word("true") => Kind::Bool(true),
            TokenKind::Word("false") => Kind::Bool(false),
            TokenKind::Word(_) => Kind::Null,
            TokenKind::Regex(pattern, flags) => Kind::Regex(pattern, flags),
            TokenKind::End => return Err(Error::new("S0207", position, "", "")),
            TokenKind::Operator(operator) => return self.prefix_operator(operator, position),
        };
        Ok(Node::new(kind, position))
    }

    fn prefix_operator(&mut self, operator: &'static str, position: usize) -> Result<Node, Error> {
        // An operand may follow, so a `/` begins a pattern: the token was read as if an operator came.
        let kind = match operator {
            "and" | "or" | "in" => Kind::Name(operator.into()),
            "*" => Kind::Wildcard,
            "**" => Kind::Descendants,
            "%" => Kind::Parent,
            "?" => Kind::Placeholder,
            "-" => Kind::Negate(Box::new(self.expression(70)?)),
            "(" => {
                let expressions = self.list(")", ";", |parser| parser.expression(0))?;
                Kind::Block(expressions)
            }
            "[" => Kind::Array(self.list("]", ",", |parser| {
                let first = parser.expression(0)?;
                if !parser.token.is("..") {
                    return Ok(first);
                }
                let range = parser.advance(false)?;
                let last = parser.expression(0)?;
                Ok(Node::new(Kind::Binary("..", Box::new(first), Box::new(last)), range.position))
            })?),
            "{" => Kind::Object(self.pairs()?),
            "|" => {
                let pattern = Box::new(self.expression(0)?);
                self.expect("|", false)?;
                let update = Box::new(self.expression(0)?);
                let delete = if self.token.is(",") {
                    self.advance(false)?;
                    Some(Box::new(self.expression(0)?))
                } else {
                    None
                };
                self.expect("|", true)?;
                Kind::Transform { pattern, update, delete }
            }
            other => return Err(Error::new("S0211", position, &quoted(other), "")),
        };
        Ok(Node::new(kind, position))
    }

    /// Items up to the end, with a separator between them. The separator of blocks may stand at the end.
    fn list(
        &mut self,
        end: &'static str,
        separator: &'static str,
        item: impl Fn(&mut Self) -> Result<Node, Error>,
    ) -> Result<Vec<Node>, Error> {
        let mut items = Vec::new();
        while !self.token.is(end) {
            items.push(item(self)?);
            if !self.token.is(separator) {
                break;
            }
            self.advance(false)?;
            if separator == "," && self.token.is(end) {
                return Err(Error::new("S0211", self.token.position, &quoted(end), ""));
            }
        }
        self.expect(end, true)?;
        Ok(items)
    }

    fn pairs(&mut self) -> Result<Vec<(Node, Node)>, Error> {
        let mut pairs = Vec::new();
        while !self.token.is("}") {
            let key = self.expression(0)?;
            self.expect(":", false)?;
            pairs.push((key, self.expression(0)?));
            if !self.token.is(",") {
                break;
            }
            self.advance(false)?;
        }
        self.expect("}", true)?;
        Ok(pairs)
    }

    fn infix(&mut self, left: Node, token: &Token) -> Result<Node, Error> {
        let TokenKind::Operator(operator) = token.kind else { return Ok(left) };
        let position = token.position;
        let kind = match operator {
            "(" => return self.call(left, position),
            "[" => {
                if self.token.is("]") {
                    self.advance(true)?;
                    return Ok(keep_array(left));
                }
                let predicate = self.expression(0)?;
                self.expect("]", true)?;
                Kind::Binary("[", Box::new(left), Box::new(predicate))
            }
            "{" => Kind::Group(Box::new(left), self.pairs()?),
            "^" => {
                self.expect("(", false)?;
                let mut terms = Vec::new();
                loop {
                    let descending = self.token.is(">");
                    if descending || self.token.is("<") {
                        self.advance(false)?;
                    }
                    terms.push((self.expression(0)?, descending));
                    if !self.token.is(",") {
                        break;
                    }
                    self.advance(false)?;
                }
                self.expect(")", true)?;
                Kind::OrderBy(Box::new(left), terms)
            }
            "?" => {
                let then = Box::new(self.expression(0)?);
                let otherwise = if self.token.is(":") {
                    self.advance(false)?;
                    Some(Box::new(self.expression(0)?))
                } else {
                    None
                };
                Kind::Condition(Box::new(left), then, otherwise)
            }
            ":=" => {
                let Kind::Variable(name) = left.kind else {
                    return Err(Error::new("S0212", left.position, "", ""));
                };
                Kind::Bind(name, Box::new(self.expression(9)?))
            }
            "@" | "#" => {
                let Kind::Variable(name) = self.expression(80)?.kind else {
                    return Err(Error::new("S0214", position, &quoted(operator), ""));
                };
                if operator == "@" { Kind::Focus(Box::new(left), name) } else { Kind::Index(Box::new(left), name) }
            }
            "~>" => Kind::Apply(Box::new(left), Box::new(self.expression(40)?)),
            _ => {
                let right = self.expression(binding(token))?;
                Kind::Binary(operator, Box::new(left), Box::new(right))
            }
        };
        Ok(Node::new(kind, position))
    }

    fn call(&mut self, procedure: Node, position: usize) -> Result<Node, Error> {
        let arguments = self.list(")", ",", |parser| parser.expression(0))?;
        let is_lambda = matches!(&procedure.kind, Kind::Name(name) if matches!(&**name, "function" | "λ"));
        if is_lambda {
            return self.lambda(&arguments, position);
        }
        let procedure = Box::new(procedure);
        let partial = arguments.iter().any(|argument| matches!(argument.kind, Kind::Placeholder));
        let kind = if partial {
            Kind::Partial { procedure, arguments }
        } else {
            Kind::Call { procedure, arguments, tail: false }
        };
        Ok(Node::new(kind, position))
    }

    fn lambda(&mut self, parameters: &[Node], position: usize) -> Result<Node, Error> {
        let mut names: Vec<Rc<str>> = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            let Kind::Variable(name) = &parameter.kind else {
                return Err(Error::new("S0208", parameter.position, "", &(index + 1).to_string()));
            };
            names.push(name.clone());
        }
        let mut signature = None;
        if self.token.is("<") {
            let mut depth = 1;
            let mut text = "<".to_owned();
            while depth > 0 && !self.token.is("{") && self.token.kind != TokenKind::End {
                self.advance(false)?;
                match self.token.kind {
                    TokenKind::Operator("<") => depth += 1,
                    TokenKind::Operator(">") => depth -= 1,
                    _ => {}
                }
                text.push_str(&self.token.text());
            }
            self.expect(">", true)?;
            signature = Some(Signature::parse(&text).map_err(|code| Error::new(code, position, "", ""))?);
        }
        self.expect("{", false)?;
        let body = self.expression(0)?;
        self.expect("}", true)?;
        Ok(Node::new(Kind::Lambda(Rc::new(Lambda { parameters: names, signature, body })), position))
    }
}

/// `[]` belongs to the innermost step of a chain of predicates.
fn keep_array(mut node: Node) -> Node {
    let mut step = &mut node;
    while let Kind::Binary("[", left, _) = &mut step.kind {
        step = left;
    }
    step.keep_array = true;
    node
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
