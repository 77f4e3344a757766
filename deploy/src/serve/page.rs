//! Lists in pages: `maxResults` and `nextToken`.

use serde_json::{Value as Json, json};

use super::input::Input;
use super::refusal::{Answer, Refusal};

/// So many items are on a page if nothing else is asked for.
const USUAL: usize = 100;
/// So many are on a page at most.
const MOST: usize = 1_000;

/// A page of a list. Each item comes with its key, and a page goes on behind the key of the last one, so that what is
/// added meanwhile moves nothing.
pub(super) fn page(input: &Input, field: &str, items: Vec<(String, Json)>) -> Answer {
    let count = input.count("maxResults", USUAL, MOST)?;
    let start = match input.text("nextToken")? {
        None => 0,
        Some(token) => {
            let after = key(token).and_then(|key| items.iter().position(|(known, _)| *known == key));
            after.ok_or_else(Refusal::token)? + 1
        }
    };
    let rest = items.len().saturating_sub(start);
    let mut page: Vec<(String, Json)> = items.into_iter().skip(start).take(count).collect();
    let last = (rest > count).then(|| page.last().map(|(key, _)| token(key))).flatten();
    let mut answer = json!({ field: page.drain(..).map(|(_, item)| item).collect::<Vec<_>>() });
    if let Some(token) = last {
        answer["nextToken"] = token.into();
    }
    Ok(answer)
}

/// A key as a token, which is nobody's business but ours.
fn token(key: &str) -> String {
    key.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn key(token: &str) -> Option<String> {
    let digits: Option<Vec<u8>> = token.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let bytes = digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(input: &Json) -> Answer {
        let input = Input::read(input.to_string().as_bytes()).unwrap();
        page(&input, "numbers", (1..=5).map(|number| (format!("n{number}"), number.into())).collect())
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let first = numbers(&json!({ "maxResults": 2 })).unwrap();
        assert_eq!(first["numbers"], json!([1, 2]));
        let second = numbers(&json!({ "maxResults": 3, "nextToken": first["nextToken"] })).unwrap();
        assert_eq!(second, json!({ "numbers": [3, 4, 5] }));
        assert_eq!(numbers(&json!({})).unwrap(), json!({ "numbers": [1, 2, 3, 4, 5] }));
    }

    #[test]
    fn what_is_no_token_or_no_number_is_refused() {
        for token in ["x", "6e", "ü", "f"] {
            assert_eq!(numbers(&json!({ "nextToken": token })).unwrap_err(), Refusal::token());
        }
        assert_eq!(numbers(&json!({ "maxResults": 1001 })).unwrap_err().kind, "ValidationException");
    }
}
