//! Amazon DynamoDB in memory: as much of it as workflows use.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html>
//!
//! ```
//! use serde_json::json;
//! use statewright_simulate::dynamodb::Dynamodb;
//!
//! let mut dynamodb = Dynamodb::new().with_table("locks", "pk", None);
//! let take = json!({
//!     "TableName": "locks",
//!     "Key": { "pk": { "S": "nightly" } },
//!     "UpdateExpression": "ADD holders :me",
//!     "ConditionExpression": "attribute_not_exists(holders) OR size(holders) < :n",
//!     "ExpressionAttributeValues": { ":me": { "SS": ["run-1"] }, ":n": { "N": "1" } },
//! });
//! dynamodb.call("updateItem", &take)?;
//! assert_eq!(dynamodb.items("locks"), [json!({ "pk": { "S": "nightly" }, "holders": { "SS": ["run-1"] } })]);
//!
//! let refusal = dynamodb.call("updateItem", &take).unwrap_err();
//! assert_eq!(refusal.exception, "ConditionalCheckFailedException");
//! # Ok::<(), statewright_simulate::Refusal>(())
//! ```

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::refusal::Refusal;

use self::table::Table;
use self::value::{read_item, write_item};
use self::write::Kind;

mod catalog;
mod condition;
mod expression;
mod key;
mod number;
mod path;
mod read;
mod request;
mod reserved;
mod search;
mod table;
mod token;
mod transaction;
mod update;
mod value;
mod write;

/// Tables in memory, and the calls that DynamoDB answers.
///
/// There are no indexes, and no fields that expressions replace, such as `Expected`: a request that has them is refused with
/// a message that names them. Consumed capacity is never told. All reads see all writes.
#[derive(Clone, Debug, Default)]
pub struct Dynamodb {
    tables: BTreeMap<String, Table>,
    /// The transactions that were done, by their tokens.
    transactions: BTreeMap<String, Vec<Json>>,
}

impl Refusal {
    fn new(exception: &'static str, message: impl Into<String>) -> Self {
        Self { exception, message: message.into(), status: 400 }
    }

    fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }
}

/// All calls, as Step Functions spells them.
const ACTIONS: [&str; 14] = [
    "putItem",
    "getItem",
    "updateItem",
    "deleteItem",
    "query",
    "scan",
    "transactWriteItems",
    "transactGetItems",
    "batchGetItem",
    "batchWriteItem",
    "createTable",
    "describeTable",
    "listTables",
    "deleteTable",
];

impl Dynamodb {
    /// Without tables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an empty table with the names of its key attributes, in place of one of that name. Their types are those of the
    /// first item that is written.
    #[must_use]
    pub fn with_table(mut self, name: &str, partition_key: &str, sort_key: Option<&str>) -> Self {
        let table = Table::new((partition_key, None), sort_key.map(|name| (name, None)));
        self.tables.insert(name.to_owned(), table);
        self
    }

    /// Whether there is a table of that name.
    #[must_use]
    pub fn has_table(&self, name: &str) -> bool {
        self.tables.contains_key(name)
    }

    /// The items of a table in the order of their keys; none if there is no such table.
    #[must_use]
    pub fn items(&self, table: &str) -> Vec<Json> {
        self.tables.get(table).into_iter().flat_map(Table::items).map(|(_, item)| write_item(item)).collect()
    }

    /// Puts an item into a table, in place of one with the same key. An item that the table can't hold is left out; the call
    /// `putItem` tells why.
    pub fn put(&mut self, table: &str, item: Json) {
        if let Ok(table) = self.table_mut(table)
            && let Ok(item) = read_item(&item)
            && let Ok(key) = table.key_in(&item)
        {
            table.store(key, Some(item));
        }
    }

    /// Makes a call: the action as Step Functions spells it, such as `putItem`, with a request such as
    /// `{"TableName": "locks", "Item": {"pk": {"S": "nightly"}}}`. A table may be told by its name or its ARN.
    ///
    /// # Errors
    ///
    /// What DynamoDB would refuse, as it says it; and what is not supported here.
    pub fn call(&mut self, action: &str, request: &Json) -> Result<Json, Refusal> {
        match action {
            "putItem" => self.write(Kind::Put, request),
            "getItem" => self.get(request),
            "updateItem" => self.write(Kind::Update, request),
            "deleteItem" => self.write(Kind::Delete, request),
            "query" => self.query(request),
            "scan" => self.scan(request),
            "transactWriteItems" => self.transact_write(request),
            "transactGetItems" => self.transact_get(request),
            "batchGetItem" => self.batch_get(request),
            "batchWriteItem" => self.batch_write(request),
            "createTable" => self.create_table(request),
            "describeTable" => self.describe_table(request),
            "listTables" => self.list_tables(request),
            "deleteTable" => self.delete_table(request),
            other => {
                Err(Refusal::new("UnknownOperationException", format!("the call `{other}` is not supported here")))
            }
        }
    }

