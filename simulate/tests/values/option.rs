//! What may be absent.

use super::*;

#[derive(Shape)]
struct Order {
    id: String,
    note: Option<String>,
    lines: Option<Vec<i64>>,
    inner: Option<Box<Inner>>,
}

#[derive(Shape)]
struct Inner {
    size: i64,
    label: Option<String>,
}

fn order<U: Shape>(compute: impl Fn(Value<Order>) -> Value<U>, table: &[(Json, Json)]) {
    gives(compute, table);
}

#[test]
fn what_is_absent_stays_absent() {
    order(
        |o| o.note,
        table!({ "id": "a" } => null, { "id": "a", "note": null } => null, { "id": "a", "note": "n" } => "n"),
    );
    order(|o| o.note.map(Value::<String>::upper), table!({ "id": "a" } => null, { "id": "a", "note": "n" } => "N"));
    order(|o| o.inner.map(|i| i.size), table!({ "id": "a" } => null, { "id": "a", "inner": { "size": 1 } } => 1));
    order(
        |o| o.inner.map(|i| i.size + 1).or(0),
        table!({ "id": "a" } => 0, { "id": "a", "inner": { "size": 1 } } => 2),
    );
    order(
        |o| o.inner.and_then(|i| i.label),
        table!({ "id": "a" } => null, { "inner": { "size": 1 } } => null, { "inner": { "size": 1, "label": "l" } } => "l"),
    );
    order(
        |o| o.note.or_else(o.inner.and_then(|i| i.label)),
        table!({} => null, { "note": "n" } => "n", { "inner": { "label": "l" } } => "l"),
    );
    order(|o| o.note.filter(|n| n.len().gt(1)), table!({} => null, { "note": "n" } => null, { "note": "nn" } => "nn"));
    order(
        |o| o.note.is_some_and(|n| n.len().gt(1)),
        table!({} => false, { "note": "n" } => false, { "note": "nn" } => true),
    );
    order(|o| o.note.is_none(), table!({} => true, { "note": "n" } => false));
    order(|o| o.note.to_list(), table!({} => [], { "note": "n" } => ["n"]));
    order(|o| o.lines.to_list(), table!({} => [], { "lines": [] } => [[]], { "lines": [1] } => [[1]]));
    order(|o| o.lines.map(|l| l.first()), table!({} => null, { "lines": [] } => null, { "lines": [1] } => 1));
    order(
        |o| o.lines.map(|l| l.map(|n| n + 1)).or(o.id.chars().map(|_| 0)),
        table!({ "id": "ab" } => [0, 0], { "id": "", "lines": [1] } => [2]),
    );
    order(|o| o.id.some().map(|id| id.upper()), table!({ "id": "a" } => "A"));
    order(|o| o.note.eq("n"), table!({} => false, { "note": "n" } => true));
}

#[test]
fn what_is_computed_may_be_absent() {
    type Compute = fn(Value<Vec<Vec<i64>>>) -> Value<Option<i64>>;
    let list = |compute: Compute, table: &[(Json, Json)]| gives(compute, table);
    list(|l| l.find(|r| r.len().gt(1)).and_then(|r| r.first()), table!([] => null, [[1, 2]] => 1));
    list(|l| l.flatten().max().map(|n| n + 1), table!([] => null, [[1], [3]] => 4));
    list(|l| l.flatten().max().filter(|n| n.gt(1)), table!([] => null, [[1]] => null, [[1], [3]] => 3));
    gives(
        |l: Value<Vec<Order>>| l.find(|o| o.id.eq("b")).map(|o| o.id.upper()).or("none"),
        table!([] => "none", [{ "id": "b" }] => "B"),
    );
    gives(|l: Value<Vec<Order>>| l.first().map(|o| o.id), table!([] => null, [{ "id": "b" }] => "b"));
    gives(
        |l: Value<Vec<Order>>| l.map(|o| o.note),
        table!([] => [], [{}] => [null], [{}, { "note": "n" }] => [null, "n"]),
    );
}
