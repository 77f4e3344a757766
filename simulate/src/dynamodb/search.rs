//! Looking through tables: query and scan.

use serde_json::{Map, Value as Json};

use super::condition::Condition;
use super::expression::Expressions;
use super::key;
use super::path::{Path, project};
use super::request::Request;
use super::table::{Key, KeyValue, Table};
use super::value::{Item, item_size, write_item};
use super::{Dynamodb, Refusal};

/// So many bytes one call looks through.
const PAGE: usize = 1024 * 1024;
const KNOWN: [&str; 12] = [
    "TableName",
    "IndexName",
    "FilterExpression",
    "ProjectionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "Limit",
    "ExclusiveStartKey",
    "Select",
    "ConsistentRead",
    "ReturnConsumedCapacity",
    "AttributesToGet",
];

/// What a query and a scan have in common.
struct Search {
    filter: Option<Condition>,
    projection: Option<Vec<Path>>,
    limit: Option<u64>,
    start: Option<Key>,
    only_count: bool,
}

impl Dynamodb {
    pub(super) fn query(&self, json: &Json) -> Result<Json, Refusal> {
        let request =
            Request::read(json, &[KNOWN.as_slice(), &["KeyConditionExpression", "ScanIndexForward"]].concat())?;
        let mut expressions =
            Expressions::open(request, &["FilterExpression", "KeyConditionExpression", "ProjectionExpression"])?;
        let (name, forward) = (request.table()?, request.truth("ScanIndexForward")?.unwrap_or(true));
        let condition = expressions.condition("KeyConditionExpression")?.ok_or_else(|| {
            Refusal::validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
            )
        })?;
        let table = self.table(&name)?;
        let search = Search::read(request, expressions, table)?;
        let partition = key::partition(&condition, table)?;
        if search.start.as_ref().is_some_and(|start| start.partition != partition) {
            return Err(Refusal::validation(
                "The provided starting key is outside query boundaries based on provided conditions",
            ));
        }
        search.check_filter(table)?;
        let items = table.items().filter(|(key, item)| key.partition == partition && condition.holds(item));
        let start = search.start.as_ref();
        Ok(if forward {
            search.run(table, items.filter(|(key, _)| start.is_none_or(|start| *key > start)))
        } else {
            search.run(table, items.rev().filter(|(key, _)| start.is_none_or(|start| *key < start)))
        })
    }

    pub(super) fn scan(&self, json: &Json) -> Result<Json, Refusal> {
        let request = Request::read(json, &[KNOWN.as_slice(), &["Segment", "TotalSegments"]].concat())?;
        let expressions = Expressions::open(request, &["FilterExpression", "ProjectionExpression"])?;
        let segment = segment(request)?;
        let table = self.table(&request.table()?)?;
        let search = Search::read(request, expressions, table)?;
        let is_here = |key: &Key| segment.is_none_or(|(segment, total)| spread(&key.partition) % total == segment);
        let is_next = |key: &Key| search.start.as_ref().is_none_or(|start| key > start);
        Ok(search.run(table, table.items().filter(|(key, _)| is_here(key) && is_next(key))))
    }
}

impl Search {
    fn read(request: Request<'_>, mut expressions: Expressions<'_>, table: &Table) -> Result<Self, Refusal> {
        if let Some(index) = request.text("IndexName")? {
            return Err(Refusal::validation(format!(
                "The table does not have the specified index: {index}; indexes are not supported here"
            )));
        }
        if request.get("AttributesToGet").is_some() {
            return Err(Refusal::validation("the field `AttributesToGet` is not supported here"));
        }
        let filter = expressions.condition("FilterExpression")?;
        let projection = expressions.projection("ProjectionExpression")?;
        expressions.close()?;
        request.truth("ConsistentRead")?;
        let allowed = ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"];
        let select = request.choice("Select", &allowed)?;
        match (select, &projection) {
            (Some("ALL_PROJECTED_ATTRIBUTES"), _) => {
                return Err(Refusal::validation(
                    "One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using \
                     an IndexName",
                ));
            }
            (Some("SPECIFIC_ATTRIBUTES"), None) => {
                return Err(Refusal::validation(
                    "One or more parameter values were invalid: Must specify the AttributesToGet or ProjectionExpression when \
                     choosing to get SPECIFIC_ATTRIBUTES",
                ));
            }
            (Some(other @ ("COUNT" | "ALL_ATTRIBUTES")), Some(_)) => {
                return Err(Refusal::validation(format!(
                    "Cannot specify the ProjectionExpression when choosing to get {}",
                    if other == "COUNT" { "only the Count" } else { "ALL_ATTRIBUTES" }
                )));
            }
            _ => {}
        }
        let start = request.get("ExclusiveStartKey").map(|_| request.item("ExclusiveStartKey")).transpose()?;
        let start = start.map(|start| table.key(&start)).transpose().map_err(|refusal| {
            let message = format!("The provided starting key is invalid: {}", refusal.message);
            Refusal { message, ..refusal }
        })?;
        Ok(Self { filter, projection, limit: request.count("Limit", 1)?, start, only_count: select == Some("COUNT") })
    }

