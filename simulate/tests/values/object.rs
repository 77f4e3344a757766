//! Maps, and JSON of any shape.

use std::collections::{BTreeMap, HashMap};

use super::*;

fn map<U: Shape>(compute: impl Fn(Value<HashMap<String, i64>>) -> Value<U>, table: &[(Json, Json)]) {
    gives(compute, table);
}

fn lists<U: Shape>(compute: impl Fn(Value<HashMap<String, Vec<i64>>>) -> Value<U>, table: &[(Json, Json)]) {
    gives(compute, table);
}

#[test]
fn maps_are_read_and_changed() {
    map(|m| m.get("a"), table!({} => null, { "a": 1 } => 1, { "b c": 1 } => null));
    map(|m| m.get(m.keys().first().or("?")), table!({} => null, { "a b": 1 } => 1));
    lists(|m| m.get(m.keys().first().or("?")), table!({} => null, { "a": [1] } => [1], { "a": [] } => []));
    map(|m| m.keys(), table!({} => [], { "a": 1 } => ["a"], { "a": 1, "b": 2 } => ["a", "b"]));
    map(|m| m.values(), table!({} => [], { "a": 1 } => [1], { "a": 1, "b": 2 } => [1, 2]));
    lists(
        |m| m.values(),
        table!({} => [], { "a": [] } => [[]], { "a": [1] } => [[1]], { "a": [1, 2], "b": [] } => [[1, 2], []]),
    );
    map(|m| m.entries(), table!({} => [], { "a": 1 } => [["a", 1]], { "a": 1, "b": 2 } => [["a", 1], ["b", 2]]));
    lists(|m| m.entries(), table!({} => [], { "a": [] } => [["a", []]], { "a": [1, 2] } => [["a", [1, 2]]]));
    map(|m| m.contains_key("a"), table!({} => false, { "a": 0 } => true));
    map(|m| m.len(), table!({} => 0, { "a": 1 } => 1, { "a": 1, "b": 2 } => 2));
    map(|m| m.is_empty(), table!({} => true, { "a": 1 } => false));
    map(|m| m.insert("a", 9), table!({} => { "a": 9 }, { "a": 1, "b": 2 } => { "a": 9, "b": 2 }));
    map(|m| m.insert(text!("k{}", m.len()), m.len()), table!({} => { "k0": 0 }, { "a": 1 } => { "a": 1, "k1": 1 }));
    lists(|m| m.insert("a", [1]), table!({} => { "a": [1] }));
    map(|m| m.remove("a"), table!({} => {}, { "a": 1 } => {}, { "a": 1, "b": 2 } => { "b": 2 }));
    map(|m| m.merge(m.remove("a")), table!({} => {}, { "a": 1, "b": 2 } => { "a": 1, "b": 2 }));
    map(|m| m.map_values(|n| n + 1), table!({} => {}, { "a": 1 } => { "a": 2 }));
    lists(|m| m.map_values(|l| l.map(|n| n + 1)), table!({} => {}, { "a": [1], "b": [] } => { "a": [2], "b": [] }));
    lists(|m| m.map_values(|l| l.first()).map_values(|n| n.or(0)), table!({ "a": [1], "b": [] } => { "a": 1, "b": 0 }));
    map(
        |m| m.filter(|k, n| k.ne("a").and(n.gt(1))),
        table!({} => {}, { "a": 2 } => {}, { "b": 2, "c": 1 } => { "b": 2 }),
    );
    map(|m| m.insert("z", 1).map_values(|n| n * 2).values().sum(), table!({} => 2, { "a": 1 } => 4));
    gives(|m: Value<BTreeMap<String, i64>>| m.keys(), table!({ "a": 1 } => ["a"]));
    gives(
        |n: Value<i64>| <[(&str, Value<i64>); 2] as Arg<HashMap<String, i64>>>::into_value([("a", n), ("b", n + 1)]),
        table!(1 => { "a": 1, "b": 2 }),
    );
}

#[test]
fn json_of_any_shape_is_asked_what_it_is() {
    let json = |compute: fn(Value<Json>) -> Value<Json>, table: &[(Json, Json)]| gives(compute, table);
    json(|j| j.as_text().untyped(), table!("a" => "a", 1 => null, null => null, [] => null));
    json(|j| j.as_number().untyped(), table!(1.5 => 1.5, "a" => null));
    json(|j| j.as_integer().untyped(), table!(1.5 => null, 2 => 2, "a" => null, null => null));
    json(|j| j.as_bool().untyped(), table!(true => true, "a" => null));
    json(|j| j.as_list().untyped(), table!([] => [], [1] => [1], { "a": 1 } => null));
    json(|j| j.as_object().untyped(), table!({} => {}, { "a": 1 } => { "a": 1 }, [] => null));
    json(|j| j.is_null().untyped(), table!(null => true, 1 => false));
    gives(|j: Value<Json>| j.get::<Option<i64>>("a"), table!({} => null, { "a": 1 } => 1, { "a": null } => null));
    gives(|j: Value<Json>| j.at::<Option<i64>>(1), table!([] => null, [1, 2] => 2));
    gives(|j: Value<Json>| j.pick::<Option<i64>>("$.a[0]['b c']"), table!({} => null, { "a": [{ "b c": 1 }] } => 1));
    gives(|j: Value<Json>| j.keys(), table!({} => [], { "a": 1 } => ["a"]));
    gives(|j: Value<Json>| j.merge(json!({ "b": [1] })), table!({ "a": 1 } => { "a": 1, "b": [1] }));
}
