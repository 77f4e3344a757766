//! Writing one item: put, update, delete, and the check of a transaction.

use serde_json::{Map, Value as Json};

use super::condition::Condition;
use super::expression::Expressions;
use super::path::project;
use super::request::{Request, required};
use super::table::{Key, Table};
use super::update::Update;
use super::value::{Item, write_item};
use super::{Dynamodb, Refusal};

const EXPRESSION: [&str; 3] = ["ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"];
/// What is asked for besides; consumed capacity and collection metrics are not told.
const RETURNS: [&str; 4] =
    ["ReturnValues", "ReturnValuesOnConditionCheckFailure", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"];

/// What kind of writing is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Put,
    Update,
    Delete,
    Check,
}

/// A write that has been read, and not yet done.
pub(super) struct Write {
    pub(super) table: String,
    action: Action,
    condition: Option<Condition>,
    returns: String,
}

enum Action {
    Put(Item),
    Update(Item, Update),
    Delete(Item),
    Check(Item),
}

/// What a write would do.
pub(super) struct Outcome {
    pub(super) key: Key,
    pub(super) before: Option<Item>,
    pub(super) after: Option<Item>,
}

impl Write {
    /// # Errors
    ///
    /// What is wrong with the request, whatever the table has.
    pub(super) fn read(kind: Kind, json: &Json) -> Result<Self, Refusal> {
        let own: &[&str] = match kind {
            Kind::Put => &["TableName", "Item"],
            Kind::Update => &["TableName", "Key", "UpdateExpression"],
            Kind::Delete | Kind::Check => &["TableName", "Key"],
        };
        let request = Request::read(json, &[own, &EXPRESSION, &RETURNS].concat())?;
        let fields: &[&str] = match kind {
            Kind::Update => &["UpdateExpression", "ConditionExpression"],
            _ => &["ConditionExpression"],
        };
        let table = request.table()?;
        let action = match kind {
            Kind::Put => Action::Put(request.item("Item")?),
            Kind::Update => Action::Update(request.item("Key")?, Update::default()),
            Kind::Delete => Action::Delete(request.item("Key")?),
            Kind::Check => Action::Check(request.item("Key")?),
        };
        request.choice("ReturnValuesOnConditionCheckFailure", &["ALL_OLD", "NONE"])?;
        let allowed = ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"];
        let returns = request.choice("ReturnValues", &allowed)?.unwrap_or("NONE").to_owned();
        if kind != Kind::Update && !matches!(returns.as_str(), "ALL_OLD" | "NONE") {
            return Err(Refusal::validation("ReturnValues can only be ALL_OLD or NONE"));
        }
        let mut expressions = Expressions::open(request, fields)?;
        let action = match action {
            Action::Update(key, none) => Action::Update(key, expressions.update("UpdateExpression")?.unwrap_or(none)),
            other => other,
        };
        let condition = expressions.condition("ConditionExpression")?;
        expressions.close()?;
        if kind == Kind::Check {
            required("ConditionExpression", condition.as_ref())?;
        }
        Ok(Self { table, action, condition, returns })
    }

    /// The key of the item that is written.
    ///
    /// # Errors
    ///
    /// If the request has no key that the table can have.
    pub(super) fn key(&self, table: &Table) -> Result<Key, Refusal> {
        match &self.action {
            Action::Put(item) => table.key_in(item),
            Action::Delete(key) | Action::Check(key) => table.key(key),
            Action::Update(key, update) => {
                let part = update.paths().find(|path| table.attributes().any(|attribute| attribute.name == path.head));
                match part {
                    Some(path) => Err(Refusal::validation(format!(
                        "One or more parameter values were invalid: Cannot update attribute {}. This attribute is part of \
                         the key",
                        path.head
                    ))),
                    None => table.key(key),
                }
            }
        }
    }

