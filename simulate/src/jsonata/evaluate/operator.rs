//! Operators between two values.

use super::Evaluator;
use crate::jsonata::error::Error;
use crate::jsonata::frame::Frame;
use crate::jsonata::function::text;
use crate::jsonata::node::Node;
use crate::jsonata::value::Value;

impl Evaluator {
    pub(super) fn binary(
        &self,
        node: &Node,
        operator: &'static str,
        left: &Node,
        right: &Node,
        input: &Value,
        frame: &Frame,
    ) -> Result<Value, Error> {
        let left = self.run(left, input, frame)?;
        match operator {
            "and" if !left.to_bool() => return Ok(false.into()),
            "or" if left.to_bool() => return Ok(true.into()),
            _ => {}
        }
        let right = self.run(right, input, frame)?;
        let fail = |code| Error::new(code, node.position, &format!("\"{operator}\""), "");
        match operator {
            "and" | "or" => Ok(right.to_bool().into()),
            "+" | "-" | "*" | "/" | "%" => arithmetic(operator, &left, &right, fail),
            "=" | "!=" if left.is_undefined() || right.is_undefined() => Ok(false.into()),
            "=" => Ok(left.equals(&right).into()),
            "!=" => Ok((!left.equals(&right)).into()),
            "<" | "<=" | ">" | ">=" => compare(node, operator, &left, &right, fail),
            "&" => {
                let text = |value: &Value| match value {
                    Value::Undefined => Ok(String::new()),
                    other => text::string(other),
                };
                Ok((text(&left)? + &text(&right)?).into())
            }
            ".." => range(node, &left, &right, fail),
            "in" => Ok(is_in(&left, &right).into()),
            other => Err(Error::new("S0204", node.position, other, "")),
        }
    }
}

fn number(value: &Value, code: &'static str, fail: impl Fn(&'static str) -> Error) -> Result<Option<f64>, Error> {
    match value {
        Value::Undefined => Ok(None),
        Value::Number(number) if number.is_finite() => Ok(Some(*number)),
        Value::Number(number) => Err(Error::with_value("D1001", &crate::jsonata::value::number_to_text(*number))),
        _ => Err(fail(code)),
    }
}

fn arithmetic(
    operator: &str,
    left: &Value,
    right: &Value,
    fail: impl Fn(&'static str) -> Error + Copy,
) -> Result<Value, Error> {
    let (Some(left), Some(right)) = (number(left, "T2001", fail)?, number(right, "T2002", fail)?) else {
        return Ok(Value::Undefined);
    };
    Ok(Value::Number(match operator {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        _ => left % right,
    }))
}

fn compare(
    node: &Node,
    operator: &str,
    left: &Value,
    right: &Value,
    fail: impl Fn(&'static str) -> Error,
) -> Result<Value, Error> {
    let comparable = |value: &Value| matches!(value, Value::Undefined | Value::Number(_) | Value::String(_));
    if !comparable(left) || !comparable(right) {
        return Err(fail("T2010"));
    }
    let order = match (left, right) {
        (Value::Undefined, _) | (_, Value::Undefined) => return Ok(Value::Undefined),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        // By UTF-16, as JavaScript and Java compare.
        (Value::String(a), Value::String(b)) => Some(a.encode_utf16().cmp(b.encode_utf16())),
        _ => {
            let shown = |value: &Value| match value {
                Value::String(text) => format!("\"{text}\""),
                other => text::string(other).unwrap_or_default(),
            };
            let values = format!("{} and {}", shown(left), shown(right));
            return Err(Error::new("T2009", node.position, &format!("\"{operator}\""), &values));
        }
    };
    Ok(order
        .is_some_and(|order| match operator {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            _ => order.is_ge(),
        })
        .into())
}

fn range(node: &Node, left: &Value, right: &Value, fail: impl Fn(&'static str) -> Error) -> Result<Value, Error> {
    let whole = |value: &Value, code| match value {
        Value::Undefined => Ok(None),
        Value::Number(number) if number.fract() == 0.0 => Ok(Some(*number)),
        _ => Err(fail(code)),
    };
    let (Some(first), Some(last)) = (whole(left, "T2003")?, whole(right, "T2004")?) else {
        return Ok(Value::Undefined);
    };
    if first > last {
        return Ok(Value::Undefined);
    }
    let size = last - first + 1.0;
    if size > 1e7 {
        let size = crate::jsonata::value::number_to_text(size);
        return Err(Error::new("D2014", node.position, "", &size));
    }
    let mut items = Vec::new();
    let mut at = first;
    while at <= last {
        items.push(Value::Number(at));
        at += 1.0;
    }
    Ok(Value::sequence(items))
}

/// The same scalar; objects and lists are the same only if they are one.
fn is_in(item: &Value, list: &Value) -> bool {
    if item.is_undefined() || list.is_undefined() {
        return false;
    }
    list.items().iter().any(|other| match (item, other) {
        (Value::Array(a), Value::Array(b)) => std::rc::Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => std::rc::Rc::ptr_eq(a, b),
        (a, b) => a.equals(b),
    })
}
