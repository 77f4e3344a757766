//! Lists of none, one and many, of plain items and of lists.

use super::*;

fn numbers<U: Shape>(compute: impl Fn(Value<Vec<i64>>) -> Value<U>, table: &[(Json, Json)]) {
    gives(compute, table);
}

fn rows<U: Shape>(compute: impl Fn(Value<Vec<Vec<i64>>>) -> Value<U>, table: &[(Json, Json)]) {
    gives(compute, table);
}

#[test]
fn items_are_found() {
    numbers(|l| l.get(1), table!([] => null, [1] => null, [1, 2] => 2));
    numbers(|l| l.get(-1), table!([] => null, [1] => 1, [1, 2] => 2));
    numbers(|l| l.get(l.len() - 1), table!([] => null, [1] => 1, [1, 2] => 2));
    rows(|l| l.first(), table!([] => null, [[]] => [], [[1]] => [1], [[1, 2], [3]] => [1, 2]));
    rows(|l| l.get(l.len() - 1), table!([] => null, [[]] => [], [[1]] => [1], [[1, 2], [3]] => [3]));
    numbers(|l| l.find(|n| n.gt(1)), table!([] => null, [1] => null, [2] => 2, [1, 3, 2] => 3));
    rows(
        |l| l.find(|r| r.len().gt(1)),
        table!([] => null, [[1]] => null, [[1, 2]] => [1, 2], [[], [1, 2], [3, 4]] => [1, 2]),
    );
    numbers(|l| l.position(|n| n.gt(1)), table!([] => null, [1] => null, [2] => 0, [1, 3, 2] => 1));
    numbers(|l| l.index_of(2), table!([] => null, [1] => null, [2] => 0, [1, 3, 2, 2] => 2));
    rows(|l| l.index_of([2]), table!([] => null, [[1]] => null, [[2]] => 0, [[1], [], [2]] => 2));
    numbers(|l| l.contains(2), table!([] => false, [2] => true, [1] => false, [1, 2] => true));
    rows(|l| l.contains([2]), table!([] => false, [[2]] => true, [[1]] => false, [[], [2]] => true));
    numbers(|l| l.any(|n| n.gt(1)), table!([] => false, [1] => false, [1, 2] => true));
    rows(|l| l.any(|r| r.is_empty()), table!([] => false, [[1]] => false, [[]] => true));
    numbers(|l| l.all(|n| n.gt(1)), table!([] => true, [1] => false, [1, 2] => false, [2, 3] => true));
    numbers(|l| l.count_where(|n| n.gt(1)), table!([] => 0, [1] => 0, [1, 2] => 1, [2, 3] => 2));
    rows(|l| l.count_where(|r| r.len().gt(1)), table!([] => 0, [[1, 2]] => 1, [[1, 2], [], [3, 4]] => 2));
}