    /// The filter of a query must not look at the key.
    fn check_filter(&self, table: &Table) -> Result<(), Refusal> {
        let mut found = None;
        if let Some(filter) = &self.filter {
            filter.paths(&mut |path| {
                if table.attributes().any(|attribute| attribute.name == path.head) {
                    found = found.or(Some(&path.head));
                }
            });
        }
        found.map_or(Ok(()), |name| {
            Err(Refusal::validation(format!(
                "Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}"
            )))
        })
    }

    /// Looks at the items until the limit, or as much as one call looks through.
    fn run<'t>(&self, table: &Table, items: impl Iterator<Item = (&'t Key, &'t Item)>) -> Json {
        let (mut found, mut scanned, mut bytes, mut last) = (Vec::new(), 0_u64, 0, None);
        for (_, item) in items {
            scanned += 1;
            bytes += item_size(item);
            if self.filter.as_ref().is_none_or(|filter| filter.holds(item)) {
                found.push(self.projection.as_ref().map_or_else(|| item.clone(), |paths| project(paths, item)));
            }
            if self.limit == Some(scanned) || bytes > PAGE {
                last = Some(table.key_item(item));
                break;
            }
        }
        let mut answer = Map::new();
        answer.insert("Count".to_owned(), found.len().into());
        if !self.only_count {
            answer.insert("Items".to_owned(), found.iter().map(write_item).collect());
        }
        if let Some(last) = last {
            answer.insert("LastEvaluatedKey".to_owned(), write_item(&last));
        }
        answer.insert("ScannedCount".to_owned(), scanned.into());
        answer.into()
    }
}

/// Which part of how many a scan looks at.
fn segment(request: Request<'_>) -> Result<Option<(u64, u64)>, Refusal> {
    let missing = |one: &str, other: &str| {
        Refusal::validation(format!(
            "The {one} parameter is required but was not present in the request when {other} parameter is present"
        ))
    };
    match (request.count("Segment", 0)?, request.count("TotalSegments", 1)?) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing("TotalSegments", "Segment")),
        (None, Some(_)) => Err(missing("Segment", "TotalSegments")),
        (Some(segment), Some(total)) if segment < total => Ok(Some((segment, total))),
        (Some(segment), Some(total)) => Err(Refusal::validation(format!(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {segment} is not less \
             than TotalSegments: {total}"
        ))),
    }
}

