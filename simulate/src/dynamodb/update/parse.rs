//! Parsing updates.

use super::{Change, Source, Update};
use crate::dynamodb::expression::{Parser, wrong_count, wrong_kind};
use crate::dynamodb::path::check_apart;
use crate::dynamodb::value::Value;

const SECTIONS: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

pub(super) fn parse(parser: &mut Parser<'_>) -> Result<Update, String> {
    let mut update = Update::default();
    let mut seen: Vec<&str> = Vec::new();
    while parser.peek().is_some() {
        let section =
            SECTIONS.into_iter().find(|section| parser.take_keyword(section)).ok_or_else(|| parser.wrong())?;
        if seen.contains(&section) {
            return Err(format!("The \"{section}\" section can only be used once in an update expression;"));
        }
        seen.push(section);
        loop {
            let path = parser.path()?;
            let change = match section {
                "SET" => {
                    parser.expect("=")?;
                    Change::Set(source(parser)?)
                }
                "REMOVE" => Change::Remove,
                "ADD" => Change::Add(changed(parser, section)?),
                _ => Change::Delete(changed(parser, section)?),
            };
            update.changes.push((path, change));
            if !parser.take(",") {
                break;
            }
        }
    }
    check_apart(update.paths())?;
    Ok(update)
}

/// The value of ADD or DELETE.
fn changed(parser: &mut Parser<'_>, section: &str) -> Result<Value, String> {
    let value = parser.value()?.ok_or_else(|| parser.wrong())?;
    let wrong = match &value {
        Value::Texts(_) | Value::Numbers(_) | Value::Binaries(_) => return Ok(value),
        Value::Number(_) if section == "ADD" => return Ok(value),
        Value::Number(_) => "NUMBER",
        Value::Text(_) => "STRING",
        Value::Binary(_) => "BINARY",
        Value::Bool(_) => "BOOLEAN",
        Value::Null => "NULL",
        Value::List(_) => "LIST",
        Value::Map(_) => "MAP",
    };
    Err(format!("Incorrect operand type for operator or function; operator: {section}, operand type: {wrong}"))
}

/// One operand, or the sum or difference of two.
fn source(parser: &mut Parser<'_>) -> Result<Source, String> {
    let left = if parser.take("(") {
        let inner = parser.nested(source)?;
        parser.expect(")")?;
        if matches!(inner, Source::Plus(..) | Source::Minus(..)) {
            return Ok(inner);
        }
        inner
    } else {
        operand(parser)?
    };
    let adds = parser.take("+");
    if !adds && !parser.take("-") {
        return Ok(left);
    }
    let right = operand(parser)?;
    check_kind(if adds { "+" } else { "-" }, [&left, &right], "N")?;
    let (left, right) = (Box::new(left), Box::new(right));
    Ok(if adds { Source::Plus(left, right) } else { Source::Minus(left, right) })
}

fn operand(parser: &mut Parser<'_>) -> Result<Source, String> {
    if parser.take("(") {
        let inner = parser.nested(operand)?;
        parser.expect(")")?;
        return Ok(inner);
    }
    if let Some(name) = parser.call() {
        return parser.nested(|parser| call(parser, name));
    }
    if let Some(value) = parser.value()? {
        return Ok(Source::Value(value));
    }
    parser.path().map(Source::Path)
}

fn call(parser: &mut Parser<'_>, name: &str) -> Result<Source, String> {
    if !matches!(name, "if_not_exists" | "list_append") {
        return Err(format!("Invalid function name; function: {name}"));
    }
    let mut given = vec![operand(parser)?];
    while parser.take(",") {
        given.push(operand(parser)?);
    }
    parser.expect(")")?;
    let count = given.len();
    let mut given = given.into_iter();
    let (Some(first), Some(second), None) = (given.next(), given.next(), given.next()) else {
        return Err(wrong_count(name, count));
    };
    if name == "list_append" {
        check_kind(name, [&first, &second], "L")?;
        return Ok(Source::Append(Box::new(first), Box::new(second)));
    }
    match first {
        Source::Path(path) => Ok(Source::IfNotExists(path, Box::new(second))),
        _ => Err(format!("Operator or function requires a document path; operator or function: {name}")),
    }
}

/// That values that stand there themselves have the type.
fn check_kind(operator: &str, operands: [&Source; 2], kind: &str) -> Result<(), String> {
    for operand in operands {
        if let Source::Value(value) = operand
            && value.kind() != kind
        {
            return Err(wrong_kind(operator, value.kind()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::tests::update;

    fn refused(expression: &str) -> String {
        let values: Json = json!({ ":v": { "N": "1" }, ":w": { "S": "x" } });
        let values: Json =
            values.as_object().unwrap().clone().into_iter().filter(|(k, _)| expression.contains(k)).collect();
        let message = update(&json!({}), expression, &values).unwrap_err();
        message.strip_prefix("Invalid UpdateExpression: ").unwrap().to_owned()
    }

    #[test]
    fn syntax_errors_name_the_token() {
        for (expression, expected) in [
            ("SET a = :v,", r#"Syntax error; token: "<EOF>", near: ",""#),
            ("SET a", r#"Syntax error; token: "<EOF>", near: "a""#),
            ("a = :v", r#"Syntax error; token: "a", near: "a =""#),
            ("SET a = :v + :v + :v", r#"Syntax error; token: "+", near: ":v + :v""#),
            ("SET a = (:v + :v) + :v", r#"Syntax error; token: "+", near: ") + :v""#),
            ("ADD a b", r#"Syntax error; token: "b", near: "a b""#),
            ("REMOVE a :v", r#"Syntax error; token: ":v", near: "a :v""#),
        ] {
            assert_eq!(refused(expression), expected, "{expression}");
        }
    }

    #[test]
    fn sections_come_once_in_any_case_and_order() {
        assert_eq!(
            refused("SET a = :v REMOVE c SET b = :v"),
            "The \"SET\" section can only be used once in an update expression;"
        );
        let item = json!({ "c": { "S": "x" } });
        let after = update(&item, "remove c add n :v Set a = :v", &json!({ ":v": { "N": "1" } }));
        assert_eq!(after, Ok(json!({ "a": { "N": "1" }, "n": { "N": "1" } })));
    }

    #[test]
    fn paths_must_be_apart() {
        let message = refused("ADD a :v SET a = :v");
        assert!(message.starts_with("Two document paths overlap with each other;"), "{message}");
        assert!(message.ends_with("path one: [a], path two: [a]"), "{message}");
    }

    #[test]
    fn operands_are_checked() {
        for (expression, expected) in [
            ("ADD a :w", "Incorrect operand type for operator or function; operator: ADD, operand type: STRING"),
            ("DELETE a :v", "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"),
            (
                "SET a = a + :w",
                "Incorrect operand type for operator or function; operator or function: +, operand type: S",
            ),
            (
                "SET a = list_append(a, :v)",
                "Incorrect operand type for operator or function; operator or function: list_append, operand type: N",
            ),
            (
                "SET a = if_not_exists(:v, a)",
                "Operator or function requires a document path; operator or function: if_not_exists",
            ),
            (
                "SET a = if_not_exists(a)",
                "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of \
                 operands: 1",
            ),
            ("SET a = size(a)", "Invalid function name; function: size"),
            ("SET name = :v", "Attribute name is a reserved keyword; reserved keyword: name"),
        ] {
            assert_eq!(refused(expression), expected, "{expression}");
        }
    }
}
