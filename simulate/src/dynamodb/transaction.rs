//! Writing many items: transactions and batches.

use serde_json::{Value as Json, json};

use super::request::{Request, required, table_name};
use super::table::{Key, Table};
use super::value::{Item, read_item};
use super::write::{Kind, Write};
use super::{Dynamodb, Refusal};

/// The most writes of a transaction.
const TRANSACTION: usize = 100;
/// The most writes of a batch.
const BATCH: usize = 25;
const KINDS: [(&str, Kind); 4] =
    [("ConditionCheck", Kind::Check), ("Put", Kind::Put), ("Delete", Kind::Delete), ("Update", Kind::Update)];

impl Dynamodb {
    /// All writes or none. A token of the client is remembered as long as the tables are.
    pub(super) fn transact_write(&mut self, json: &Json) -> Result<Json, Refusal> {
        let known = ["TransactItems", "ClientRequestToken", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"];
        let request = Request::read(json, &known)?;
        let items = required("TransactItems", request.list("TransactItems")?)?;
        if items.is_empty() || items.len() > TRANSACTION {
            let found = items.len();
            return Err(Refusal::validation(format!(
                "TransactItems: expected 1 to {TRANSACTION} items, found {found}"
            )));
        }
        let token = request.text("ClientRequestToken")?;
        if let Some(done) = token.and_then(|token| self.transactions.get(token)) {
            return if done == items {
                Ok(json!({}))
            } else {
                Err(Refusal::new(
                    "IdempotentParameterMismatchException",
                    "The request uses the same client token as a previous, but non-identical request.",
                ))
            };
        }
        let writes = items.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut keys = Vec::new();
        for write in &writes {
            let target = (&write.table, write.key(self.table(&write.table)?)?);
            if keys.contains(&target) {
                return Err(Refusal::validation("Transaction request cannot include multiple operations on one item"));
            }
            keys.push(target);
        }
        let mut changes = Vec::new();
        let mut reasons = Vec::new();
        for write in &writes {
            match write.outcome(self.table(&write.table)?) {
                Ok(outcome) => {
                    reasons.push("None");
                    changes.push((write.table.as_str(), outcome.key, outcome.after));
                }
                Err(Refusal { exception: "ConditionalCheckFailedException", .. }) => {
                    reasons.push("ConditionalCheckFailed")
                }
                Err(_) => reasons.push("ValidationError"),
            }
        }
        if changes.len() < writes.len() {
            let reasons = reasons.join(", ");
            return Err(Refusal::new(
                "TransactionCanceledException",
                format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{reasons}]"),
            ));
        }
        self.store(changes)?;
        if let Some(token) = token {
            self.transactions.insert(token.to_owned(), items.clone());
        }
        Ok(json!({}))
    }

