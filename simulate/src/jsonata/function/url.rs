//! Base64 and URLs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Call, Table};
use crate::jsonata::error::Error;
use crate::jsonata::value::Value;

/// What `encodeURIComponent` leaves as it is, beside letters and digits.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
/// What `encodeURI` leaves as it is.
const WHOLE: &AsciiSet = &COMPONENT
    .remove(b';')
    .remove(b'/')
    .remove(b'?')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'#');

pub(super) const FUNCTIONS: Table = &[
    ("base64encode", "<s-:s>", |call| Ok(call.text(0).map_or(Value::Undefined, |text| STANDARD.encode(text).into()))),
    ("base64decode", "<s-:s>", |call| {
        Ok(call.text(0).map_or(Value::Undefined, |text| {
            let bytes = STANDARD.decode(text).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned().into()
        }))
    }),
    ("encodeUrlComponent", "<s-:s>", |call| encode(call, COMPONENT)),
    ("encodeUrl", "<s-:s>", |call| encode(call, WHOLE)),
    ("decodeUrlComponent", "<s-:s>", |call| decode(call, "decodeUrlComponent")),
    ("decodeUrl", "<s-:s>", |call| decode(call, "decodeUrl")),
];

fn encode(call: &Call<'_>, set: &'static AsciiSet) -> Result<Value, Error> {
    Ok(call.text(0).map_or(Value::Undefined, |text| utf8_percent_encode(text, set).to_string().into()))
}

fn decode(call: &Call<'_>, name: &str) -> Result<Value, Error> {
    let Some(text) = call.text(0) else { return Ok(Value::Undefined) };
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned().into()),
        Err(_) => Err(Error::new("D3140", 0, name, &format!("\"{text}\""))),
    }
}
