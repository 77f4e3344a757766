//! Parsing conditions.

use std::cmp::Ordering;

use super::{Comparator, Condition, Operand};
use crate::dynamodb::expression::{Parser, wrong_count, wrong_kind};
use crate::dynamodb::token::Token;
use crate::dynamodb::value::{TYPES, Value};

/// The most values of IN.
const ALLOWED: usize = 100;

/// What may stand in parentheses.
enum Term {
    Operand(Operand),
    Condition(Condition),
    /// A call of a function that is a condition, with its name.
    Call(&'static str, Condition),
}

pub(super) fn parse(parser: &mut Parser<'_>) -> Result<Condition, String> {
    let term = any(parser)?;
    parser.end()?;
    condition(parser, term)
}

/// A term that must be a condition.
fn condition(parser: &Parser<'_>, term: Term) -> Result<Condition, String> {
    match term {
        Term::Condition(condition) | Term::Call(_, condition) => Ok(condition),
        Term::Operand(Operand::Size(_)) => Err(misused("size")),
        Term::Operand(_) => Err(parser.wrong()),
    }
}

/// A term that must be an operand.
fn operand(parser: &Parser<'_>, term: Term) -> Result<Operand, String> {
    match term {
        Term::Operand(operand) => Ok(operand),
        Term::Call(function, _) => Err(misused(function)),
        Term::Condition(_) => Err(parser.wrong()),
    }
}

fn misused(function: &str) -> String {
    format!("The function is not allowed to be used this way in an expression; function: {function}")
}

fn any(parser: &mut Parser<'_>) -> Result<Term, String> {
    chain(parser, "OR", Condition::Any, |parser| chain(parser, "AND", Condition::All, not))
}

/// One or more parts with a keyword between them.
fn chain(
    parser: &mut Parser<'_>,
    keyword: &str,
    join: fn(Vec<Condition>) -> Condition,
    part: fn(&mut Parser<'_>) -> Result<Term, String>,
) -> Result<Term, String> {
    let first = part(parser)?;
    if !parser.peek().is_some_and(|next| next.is_keyword(keyword)) {
        return Ok(first);
    }
    let mut parts = vec![condition(parser, first)?];
    while parser.take_keyword(keyword) {
        let next = part(parser)?;
        parts.push(condition(parser, next)?);
    }
    Ok(Term::Condition(join(parts)))
}

fn not(parser: &mut Parser<'_>) -> Result<Term, String> {
    if !parser.take_keyword("NOT") {
        return comparison(parser);
    }
    let inner = parser.nested(not)?;
    condition(parser, inner).map(|inner| Term::Condition(Condition::Not(Box::new(inner))))
}

fn comparison(parser: &mut Parser<'_>) -> Result<Term, String> {
    let first = term(parser)?;
    if let Some(comparator) = comparator(parser) {
        let left = operand(parser, first)?;
        parser.skip();
        let right = next_operand(parser)?;
        check_compared(comparator, &left, &right)?;
        return Ok(Term::Condition(Condition::Compare(comparator, left, right)));
    }
    if parser.peek().is_some_and(|next| next.is_keyword("BETWEEN")) {
        let tested = operand(parser, first)?;
        parser.skip();
        let low = next_operand(parser)?;
        if !parser.take_keyword("AND") {
            return Err(parser.wrong());
        }
        let high = next_operand(parser)?;
        check_bounds(&low, &high)?;
        return Ok(Term::Condition(Condition::Between(tested, low, high)));
    }
    if parser.peek().is_some_and(|next| next.is_keyword("IN")) {
        let tested = operand(parser, first)?;
        parser.skip();
        parser.expect("(")?;
        let allowed = operands(parser)?;
        if allowed.len() > ALLOWED {
            return Err(wrong_count("IN", allowed.len() + 1));
        }
        return Ok(Term::Condition(Condition::In(tested, allowed)));
    }
    Ok(first)
}

fn comparator(parser: &Parser<'_>) -> Option<Comparator> {
    let Some(Token::Symbol(symbol)) = parser.peek() else { return None };
    match symbol {
        "=" => Some(Comparator::Equal),
        "<>" => Some(Comparator::NotEqual),
        "<" => Some(Comparator::Less),
        "<=" => Some(Comparator::AtMost),
        ">" => Some(Comparator::Greater),
        ">=" => Some(Comparator::AtLeast),
        _ => None,
    }
}

fn next_operand(parser: &mut Parser<'_>) -> Result<Operand, String> {
    let next = term(parser)?;
    operand(parser, next)
}

/// Operands up to the closing parenthesis.
fn operands(parser: &mut Parser<'_>) -> Result<Vec<Operand>, String> {
    let mut found = vec![next_operand(parser)?];
    while parser.take(",") {
        found.push(next_operand(parser)?);
    }
    parser.expect(")")?;
    Ok(found)
}

fn term(parser: &mut Parser<'_>) -> Result<Term, String> {
    if parser.take("(") {
        return parser.nested(|parser| {
            let doubled = matches!(parser.peek(), Some(Token::Symbol("(")));
            let inner = if doubled { doubled_term(parser)? } else { any(parser)? };
            parser.expect(")")?;
            Ok(inner)
        });
    }
    if let Some(name) = parser.call() {
        return parser.nested(|parser| call(parser, name));
    }
    if let Some(value) = parser.value()? {
        return Ok(Term::Operand(Operand::Value(value)));
    }
    parser.path().map(|path| Term::Operand(Operand::Path(path)))
}

/// What begins with two parentheses: the inner ones must not be all there is between the outer ones.
fn doubled_term(parser: &mut Parser<'_>) -> Result<Term, String> {
    let closing = parser.closing();
    let inner = any(parser)?;
    if closing == parser.place() && matches!(parser.peek(), Some(Token::Symbol(")"))) {
        return Err("The expression has redundant parentheses;".to_owned());
    }
    Ok(inner)
}

fn call(parser: &mut Parser<'_>, name: &str) -> Result<Term, String> {
    let (name, count) = match name {
        "size" => ("size", 1),
        "attribute_exists" => ("attribute_exists", 1),
        "attribute_not_exists" => ("attribute_not_exists", 1),
        "attribute_type" => ("attribute_type", 2),
        "begins_with" => ("begins_with", 2),
        "contains" => ("contains", 2),
        other => return Err(format!("Invalid function name; function: {other}")),
    };
    let given = operands(parser)?;
    if given.len() != count {
        return Err(wrong_count(name, given.len()));
    }
    let mut given = given.into_iter();
    match (name, given.next(), given.next()) {
        ("size", Some(of), None) => match of {
            Operand::Value(value) if value.length().is_none() => Err(wrong_kind(name, value.kind())),
            Operand::Size(_) => Err(wrong_kind(name, "N")),
            of => Ok(Term::Operand(Operand::Size(Box::new(of)))),
        },
        ("attribute_exists", Some(Operand::Path(path)), None) => Ok(Term::Call(name, Condition::Exists(path))),
        ("attribute_not_exists", Some(Operand::Path(path)), None) => Ok(Term::Call(name, Condition::NotExists(path))),
        ("attribute_type", Some(of), Some(kind)) => match kind {
            Operand::Value(Value::Text(kind)) if TYPES.contains(&kind.as_str()) => {
                Ok(Term::Call(name, Condition::HasType(of, kind)))
            }
            Operand::Value(Value::Text(kind)) => Err(format!(
                "Invalid attribute type name found; type: {kind}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
            )),
            Operand::Value(value) => Err(wrong_kind(name, value.kind())),
            Operand::Path(_) | Operand::Size(_) => Err(wrong_kind(name, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")),
        },
        ("begins_with", Some(of), Some(start)) => {
            check_distinct(name, &of, &start)?;
            for operand in [&of, &start] {
                match operand {
                    Operand::Value(value) if !matches!(value, Value::Text(_) | Value::Binary(_)) => {
                        return Err(wrong_kind(name, value.kind()));
                    }
                    Operand::Size(_) => return Err(wrong_kind(name, "N")),
                    Operand::Path(_) | Operand::Value(_) => {}
                }
            }
            Ok(Term::Call(name, Condition::BeginsWith(of, start)))
        }
        ("contains", Some(of), Some(part)) => {
            check_distinct(name, &of, &part)?;
            Ok(Term::Call(name, Condition::Contains(of, part)))
        }
        _ => Err(format!("Operator or function requires a document path; operator or function: {name}")),
    }
}

fn check_compared(comparator: Comparator, left: &Operand, right: &Operand) -> Result<(), String> {
    let symbol = comparator.symbol();
    check_distinct(symbol, left, right)?;
    if matches!(comparator, Comparator::Equal | Comparator::NotEqual) {
        return Ok(());
    }
    for operand in [left, right] {
        if let Operand::Value(value) = operand
            && value.order(value).is_none()
        {
            let kind = value.kind();
            return Err(format!(
                "Incorrect operand type for operator or function; operator: {symbol}, operand type: {kind}"
            ));
        }
    }
    Ok(())
}

fn check_distinct(operator: &str, first: &Operand, second: &Operand) -> Result<(), String> {
    match (first, second) {
        (Operand::Path(one), Operand::Path(two)) if one == two => Err(format!(
            "The first operand must be distinct from the remaining operands for this operator or function; operator: \
             {operator}, first operand: {one}"
        )),
        _ => Ok(()),
    }
}

fn check_bounds(low: &Operand, high: &Operand) -> Result<(), String> {
    let (Operand::Value(low), Operand::Value(high)) = (low, high) else { return Ok(()) };
    let needed = match low.order(high) {
        Some(Ordering::Less | Ordering::Equal) => return Ok(()),
        Some(Ordering::Greater) => "upper bound to be greater than or equal to lower bound",
        None if low.kind() == high.kind() => {
            let kind = low.kind();
            return Err(format!(
                "Incorrect operand type for operator or function; operator: BETWEEN, operand type: {kind}"
            ));
        }
        None => "same data type for lower and upper bounds",
    };
    let show = |value: &Value| format!("AttributeValue: {}", value.write().to_string().replace('"', ""));
    Err(format!(
        "The BETWEEN operator requires {needed}; lower bound operand: {}, upper bound operand: {}",
        show(low),
        show(high)
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::tests::holds;

    fn refused(expression: &str, values: &Json) -> String {
        let message = holds(expression, values).unwrap_err();
        message.strip_prefix("Invalid ConditionExpression: ").unwrap().to_owned()
    }

    #[test]
    fn what_is_no_condition_is_a_syntax_error() {
        let value = json!({ ":v": { "N": "1" } });
        for (expression, expected) in [
            ("n = = :v", r#"Syntax error; token: "=", near: "= = :v""#),
            ("n", r#"Syntax error; token: "<EOF>", near: "n""#),
            ("n = :v AND", r#"Syntax error; token: "<EOF>", near: "AND""#),
            ("(n = :v", r#"Syntax error; token: "<EOF>", near: ":v""#),
            ("n = :v)", r#"Syntax error; token: ")", near: ":v)""#),
            ("n AND t = :v", r#"Syntax error; token: "AND", near: "n AND t""#),
            ("n BETWEEN :v OR :v", r#"Syntax error; token: "OR", near: ":v OR :v""#),
            ("_n = :v", r#"Syntax error; token: "_", near: "_n""#),
        ] {
            assert_eq!(refused(expression, &value), expected, "{expression}");
        }
    }

    #[test]
    fn redundant_parentheses_are_refused_and_others_are_not() {
        let value = json!({ ":v": { "N": "10" } });
        assert_eq!(refused("((n = :v))", &value), "The expression has redundant parentheses;");
        assert_eq!(refused("((n)) = :v", &value), "The expression has redundant parentheses;");
        assert_eq!(holds("((n = :v) AND (n = :v))", &value), Ok(true));
        assert_eq!(holds("((n) = (:v))", &value), Ok(true));
        assert_eq!(holds("(NOT (n = :v))", &value), Ok(false));
        assert_eq!(refused(&format!("{}n = :v", "(NOT ".repeat(200)), &value), "The expression is nested too deeply");
        let side_by_side = vec!["(n = :v)"; 200].join(" AND ");
        assert_eq!(holds(&side_by_side, &value), Ok(true));
    }

    #[test]
    fn functions_are_checked() {
        let value = json!({ ":v": { "N": "1" } });
        for (expression, expected) in [
            ("sizes(n) = :v", "Invalid function name; function: sizes"),
            ("SIZE(n) = :v", "Invalid function name; function: SIZE"),
            ("size(n)", "The function is not allowed to be used this way in an expression; function: size"),
            (
                "attribute_exists(n) = :v",
                "The function is not allowed to be used this way in an expression; function: attribute_exists",
            ),
            (
                "attribute_exists(n, t)",
                "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of \
                 operands: 2",
            ),
            (
                "attribute_exists(:v)",
                "Operator or function requires a document path; operator or function: attribute_exists",
            ),
            (
                "begins_with(t, :v)",
                "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
            ),
            (
                "attribute_type(t, :v)",
                "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
            ),
            (
                "size(:v) = n",
                "Incorrect operand type for operator or function; operator or function: size, operand type: N",
            ),
            (
                "n = n",
                "The first operand must be distinct from the remaining operands for this operator or function; operator: =, \
                 first operand: [n]",
            ),
        ] {
            assert_eq!(refused(expression, &value), expected, "{expression}");
        }
        let kind = json!({ ":v": { "S": "TEXT" } });
        assert!(refused("attribute_type(t, :v)", &kind).starts_with("Invalid attribute type name found; type: TEXT,"));
    }

    #[test]
    fn operands_are_checked() {
        assert_eq!(
            refused("n < :v", &json!({ ":v": { "BOOL": true } })),
            "Incorrect operand type for operator or function; operator: <, operand type: BOOL"
        );
        assert_eq!(
            refused("n BETWEEN :a AND :b", &json!({ ":a": { "N": "2" }, ":b": { "N": "1" } })),
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: \
             AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"
        );
        assert!(
            refused("n BETWEEN :a AND :b", &json!({ ":a": { "N": "2" }, ":b": { "S": "3" } }))
                .starts_with("The BETWEEN operator requires same data type for lower and upper bounds;")
        );
        assert_eq!(
            refused("n = :x", &json!({ ":v": { "N": "1" } })),
            "An expression attribute value used in expression is not defined; attribute value: :x"
        );
        let list = vec![":v"; 101].join(", ");
        assert!(
            refused(&format!("n IN ({list})"), &json!({ ":v": { "N": "1" } })).contains("operator or function: IN")
        );
        assert_eq!(
            refused("status = :v", &json!({ ":v": { "S": "open" } })),
            "Attribute name is a reserved keyword; reserved keyword: status"
        );
    }
}
