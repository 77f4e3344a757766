//! Conditions: what condition, filter and key condition expressions say.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::expression::Parser;
use super::number::Number;
use super::path::Path;
use super::value::{Item, Value};

mod parse;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Comparator, Operand, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path),
    NotExists(Path),
    HasType(Operand, String),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Path(Path),
    Value(Value),
    Size(Box<Operand>),
}

impl Condition {
    /// # Errors
    ///
    /// What DynamoDB says of an expression it can't read, without the name of the field.
    pub(super) fn parse(parser: &mut Parser<'_>) -> Result<Self, String> {
        parse::parse(parser)
    }

    /// Whether an item is so; where there is no item, it has no attributes.
    pub(super) fn holds(&self, item: &Item) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(item)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(item)),
            Self::Not(condition) => !condition.holds(item),
            Self::Compare(comparator, left, right) => comparator.holds(left.read(item), right.read(item)),
            Self::Between(operand, low, high) => {
                Comparator::AtLeast.holds(operand.read(item), low.read(item))
                    && Comparator::AtMost.holds(operand.read(item), high.read(item))
            }
            Self::In(operand, allowed) => {
                allowed.iter().any(|allowed| Comparator::Equal.holds(operand.read(item), allowed.read(item)))
            }
            Self::Exists(path) => path.read(item).is_some(),
            Self::NotExists(path) => path.read(item).is_none(),
            Self::HasType(operand, kind) => operand.read(item).is_some_and(|value| value.kind() == kind),
            Self::BeginsWith(operand, start) => both(operand.read(item), start.read(item), Value::begins_with),
            Self::Contains(operand, part) => both(operand.read(item), part.read(item), Value::contains),
        }
    }

    /// Calls `see` with all paths that it reads.
    pub(super) fn paths<'c>(&'c self, see: &mut impl FnMut(&'c Path)) {
        match self {
            Self::All(conditions) | Self::Any(conditions) => {
                for condition in conditions {
                    condition.paths(see);
                }
            }
            Self::Not(condition) => condition.paths(see),
            Self::Compare(_, one, two) | Self::BeginsWith(one, two) | Self::Contains(one, two) => {
                one.paths(see);
                two.paths(see);
            }
            Self::Between(operand, low, high) => {
                operand.paths(see);
                low.paths(see);
                high.paths(see);
            }
            Self::In(operand, allowed) => {
                operand.paths(see);
                for allowed in allowed {
                    allowed.paths(see);
                }
            }
            Self::Exists(path) | Self::NotExists(path) => see(path),
            Self::HasType(operand, _) => operand.paths(see),
        }
    }
}

fn both(one: Option<Cow<'_, Value>>, two: Option<Cow<'_, Value>>, hold: impl Fn(&Value, &Value) -> bool) -> bool {
    one.zip(two).is_some_and(|(one, two)| hold(&one, &two))
}

impl Operand {
    fn read<'v>(&'v self, item: &'v Item) -> Option<Cow<'v, Value>> {
        match self {
            Self::Path(path) => path.read(item).map(Cow::Borrowed),
            Self::Value(value) => Some(Cow::Borrowed(value)),
            Self::Size(of) => {
                let length = of.read(item)?.length()?;
                Some(Cow::Owned(Value::Number(Number::from(length))))
            }
        }
    }

    fn paths<'c>(&'c self, see: &mut impl FnMut(&'c Path)) {
        match self {
            Self::Path(path) => see(path),
            Self::Value(_) => {}
            Self::Size(of) => of.paths(see),
        }
    }
}

impl Comparator {
    /// What isn't there, or is of another type, is neither equal nor less nor greater.
    fn holds(self, left: Option<Cow<'_, Value>>, right: Option<Cow<'_, Value>>) -> bool {
        let ordered = |orders: &[Ordering]| {
            let order = left.as_deref().zip(right.as_deref()).and_then(|(left, right)| left.order(right));
            order.is_some_and(|order| orders.contains(&order))
        };
        let equal = || left.as_deref().zip(right.as_deref()).is_some_and(|(left, right)| left == right);
        match self {
            Self::Equal => equal(),
            Self::NotEqual => !equal(),
            Self::Less => ordered(&[Ordering::Less]),
            Self::AtMost => ordered(&[Ordering::Less, Ordering::Equal]),
            Self::Greater => ordered(&[Ordering::Greater]),
            Self::AtLeast => ordered(&[Ordering::Greater, Ordering::Equal]),
        }
    }

    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::expression::Expressions;
    use super::super::request::Request;
    use super::super::value::read_item;

    /// Whether the item of these tests fulfils the condition.
    pub(super) fn holds(expression: &str, values: &Json) -> Result<bool, String> {
        let item = read_item(&json!({
            "n": { "N": "10" },
            "t": { "S": "hello" },
            "b": { "B": "AQID" },
            "ss": { "SS": ["x", "y"] },
            "ns": { "NS": ["1", "2"] },
            "l": { "L": [{ "S": "x" }, { "N": "1" }] },
            "m": { "M": { "deep": { "L": [{ "M": { "n": { "N": "3" } } }] } } },
            "yes": { "BOOL": true },
            "nothing": { "NULL": true },
            "status": { "S": "open" },
        }))
        .unwrap();
        let mut json = json!({ "ConditionExpression": expression });
        if values.as_object().is_some_and(|values| !values.is_empty()) {
            json["ExpressionAttributeValues"] = values.clone();
        }
        if expression.contains("#s") {
            json["ExpressionAttributeNames"] = json!({ "#s": "status" });
        }
        let known = ["ConditionExpression", "ExpressionAttributeValues", "ExpressionAttributeNames"];
        let mut expressions =
            Expressions::open(Request::read(&json, &known).unwrap(), &["ConditionExpression"]).unwrap();
        let condition = expressions.condition("ConditionExpression").map_err(|refusal| refusal.message)?.unwrap();
        expressions.close().map_err(|refusal| refusal.message)?;
        Ok(condition.holds(&item))
    }

