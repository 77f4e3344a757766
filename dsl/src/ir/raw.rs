//! JSONata as a user wrote it. The names that it reads are looked up here, quotes and brackets are matched; whether
//! the grammar is right is known where a parser is: in the simulator, and in AWS when the state machine is made.

use std::collections::BTreeSet;

/// The functions of JSONata 2.0.6 and those that Step Functions adds; `$eval` is the one that it leaves out.
pub(crate) const FUNCTIONS: [&str; 69] = [
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "clone",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
    "zip",
];

/// An expression that was not made by us.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// What the user wrote, without `{%` and `%}`.
    pub(crate) text: String,
    /// The names to which values are bound, in the order of the operands.
    pub(crate) names: Vec<String>,
    /// Whether it is to be a list, if only of one item or of none.
    pub(crate) is_list: bool,
}

impl Raw {
    /// Whether two evaluations may differ.
    pub(crate) fn is_impure(&self) -> bool {
        let drawn =
            |token: &Token<'_>| matches!(token, Token::Variable("random" | "uuid" | "now" | "millis" | "shuffle"));
        tokens(&self.text).is_ok_and(|tokens| tokens.iter().any(drawn))
    }

    /// What is wrong with it, in a few words.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.text.trim_start().starts_with("{%") {
            return Some("expected the expression without `{%` and `%}`".to_owned());
        }
        let tokens = match tokens(&self.text) {
            Ok(tokens) if tokens.is_empty() => return Some("expected an expression, found nothing".to_owned()),
            Ok(tokens) => tokens,
            Err(problem) => return Some(problem),
        };
        brackets(&tokens).or_else(|| self.names(&tokens))
    }

    /// Every name that is read is one of ours, one of JSONata's, or one that the expression itself gives a value.
    fn names(&self, tokens: &[Token<'_>]) -> Option<String> {
        for name in &self.names {
            let known = name == "states" || FUNCTIONS.contains(&name.as_str());
            let spelt = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if known || !spelt {
                return Some(format!(
                    "a value can't be bound to `{name}`: expected a name that is free, such as `items`"
                ));
            }
            if !tokens.contains(&Token::Variable(name)) {
                return Some(format!("a value is bound to `{name}`, and nothing reads `${name}`"));
            }
        }
        let own = own_names(tokens);
        for (at, token) in tokens.iter().enumerate() {
            let Token::Variable(name) = token else { continue };
            let bound = self.names.iter().any(|known| known == name);
            match *name {
                "$" => {
                    return Some("`$$` is not there in Step Functions: there is no input beside the values".to_owned());
                }
                "" | "states" => {}
                _ if bound || own.contains(name) || FUNCTIONS.contains(name) => {}
                _ => return Some(format!("nothing is bound to `${name}`")),
            }
            if *name == "states" {
                match &tokens[at + 1..] {
                    [Token::Operator("."), Token::Name("context"), ..] => {}
                    _ => {
                        return Some(
                            "of `$states` only `$states.context` is the same wherever the expression stands".to_owned(),
                        );
                    }
                }
            }
        }
        None
    }
}

/// Names that the expression itself gives a value: by `:=`, `@` and `#`, and as parameters.
fn own_names<'t>(tokens: &[Token<'t>]) -> BTreeSet<&'t str> {
    let mut own = BTreeSet::new();
    let mut in_parameters = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Name("function" | "λ") => in_parameters = true,
            Token::Operator(")") => in_parameters = false,
            Token::Variable(name) => {
                let assigned = tokens.get(at + 1) == Some(&Token::Operator(":="));
                let joined = at > 0 && matches!(tokens[at - 1], Token::Operator("@" | "#"));
                if in_parameters || assigned || joined {
                    own.insert(*name);
                }
            }
            _ => {}
        }
    }
    own
}

