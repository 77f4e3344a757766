//! The functions that Step Functions adds.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn>

use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::{Call, Table, text};
use crate::jsonata::error::Error;
use crate::jsonata::random::Random;
use crate::jsonata::value::Value;

pub(super) const FUNCTIONS: Table = &[
    ("partition", "<an:a>", partition),
    ("range", "<nnn:a>", range),
    ("hash", "<s-s?:s>", hash),
    ("random", "<n?:n>", |call| {
        Ok(Value::Number(match call.number(0) {
            #[expect(clippy::cast_possible_truncation, reason = "a seed is whole")]
            Some(seed) => Random::new(seed as i64).next_double(),
            None => call.evaluator.random().borrow_mut().next_double(),
        }))
    }),
    ("uuid", "<:s>", |call| Ok(call.evaluator.random().borrow_mut().uuid().into())),
    ("parse", "<s-:x>", |call: &Call<'_>| {
        let Some(json) = call.text(0) else { return Ok(Value::Undefined) };
        match serde_json::from_str(json) {
            Ok(json) => Ok(Value::from_json(&json)),
            Err(error) => {
                let shown = text::string(call.get(0))?;
                Err(Error::with_value("D3137", &format!("can't parse {shown}: {error}")))
            }
        }
    }),
];

/// Lists of so many items each, the last one of what is left.
fn partition(call: &Call<'_>) -> Result<Value, Error> {
    let Some(size) = call.number(1) else { return Ok(Value::Undefined) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least one")]
    let size = size.floor().max(1.0) as usize;
    Ok(Value::sequence(call.get(0).items().chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect()))
}

/// Numbers from one to another, which counts if a step meets it; a list of one is that number.
fn range(call: &Call<'_>) -> Result<Value, Error> {
    let (Some(first), Some(last), Some(step)) = (call.number(0), call.number(1), call.number(2)) else {
        return Ok(Value::Undefined);
    };
    if step == 0.0 || ((last - first) / step) > 1e6 {
        return Err(Error::with_value("D2014", &super::integer::shown(step)));
    }
    let mut items = Vec::new();
    let mut at = first;
    while if step > 0.0 { at <= last } else { at >= last } {
        items.push(Value::Number(at));
        at += step;
    }
    Ok(Value::sequence(items))
}

fn hash(call: &Call<'_>) -> Result<Value, Error> {
    let Some(text) = call.text(0) else { return Ok(Value::Undefined) };
    let algorithm = call.text(1).unwrap_or("SHA-256");
    match digest(algorithm, text) {
        Some(digest) => Ok(digest.into()),
        None => Err(Error::with_value("D3137", &format!("there is no hash algorithm {algorithm}"))),
    }
}

/// The digest of a text as lower-case hex digits, by one of the algorithms that Step Functions knows.
pub(crate) fn digest(algorithm: &str, text: &str) -> Option<String> {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    Some(match algorithm {
        "MD5" => hex(&Md5::digest(text)),
        "SHA-1" => hex(&Sha1::digest(text)),
        "SHA-256" => hex(&Sha256::digest(text)),
        "SHA-384" => hex(&Sha384::digest(text)),
        "SHA-512" => hex(&Sha512::digest(text)),
        _ => return None,
    })
}
