//! Reading items by their keys.

use serde_json::{Map, Value as Json, json};

use super::expression::Expressions;
use super::path::{Path, project};
use super::request::{Request, required, table_name};
use super::value::{Item, read_item, write_item};
use super::{Dynamodb, Refusal};

/// The most keys of a batch and of a transaction.
const MOST: usize = 100;
const READ: [&str; 3] = ["ProjectionExpression", "ExpressionAttributeNames", "ConsistentRead"];

impl Dynamodb {
    pub(super) fn get(&self, json: &Json) -> Result<Json, Refusal> {
        let known = [&["TableName", "Key", "ReturnConsumedCapacity"], READ.as_slice()].concat();
        self.get_one(Request::read(json, &known)?)
    }

    /// The answer of one read: an empty one where there is no item.
    fn get_one(&self, request: Request<'_>) -> Result<Json, Refusal> {
        let name = request.table()?;
        let key = request.item("Key")?;
        let projection = projection(request)?;
        let found = self.find(&name, &key, projection.as_deref())?;
        Ok(found.map_or_else(|| json!({}), |item| json!({ "Item": item })))
    }

    fn find(&self, name: &str, key: &Item, projection: Option<&[Path]>) -> Result<Option<Json>, Refusal> {
        let table = self.table(name)?;
        let item = table.get(&table.key(key)?);
        Ok(item.map(|item| match projection {
            Some(paths) => write_item(&project(paths, item)),
            None => write_item(item),
        }))
    }

    pub(super) fn batch_get(&self, json: &Json) -> Result<Json, Refusal> {
        let request = Request::read(json, &["RequestItems", "ReturnConsumedCapacity"])?;
        let tables = required("RequestItems", request.map("RequestItems")?)?;
        let mut responses = Map::new();
        let mut count = 0;
        for (name, part) in tables {
            let part = Request::read(part, &[&["Keys"], READ.as_slice()].concat())?;
            let projection = projection(part)?;
            let mut seen = Vec::new();
            let mut items = Vec::new();
            for key in required("Keys", part.list("Keys")?)? {
                let key = read_item(key)?;
                items.extend(self.find(table_name(name), &key, projection.as_deref())?);
                if seen.contains(&key) {
                    return Err(Refusal::validation("Provided list of item keys contains duplicates"));
                }
                seen.push(key);
            }
            count += seen.len();
            responses.insert(name.clone(), items.into());
        }
        if count > MOST {
            return Err(Refusal::validation("Too many items requested for the BatchGetItem call"));
        }
        Ok(json!({ "Responses": responses, "UnprocessedKeys": {} }))
    }

    pub(super) fn transact_get(&self, json: &Json) -> Result<Json, Refusal> {
        let request = Request::read(json, &["TransactItems", "ReturnConsumedCapacity"])?;
        let items = required("TransactItems", request.list("TransactItems")?)?;
        if items.is_empty() || items.len() > MOST {
            return Err(Refusal::validation(format!(
                "TransactItems: expected 1 to {MOST} items, found {}",
                items.len()
            )));
        }
        let mut responses = Vec::new();
        for item in items {
            let get = required("Get", Request::read(item, &["Get"])?.get("Get"))?;
            let known = ["TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames"];
            responses.push(self.get_one(Request::read(get, &known)?)?);
        }
        Ok(json!({ "Responses": responses }))
    }
}

fn projection(request: Request<'_>) -> Result<Option<Vec<Path>>, Refusal> {
    request.truth("ConsistentRead")?;
    let mut expressions = Expressions::open(request, &["ProjectionExpression"])?;
    let paths = expressions.projection("ProjectionExpression")?;
    expressions.close()?;
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::Dynamodb;

    fn tables() -> Dynamodb {
        let mut tables = Dynamodb::new().with_table("t", "pk", None).with_table("u", "pk", Some("sk"));
        for pk in ["a", "b"] {
            tables.put(
                "t",
                json!({ "pk": { "S": pk }, "status": { "S": pk }, "l": { "L": [{ "S": "x" }, { "S": "y" }] } }),
            );
        }
        tables.put("u", json!({ "pk": { "S": "a" }, "sk": { "N": "1" } }));
        tables
    }

    fn key(pk: &str) -> Json {
        json!({ "pk": { "S": pk } })
    }

    #[test]
    fn an_item_or_nothing_is_found() {
        let mut tables = tables();
        let get = |pk: &str| json!({ "TableName": "t", "Key": key(pk), "ConsistentRead": true });
        assert_eq!(tables.call("getItem", &get("a")).unwrap()["Item"]["status"], json!({ "S": "a" }));
        assert_eq!(tables.call("getItem", &get("c")).unwrap(), json!({}));
        let projected = json!({
            "TableName": "t", "Key": key("b"), "ProjectionExpression": "#s, l[1]",
            "ExpressionAttributeNames": { "#s": "status" },
        });
        let expected = json!({ "Item": { "status": { "S": "b" }, "l": { "L": [{ "S": "y" }] } } });
        assert_eq!(tables.call("getItem", &projected).unwrap(), expected);
        let refusal = tables.call("getItem", &json!({ "TableName": "u", "Key": key("a") })).unwrap_err();
        assert_eq!(refusal.exception, "ValidationException");
        assert_eq!(refusal.message, "The provided key element does not match the schema");
    }

    #[test]
    fn a_batch_reads_from_many_tables() {
        let mut tables = tables();
        let u_key = json!({ "pk": { "S": "a" }, "sk": { "N": "1" } });
        let request = json!({ "RequestItems": {
            "t": { "Keys": [key("b"), key("c"), key("a")], "ProjectionExpression": "pk" },
            "u": { "Keys": [u_key] },
        } });
        let expected = json!({ "Responses": { "t": [key("b"), key("a")], "u": [u_key] }, "UnprocessedKeys": {} });
        assert_eq!(tables.call("batchGetItem", &request).unwrap(), expected);
        let twice = json!({ "RequestItems": { "t": { "Keys": [key("a"), key("a")] } } });
        let message = tables.call("batchGetItem", &twice).unwrap_err().message;
        assert_eq!(message, "Provided list of item keys contains duplicates");
        let keys: Vec<Json> = (0..101).map(|n| key(&n.to_string())).collect();
        let many = json!({ "RequestItems": { "t": { "Keys": keys } } });
        assert!(tables.call("batchGetItem", &many).unwrap_err().message.starts_with("Too many items requested"));
    }

    #[test]
    fn a_transaction_answers_in_order() {
        let get = |pk: &str| json!({ "Get": { "TableName": "t", "Key": key(pk), "ProjectionExpression": "pk" } });
        let request = json!({ "TransactItems": [get("b"), get("c"), get("a")] });
        let expected = json!({ "Responses": [{ "Item": key("b") }, {}, { "Item": key("a") }] });
        assert_eq!(tables().call("transactGetItems", &request).unwrap(), expected);
        assert!(tables().call("transactGetItems", &json!({ "TransactItems": [] })).is_err());
    }
}