#[test]
fn lists_are_made_of_lists() {
    numbers(|l| l.append(9), table!([] => [9], [1] => [1, 9]));
    rows(|l| l.append([9]), table!([] => [[9]], [[1]] => [[1], [9]], [[1, 2], []] => [[1, 2], [], [9]]));
    rows(|l| l.append(Value::<Vec<i64>>::range(0, 0)), table!([] => [[]], [[1]] => [[1], []]));
    numbers(|l| l.prepend(9), table!([] => [9], [1] => [9, 1]));
    rows(|l| l.prepend([9]), table!([] => [[9]], [[1]] => [[9], [1]]));
    numbers(|l| l.concat([7]), table!([] => [7], [1, 2] => [1, 2, 7]));
    rows(|l| l.concat(l), table!([] => [], [[1]] => [[1], [1]], [[]] => [[], []]));
    numbers(|l| l.reverse(), table!([] => [], [1] => [1], [1, 2] => [2, 1]));
    rows(|l| l.reverse(), table!([] => [], [[1]] => [[1]], [[1, 2], []] => [[], [1, 2]]));
    numbers(|l| l.distinct(), table!([] => [], [1] => [1], [1, 2, 1] => [1, 2]));
    rows(|l| l.distinct(), table!([] => [], [[1]] => [[1]], [[1], [], [1]] => [[1], []], [[1], [1]] => [[1]]));
    numbers(|l| l.take(2), table!([] => [], [1] => [1], [1, 2, 3] => [1, 2]));
    numbers(|l| l.take(1), table!([] => [], [1] => [1], [1, 2, 3] => [1]));
    rows(|l| l.take(1), table!([] => [], [[1]] => [[1]], [[1, 2], [3]] => [[1, 2]], [[]] => [[]]));
    numbers(|l| l.skip(1), table!([] => [], [1] => [], [1, 2] => [2]));
    rows(|l| l.skip(1), table!([] => [], [[1]] => [], [[1, 2], [3]] => [[3]], [[1], [], [2]] => [[], [2]]));
    rows(
        |l| [l.find(|r| r.is_empty()), l.first()].typed(),
        table!([] => [null, null], [[]] => [[], []], [[1], []] => [[], [1]]),
    );
    rows(|l| [l.filter(|r| r.is_empty()).first()].typed(), table!([] => [null], [[]] => [[]]));
    numbers(|l| l.skip(0), table!([] => [], [1] => [1]));
    numbers(|l| l.slice(1, l.len() - 1), table!([] => [], [1, 2] => [], [1, 2, 3] => [2]));
    numbers(|l| l.chunks(2), table!([] => [], [1] => [[1]], [1, 2] => [[1, 2]], [1, 2, 3] => [[1, 2], [3]]));
    rows(|l| l.chunks(2), table!([] => [], [[1]] => [[[1]]], [[1], [2], [3]] => [[[1], [2]], [[3]]]));
    numbers(|l| l.map(|n| n + 1).chunks(1), table!([] => [], [1] => [[2]], [1, 2] => [[2], [3]]));
    numbers(|l| l.zip(l.reverse()), table!([] => [], [1] => [[1, 1]], [1, 2] => [[1, 2], [2, 1]]));
    numbers(|l| l.zip(l.skip(1)), table!([] => [], [1] => [], [1, 2] => [[1, 2]]));
    rows(|l| l.zip(l), table!([] => [], [[1]] => [[[1], [1]]]));
    numbers(|l| l.enumerate(), table!([] => [], [5] => [[0, 5]], [5, 6] => [[0, 5], [1, 6]]));
    numbers(|l| l.enumerate().map(|pair| pair.0 * 10 + pair.1), table!([] => [], [5] => [5], [5, 6] => [5, 16]));
    numbers(|l| Value::<Vec<i64>>::range(0, l.len()), table!([] => [], [5] => [0], [5, 6] => [0, 1]));
    numbers(|l| Value::<Vec<i64>>::range(l.len(), 2), table!([] => [0, 1], [5] => [1], [5, 6] => [], [5, 6, 7] => []));
}

