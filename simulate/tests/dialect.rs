//! The functions that Step Functions adds, and no panic whatever the expression.

use serde_json::{Value as Json, json};
use statewright_simulate::jsonata::Expression;

#[expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]
fn evaluate(text: &str) -> Option<Json> {
    let input = json!({ "list": [1, 2, 3, 4, 5], "text": "Ada" });
    Expression::parse(text).unwrap().evaluate(Some(&input), []).unwrap()
}

#[test]
fn the_functions_of_step_functions() {
    assert_eq!(evaluate("$partition(list, 2)"), Some(json!([[1, 2], [3, 4], [5]])));
    assert_eq!(evaluate("$range(1, 9, 3)"), Some(json!([1, 4, 7])));
    assert_eq!(evaluate("$range(1, 9, 9)"), Some(json!(1)));
    assert_eq!(evaluate("$range(3, 1, -1)"), Some(json!([3, 2, 1])));
    assert_eq!(evaluate("$hash(text, 'MD5')"), Some(json!("1a382809b7c03f686e12dd15677c5497")));
    assert_eq!(evaluate("$substring($hash(text, 'SHA-256'), 0, 8)"), Some(json!("99a563ab")));
    assert_eq!(evaluate("$random(42)"), Some(json!(0.727_563_680_032_868_1)));
    assert_eq!(evaluate("$parse('[1, {\"a\": null}]')"), Some(json!([1, { "a": null }])));
    assert_eq!(evaluate("$length($uuid())"), Some(json!(36)));
}

#[test]
fn numbers_that_json_does_not_have_become_text() {
    assert_eq!(evaluate("[1/0]"), Some(json!(["Infinity"])));
}

#[test]
fn recursion_ends_with_an_error_and_a_tail_call_does_not() {
    let endless = Expression::parse("($f := function($n) { 1 + $f($n + 1) }; $f(1))").unwrap();
    assert_eq!(endless.evaluate(None, []).unwrap_err().code, "U1001");
    let long = "($f := function($n, $sum) { $n = 0 ? $sum : $f($n - 1, $sum + $n) }; $f(10000, 0))";
    assert_eq!(evaluate(long), Some(json!(50_005_000)));
    let nested = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(Expression::parse(&nested).unwrap_err().code, "U1001");
}

#[test]
fn no_beginning_of_an_expression_panics() {
    let text = "$map(list[$ > 1 and $ in [2..4]]^(>$), function($v, $i)<nn:n> { $v * $i }) ~> $sum() & `x y`.**.%[0]{'a': /b+/i, 'c': |$|{\"d\": null}, ['e']|} ? -1.5e3 : \"\\u00e9\" @ # := ";
    let input = json!({ "list": [1, 2, 3] });
    let characters: Vec<char> = text.chars().collect();
    for start in 0..characters.len() {
        for end in (start..=characters.len()).step_by(3) {
            let part: String = characters[start..end].iter().collect();
            if let Ok(expression) = Expression::parse(&part) {
                let _ = expression.evaluate(Some(&input), []);
            }
        }
    }
}