/// A number that spreads partitions over segments.
fn spread(partition: &KeyValue) -> u64 {
    let text = match partition {
        KeyValue::Number(number) => number.to_string().into_bytes(),
        KeyValue::Text(text) => text.clone().into_bytes(),
        KeyValue::Binary(bytes) => bytes.clone(),
    };
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    text.iter().fold(0xcbf2_9ce4_8422_2325, step) >> 16
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::Dynamodb;

    fn tables() -> Dynamodb {
        let mut tables = Dynamodb::new().with_table("t", "p", Some("n"));
        for (p, n) in [("x", 1), ("x", 2), ("x", 10), ("x", 3), ("y", 1)] {
            let even = n % 2 == 0;
            tables.put("t", json!({ "p": { "S": p }, "n": { "N": n.to_string() }, "even": { "BOOL": even } }));
        }
        tables
    }

    fn query(more: &Json) -> Result<Json, String> {
        let mut request = json!({
            "TableName": "t", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": { ":p": { "S": "x" } },
        });
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        tables().call("query", &request).map_err(|refusal| refusal.message)
    }

    fn numbers(answer: &Json) -> Vec<&str> {
        answer["Items"].as_array().unwrap().iter().map(|item| item["n"]["N"].as_str().unwrap()).collect()
    }

    #[test]
    fn a_query_goes_in_the_order_of_the_sort_key() {
        assert_eq!(numbers(&query(&json!({})).unwrap()), ["1", "2", "3", "10"]);
        assert_eq!(numbers(&query(&json!({ "ScanIndexForward": false })).unwrap()), ["10", "3", "2", "1"]);
    }

    #[test]
    fn pages_follow_each_other() {
        for (forward, pages) in [(true, [["1", "2"], ["3", "10"]]), (false, [["10", "3"], ["2", "1"]])] {
            let mut more = json!({ "Limit": 2, "ScanIndexForward": forward });
            for page in pages {
                let answer = query(&more).unwrap();
                assert_eq!(numbers(&answer), page);
                assert_eq!(answer["LastEvaluatedKey"], json!({ "p": { "S": "x" }, "n": { "N": page[1] } }));
                more["ExclusiveStartKey"] = answer["LastEvaluatedKey"].clone();
            }
            let end = query(&more).unwrap();
            assert_eq!(end, json!({ "Count": 0, "Items": [], "ScannedCount": 0 }));
        }
        let other = query(&json!({ "ExclusiveStartKey": { "p": { "S": "y" }, "n": { "N": "1" } } })).unwrap_err();
        assert_eq!(other, "The provided starting key is outside query boundaries based on provided conditions");
        let wrong = query(&json!({ "ExclusiveStartKey": { "p": { "S": "x" } } })).unwrap_err();
        let expected = "The provided starting key is invalid: The provided key element does not match the schema";
        assert_eq!(wrong, expected);
    }

    #[test]
    fn the_limit_counts_what_the_filter_drops() {
        let values = json!({ ":p": { "S": "x" }, ":yes": { "BOOL": true } });
        let mut more = json!({ "FilterExpression": "even = :yes", "ExpressionAttributeValues": values, "Limit": 3 });
        let answer = query(&more).unwrap();
        assert_eq!((numbers(&answer), &answer["Count"], &answer["ScannedCount"]), (vec!["2"], &json!(1), &json!(3)));
        more["Select"] = json!("COUNT");
        more.as_object_mut().unwrap().remove("Limit");
        assert_eq!(query(&more).unwrap(), json!({ "Count": 2, "ScannedCount": 4 }));
    }

    #[test]
    fn a_large_result_comes_in_pages() {
        let mut tables = Dynamodb::new().with_table("t", "p", None);
        for p in ["a", "b", "c", "d"] {
            tables.put("t", json!({ "p": { "S": p }, "x": { "S": "x".repeat(390_000) } }));
        }
        let answer = tables.call("scan", &json!({ "TableName": "t" })).unwrap();
        assert_eq!((&answer["Count"], &answer["LastEvaluatedKey"]), (&json!(3), &json!({ "p": { "S": "c" } })));
    }

    #[test]
    fn a_scan_looks_at_all_items_and_its_segments_at_each_once() {
        let scan = |more: Json| {
            let mut request = json!({ "TableName": "t" });
            request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            tables().call("scan", &request).map_err(|refusal| refusal.message)
        };
        assert_eq!(scan(json!({})).unwrap()["Count"], json!(5));
        let projected = scan(json!({ "ProjectionExpression": "even", "Limit": 1 })).unwrap();
        assert_eq!(projected["Items"], json!([{ "even": { "BOOL": false } }]));
        let part =
            |segment: i32| scan(json!({ "Segment": segment, "TotalSegments": 3 })).unwrap()["Count"].as_u64().unwrap();
        assert_eq!((0..3).map(part).sum::<u64>(), 5);
        assert!((0..3).map(part).all(|count| count < 5));
        assert!(scan(json!({ "Segment": 3, "TotalSegments": 3 })).unwrap_err().contains("is zero-based"));
        assert!(scan(json!({ "Segment": 0 })).unwrap_err().starts_with("The TotalSegments parameter is required"));
    }

    #[test]
    fn what_a_query_can_not_have_is_refused() {
        let index = query(&json!({ "IndexName": "by-date" })).unwrap_err();
        assert_eq!(index, "The table does not have the specified index: by-date; indexes are not supported here");
        let filter = query(&json!({ "FilterExpression": "attribute_exists(n)" })).unwrap_err();
        let expected = "Filter Expression can only contain non-primary key attributes: Primary key attribute: n";
        assert_eq!(filter, expected);
        let legacy = query(&json!({ "KeyConditions": {} })).unwrap_err();
        assert_eq!(legacy, "the field `KeyConditions` is not supported here");
        let none = tables().call("query", &json!({ "TableName": "t" })).unwrap_err().message;
        assert!(none.starts_with("Either the KeyConditions or KeyConditionExpression"), "{none}");
        assert!(query(&json!({ "Select": "COUNT", "ProjectionExpression": "even" })).is_err());
        assert!(query(&json!({ "Select": "SPECIFIC_ATTRIBUTES" })).is_err());
        assert!(query(&json!({ "Select": "ALL_PROJECTED_ATTRIBUTES" })).is_err());
    }
}
