//! Key conditions: which items a query looks at.

use super::Refusal;
use super::condition::{Comparator, Condition, Operand};
use super::table::{KeyAttribute, KeyValue, Table};
use super::value::Value;

/// The partition that a key condition picks. Which of its items are meant is told by the condition itself.
///
/// # Errors
///
/// If it is no condition on the key, or not one that a query may have.
pub(super) fn partition(condition: &Condition, table: &Table) -> Result<KeyValue, Refusal> {
    let parts = match condition {
        Condition::All(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    if parts.len() > 2 {
        return Err(Refusal::validation("Conditions can be of length 1 or 2 only"));
    }
    let (mut partition, mut sorted) = (None, false);
    for part in parts {
        let (name, values, equal) = part_of(part)?;
        let attribute = attribute(table, name).ok_or_else(|| missed(table, partition.is_some()))?;
        let is_partition = attribute.name == table.partition.name;
        if (is_partition && partition.is_some()) || (!is_partition && sorted) {
            return Err(Refusal::validation("KeyConditionExpressions must only contain one condition per key"));
        }
        if is_partition && !equal {
            return Err(Refusal::validation("Query key condition not supported"));
        }
        let mut last = None;
        for value in values {
            last = Some(attribute.condition_value(value)?);
        }
        if is_partition {
            partition = last;
        } else {
            sorted = true;
        }
    }
    partition.ok_or_else(|| missed(table, false))
}

fn attribute<'t>(table: &'t Table, name: &str) -> Option<&'t KeyAttribute> {
    table.attributes().find(|attribute| attribute.name == name)
}

fn missed(table: &Table, has_partition: bool) -> Refusal {
    let sort = table.sort.as_ref().filter(|_| has_partition);
    let name = &sort.unwrap_or(&table.partition).name;
    Refusal::validation(format!("Query condition missed key schema element: {name}"))
}

/// The attribute and the values of one condition, and whether it wants them equal.
fn part_of(condition: &Condition) -> Result<(&str, Vec<&Value>, bool), Refusal> {
    let unsupported =
        |operator: &str| Refusal::validation(format!("Invalid operator used in KeyConditionExpression: {operator}"));
    let (path, values, equal) = match condition {
        Condition::Compare(Comparator::NotEqual, ..) => return Err(unsupported("<>")),
        Condition::Compare(comparator, Operand::Path(path), Operand::Value(value))
        | Condition::Compare(comparator, Operand::Value(value), Operand::Path(path)) => {
            (path, vec![value], *comparator == Comparator::Equal)
        }
        Condition::Between(Operand::Path(path), Operand::Value(low), Operand::Value(high)) => {
            (path, vec![low, high], false)
        }
        Condition::BeginsWith(Operand::Path(path), Operand::Value(start)) => (path, vec![start], false),
        Condition::All(_) => return Err(unsupported("AND")),
        Condition::Any(_) => return Err(unsupported("OR")),
        Condition::Not(_) => return Err(unsupported("NOT")),
        Condition::In(..) => return Err(unsupported("IN")),
        Condition::Exists(_) => return Err(unsupported("attribute_exists")),
        Condition::NotExists(_) => return Err(unsupported("attribute_not_exists")),
        Condition::HasType(..) => return Err(unsupported("attribute_type")),
        Condition::Contains(..) => return Err(unsupported("contains")),
        Condition::Compare(..) | Condition::Between(..) | Condition::BeginsWith(..) => {
            return Err(Refusal::validation("Query key condition not supported"));
        }
    };
    if path.steps.is_empty() {
        Ok((&path.head, values, equal))
    } else {
        Err(Refusal::validation("KeyConditionExpressions cannot have conditions on nested attributes"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::Dynamodb;

    fn query(expression: &str, values: Json) -> Result<usize, String> {
        let mut tables = Dynamodb::new().with_table("t", "p", Some("s"));
        for s in ["a1", "a2", "b1"] {
            tables.put("t", json!({ "p": { "S": "x" }, "s": { "S": s } }));
        }
        tables.put("t", json!({ "p": { "S": "y" }, "s": { "S": "a1" } }));
        let request = json!({
            "TableName": "t", "KeyConditionExpression": expression, "ExpressionAttributeValues": values,
        });
        let answer = tables.call("query", &request).map_err(|refusal| refusal.message)?;
        Ok(answer["Items"].as_array().unwrap().len())
    }

    fn values(s: &str) -> Json {
        json!({ ":p": { "S": "x" }, ":s": { "S": s } })
    }

    #[test]
    fn a_key_condition_picks_items() {
        assert_eq!(query("p = :p", json!({ ":p": { "S": "x" } })), Ok(3));
        assert_eq!(query("p = :p", json!({ ":p": { "S": "z" } })), Ok(0));
        for (expression, s, expected) in [
            ("p = :p AND s = :s", "a1", 1),
            ("s = :s AND :p = p", "a1", 1),
            ("p = :p AND s > :s", "a1", 2),
            ("p = :p AND s < :s", "b1", 2),
            ("p = :p AND s >= :s", "a2", 2),
            ("p = :p AND s <= :s", "a1", 1),
            ("(p = :p) AND (begins_with(s, :s))", "a", 2),
            ("p = :p AND s BETWEEN :s AND :s", "a2", 1),
        ] {
            assert_eq!(query(expression, values(s)), Ok(expected), "{expression}");
        }
    }

    #[test]
    fn other_conditions_are_refused() {
        for (expression, expected) in [
            ("s = :s AND s = :p", "KeyConditionExpressions must only contain one condition per key"),
            ("p = :p AND p = :s", "KeyConditionExpressions must only contain one condition per key"),
            ("p > :p AND s = :s", "Query key condition not supported"),
            ("p = :p OR s = :s", "Invalid operator used in KeyConditionExpression: OR"),
            ("p = :p AND s <> :s", "Invalid operator used in KeyConditionExpression: <>"),
            ("p = :p AND s IN (:s)", "Invalid operator used in KeyConditionExpression: IN"),
            ("p = :p AND contains(s, :s)", "Invalid operator used in KeyConditionExpression: contains"),
            ("p = :p AND z = :s", "Query condition missed key schema element: s"),
            ("p = :p AND s = :s AND p = :p", "Conditions can be of length 1 or 2 only"),
            ("p = :p AND s.x = :s", "KeyConditionExpressions cannot have conditions on nested attributes"),
        ] {
            assert_eq!(query(expression, values("a")), Err(expected.to_owned()), "{expression}");
        }
        let only_sort = query("s = :s", json!({ ":s": { "S": "a1" } }));
        assert_eq!(only_sort, Err("Query condition missed key schema element: p".to_owned()));
        let mismatch = query("p = :p", json!({ ":p": { "N": "1" } })).unwrap_err();
        assert!(mismatch.ends_with("Condition parameter type does not match schema type"), "{mismatch}");
    }
}
