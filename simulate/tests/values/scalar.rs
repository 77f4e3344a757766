//! Text, numbers, bools.

use super::*;

fn text<U: Shape>(compute: impl Fn(Value<String>) -> Value<U>, table: &[(Json, Json)]) {
    gives(compute, table);
}

#[test]
fn text_is_cut_and_joined() {
    text(|t| t.starts_with("ab"), table!("abc" => true, "ab" => true, "a" => false, "" => false, "cab" => false));
    text(|t| t.starts_with(t), table!("abc" => true, "" => true));
    text(|t| t.starts_with(text!("{t}x")), table!("abc" => false, "" => false));
    text(|t| t.starts_with(""), table!("abc" => true, "" => true));
    text(|t| t.ends_with("bc"), table!("abc" => true, "bc" => true, "c" => false, "" => false, "bca" => false));
    text(|t| t.ends_with(""), table!("abc" => true, "" => true));
    text(|t| t.ends_with(t.after("/")), table!("a/bc" => true, "a/" => true, "/" => true));
    text(|t| t.ends_with(text!("x{t}")), table!("abc" => false, "" => false));
    text(|t| t.ends_with("東京"), table!("ü東京" => true, "京" => false));
    text(|t| t.pad_start(4, "0"), table!("7" => "0007", "12345" => "12345", "" => "0000"));
    text(|t| t.pad_end(t.len() + 2, "ab"), table!("x" => "xab", "" => "ab"));
    text(|t| t.pad_start(t.len() + 3, "-"), table!("x" => "---x"));
    text(|t| t.repeat(3), table!("ab" => "ababab", "" => "", "ü✓" => "ü✓ü✓ü✓"));
    text(|t| t.repeat(t.len() - 1), table!("ab" => "ab", "a" => ""));
    text(|t| w_literal(t).repeat(t.len()), table!("ab" => "-=-=", "" => ""));
    text(|t| t.substring_from(2), table!("abcd" => "cd", "a" => ""));
    text(|t| t.substring_from(-2), table!("abcd" => "cd", "a" => "a"));
    text(|t| t.chars(), table!("ab" => ["a", "b"], "a" => ["a"], "" => []));
    text(|t| t.split("/"), table!("a/b" => ["a", "b"], "a" => ["a"], "/" => ["", ""]));
    text(|t| t.index_of("b"), table!("abcb" => 1, "b" => 0, "x" => null, "" => null));
    text(|t| t.upper().index_of("B"), table!("ab" => 1, "x" => null));
}

/// Text that is known, of the same type.
fn w_literal(_: Value<String>) -> Value<String> {
    "-=".into()
}

#[test]
fn text_is_matched_by_patterns() {
    text(|t| t.matches("^a[0-9]+$"), table!("a12" => true, "a" => false, "ba1" => false));
    text(|t| t.matches(Pattern::new("^A/b$").ignore_case()), table!("a/B" => true, "ab" => false));
    text(|t| t.matches(Pattern::new("^b$").multiline()), table!("a\nb" => true, "ab" => false));
    text(|t| t.replace_matches("([a-z])([0-9])", "$2-$1"), table!("a1b2" => "1-a2-b", "x" => "x"));
    text(|t| t.split_matches("[,;] *"), table!("a, b;c" => ["a", "b", "c"], "a" => ["a"]));
    text(|t| t.find_matches("[0-9]+"), table!("a12b3" => ["12", "3"], "a1" => ["1"], "a" => []));
    text(|t| t.captures("^([a-z]+)-([0-9]+)$"), table!("ab-7" => ["ab", "7"], "ab" => null));
    text(|t| t.captures("^([a-z]+)$"), table!("ab" => ["ab"], "7" => null));
    text(
        |t| t.captures("^([0-9]{4})/([0-9]{2})").and_then(|groups| groups.get(1)),
        table!("2026/03/x" => "03", "x" => null),
    );
}