    /// Whether there is such a call here.
    #[must_use]
    pub fn supports(action: &str) -> bool {
        ACTIONS.contains(&action)
    }

    fn table(&self, name: &str) -> Result<&Table, Refusal> {
        self.tables.get(name).ok_or_else(Self::no_table)
    }

    fn table_mut(&mut self, name: &str) -> Result<&mut Table, Refusal> {
        self.tables.get_mut(name).ok_or_else(Self::no_table)
    }

    fn no_table() -> Refusal {
        Refusal::new("ResourceNotFoundException", "Requested resource not found")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A lock that executions take with the expressions of the concurrency guard.
    struct Guard(Dynamodb);

    impl Guard {
        const TABLE: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/sfn-guard";

        fn update(&mut self, fields: Json) -> Result<(), &'static str> {
            let mut request = json!({ "TableName": Self::TABLE, "Key": { "pk": { "S": "demo" } } });
            request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            self.0.call("updateItem", &request).map(|_| ()).map_err(|refusal| refusal.exception)
        }

        fn take(&mut self, me: &str, limit: u32, tick: &str) -> Result<(), &'static str> {
            self.update(json!({
                "UpdateExpression": "ADD holders :me SET #tick = :tick",
                "ConditionExpression":
                    "(attribute_not_exists(holders) OR size(holders) < :n) AND (attribute_not_exists(#tick) OR #tick < :cmp)",
                "ExpressionAttributeNames": { "#tick": "tick:arn:aws:scheduler:::schedule/default/nightly" },
                "ExpressionAttributeValues": {
                    ":me": { "SS": [me] }, ":n": { "N": limit.to_string() }, ":tick": { "S": tick }, ":cmp": { "S": tick },
                },
            }))
        }

        fn release(&mut self, mine: &[&str]) {
            let values = json!({ ":mine": { "SS": mine } });
            let fields = json!({ "UpdateExpression": "DELETE holders :mine", "ExpressionAttributeValues": values });
            self.update(fields).unwrap();
        }