    #[test]
    fn comparisons_want_the_same_type() {
        let number = json!({ ":v": { "N": "9" } });
        assert_eq!(holds("n > :v", &number), Ok(true));
        assert_eq!(holds("n < :v", &number), Ok(false));
        assert_eq!(holds("n <> :v", &number), Ok(true));
        assert_eq!(holds("n = :v", &json!({ ":v": { "N": "10.0" } })), Ok(true));
        let text = json!({ ":v": { "S": "9" } });
        for comparator in ["=", "<", "<=", ">", ">="] {
            assert_eq!(holds(&format!("n {comparator} :v"), &text), Ok(false), "{comparator}");
            assert_eq!(holds(&format!("absent {comparator} :v"), &text), Ok(false), "{comparator}");
        }
        assert_eq!(holds("n <> :v", &text), Ok(true));
        assert_eq!(holds("absent <> :v", &text), Ok(true));
        assert_eq!(holds("t >= :v AND t <= :v", &json!({ ":v": { "S": "hello" } })), Ok(true));
        assert_eq!(holds(":v < b", &json!({ ":v": { "B": "AQI=" } })), Ok(true));
        assert_eq!(holds("ss = :v", &json!({ ":v": { "SS": ["y", "x"] } })), Ok(true));
        assert_eq!(holds("l[0] = m.deep", &json!({})), Ok(false));
    }

    #[test]
    fn functions_look_at_values() {
        let text = |text: &str| json!({ ":v": { "S": text } });
        for (expression, value, expected) in [
            ("attribute_exists(m.deep[0].n)", json!({}), true),
            ("attribute_exists(m.deep[1])", json!({}), false),
            ("attribute_not_exists(absent)", json!({}), true),
            ("attribute_not_exists(n)", json!({}), false),
            ("attribute_type(ss, :v)", text("SS"), true),
            ("attribute_type(nothing, :v)", text("NULL"), true),
            ("attribute_type(n, :v)", text("S"), false),
            ("begins_with(t, :v)", text("he"), true),
            ("begins_with(t, :v)", text("lo"), false),
            ("begins_with(b, :v)", json!({ ":v": { "B": "AQI=" } }), true),
            ("contains(t, :v)", text("ell"), true),
            ("contains(ss, :v)", text("x"), true),
            ("contains(ss, :v)", text("z"), false),
            ("contains(ns, :v)", json!({ ":v": { "N": "2.0" } }), true),
            ("contains(l, :v)", text("x"), true),
            ("contains(l, :v)", text("hello"), false),
            ("contains(b, :v)", json!({ ":v": { "B": "AgM=" } }), true),
            ("contains(n, :v)", json!({ ":v": { "N": "1" } }), false),
            ("contains(:v, t)", text("say hello"), true),
            ("size(ss) = :v", json!({ ":v": { "N": "2" } }), true),
            ("size(t) < :v", json!({ ":v": { "N": "5" } }), false),
            ("size(m.deep) = size(m)", json!({}), true),
            ("size(n) >= :v", json!({ ":v": { "N": "0" } }), false),
            ("size(absent) < :v", json!({ ":v": { "N": "1" } }), false),
        ] {
            assert_eq!(holds(expression, &value), Ok(expected), "{expression} {value}");
        }
    }

    #[test]
    fn between_and_in_pick_values() {
        let bounds = |low: &str, high: &str| json!({ ":low": { "N": low }, ":high": { "N": high } });
        assert_eq!(holds("n BETWEEN :low AND :high", &bounds("10", "11")), Ok(true));
        assert_eq!(holds("n between :low and :high AND yes = yes2", &bounds("10", "11")), Ok(false));
        assert_eq!(holds("n BETWEEN :low AND :high", &bounds("11", "12")), Ok(false));
        assert_eq!(holds("n BETWEEN :low AND :high", &bounds("8", "9")), Ok(false));
        assert_eq!(
            holds("#s IN (:low, :high)", &json!({ ":low": { "S": "shut" }, ":high": { "S": "open" } })),
            Ok(true)
        );
        assert_eq!(holds("n IN (:low, :high)", &bounds("9", "11")), Ok(false));
    }

    #[test]
    fn not_binds_closer_than_and_and_that_closer_than_or() {
        let (yes, no) = ("attribute_exists(n)", "attribute_exists(absent)");
        for (expression, expected) in [
            (format!("NOT {no} AND {yes}"), true),
            (format!("NOT {yes} AND {no}"), false),
            (format!("NOT ({yes} AND {no})"), true),
            (format!("{yes} OR {yes} AND {no}"), true),
            (format!("({yes} OR {yes}) AND {no}"), false),
            (format!("{no} AND {no} OR {yes}"), true),
            (format!("{no} and {no} or not {no}"), true),
        ] {
            assert_eq!(holds(&expression, &json!({})), Ok(expected), "{expression}");
        }
    }
}