    pub(super) fn batch_write(&mut self, json: &Json) -> Result<Json, Refusal> {
        let request = Request::read(json, &["RequestItems", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"])?;
        let mut changes: Vec<(&str, Key, Option<Item>)> = Vec::new();
        for (name, writes) in required("RequestItems", request.map("RequestItems")?)? {
            let name = table_name(name);
            let table = self.table(name)?;
            let wrong = || Refusal::serialization(format!("{name}: expected a list, found {writes}"));
            for write in writes.as_array().ok_or_else(wrong)? {
                let write = Request::read(write, &["PutRequest", "DeleteRequest"])?;
                let (key, item) = match (write.get("PutRequest"), write.get("DeleteRequest")) {
                    (Some(put), None) => {
                        let item = Request::read(put, &["Item"])?.item("Item")?;
                        Table::check_size(&item, "Item size has exceeded the maximum allowed size")?;
                        (table.key_in(&item)?, Some(item))
                    }
                    (None, Some(delete)) => {
                        let key = required("Key", Request::read(delete, &["Key"])?.get("Key"))?;
                        (table.key(&read_item(key)?)?, None)
                    }
                    _ => {
                        return Err(Refusal::validation(
                            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the \
                             supported datatypes",
                        ));
                    }
                };
                if changes.iter().any(|(other, taken, _)| *other == name && *taken == key) {
                    return Err(Refusal::validation("Provided list of item keys contains duplicates"));
                }
                changes.push((name, key, item));
            }
        }
        match changes.len() {
            0 => Err(Refusal::validation("The batch write request list for a table cannot be null or empty")),
            found if found > BATCH => Err(Refusal::validation("Too many items requested for the BatchWriteItem call")),
            _ => {
                self.store(changes)?;
                Ok(json!({ "UnprocessedItems": {} }))
            }
        }
    }

    fn store(&mut self, changes: Vec<(&str, Key, Option<Item>)>) -> Result<(), Refusal> {
        for (name, key, item) in changes {
            self.table_mut(name)?.store(key, item);
        }
        Ok(())
    }
}

fn read(json: &Json) -> Result<Write, Refusal> {
    let request = Request::read(json, &KINDS.map(|(name, _)| name))?;
    let mut found = KINDS.into_iter().filter_map(|(name, kind)| Some((kind, request.get(name)?)));
    match (found.next(), found.next()) {
        (Some((kind, json)), None) => match json.get("ReturnValues") {
            Some(_) => Err(Refusal::validation("the field `ReturnValues` is not supported here")),
            None => Write::read(kind, json),
        },
        _ => Err(Refusal::validation("TransactItems can only contain one of Check, Put, Update or Delete")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::Dynamodb;

    fn tables() -> Dynamodb {
        let mut tables = Dynamodb::new().with_table("t", "pk", None).with_table("u", "pk", None);
        tables.put("t", json!({ "pk": { "S": "a" }, "n": { "N": "1" }, "word": { "S": "x" } }));
        tables
    }

    fn key(pk: &str) -> Json {
        json!({ "pk": { "S": pk } })
    }

    fn put(table: &str, pk: &str) -> Json {
        json!({ "Put": {
            "TableName": table, "Item": key(pk), "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        } })
    }

    fn update(expression: &str) -> Json {
        json!({ "Update": {
            "TableName": "t", "Key": key("a"), "UpdateExpression": expression,
            "ExpressionAttributeValues": { ":v": { "N": "1" } },
        } })
    }

    fn check(pk: &str) -> Json {
        json!({ "ConditionCheck": { "TableName": "t", "Key": key(pk), "ConditionExpression": "attribute_exists(pk)" } })
    }

    fn transact(tables: &mut Dynamodb, items: &[Json]) -> Result<Json, super::Refusal> {
        tables.call("transactWriteItems", &json!({ "TransactItems": items }))
    }

    #[test]
    fn a_transaction_does_all() {
        let mut tables = tables();
        transact(&mut tables, &[update("SET n = n + :v"), put("u", "a"), put("t", "b")]).unwrap();
        assert_eq!(
            tables.items("t"),
            [json!({ "pk": { "S": "a" }, "n": { "N": "2" }, "word": { "S": "x" } }), key("b")]
        );
        let delete = json!({ "Delete": { "TableName": "u", "Key": key("a") } });
        transact(&mut tables, &[check("a"), delete]).unwrap();
        assert_eq!(tables.items("u"), [] as [Json; 0]);
    }

    #[test]
    fn a_transaction_does_nothing_if_one_fails() {
        let mut tables = tables();
        let before = tables.items("t");
        for (items, reasons) in [
            (vec![put("t", "a"), put("u", "b")], "[ConditionalCheckFailed, None]"),
            (vec![put("u", "b"), check("nothing")], "[None, ConditionalCheckFailed]"),
            (vec![put("u", "b"), update("SET n = word + :v")], "[None, ValidationError]"),
        ] {
            let refusal = transact(&mut tables, &items).unwrap_err();
            assert_eq!(refusal.exception, "TransactionCanceledException");
            let message = "Transaction cancelled, please refer cancellation reasons for specific reasons";
            assert_eq!(refusal.message, format!("{message} {reasons}"));
            assert_eq!((tables.items("t"), tables.items("u")), (before.clone(), vec![]));
        }
    }

    #[test]
    fn a_transaction_writes_an_item_once() {
        let refusal = transact(&mut tables(), &[check("a"), update("SET n = :v")]).unwrap_err();
        assert_eq!(refusal.exception, "ValidationException");
        assert_eq!(refusal.message, "Transaction request cannot include multiple operations on one item");
        let gone = transact(&mut tables(), &[put("u", "a"), put("nowhere", "a")]).unwrap_err();
        assert_eq!(gone.exception, "ResourceNotFoundException");
        let check = json!({ "ConditionCheck": { "TableName": "t", "Key": key("a") } });
        assert!(transact(&mut tables(), &[check]).unwrap_err().message.contains("'conditionExpression'"));
        assert!(transact(&mut tables(), &[]).is_err());
    }

    #[test]
    fn a_token_makes_a_repeated_transaction_harmless() {
        let mut tables = tables();
        let mut request = json!({ "TransactItems": [update("SET n = n + :v")], "ClientRequestToken": "once" });
        tables.call("transactWriteItems", &request).unwrap();
        tables.call("transactWriteItems", &request).unwrap();
        assert_eq!(tables.items("t").first().unwrap()["n"], json!({ "N": "2" }));
        request["TransactItems"] = json!([put("u", "b")]);
        let refusal = tables.call("transactWriteItems", &request).unwrap_err();
        assert_eq!(refusal.exception, "IdempotentParameterMismatchException");
    }

    #[test]
    fn a_batch_puts_and_deletes() {
        let mut tables = tables();
        let request = json!({ "RequestItems": {
            "t": [{ "DeleteRequest": { "Key": key("a") } }, { "PutRequest": { "Item": key("b") } }],
            "u": [{ "PutRequest": { "Item": key("c") } }],
        } });
        assert_eq!(tables.call("batchWriteItem", &request).unwrap(), json!({ "UnprocessedItems": {} }));
        assert_eq!((tables.items("t"), tables.items("u")), (vec![key("b")], vec![key("c")]));
    }

    #[test]
    fn a_batch_is_limited() {
        let message = |writes: Vec<Json>| {
            let request = json!({ "RequestItems": { "t": writes } });
            tables().call("batchWriteItem", &request).unwrap_err().message
        };
        let put = |pk: &str| json!({ "PutRequest": { "Item": key(pk) } });
        assert_eq!(message(vec![put("a"), put("a")]), "Provided list of item keys contains duplicates");
        let many = (0..26).map(|n| put(&n.to_string())).collect();
        assert_eq!(message(many), "Too many items requested for the BatchWriteItem call");
        assert!(message(vec![]).ends_with("cannot be null or empty"));
    }
}
