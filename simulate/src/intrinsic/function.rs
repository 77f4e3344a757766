//! What the functions do.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::Error;
use crate::jsonata::{Random, digest};
use crate::jsonpath::java_text;

/// All of them.
pub(super) const NAMES: [&str; 18] = [
    "States.Format",
    "States.StringToJson",
    "States.JsonToString",
    "States.Array",
    "States.ArrayPartition",
    "States.ArrayContains",
    "States.ArrayRange",
    "States.ArrayGetItem",
    "States.ArrayLength",
    "States.ArrayUnique",
    "States.Base64Encode",
    "States.Base64Decode",
    "States.Hash",
    "States.JsonMerge",
    "States.MathRandom",
    "States.MathAdd",
    "States.StringSplit",
    "States.UUID",
];

/// The most items of a range.
const RANGE: usize = 1_000;
/// The most characters that are encoded, decoded or hashed.
const CHARACTERS: usize = 10_000;

pub(super) fn call(name: &str, arguments: &[Json], random: &mut Random) -> Result<Json, Error> {
    let given = Given { name, arguments };
    match name {
        "States.Format" => format(&given),
        "States.StringToJson" => match given.text(0)?.trim() {
            "" => Ok(Json::Null),
            text => serde_json::from_str(text).map_err(|error| given.wrong(0, &format!("JSON text ({error})"))),
        },
        "States.JsonToString" => Ok(given.get(0)?.to_string().into()),
        "States.Array" => Ok(arguments.to_vec().into()),
        "States.ArrayPartition" => {
            let size = usize::try_from(given.integer(1)?).ok().filter(|size| *size > 0);
            let size = size.ok_or_else(|| given.wrong(1, "a size from 1"))?;
            Ok(given.list(0)?.chunks(size).map(|chunk| Json::from(chunk.to_vec())).collect())
        }
        "States.ArrayContains" => Ok(given.list(0)?.contains(given.get(1)?).into()),
        "States.ArrayRange" => range(&given),
        "States.ArrayGetItem" => {
            let index = usize::try_from(given.integer(1)?).ok();
            let item = index.and_then(|index| given.list(0).ok()?.get(index).cloned());
            item.ok_or_else(|| given.wrong(1, "the position of an item"))
        }
        "States.ArrayLength" => Ok(given.list(0)?.len().into()),
        "States.ArrayUnique" => {
            let mut unique: Vec<Json> = Vec::new();
            for item in given.list(0)? {
                if !unique.contains(item) {
                    unique.push(item.clone());
                }
            }
            Ok(unique.into())
        }
        "States.Base64Encode" => Ok(STANDARD.encode(given.short_text(0)?).into()),
        "States.Base64Decode" => {
            let decoded = STANDARD.decode(given.short_text(0)?).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            decoded.map(Json::from).ok_or_else(|| given.wrong(0, "Base64 of a text"))
        }
        "States.Hash" => {
            let text = match given.get(0)? {
                Json::String(_) => given.short_text(0)?.to_owned(),
                other => other.to_string(),
            };
            let found = digest(given.text(1)?, &text);
            found.map(Json::from).ok_or_else(|| given.wrong(1, "MD5, SHA-1, SHA-256, SHA-384 or SHA-512"))
        }
        "States.JsonMerge" => {
            let mut merged: Map<String, Json> = given.object(0)?.clone();
            merged.extend(given.object(1)?.clone());
            match given.get(2)? {
                Json::Bool(false) => Ok(merged.into()),
                _ => Err(given.wrong(2, "false: deep merging is not supported")),
            }
        }
        "States.MathRandom" => {
            let (start, end) = (given.integer(0)?, given.integer(1)?);
            if start >= end {
                return Err(given.wrong(1, "an end behind the start"));
            }
            let drawn = match arguments.get(2) {
                Some(_) => Random::new(given.integer(2)?).next_double(),
                None => random.next_double(),
            };
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "between the two")]
            Ok((start + (drawn * (end - start) as f64) as i64).into())
        }
        "States.MathAdd" => {
            let sum = given.integer(0)?.checked_add(given.integer(1)?);
            sum.map(Json::from).ok_or_else(|| given.wrong(1, "a sum that fits into 64 bits"))
        }
        "States.StringSplit" => {
            let separators = given.text(1)?;
            let parts = given.text(0)?.split(|c| separators.contains(c)).filter(|part| !part.is_empty());
            Ok(parts.map(Json::from).collect())
        }
        "States.UUID" => Ok(random.uuid().into()),
        other => Err(Error(format!("there is no intrinsic function `{other}`"))),
    }
}

