//! Making, describing and deleting tables.

use serde_json::{Map, Value as Json, json};

use super::request::{Request, required};
use super::table::Table;
use super::{Dynamodb, Refusal};

/// Read and not told again: nothing here depends on them.
const IGNORED: [&str; 6] =
    ["BillingMode", "ProvisionedThroughput", "OnDemandThroughput", "DeletionProtectionEnabled", "TableClass", "Tags"];

impl Dynamodb {
    pub(super) fn create_table(&mut self, json: &Json) -> Result<Json, Refusal> {
        let own = ["TableName", "KeySchema", "AttributeDefinitions"];
        let request = Request::read(json, &[own.as_slice(), &IGNORED].concat())?;
        let name = request.table()?;
        let mut kinds = Vec::new();
        for definition in required("AttributeDefinitions", request.list("AttributeDefinitions")?)? {
            let definition = Request::read(definition, &["AttributeName", "AttributeType"])?;
            let kind = required("AttributeType", definition.choice("AttributeType", &["B", "N", "S"])?)?;
            let kind = ["B", "N", "S"].into_iter().find(|known| *known == kind);
            kinds.push((required("AttributeName", definition.text("AttributeName")?)?, kind));
        }
        let (mut partition, mut sort) = (None, None);
        for part in required("KeySchema", request.list("KeySchema")?)? {
            let part = Request::read(part, &["AttributeName", "KeyType"])?;
            let attribute = required("AttributeName", part.text("AttributeName")?)?;
            let found = *kinds
                .iter()
                .find(|(name, _)| *name == attribute)
                .ok_or_else(|| invalid("Some index key attributes are not defined in AttributeDefinitions."))?;
            let place = match part.choice("KeyType", &["HASH", "RANGE"])? {
                Some("RANGE") if partition.is_some() => &mut sort,
                Some("HASH") => &mut partition,
                _ => return Err(invalid("The first KeySchemaElement is not a HASH key type")),
            };
            if place.replace(found).is_some() {
                return Err(invalid("Too many KeySchema elements: expected one HASH and at most one RANGE"));
            }
        }
        if kinds.len() != usize::from(partition.is_some()) + usize::from(sort.is_some()) {
            return Err(invalid(
                "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
            ));
        }
        if self.tables.contains_key(&name) {
            return Err(Refusal::new("ResourceInUseException", format!("Table already exists: {name}")));
        }
        let partition = partition.ok_or_else(|| invalid("The first KeySchemaElement is not a HASH key type"))?;
        let table = Table::new(partition, sort);
        let description = describe(&name, &table, "ACTIVE");
        self.tables.insert(name, table);
        Ok(json!({ "TableDescription": description }))
    }

    pub(super) fn describe_table(&self, json: &Json) -> Result<Json, Refusal> {
        let name = Request::read(json, &["TableName"])?.table()?;
        let table = self.tables.get(&name).ok_or_else(|| not_found(&name))?;
        Ok(json!({ "Table": describe(&name, table, "ACTIVE") }))
    }

    pub(super) fn delete_table(&mut self, json: &Json) -> Result<Json, Refusal> {
        let name = Request::read(json, &["TableName"])?.table()?;
        let table = self.tables.remove(&name).ok_or_else(|| not_found(&name))?;
        Ok(json!({ "TableDescription": describe(&name, &table, "DELETING") }))
    }

    pub(super) fn list_tables(&self, json: &Json) -> Result<Json, Refusal> {
        let request = Request::read(json, &["Limit", "ExclusiveStartTableName"])?;
        let start = request.text("ExclusiveStartTableName")?;
        let limit = request.count("Limit", 1)?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100);
        let mut names = self.tables.keys().filter(|name| start.is_none_or(|start| name.as_str() > start));
        let page: Vec<&String> = names.by_ref().take(limit).collect();
        let mut answer = Map::new();
        if let (Some(last), Some(_)) = (page.last(), names.next()) {
            answer.insert("LastEvaluatedTableName".to_owned(), last.as_str().into());
        }
        answer.insert("TableNames".to_owned(), json!(page));
        Ok(answer.into())
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal::validation(format!("One or more parameter values were invalid: {message}"))
}

fn not_found(name: &str) -> Refusal {
    Refusal::new("ResourceNotFoundException", format!("Requested resource not found: Table: {name} not found"))
}