#[test]
fn text_is_read_and_written() {
    text(Value::<String>::to_integer, table!("12" => 12, "-3" => (-3), "2.7" => 2));
    text(Value::<String>::to_bool, table!("true" => true, "false" => false, "" => false));
    text(Value::<String>::url_encode, table!("a b/ü" => "a%20b%2F%C3%BC"));
    text(|t| t.url_encode().url_decode(), table!("a b/ü" => "a b/ü"));
    text(|t| t.base64_encode().base64_decode(), table!("a b" => "a b"));
    text(|t| t.hash(HashAlgorithm::Md5), table!("a" => "0cc175b9c0f1b6a831c399e269772661"));
    text(|t| t.hash(HashAlgorithm::Sha1), table!("a" => "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"));
    text(|t| t.sha256().substring(0, 8), table!("a" => "ca978112"));
    text(|t| t.hash(HashAlgorithm::Sha384).substring(0, 8), table!("a" => "54a59b9f"));
    text(|t| t.hash(HashAlgorithm::Sha512).substring(0, 8), table!("a" => "1f40fc92"));
    text(|t| t.lt("b"), table!("a" => true, "b" => false));
    text(|t| t.is_between("b", "d"), table!("a" => false, "b" => true, "d" => true, "e" => false));
    text(|t| t.parse_json::<Vec<i64>>(), table!("[1]" => [1], "[]" => []));
    text(|t| t.parse_json::<Option<i64>>(), table!("null" => null, "1" => 1));
}

fn number<U: Shape>(compute: impl Fn(Value<f64>) -> Value<U>, table: &[(Json, Json)]) {
    gives(compute, table);
}

#[test]
fn numbers_are_computed() {
    number(|n| n.div_floor(2.0), table!(7 => 3, (-7) => (-4), 6 => 3));
    number(|n| n.pow(2.0), table!(3 => 9, (-3) => 9));
    number(|n| n.sqrt(), table!(9 => 3));
    number(|n| n.min(2.0), table!(1 => 1, 3 => 2));
    number(|n| n.max(n + 1.0), table!(1 => 2));
    number(|n| n.clamp(0.0, 10.0), table!((-1) => 0, 5 => 5, 11 => 10));
    number(|n| n.round_to(1), table!(1.26 => 1.3, 1.25 => 1.2));
    number(|n| n.format("#,##0.00"), table!(1234.5 => "1,234.50", 0 => "0.00"));
    number(|n| n.cast::<i64>().format_integer("0000"), table!(7 => "0007", 12345 => "12345"));
    number(|n| n.cast::<i64>().to_base(16), table!(255 => "ff"));
    number(|n| n.is_between(1.0, 2.0), table!(0 => false, 1 => true, 2 => true, 3 => false));
    number(|n| -n - 1.0, table!(2 => (-3)));
    let dice = Workflow::new("dice", |w, faces: Value<i64>| {
        w.value(Value::<Vec<i64>>::range(0, 200).map(|_| Value::<i64>::random_between(1, faces + 1)))
    });
    let rolls = simulate(&dice).input(6).run().unwrap().output().unwrap();
    let rolls: Vec<_> = rolls.as_array().unwrap().iter().map(|roll| roll.as_f64().unwrap()).collect();
    assert!(
        rolls.len() == 200 && rolls.iter().all(|roll| (1.0..=6.0).contains(roll) && roll.fract() == 0.0),
        "{rolls:?}"
    );
    assert!((1..=6).all(|face| rolls.contains(&f64::from(face))), "{rolls:?}");
}

#[test]
fn bools_are_combined() {
    let flag = |compute: fn(Value<bool>) -> Value<bool>, table: &[(Json, Json)]| gives(compute, table);
    flag(|b| b & true, table!(true => true, false => false));
    flag(|b| b | true, table!(true => true, false => true));
    flag(|b| b ^ true, table!(true => false, false => true));
    flag(|b| !(b | false) & !b, table!(true => false, false => true));
    gives(|b: Value<bool>| b.if_else("yes", "no"), table!(true => "yes", false => "no"));
    gives(|b: Value<bool>| b.then_some(1), table!(true => 1, false => null));
    gives(|b: Value<bool>| b.to_text(), table!(true => "true", false => "false"));
}
