//! JSON files and JSON Lines.

use serde_json::Value as Json;

use super::Unreadable;

/// The items of an array, which may be deeper in the file.
///
/// AWS has been seen to refuse an object as the whole file. That it takes one is documented since, but not with which
/// items.
pub(super) fn json(bytes: &[u8], pointer: Option<&str>, limit: usize) -> Result<Vec<Json>, Unreadable> {
    let mut file: Json = serde_json::from_slice(bytes).map_err(|error| Unreadable::Other(error.to_string()))?;
    let found = match pointer {
        None => Some(&mut file),
        Some(pointer) => file.pointer_mut(pointer),
    };
    match (found.map(Json::take), pointer) {
        (Some(Json::Array(mut items)), _) => {
            items.truncate(limit);
            Ok(items)
        }
        (Some(_), _) => Err(Unreadable::Aws("Attempting to map over non-iterable node.")),
        (None, pointer) => {
            Err(Unreadable::Other(format!("nothing is at the ItemsPointer `{}`", pointer.unwrap_or_default())))
        }
    }
}

/// An item a line; blank lines are none.
pub(super) fn lines(bytes: &[u8], limit: usize) -> Result<Vec<Json>, Unreadable> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    let items = lines.take(limit).map(|(at, line)| {
        serde_json::from_slice(line).map_err(|error| Unreadable::Other(format!("line {}: {error}", at + 1)))
    });
    items.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_array_gives_its_items_up_to_the_limit() {
        assert_eq!(json(b"[1, {\"b\": 2, \"a\": 3}, 4]", None, 2).unwrap(), [json!(1), json!({ "b": 2, "a": 3 })]);
    }

    #[test]
    fn an_object_is_refused_as_recorded() {
        let expected = Unreadable::Aws("Attempting to map over non-iterable node.");
        assert_eq!(json(b"{\"Hello\": \"world\"}", None, 9).unwrap_err(), expected);
    }

    #[test]
    fn a_pointer_leads_to_the_items() {
        let file = br#"{"inventory": {"products/new": [1, 2]}}"#;
        assert_eq!(json(file, Some("/inventory/products~1new"), 9).unwrap(), [1, 2]);
        let refused = json(file, Some("/inventory/none"), 9).unwrap_err();
        assert_eq!(refused, Unreadable::Other("nothing is at the ItemsPointer `/inventory/none`".to_owned()));
    }

    #[test]
    fn lines_may_be_blank_and_end_as_windows_has_them() {
        assert_eq!(lines(b"{\"a\":1}\r\n\n[2]", 9).unwrap(), [json!({ "a": 1 }), json!([2])]);
    }

    #[test]
    fn no_line_beyond_the_limit_is_read() {
        assert_eq!(lines(b"1\n2\nthree", 2).unwrap(), [1, 2]);
        let Err(Unreadable::Other(cause)) = lines(b"1\n2\nthree", 3) else { panic!("no JSON") };
        assert!(cause.starts_with("line 3: "), "{cause}");
    }
}