struct Given<'a> {
    name: &'a str,
    arguments: &'a [Json],
}

impl<'a> Given<'a> {
    fn wrong(&self, at: usize, expected: &str) -> Error {
        let found = self.arguments.get(at).map_or_else(|| "nothing".to_owned(), Json::to_string);
        Error(format!("{} expected {expected} as its argument {}, found {found}", self.name, at + 1))
    }

    fn get(&self, at: usize) -> Result<&'a Json, Error> {
        self.arguments.get(at).ok_or_else(|| self.wrong(at, "a value"))
    }

    fn text(&self, at: usize) -> Result<&'a str, Error> {
        self.get(at)?.as_str().ok_or_else(|| self.wrong(at, "a text"))
    }

    fn short_text(&self, at: usize) -> Result<&'a str, Error> {
        let text = self.text(at)?;
        if text.chars().count() <= CHARACTERS { Ok(text) } else { Err(self.wrong(at, "up to 10,000 characters")) }
    }

    fn list(&self, at: usize) -> Result<&'a Vec<Json>, Error> {
        self.get(at)?.as_array().ok_or_else(|| self.wrong(at, "a list"))
    }

    fn object(&self, at: usize) -> Result<&'a Map<String, Json>, Error> {
        self.get(at)?.as_object().ok_or_else(|| self.wrong(at, "an object"))
    }

    /// A whole number; a fraction is rounded, its half upward, as Java's `Math.round` does.
    fn integer(&self, at: usize) -> Result<i64, Error> {
        let number = self.get(at)?;
        match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Ok(whole),
            #[expect(clippy::cast_possible_truncation, reason = "rounded")]
            (None, Some(number)) => Ok((number + 0.5).floor() as i64),
            (None, None) => Err(self.wrong(at, "a number")),
        }
    }
}

/// Each `{}` of the template takes the next argument.
fn format(given: &Given<'_>) -> Result<Json, Error> {
    let template = given.text(0)?;
    let mut arguments = given.arguments.iter().skip(1);
    let mut text = String::new();
    let mut rest = template.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => text.extend(rest.next()),
            '{' if rest.peek() == Some(&'}') => {
                rest.next();
                let argument = arguments.next().ok_or_else(|| given.wrong(0, "as many `{}` as there are arguments"))?;
                text.push_str(&java_text(argument));
            }
            c => text.push(c),
        }
    }
    match arguments.next() {
        None => Ok(text.into()),
        Some(_) => Err(given.wrong(0, "as many `{}` as there are arguments")),
    }
}