    /// # Errors
    ///
    /// If the condition doesn't hold, or the item can't be written so.
    pub(super) fn outcome(&self, table: &Table) -> Result<Outcome, Refusal> {
        let key = self.key(table)?;
        let before = table.get(&key).cloned();
        let nothing = Item::new();
        if let Some(condition) = &self.condition
            && !condition.holds(before.as_ref().unwrap_or(&nothing))
        {
            return Err(Refusal::new("ConditionalCheckFailedException", "The conditional request failed"));
        }
        let after = match &self.action {
            Action::Put(item) => {
                Table::check_size(item, "Item size has exceeded the maximum allowed size")?;
                Some(item.clone())
            }
            Action::Delete(_) => None,
            Action::Check(_) => before.clone(),
            Action::Update(given, update) => {
                let changed = update.apply(before.as_ref().unwrap_or(given))?;
                Table::check_size(&changed, "Item size to update has exceeded the maximum allowed size")?;
                (before.is_some() || update.creates()).then_some(changed)
            }
        };
        Ok(Outcome { key, before, after })
    }

    /// What the call answers.
    fn answer(&self, outcome: &Outcome) -> Json {
        let (before, after) = (outcome.before.as_ref(), outcome.after.as_ref());
        let updated = |item: &Item| match &self.action {
            Action::Update(_, update) => project(update.paths(), item),
            _ => Item::new(),
        };
        let attributes = match self.returns.as_str() {
            "ALL_OLD" => before.cloned(),
            "ALL_NEW" => after.cloned(),
            "UPDATED_OLD" => before.map(updated),
            "UPDATED_NEW" => after.map(updated),
            _ => None,
        };
        let mut answer = Map::new();
        if let Some(attributes) = attributes.filter(|attributes| !attributes.is_empty()) {
            answer.insert("Attributes".to_owned(), write_item(&attributes));
        }
        answer.into()
    }
}