#[test]
fn items_are_changed_and_chosen() {
    numbers(|l| l.map(|n| n * 2), table!([] => [], [1] => [2], [1, 2] => [2, 4]));
    numbers(|l| l.map(|n| [n, n + 1]), table!([] => [], [1] => [[1, 2]], [1, 2] => [[1, 2], [2, 3]]));
    numbers(
        |l| l.map(|n| Value::<Vec<i64>>::range(0, n)),
        table!([] => [], [0] => [[]], [1] => [[0]], [0, 2] => [[], [0, 1]]),
    );
    rows(|l| l.map(|r| r), table!([] => [], [[]] => [[]], [[1]] => [[1]], [[1, 2], []] => [[1, 2], []]));
    rows(|l| l.map(|r| r.len()), table!([] => [], [[]] => [0], [[1, 2]] => [2]));
    rows(|l| l.map(|r| r.first()), table!([] => [], [[]] => [null], [[1, 2]] => [1], [[], [1]] => [null, 1]));
    rows(|l| l.map(|r| r.map(|n| n + 1)), table!([] => [], [[]] => [[]], [[1]] => [[2]], [[1, 2], []] => [[2, 3], []]));
    rows(
        |l| l.filter(|r| r.len().gt(0)),
        table!([] => [], [[]] => [], [[1]] => [[1]], [[1, 2], [], [3]] => [[1, 2], [3]]),
    );
    numbers(|l| l.filter(|n| n.gt(1)), table!([] => [], [1] => [], [2] => [2], [1, 2, 3] => [2, 3]));
    rows(|l| l.flatten(), table!([] => [], [[]] => [], [[1]] => [1], [[1, 2], [], [3]] => [1, 2, 3]));
    rows(|l| l.map(|r| [r]).flatten(), table!([] => [], [[1]] => [[1]], [[], [1, 2]] => [[], [1, 2]]));
    numbers(
        |l| l.flat_map(|n| Value::<Vec<i64>>::range(0, n)),
        table!([] => [], [0] => [], [1] => [0], [2, 1] => [0, 1, 0]),
    );
    numbers(|l| l.sort(), table!([] => [], [1] => [1], [2, 1, 10] => [1, 2, 10]));
    numbers(|l| l.sort_by(|n| -n), table!([] => [], [1] => [1], [2, 1, 10] => [10, 2, 1]));
    rows(
        |l| l.sort_by(|r| r.len()),
        table!([] => [], [[1]] => [[1]], [[1, 2], [], [3], [4]] => [[], [3], [4], [1, 2]]),
    );
    rows(|l| l.sort_by(|r| r.map(|n| n * 2).sum()), table!([] => [], [[3], [1, 1]] => [[1, 1], [3]]));
    numbers(|l| l.sum(), table!([] => 0, [1] => 1, [1, 2] => 3));
    numbers(|l| l.average(), table!([] => null, [1] => 1, [1, 2] => 1.5));
    numbers(|l| l.min(), table!([] => null, [1] => 1, [2, 1] => 1));
    numbers(|l| l.max().or(0) - l.min().or(0), table!([] => 0, [1] => 0, [2, 1] => 1));
    gives(|l: Value<Vec<String>>| l.sort().join(","), table!([] => "", ["b"] => "b", ["b", "a"] => "a,b"));
    numbers(
        |l| l.group_by(|n| (n % 2).to_text()),
        table!([] => {}, [1] => { "1": [1] }, [1, 2, 3] => { "1": [1, 3], "0": [2] }),
    );
    rows(
        |l| l.group_by(|r| r.len().to_text()),
        table!([] => {}, [[1]] => { "1": [[1]] }, [[1], [], [2]] => { "1": [[1], [2]], "0": [[]] }),
    );
    numbers(|l| l.to_map(|n| (text!("n{n}"), n)), table!([] => {}, [1] => { "n1": 1 }, [1, 2] => { "n1": 1, "n2": 2 }));
    rows(
        |l| l.to_map(|r| (r.len().to_text(), r)),
        table!([] => {}, [[1]] => { "1": [1] }, [[], [1]] => { "0": [], "1": [1] }),
    );
}

#[test]
fn lists_stand_in_closures() {
    rows(
        |l| l.map(|a| l.filter(|b| b.len().gt(a.len())).map(|b| b.concat(a))),
        table!([] => [], [[]] => [[]], [[], [1]] => [[[1]], []]),
    );
    numbers(
        |l| l.map(|a| l.slice(a, a + 1).sort_by(|b| b - a).first()),
        table!([] => [], [0] => [0], [1, 0] => [0, 1], [5] => [null]),
    );
    numbers(|l| l.map(|a| l.position(|b| b.eq(a))), table!([3, 4, 3] => [0, 1, 0]));
    numbers(|l| l.map(|a| l.group_by(|b| (b - a).to_text())), table!([1] => [{ "0": [1] }]));
}

#[test]
fn items_may_be_anything() {
    type Maybe = Vec<Option<Vec<i64>>>;
    let maybe = |compute: fn(Value<Maybe>) -> Value<Maybe>, table: &[(Json, Json)]| gives(compute, table);
    maybe(
        |l| l.map(|item| item),
        table!([] => [], [null] => [null], [[1]] => [[1]], [null, [1, 2], []] => [null, [1, 2], []]),
    );
    maybe(
        |l| l.filter(Value::is_some),
        table!([] => [], [null] => [], [[1]] => [[1]], [null, [1, 2], []] => [[1, 2], []]),
    );
    maybe(|l| l.take(1), table!([] => [], [null] => [null], [[1]] => [[1]], [[1, 2], []] => [[1, 2]]));
    maybe(|l| l.append(Value::<Vec<i64>>::range(1, 2)).append(Value::none()), table!([] => [[1], null]));
    gives(|l: Value<Maybe>| l.present(), table!([] => [], [null, [1]] => [[1]], [[1], []] => [[1], []]));
    let any = |compute: fn(Value<Vec<Json>>) -> Value<Vec<Json>>, table: &[(Json, Json)]| gives(compute, table);
    any(|l| l.map(|item| item), table!([] => [], [[]] => [[]], [1, [2], { "a": [] }] => [1, [2], { "a": [] }]));
    any(|l| l.append(l.untyped()), table!([] => [[]], [1] => [1, [1]]));
    any(|l| [l.untyped()].into(), table!([] => [[]], [1] => [[1]]));
    gives(
        |j: Value<Json>| [j, j].typed(),
        table!([] => [[], []], 1 => [1, 1], null => [null, null], [1, 2] => [[1, 2], [1, 2]]),
    );
    gives(|l: Value<Vec<i64>>| (l, l.len()).typed(), table!([] => [[], 0], [1] => [[1], 1]));
    gives(|l: Value<Vec<i64>>| (l.first(), [l]).typed(), table!([] => [null, [[]]], [1] => [1, [[1]]]));
    gives(
        |p: Value<(Vec<i64>, String)>| text!("{}{}", p.1, p.0.len()),
        table!([[], "a"] => "a0", [[1, 2], "a"] => "a2"),
    );
    gives(
        |p: Value<Vec<(String, Vec<i64>)>>| p.map(|p| p.1),
        table!([] => [], [["a", [1]]] => [[1]], [["a", []], ["b", [1, 2]]] => [[], [1, 2]]),
    );
}