fn range(given: &Given<'_>) -> Result<Json, Error> {
    let (first, last, step) = (given.integer(0)?, given.integer(1)?, given.integer(2)?);
    if step == 0 {
        return Err(given.wrong(2, "a step that is not 0"));
    }
    let mut items = Vec::new();
    let mut at = first;
    while if step > 0 { at <= last } else { at >= last } {
        if items.len() == RANGE {
            return Err(given.wrong(1, "a range of up to 1,000 items"));
        }
        items.push(Json::from(at));
        let Some(next) = at.checked_add(step) else { break };
        at = next;
    }
    Ok(items.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Intrinsic;
    use super::*;
    use crate::jsonata::Moment;

    fn evaluate(text: &str) -> Result<Json, Error> {
        let input =
            json!({ "name": "Ada", "list": [1, 2, 2, 3], "odd": { "a": 1, "b": [] }, "half": -2.5, "none": null });
        let read = |at: &crate::reference::Reference| at.path().read(&input);
        Intrinsic::parse(text)?.evaluate(Moment { millis: 0, seed: 7 }, &read)
    }

    #[test]
    fn texts() {
        assert_eq!(
            evaluate("States.Format('{} has {}, \\{\\} and it\\'s {}', $.name, $.odd, null)"),
            Ok(json!("Ada has {a=1, b=[]}, {} and it's null"))
        );
        assert!(evaluate("States.Format('{}')").is_err() && evaluate("States.Format('', 1)").is_err());
        assert_eq!(evaluate("States.StringToJson('{\"a\": 1}')"), Ok(json!({ "a": 1 })));
        assert_eq!(evaluate("States.StringToJson(' ')"), Ok(Json::Null));
        assert_eq!(evaluate("States.JsonToString($.odd)"), Ok(json!("{\"a\":1,\"b\":[]}")));
        assert_eq!(evaluate("States.StringSplit('a.b,,c', '.,')"), Ok(json!(["a", "b", "c"])));
        assert_eq!(evaluate("States.Base64Decode(States.Base64Encode($.name))"), Ok(json!("Ada")));
        assert_eq!(evaluate("States.Hash($.name, 'MD5')"), Ok(json!("1a382809b7c03f686e12dd15677c5497")));
    }

    #[test]
    fn lists() {
        assert_eq!(evaluate("States.Array()"), Ok(json!([])));
        assert_eq!(evaluate("States.Array($.name, 1, true)"), Ok(json!(["Ada", 1, true])));
        assert_eq!(evaluate("States.ArrayPartition($.list, 3)"), Ok(json!([[1, 2, 2], [3]])));
        assert_eq!(evaluate("States.ArrayContains($.list, 3)"), Ok(json!(true)));
        assert_eq!(evaluate("States.ArrayRange(1, 9, 2)"), Ok(json!([1, 3, 5, 7, 9])));
        assert_eq!(evaluate("States.ArrayGetItem($.list, 3)"), Ok(json!(3)));
        assert!(evaluate("States.ArrayGetItem($.list, 4)").is_err());
        assert_eq!(evaluate("States.ArrayLength(States.ArrayUnique($.list))"), Ok(json!(3)));
    }

    #[test]
    fn numbers_and_objects() {
        // Halves go up, as in Java.
        assert_eq!(evaluate("States.MathAdd($.half, 2.5)"), Ok(json!(1)));
        assert_eq!(evaluate("States.MathAdd(-1.5, 0)"), Ok(json!(-1)));
        assert_eq!(evaluate("States.JsonMerge($.odd, $.odd, false)"), Ok(json!({ "a": 1, "b": [] })));
        assert!(evaluate("States.JsonMerge($.odd, $.odd, true)").is_err());
        let drawn = evaluate("States.MathRandom(1, 3)").ok().and_then(|n| n.as_i64());
        assert!(drawn.is_some_and(|n| (1..3).contains(&n)));
        assert_eq!(evaluate("States.MathRandom(0, 999, 42)"), Ok(json!(726)));
    }

    #[test]
    fn what_is_malformed_says_where() {
        let message = |text: &str| evaluate(text).map_err(|error| error.to_string());
        assert_eq!(
            message("States.Formt('')"),
            Err("expected an intrinsic function such as States.Format, found `States.Formt`".into())
        );
        assert_eq!(message("States.Array(1"), Err("expected `,` or `)` at position 14, found the end".into()));
        let deep = format!("{}1{}", "States.Array(".repeat(11), ")".repeat(11));
        assert_eq!(message(&deep), Err("expected at most 10 calls inside each other".into()));
        assert!(message("States.Array($.nope)").is_err_and(|text| text.contains("No results for path: $['nope']")));
    }
}