        fn attribute(&mut self, name: &str) -> Json {
            let request = json!({ "TableName": Self::TABLE, "Key": { "pk": { "S": "demo" } }, "ConsistentRead": true });
            self.0.call("getItem", &request).unwrap()["Item"][name].clone()
        }
    }

    const REFUSED: Result<(), &str> = Err("ConditionalCheckFailedException");

    #[test]
    fn a_guard_lets_one_in_until_it_is_released() {
        let mut guard = Guard(Dynamodb::new().with_table("sfn-guard", "pk", None));
        assert_eq!(guard.take("start|arn-1|0", 1, "2026-01-01T00:00:00Z"), Ok(()));
        assert_eq!(guard.take("start|arn-2|0", 1, "2026-01-02T00:00:00Z"), REFUSED);
        assert_eq!(guard.attribute("holders"), json!({ "SS": ["start|arn-1|0"] }));
        guard.release(&["start|arn-2|0"]);
        assert_eq!(guard.take("start|arn-2|0", 1, "2026-01-02T00:00:00Z"), REFUSED);
        guard.release(&["start|arn-1|0", "start|arn-1|1"]);
        assert_eq!(guard.attribute("holders"), Json::Null);
        assert_eq!(guard.take("start|arn-2|0", 1, "2026-01-02T00:00:00Z"), Ok(()));
        assert_eq!(guard.attribute("holders"), json!({ "SS": ["start|arn-2|0"] }));
    }

    #[test]
    fn a_guard_lets_in_as_many_as_its_limit() {
        let mut guard = Guard(Dynamodb::new().with_table("sfn-guard", "pk", None));
        assert_eq!(guard.take("a", 2, "1"), Ok(()));
        assert_eq!(guard.take("b", 2, "2"), Ok(()));
        assert_eq!(guard.take("c", 2, "3"), REFUSED);
        guard.release(&["a"]);
        assert_eq!(guard.take("c", 2, "3"), Ok(()));
        assert_eq!(guard.attribute("holders"), json!({ "SS": ["b", "c"] }));
    }

    #[test]
    fn a_guard_fences_ticks_off() {
        let mut guard = Guard(Dynamodb::new().with_table("sfn-guard", "pk", None));
        let mut run = |me: &str, tick: &str| {
            let taken = guard.take(me, 1, tick);
            guard.release(&[me]);
            taken
        };
        assert_eq!(run("a", "2026-01-01T00:00:00Z"), Ok(()));
        assert_eq!(run("b", "2026-01-01T00:00:00Z"), REFUSED);
        assert_eq!(run("c", "2026-01-02T00:00:00Z"), Ok(()));
        assert_eq!(run("d", "2026-01-01T00:00:00Z"), REFUSED);
    }

    #[test]
    fn a_guard_keeps_one_waiting() {
        let mut guard = Guard(Dynamodb::new().with_table("sfn-guard", "pk", None));
        let mut wait = |me: &str| {
            guard.update(json!({
                "UpdateExpression": "ADD pending :me",
                "ConditionExpression": "attribute_not_exists(pending) OR contains(pending, :m)",
                "ExpressionAttributeValues": { ":me": { "SS": [me] }, ":m": { "S": me } },
            }))
        };
        assert_eq!(wait("a"), Ok(()));
        assert_eq!(wait("a"), Ok(()));
        assert_eq!(wait("b"), REFUSED);
        let taken = guard.update(json!({
            "UpdateExpression": "ADD holders :me SET #tick = :tick DELETE pending :me",
            "ConditionExpression":
                "(attribute_not_exists(holders) OR size(holders) < :n) AND (attribute_not_exists(#tick) OR #tick < :cmp) AND \
                 (attribute_not_exists(pending) OR contains(pending, :m))",
            "ExpressionAttributeNames": { "#tick": "tick:manual" },
            "ExpressionAttributeValues": {
                ":me": { "SS": ["a"] }, ":m": { "S": "a" }, ":n": { "N": "1" }, ":tick": { "S": "1" }, ":cmp": { "S": "~" },
            },
        }));
        assert_eq!(taken, Ok(()));
        assert_eq!(guard.attribute("pending"), Json::Null);
        assert_eq!(guard.attribute("holders"), json!({ "SS": ["a"] }));
    }

    #[test]
    fn a_guard_takes_each_tick_once() {
        let mut tables = Dynamodb::new().with_table("sfn-guard", "pk", None);
        let mut put = |me: &str| {
            let request = json!({
                "TableName": "sfn-guard",
                "Item": { "pk": { "S": "demo|tick|nightly|1" }, "owner": { "S": me }, "ttl": { "N": "1767225600" } },
                "ConditionExpression": "attribute_not_exists(pk) OR #o = :me",
                "ExpressionAttributeNames": { "#o": "owner" },
                "ExpressionAttributeValues": { ":me": { "S": me } },
            });
            tables.call("putItem", &request).map(|_| ()).map_err(|refusal| refusal.exception)
        };
        assert_eq!(put("a"), Ok(()));
        assert_eq!(put("a"), Ok(()));
        assert_eq!(put("b"), REFUSED);
    }

    #[test]
    fn an_unknown_table_or_call_is_refused() {
        let mut tables = Dynamodb::new();
        let request = json!({ "TableName": "nowhere", "Key": { "pk": { "S": "a" } } });
        let refusal = tables.call("getItem", &request).unwrap_err();
        assert_eq!(refusal.to_string(), "ResourceNotFoundException: Requested resource not found");
        let refusal = tables.call("executeStatement", &json!({})).unwrap_err();
        assert_eq!(refusal.exception, "UnknownOperationException");
        assert!(!Dynamodb::supports("executeStatement"));
        for action in ACTIONS {
            let refusal = tables.clone().call(action, &json!({})).err();
            assert!(refusal.is_none_or(|refusal| refusal.exception != "UnknownOperationException"), "{action}");
        }
    }

    #[test]
    fn put_leaves_out_what_the_table_can_not_hold() {
        let mut tables = Dynamodb::new().with_table("t", "pk", None);
        tables.put("t", json!({ "id": { "S": "no key" } }));
        tables.put("nowhere", json!({ "pk": { "S": "a" } }));
        tables.put("t", json!({ "pk": { "S": "b" } }));
        tables.put("t", json!({ "pk": { "S": "a" } }));
        assert_eq!(tables.items("t"), [json!({ "pk": { "S": "a" } }), json!({ "pk": { "S": "b" } })]);
        assert_eq!(tables.items("nowhere"), [] as [Json; 0]);
    }
}