/// Brackets match, and what is there is one expression.
fn brackets(tokens: &[Token<'_>]) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for token in tokens {
        let Token::Operator(operator) = token else { continue };
        match *operator {
            "(" => open.push(")"),
            "[" => open.push("]"),
            "{" => open.push("}"),
            ")" | "]" | "}" => match open.pop() {
                Some(expected) if expected == *operator => {}
                Some(expected) => return Some(format!("expected `{expected}`, found `{operator}`")),
                None => return Some(format!("a `{operator}` without its opening bracket")),
            },
            "," | ";" | ":=" if open.is_empty() => {
                return Some(format!("expected one expression, found `{operator}`; put it into parentheses"));
            }
            _ => {}
        }
    }
    open.pop().map(|expected| format!("expected `{expected}` before the end"))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'t> {
    /// Without its `$`.
    Variable(&'t str),
    Name(&'t str),
    /// A string, a number, a pattern.
    Literal,
    Operator(&'t str),
}

/// The words of the language: whether a `/` divides or begins a pattern depends on what was read before.
fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => {
                tokens.push(Token::Literal);
                quoted(rest, first).ok_or_else(|| format!("a `{first}` without its end"))?
            }
            '`' => {
                let length = rest[1..].find('`').map(|end| end + 2).ok_or("a ``` ` ``` without its end")?;
                tokens.push(Token::Name(&rest[1..length - 1]));
                length
            }
            '/' if rest.starts_with("/*") => {
                rest[2..].find("*/").map(|end| end + 4).ok_or("a `/*` without its `*/`")?
            }
            '/' if begins_pattern(tokens.last()) => {
                tokens.push(Token::Literal);
                let pattern = quoted(rest, '/').ok_or("a pattern without its `/` at the end")?;
                pattern + rest[pattern..].chars().take_while(|c| matches!(c, 'i' | 'm')).count()
            }
            _ => {
                let word = rest.find(|c: char| c.is_whitespace() || "./:!=><*~[]{}(),@#;?+-%|^&\"'`".contains(c));
                match word {
                    Some(0) => {
                        let two =
                            ["..", ":=", "!=", ">=", "<=", "**", "~>"].into_iter().find(|op| rest.starts_with(op));
                        let length = two.map_or(first.len_utf8(), str::len);
                        tokens.push(Token::Operator(&rest[..length]));
                        length
                    }
                    end => {
                        let word = &rest[..end.unwrap_or(rest.len())];
                        tokens.push(match word.strip_prefix('$') {
                            Some(name) => Token::Variable(name),
                            None if matches!(word, "and" | "or" | "in") => Token::Operator(word),
                            None if first.is_ascii_digit() => Token::Literal,
                            None => Token::Name(word),
                        });
                        word.len()
                    }
                }
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn begins_pattern(before: Option<&Token<'_>>) -> bool {
    match before {
        None => true,
        Some(Token::Operator(operator)) => !matches!(*operator, ")" | "]" | "}"),
        Some(_) => false,
    }
}

/// How long it is up to the closing quote.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let names = vec!["items".to_owned()];
        Raw { text: text.to_owned(), names, is_list: false }.problem().unwrap_or_default()
    }

    #[test]
    fn what_is_right_passes() {
        for right in [
            "$sum($items.price)",
            "$map($items, function($v, $i) { $v & ' $nobody ' & $i })",
            "( $total := $sum($items); $total / 2 )",
            "$items[price > 5].`a b`[0]",
            "$replace($items[0], /[$\\/]x/i, '-') /* $nobody */",
            "$items@$one#$at.{ 'x': $one, 'at': $at }",
            "$states.context.Execution.Name & $items",
            "$items ^(>price) ~> $count",
        ] {
            assert_eq!(problem(right), "", "{right}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (wrong, part) in [
            ("", "found nothing"),
            ("{% $items %}", "without `{%`"),
            ("$sum($items", "expected `)` before the end"),
            ("$sum($items]", "expected `)`, found `]`"),
            ("$items & 'it", "a `'` without its end"),
            ("$items & $price", "nothing is bound to `$price`"),
            ("$sum([1])", "nothing reads `$items`"),
            ("$states.input.x & $items", "only `$states.context`"),
            ("$eval($items)", "nothing is bound to `$eval`"),
            ("$items, 1", "one expression"),
            ("$$.x & $items", "`$$` is not there"),
        ] {
            assert!(problem(wrong).contains(part), "{wrong}: {}", problem(wrong));
        }
        let named = Raw { text: "$sum(1)".into(), names: vec!["sum".into()], is_list: false };
        assert!(named.problem().is_some_and(|problem| problem.contains("can't be bound to `sum`")));
    }

    #[test]
    fn what_draws_anew_is_known() {
        let raw = |text: &str| Raw { text: text.to_owned(), names: Vec::new(), is_list: false };
        assert!(raw("$round($random() * 6)").is_impure());
        assert!(!raw("'$random()'").is_impure());
    }
}