impl Dynamodb {
    pub(super) fn write(&mut self, kind: Kind, json: &Json) -> Result<Json, Refusal> {
        let write = Write::read(kind, json)?;
        let table = self.table_mut(&write.table)?;
        let outcome = write.outcome(table)?;
        let answer = write.answer(&outcome);
        table.store(outcome.key, outcome.after);
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::Dynamodb;

    fn tables() -> Dynamodb {
        let mut tables = Dynamodb::new().with_table("t", "pk", None);
        tables.put("t", json!({ "pk": { "S": "a" }, "n": { "N": "1" }, "m": { "M": { "x": { "S": "x" } } } }));
        tables
    }

    fn key(pk: &str) -> Json {
        json!({ "pk": { "S": pk } })
    }

    fn update(tables: &mut Dynamodb, returns: &str) -> Json {
        let request = json!({
            "TableName": "t", "Key": key("a"), "ReturnValues": returns,
            "UpdateExpression": "SET n = n + :v, m.y = :v REMOVE m.x",
            "ExpressionAttributeValues": { ":v": { "N": "1" } },
        });
        tables.call("updateItem", &request).unwrap()
    }

    #[test]
    fn return_values_are_those_asked_for() {
        let old = json!({ "pk": { "S": "a" }, "n": { "N": "1" }, "m": { "M": { "x": { "S": "x" } } } });
        let new = json!({ "pk": { "S": "a" }, "n": { "N": "2" }, "m": { "M": { "y": { "N": "1" } } } });
        for (returns, expected) in [
            ("NONE", json!({})),
            ("ALL_OLD", json!({ "Attributes": old })),
            ("ALL_NEW", json!({ "Attributes": new })),
            ("UPDATED_OLD", json!({ "Attributes": { "n": { "N": "1" }, "m": { "M": { "x": { "S": "x" } } } } })),
            ("UPDATED_NEW", json!({ "Attributes": { "n": { "N": "2" }, "m": { "M": { "y": { "N": "1" } } } } })),
        ] {
            assert_eq!(update(&mut tables(), returns), expected, "{returns}");
        }
        let put = json!({ "TableName": "t", "Item": key("a"), "ReturnValues": "ALL_OLD" });
        assert_eq!(tables().call("putItem", &put).unwrap(), json!({ "Attributes": old }));
        let put = json!({ "TableName": "t", "Item": key("b"), "ReturnValues": "ALL_OLD" });
        assert_eq!(tables().call("putItem", &put).unwrap(), json!({}));
        let put = json!({ "TableName": "t", "Item": key("a"), "ReturnValues": "ALL_NEW" });
        let message = tables().call("putItem", &put).unwrap_err().message;
        assert_eq!(message, "ReturnValues can only be ALL_OLD or NONE");
    }

    #[test]
    fn a_condition_that_does_not_hold_changes_nothing() {
        for (action, given) in [("putItem", "Item"), ("updateItem", "Key"), ("deleteItem", "Key")] {
            let mut tables = tables();
            let before = tables.items("t");
            let request = json!({
                "TableName": "t", given: key("a"), "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            });
            let refusal = tables.call(action, &request).unwrap_err();
            assert_eq!(refusal.exception, "ConditionalCheckFailedException");
            assert_eq!((refusal.message.as_str(), refusal.status), ("The conditional request failed", 400));
            assert_eq!(tables.items("t"), before);
        }
    }

    #[test]
    fn delete_takes_the_item_away() {
        let mut tables = tables();
        let request = json!({ "TableName": "t", "Key": key("a"), "ReturnValues": "ALL_OLD" });
        assert_eq!(tables.call("deleteItem", &request).unwrap()["Attributes"]["n"], json!({ "N": "1" }));
        assert_eq!(tables.items("t"), [] as [Json; 0]);
        assert_eq!(tables.call("deleteItem", &request).unwrap(), json!({}));
    }

    #[test]
    fn only_removing_makes_no_item() {
        let mut tables = Dynamodb::new().with_table("t", "pk", None);
        let update = |expression: &str| {
            let mut request = json!({ "TableName": "t", "Key": key("new"), "UpdateExpression": expression });
            if expression.contains(":v") {
                request["ExpressionAttributeValues"] = json!({ ":v": { "SS": ["x"] } });
            }
            request
        };
        tables.call("updateItem", &update("REMOVE a")).unwrap();
        tables.call("updateItem", &update("DELETE a :v")).unwrap();
        assert_eq!(tables.items("t"), [] as [Json; 0]);
        tables.call("updateItem", &update("ADD a :v")).unwrap();
        assert_eq!(tables.items("t"), [json!({ "pk": { "S": "new" }, "a": { "SS": ["x"] } })]);
        tables.call("updateItem", &json!({ "TableName": "t", "Key": key("bare") })).unwrap();
        assert_eq!(tables.items("t").len(), 2);
    }

    #[test]
    fn keys_and_sizes_are_guarded() {
        let mut tables = tables();
        let mut message = |action: &str, request: Json| tables.call(action, &request).unwrap_err().message;
        let request = json!({ "TableName": "t", "Key": key("a"), "UpdateExpression": "REMOVE pk" });
        let part = "Cannot update attribute pk. This attribute is part of the key";
        assert!(message("updateItem", request).ends_with(part));
        let large = json!({ "pk": { "S": "a" }, "x": { "S": "x".repeat(500_000) } });
        let size = message("putItem", json!({ "TableName": "t", "Item": large }));
        assert_eq!(size, "Item size has exceeded the maximum allowed size");
        let expected = json!({ "TableName": "t", "Key": key("a"), "Expected": { "n": { "Exists": false } } });
        assert_eq!(message("deleteItem", expected), "the field `Expected` is not supported here");
        let unused = json!({
            "TableName": "t", "Key": key("a"), "UpdateExpression": "REMOVE n",
            "ExpressionAttributeValues": { ":x": { "N": "1" } },
        });
        let expected = "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}";
        assert_eq!(message("updateItem", unused), expected);
        let bare = json!({ "TableName": "t", "Key": key("a"), "ExpressionAttributeValues": { ":x": { "N": "1" } } });
        let expected = "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and \
                        ConditionExpression are null";
        assert_eq!(message("updateItem", bare), expected);
    }
}