fn describe(name: &str, table: &Table, status: &str) -> Json {
    let definition =
        |(name, kind): (&String, Option<&str>)| json!({ "AttributeName": name, "AttributeType": kind.unwrap_or("S") });
    let schema = |(name, kind): (&String, &str)| json!({ "AttributeName": name, "KeyType": kind });
    let names = table.attributes().map(|attribute| &attribute.name);
    json!({
        "AttributeDefinitions":
            table.attributes().map(|attribute| definition((&attribute.name, attribute.kind))).collect::<Vec<_>>(),
        "ItemCount": table.len(),
        "KeySchema": names.zip(["HASH", "RANGE"]).map(schema).collect::<Vec<_>>(),
        "TableName": name,
        "TableStatus": status,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::Dynamodb;

    fn create(name: &str) -> Json {
        json!({
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{ "AttributeName": "p", "KeyType": "HASH" }, { "AttributeName": "n", "KeyType": "RANGE" }],
            "AttributeDefinitions": [
                { "AttributeName": "n", "AttributeType": "N" },
                { "AttributeName": "p", "AttributeType": "S" },
            ],
        })
    }

    #[test]
    fn a_table_is_made_described_and_deleted() {
        let mut tables = Dynamodb::new();
        let made = tables.call("createTable", &create("t")).unwrap();
        assert_eq!(made["TableDescription"]["TableStatus"], json!("ACTIVE"));
        let again = tables.call("createTable", &create("t")).unwrap_err();
        assert_eq!(again.exception, "ResourceInUseException");
        tables.put("t", json!({ "p": { "S": "a" }, "n": { "N": "1" } }));
        let name = json!({ "TableName": "t" });
        assert_eq!(
            tables.call("describeTable", &name).unwrap()["Table"],
            json!({
                "AttributeDefinitions": [
                    { "AttributeName": "p", "AttributeType": "S" },
                    { "AttributeName": "n", "AttributeType": "N" },
                ],
                "ItemCount": 1,
                "KeySchema": [{ "AttributeName": "p", "KeyType": "HASH" }, { "AttributeName": "n", "KeyType": "RANGE" }],
                "TableName": "t",
                "TableStatus": "ACTIVE",
            })
        );
        tables.call("deleteTable", &name).unwrap();
        let gone = tables.call("describeTable", &name).unwrap_err();
        assert_eq!(gone.exception, "ResourceNotFoundException");
        assert_eq!(gone.message, "Requested resource not found: Table: t not found");
    }

    #[test]
    fn the_types_of_a_made_table_are_known() {
        let mut tables = Dynamodb::new();
        tables.call("createTable", &create("t")).unwrap();
        let wrong = json!({ "TableName": "t", "Item": { "p": { "S": "a" }, "n": { "S": "1" } } });
        let message = tables.call("putItem", &wrong).unwrap_err().message;
        assert!(message.ends_with("Type mismatch for key n expected: N actual: S"), "{message}");
    }

    #[test]
    fn wrong_schemas_and_indexes_are_refused() {
        let mut tables = Dynamodb::new();
        let mut message = |name: &str, value: Json| {
            let mut request = create("t");
            request[name] = value;
            tables.call("createTable", &request).unwrap_err().message
        };
        assert_eq!(
            message("GlobalSecondaryIndexes", json!([])),
            "the field `GlobalSecondaryIndexes` is not supported here"
        );
        let range = json!([{ "AttributeName": "p", "KeyType": "RANGE" }]);
        assert!(message("KeySchema", range).ends_with("The first KeySchemaElement is not a HASH key type"));
        let unknown = json!([{ "AttributeName": "x", "KeyType": "HASH" }]);
        assert!(message("KeySchema", unknown).ends_with("are not defined in AttributeDefinitions."));
        let one = json!([{ "AttributeName": "p", "KeyType": "HASH" }]);
        assert!(message("KeySchema", one).contains("does not exactly match"));
    }

    #[test]
    fn tables_are_listed_in_pages() {
        let mut tables =
            Dynamodb::new().with_table("b", "p", None).with_table("a", "p", None).with_table("c", "p", None);
        let first = tables.call("listTables", &json!({ "Limit": 2 })).unwrap();
        assert_eq!(first, json!({ "LastEvaluatedTableName": "b", "TableNames": ["a", "b"] }));
        let rest = tables.call("listTables", &json!({ "ExclusiveStartTableName": "b" })).unwrap();
        assert_eq!(rest, json!({ "TableNames": ["c"] }));
    }
}
