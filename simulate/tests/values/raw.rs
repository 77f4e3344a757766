//! JSONata and paths that are written by hand.

use super::*;

#[derive(Shape)]
struct Line {
    price: f64,
    count: i64,
}

#[test]
fn jsonata_reads_what_is_bound() {
    gives(
        |l: Value<Vec<Line>>| {
            Value::<f64>::jsonata(
                "$sum([$lines.(price * count)]) * $rate",
                [("lines", l.untyped()), ("rate", l.len().untyped())],
            )
        },
        table!([] => 0, [{ "price": 2, "count": 3 }] => 6, [{ "price": 2, "count": 3 }, { "price": 1, "count": 1 }] => 14),
    );
    gives(
        |l: Value<Vec<Line>>| Value::<Vec<i64>>::jsonata("$lines[price > 1].count", [("lines", l.untyped())]),
        table!([] => [], [{ "price": 2, "count": 3 }] => [3], [{ "price": 2, "count": 3 }, { "price": 1, "count": 1 }] => [3]),
    );
    gives(
        |l: Value<Vec<Line>>| {
            Value::<Option<i64>>::jsonata("$lines[price > 1].count", [("lines", l.untyped())]).or(0) + 1
        },
        table!([] => 1, [{ "price": 2, "count": 3 }] => 4),
    );
    gives(
        |n: Value<i64>| {
            [n].typed()
                .map(|item| Value::<i64>::jsonata("$map([1], function($item) { $item + $n })", [("n", item.untyped())]))
        },
        table!(4 => [5]),
    );
    gives(|n: Value<i64>| n + Value::<i64>::jsonata("true ? 1 : 2", []), table!(4 => 5));
    gives(
        |n: Value<Option<i64>>| Value::<bool>::jsonata("$n = null", [("n", n.untyped())]),
        table!(null => true, 1 => false),
    );
}

#[test]
fn paths_lead_into_the_input_and_the_context() {
    gives(
        |_: Value<Json>| Value::<Option<i64>>::path("$.a[0]['b c']"),
        table!({} => null, { "a": [{ "b c": 1 }] } => 1),
    );
    gives(|_: Value<Json>| Value::<Json>::path("$"), table!({} => {}, [1] => [1]));
    gives(|_: Value<Json>| Value::<Vec<i64>>::path("$$.Execution.Input.l").map(|n| n + 1), table!({ "l": [1] } => [2]));
}

fn codes<U: Shape>(compute: impl Fn(Value<Json>) -> Value<U>) -> Vec<&'static str> {
    let workflow = Workflow::new("wrong", |w, input: Value<Json>| w.value(compute(input)));
    workflow.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect()
}

#[test]
fn what_is_malformed_is_told() {
    assert_eq!(codes(|j| Value::<i64>::jsonata("$sum($list", [("list", j)])), ["SW0240"]);
    assert_eq!(codes(|_| Value::<i64>::jsonata("$sum($list)", [])), ["SW0240"]);
    assert_eq!(codes(|_| Value::<i64>::jsonata("$states.input.x", [])), ["SW0240"]);
    assert_eq!(codes(|_| Value::<i64>::path("a.b")), ["SW0243"]);
    assert_eq!(codes(|_| Value::<i64>::path("$.a[*].b")), ["SW0243"]);
    assert_eq!(codes(|_| Value::<i64>::path("$..b")), ["SW0243"]);
    assert_eq!(codes(|j| j.pick::<i64>("$.a[")), ["SW0243"]);
    assert_eq!(codes(|_| Value::<String>::path("$$.Task.Token")), ["SW0207"]);
    assert_eq!(codes(|_| Value::<i64>::path("$$.Map.Item.Index")), ["SW0212"]);
    assert_eq!(codes(|_| execution::start().format("yyyy-MM-dd")), ["SW0241"]);
    assert_eq!(codes(|_| execution::start().format_in("[Y]", "Asia/Tokyo")), ["SW0209"]);
    assert_eq!(codes(|j| j.cast::<String>().matches("(")), ["SW0242"]);
    assert_eq!(codes(|j| j.cast::<f64>().format("")), ["SW0241"]);
}
