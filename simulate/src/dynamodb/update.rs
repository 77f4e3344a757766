//! Updates: what update expressions do.

use super::Refusal;
use super::expression::Parser;
use super::path::Path;
use super::value::{Item, Value};

mod parse;

const NO_ATTRIBUTE: &str = "The provided expression refers to an attribute that does not exist in the item";
const WRONG_TYPE: &str = "An operand in the update expression has an incorrect data type";

/// What an update expression does, one change a path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Update {
    changes: Vec<(Path, Change)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Change {
    Set(Source),
    Remove,
    Add(Value),
    Delete(Value),
}

/// What an attribute is set to.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    Path(Path),
    Value(Value),
    IfNotExists(Path, Box<Source>),
    Append(Box<Source>, Box<Source>),
    Plus(Box<Source>, Box<Source>),
    Minus(Box<Source>, Box<Source>),
}

impl Update {
    /// # Errors
    ///
    /// What DynamoDB says of an expression it can't read, without the name of the field.
    pub(super) fn parse(parser: &mut Parser<'_>) -> Result<Self, String> {
        parse::parse(parser)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> + Clone {
        self.changes.iter().map(|(path, _)| path)
    }

    /// Whether it makes an item where there is none: REMOVE and DELETE alone don't.
    pub(super) fn creates(&self) -> bool {
        self.changes.is_empty()
            || self.changes.iter().any(|(_, change)| matches!(change, Change::Set(_) | Change::Add(_)))
    }

    /// The item as it is afterwards. All operands are read from the item as it was.
    ///
    /// # Errors
    ///
    /// If an operand is missing or of the wrong type, or there is no place for a value.
    pub(super) fn apply(&self, before: &Item) -> Result<Item, Refusal> {
        self.changed(before).map_err(Refusal::validation)
    }

    fn changed(&self, before: &Item) -> Result<Item, String> {
        let (mut written, mut removed) = (Vec::new(), Vec::new());
        for (path, change) in &self.changes {
            let old = path.read(before);
            match change {
                Change::Set(source) => written.push((path, source.value(before)?)),
                Change::Add(value) => written.push((path, sum(old, value)?)),
                Change::Remove => removed.push(path),
                Change::Delete(value) => match old.map(|old| without(old, value)).transpose()? {
                    Some(Some(rest)) => written.push((path, rest)),
                    Some(None) => removed.push(path),
                    None => {}
                },
            }
        }
        // The places in a list are those of the list as it was: what is behind its end is appended in order, and items
        // go from the end on.
        written.sort_by_key(|(path, _)| *path);
        removed.sort();
        let mut after = before.clone();
        for (path, value) in written {
            path.write(&mut after, value)?;
        }
        for path in removed.into_iter().rev() {
            path.remove(&mut after)?;
        }
        Ok(after)
    }
}

impl Source {
    fn value(&self, item: &Item) -> Result<Value, String> {
        match self {
            Self::Path(path) => path.read(item).cloned().ok_or_else(|| NO_ATTRIBUTE.to_owned()),
            Self::Value(value) => Ok(value.clone()),
            Self::IfNotExists(path, otherwise) => match path.read(item) {
                Some(value) => Ok(value.clone()),
                None => otherwise.value(item),
            },
            Self::Append(first, second) => match (first.value(item)?, second.value(item)?) {
                (Value::List(mut items), Value::List(more)) => {
                    items.extend(more);
                    Ok(Value::List(items))
                }
                _ => Err(WRONG_TYPE.to_owned()),
            },
            Self::Plus(left, right) => match (left.value(item)?, right.value(item)?) {
                (Value::Number(left), Value::Number(right)) => left.plus(right).map(Value::Number),
                _ => Err(WRONG_TYPE.to_owned()),
            },
            Self::Minus(left, right) => match (left.value(item)?, right.value(item)?) {
                (Value::Number(left), Value::Number(right)) => left.minus(right).map(Value::Number),
                _ => Err(WRONG_TYPE.to_owned()),
            },
        }
    }
}

/// What ADD makes of a value; where there is none, it begins with zero or an empty set.
fn sum(old: Option<&Value>, added: &Value) -> Result<Value, String> {
    match (old, added) {
        (None, added) => Ok(added.clone()),
        (Some(Value::Number(old)), Value::Number(added)) => old.plus(*added).map(Value::Number),
        (Some(Value::Texts(old)), Value::Texts(added)) => Ok(Value::Texts(old | added)),
        (Some(Value::Numbers(old)), Value::Numbers(added)) => Ok(Value::Numbers(old | added)),
        (Some(Value::Binaries(old)), Value::Binaries(added)) => Ok(Value::Binaries(old | added)),
        _ => Err(WRONG_TYPE.to_owned()),
    }
}

/// What DELETE leaves of a set; an empty set is removed.
fn without(old: &Value, deleted: &Value) -> Result<Option<Value>, String> {
    let rest = match (old, deleted) {
        (Value::Texts(old), Value::Texts(deleted)) => Value::Texts(old - deleted),
        (Value::Numbers(old), Value::Numbers(deleted)) => Value::Numbers(old - deleted),
        (Value::Binaries(old), Value::Binaries(deleted)) => Value::Binaries(old - deleted),
        _ => return Err(WRONG_TYPE.to_owned()),
    };
    Ok(Some(rest).filter(|rest| rest.length() != Some(0)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::expression::Expressions;
    use super::super::request::Request;
    use super::super::value::{read_item, write_item};

    /// The item after an update, or what is said of it.
    pub(super) fn update(item: &Json, expression: &str, values: &Json) -> Result<Json, String> {
        let mut json = json!({ "UpdateExpression": expression });
        if values.as_object().is_some_and(|values| !values.is_empty()) {
            json["ExpressionAttributeValues"] = values.clone();
        }
        let request = Request::read(&json, &["UpdateExpression", "ExpressionAttributeValues"]).unwrap();
        let mut expressions = Expressions::open(request, &["UpdateExpression"]).unwrap();
        let update = expressions.update("UpdateExpression").map_err(|refusal| refusal.message)?.unwrap();
        expressions.close().map_err(|refusal| refusal.message)?;
        let after = update.apply(&read_item(item).unwrap()).map_err(|refusal| refusal.message)?;
        Ok(write_item(&after))
    }

    #[test]
    fn set_reads_the_item_as_it_was() {
        let item = json!({ "a": { "N": "1" }, "b": { "N": "5" } });
        assert_eq!(update(&item, "SET a = b, b = a", &json!({})), Ok(json!({ "a": { "N": "5" }, "b": { "N": "1" } })));
    }

    #[test]
    fn set_calculates() {
        let item = json!({ "n": { "N": "10" }, "l": { "L": [{ "S": "x" }] } });
        let one = json!({ ":v": { "N": "1" } });
        let n = |expression: &str| update(&item, expression, &one).map(|item| item["n"]["N"].clone());
        assert_eq!(n("SET n = n + :v"), Ok(json!("11")));
        assert_eq!(n("SET n = :v - n"), Ok(json!("-9")));
        assert_eq!(n("SET n = if_not_exists(absent, :v) + n"), Ok(json!("11")));
        assert_eq!(n("SET n = if_not_exists(n, :v)"), Ok(json!("10")));
        assert_eq!(n("SET n = (n + :v)"), Ok(json!("11")));
        let more = json!({ ":v": { "L": [{ "S": "y" }] } });
        let l = |expression: &str| update(&item, expression, &more).map(|item| item["l"]["L"].clone());
        assert_eq!(l("SET l = list_append(l, :v)"), Ok(json!([{ "S": "x" }, { "S": "y" }])));
        assert_eq!(l("SET l = list_append(:v, l)"), Ok(json!([{ "S": "y" }, { "S": "x" }])));
        assert_eq!(l("SET l = list_append(if_not_exists(absent, :v), l)"), Ok(json!([{ "S": "y" }, { "S": "x" }])));
    }

    #[test]
    fn missing_and_wrong_operands_are_refused() {
        let item = json!({ "t": { "S": "x" }, "n": { "N": "1" } });
        let one = json!({ ":v": { "N": "1" } });
        assert_eq!(update(&item, "SET n = absent + :v", &one), Err(super::NO_ATTRIBUTE.to_owned()));
        assert_eq!(update(&item, "SET n = t + :v", &one), Err(super::WRONG_TYPE.to_owned()));
        assert_eq!(update(&item, "SET n = t - :v", &one), Err(super::WRONG_TYPE.to_owned()));
        assert_eq!(update(&item, "SET n = list_append(n, t)", &json!({})), Err(super::WRONG_TYPE.to_owned()));
        assert_eq!(update(&item, "ADD t :v", &one), Err(super::WRONG_TYPE.to_owned()));
        assert_eq!(update(&item, "DELETE t :v", &json!({ ":v": { "SS": ["x"] } })), Err(super::WRONG_TYPE.to_owned()));
        let nowhere = update(&item, "SET absent.deep = :v", &one).unwrap_err();
        assert_eq!(nowhere, "The document path provided in the update expression is invalid for update");
    }

    #[test]
    fn add_counts_and_unites() {
        let values = json!({ ":n": { "N": "-2" }, ":s": { "SS": ["b", "c"] } });
        assert_eq!(
            update(&json!({ "n": { "N": "5" }, "s": { "SS": ["a", "b"] } }), "ADD n :n, s :s", &values),
            Ok(json!({ "n": { "N": "3" }, "s": { "SS": ["a", "b", "c"] } }))
        );
        assert_eq!(
            update(&json!({}), "ADD n :n, s :s", &values),
            Ok(json!({ "n": { "N": "-2" }, "s": { "SS": ["b", "c"] } }))
        );
    }

    #[test]
    fn delete_removes_an_empty_set() {
        let item = json!({ "s": { "NS": ["1", "2"] }, "x": { "S": "x" } });
        let delete = |values: Json| update(&item, "DELETE s :v", &json!({ ":v": { "NS": values } }));
        assert_eq!(delete(json!(["1.0", "7"])), Ok(json!({ "s": { "NS": ["2"] }, "x": { "S": "x" } })));
        assert_eq!(delete(json!(["2", "1"])), Ok(json!({ "x": { "S": "x" } })));
        assert_eq!(update(&json!({}), "DELETE s :v", &json!({ ":v": { "NS": ["1"] } })), Ok(json!({})));
    }

    #[test]
    fn places_in_lists_are_those_before() {
        let text = |text: &str| json!({ "S": text });
        let item = json!({ "l": { "L": [text("a"), text("b"), text("c"), text("d")] } });
        let values = json!({ ":x": text("x"), ":y": text("y") });
        assert_eq!(
            update(&item, "SET l[20] = :y, l[10] = :x REMOVE l[0], l[2]", &values),
            Ok(json!({ "l": { "L": [text("b"), text("d"), text("x"), text("y")] } }))
        );
    }
}