#[derive(Shape)]
struct Computed {
    kept: Vec<Vec<i64>>,
    lengths: Vec<i64>,
    doubled: Vec<Vec<i64>>,
    flat: Vec<i64>,
    sorted: Vec<Vec<i64>>,
    chunks: Vec<Vec<Vec<i64>>>,
    taken: Vec<Vec<i64>>,
    skipped: Vec<Vec<i64>>,
    longest: Option<Vec<i64>>,
    place: Option<i64>,
    at: Option<Vec<i64>>,
    sums: Vec<i64>,
    pairs: Vec<(i64, Vec<i64>)>,
    distinct: Vec<Vec<i64>>,
}

fn computed() -> Workflow {
    Workflow::new("computed", |w, input: Value<(Vec<Vec<i64>>, i64)>| {
        let (rows, n) = (input.0, input.1);
        w.value(ComputedFields {
            kept: rows.filter(|row| row.len().gt(n)),
            lengths: rows.map(|row| row.len()),
            doubled: rows.map(|row| row.map(|x| x * 2)),
            flat: rows.flatten(),
            sorted: rows.sort_by(|row| row.sum()),
            chunks: rows.chunks(n + 1),
            taken: rows.take(n),
            skipped: rows.skip(n),
            longest: rows.find(|row| row.len().eq(rows.map(|row| row.len()).max().or(0))),
            place: rows.position(|row| row.contains(n)),
            at: rows.get(n),
            sums: rows.map(|row| row.filter(|x| x.gt(n)).sum()),
            pairs: rows.enumerate(),
            distinct: rows.distinct(),
        })
    })
}

fn in_rust(rows: &[Vec<i64>], n: usize) -> Json {
    let limit = i64::try_from(n).unwrap();
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|row| row.iter().sum::<i64>());
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut distinct: Vec<&Vec<i64>> = Vec::new();
    for row in rows {
        if !distinct.contains(&row) {
            distinct.push(row);
        }
    }
    json!({
        "kept": rows.iter().filter(|row| row.len() > n).collect::<Vec<_>>(),
        "lengths": rows.iter().map(Vec::len).collect::<Vec<_>>(),
        "doubled": rows.iter().map(|row| row.iter().map(|x| x * 2).collect()).collect::<Vec<Vec<_>>>(),
        "flat": rows.concat(),
        "sorted": sorted,
        "chunks": rows.chunks(n + 1).collect::<Vec<_>>(),
        "taken": &rows[..n.min(rows.len())],
        "skipped": &rows[n.min(rows.len())..],
        "longest": rows.iter().find(|row| row.len() == most),
        "place": rows.iter().position(|row| row.contains(&limit)),
        "at": rows.get(n),
        "sums": rows.iter().map(|row| row.iter().filter(|x| **x > limit).sum::<i64>()).collect::<Vec<_>>(),
        "pairs": rows.iter().enumerate().collect::<Vec<_>>(),
        "distinct": distinct,
    })
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn lists_of_lists_are_those_of_rust(
        rows in proptest::collection::vec(proptest::collection::vec(0_i64..5, 0..4), 0..5),
        n in 0_usize..4,
    ) {
        let run = simulate(&computed()).input(json!([rows, n])).run().unwrap();
        let output = run.output().unwrap_or_else(|| panic!("{}", run.failure()));
        let expected = in_rust(&rows, n);
        assert!(same(&output, &expected), "{output}\n{expected}");
    }
}
