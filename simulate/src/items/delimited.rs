//! Rows of delimited text.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html>

use serde_json::{Map, Value as Json};

use super::{Delimiter, HeaderLocation, Reader, Unreadable, hash};

/// What stands for an escaped backslash, quote or delimiter until the fields are known: Unicode has no such characters.
const MARKS: [char; 3] = ['\u{fdd0}', '\u{fdd1}', '\u{fdd2}'];

/// An object a row, whose values are texts. A field that is missing is empty, one too many is skipped.
pub(super) fn read(reader: &Reader, bytes: &[u8], limit: usize) -> Result<Vec<Json>, Unreadable> {
    let delimiter = match reader.csv_delimiter {
        None | Some(Delimiter::Comma) => ',',
        Some(Delimiter::Pipe) => '|',
        Some(Delimiter::Semicolon) => ';',
        Some(Delimiter::Space) => ' ',
        Some(Delimiter::Tab) => '\t',
    };
    let text = std::str::from_utf8(bytes).map_err(|error| Unreadable::Other(format!("expected UTF-8: {error}")))?;
    let mut rows = rows(text, delimiter);
    let given = match reader.csv_header_location {
        Some(location) => location == HeaderLocation::Given,
        None => !reader.csv_headers.is_empty(),
    };
    let headers = if given {
        reader.csv_headers.clone()
    } else {
        match rows.next() {
            Some(row) => row?,
            None => return Ok(Vec::new()),
        }
    };
    if headers.iter().enumerate().any(|(at, header)| headers.iter().take(at).any(|earlier| earlier == header)) {
        return Err(Unreadable::Aws("CSV headers cannot contain duplicates."));
    }
    let order = hash::order(&headers);
    let items = rows.take(limit).map(|row| {
        let row = row?;
        let field = |at: &usize| Some((headers.get(*at)?.clone(), row.get(*at).cloned().unwrap_or_default().into()));
        Ok(Json::Object(order.iter().filter_map(field).collect::<Map<String, Json>>()))
    });
    items.collect()
}

/// The rows without names: fields as texts.
pub(super) fn rows(text: &str, delimiter: char) -> impl Iterator<Item = Result<Vec<String>, Unreadable>> {
    let escapable = ['\\', '"', delimiter];
    let records = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(std::io::Cursor::new(marked(text, escapable).into_bytes()))
        .into_records();
    records.map(move |record| {
        let record = record.map_err(|error| Unreadable::Other(error.to_string()))?;
        Ok(record.iter().map(|field| unmarked(field, escapable)).collect())
    })
}

/// Escaped characters as marks. A backslash before anything else is nothing.
fn marked(text: &str, escapable: [char; 3]) -> String {
    let mut marked = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            marked.push(c);
            continue;
        }
        let escaped = characters.peek().and_then(|next| escapable.iter().zip(MARKS).find(|(of, _)| *of == next));
        if let Some((_, mark)) = escaped {
            marked.push(mark);
            characters.next();
        }
    }
    marked
}

fn unmarked(field: &str, escapable: [char; 3]) -> String {
    let of = |c| MARKS.iter().zip(escapable).find(|(mark, _)| **mark == c).map_or(c, |(_, of)| of);
    field.chars().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(headers: &[&str], text: &str) -> Result<Json, Unreadable> {
        let csv_headers = headers.iter().map(|header| (*header).to_owned()).collect();
        let reader = Reader { csv_headers, ..Reader::default() };
        read(&reader, text.as_bytes(), usize::MAX).map(Json::from)
    }

    fn first_row(text: &str) -> Result<Json, Unreadable> {
        read(&Reader::default(), text.as_bytes(), usize::MAX).map(Json::from)
    }

    /// What AWS made of one field.
    fn field(text: &str) -> String {
        given(&["a", "b"], text).unwrap()[0]["a"].as_str().unwrap().to_owned()
    }

    const RECORDED: &str = "Value4,Value5,Value6\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n";

    #[test]
    fn headers_of_the_first_row_are_as_recorded() {
        let items = first_row(&format!("0,True,{{}}\n{RECORDED}")).unwrap();
        let expected = r#"[{"0":"Value4","{}":"Value6","True":"Value5"},{"0":"","{}":"","True":""},{"0":"true","{}":"'HelloWorld'","True":"1"},{"0":"Null","{}":"","True":"None"},{"0":"   ","{}":"","True":""}]"#;
        assert_eq!(items.to_string(), expected);
    }

    #[test]
    fn an_empty_header_is_as_recorded() {
        let items = first_row(&format!("H1,\n{RECORDED}")).unwrap();
        let expected = r#"[{"":"Value5","H1":"Value4"},{"":"","H1":""},{"":"1","H1":"true"},{"":"None","H1":"Null"},{"":"","H1":"   "}]"#;
        assert_eq!(items.to_string(), expected);
    }

    #[test]
    fn given_headers_are_as_recorded() {
        let items = given(&["H1"], &format!("Value1,Value2,Value3\n{RECORDED}")).unwrap();
        let expected = r#"[{"H1":"Value1"},{"H1":"Value4"},{"H1":""},{"H1":"true"},{"H1":"Null"},{"H1":"   "}]"#;
        assert_eq!(items.to_string(), expected);
    }

    #[test]
    fn headers_must_differ() {
        let expected = Unreadable::Aws("CSV headers cannot contain duplicates.");
        assert_eq!(given(&["a", "b", "a"], "1,2,3").unwrap_err(), expected);
        assert_eq!(first_row("a,a\n1,2").unwrap_err(), expected);
    }

    #[test]
    fn a_location_of_the_first_row_wins_over_given_headers() {
        let csv_header_location = Some(HeaderLocation::FirstRow);
        let reader = Reader { csv_header_location, csv_headers: vec!["x".to_owned()], ..Reader::default() };
        assert_eq!(Json::from(read(&reader, b"a\n1\n", 9).unwrap()).to_string(), r#"[{"a":"1"}]"#);
    }

    #[test]
    fn quotes_take_delimiters_newlines_and_quotes() {
        assert_eq!(field("\"a,\"\"b\"\"\nc\",2"), "a,\"b\"\nc");
    }

    #[test]
    fn a_backslash_escapes_itself_quotes_and_the_delimiter_and_is_dropped_elsewhere() {
        assert_eq!(field(r"C:\\Program Files\\MyApp.exe,6534512"), r"C:\Program Files\MyApp.exe");
        assert_eq!(field(r"a\,b,2"), "a,b");
        assert_eq!(field(r#""say \"hi\"",2"#), "say \"hi\"");
        assert_eq!(field(r"a\|\nb,2"), "a|nb");
    }

    #[test]
    fn every_delimiter_separates() {
        for (name, c) in [("COMMA", ','), ("PIPE", '|'), ("SEMICOLON", ';'), ("SPACE", ' '), ("TAB", '\t')] {
            let reader = Reader { csv_delimiter: Delimiter::named(name), ..Reader::default() };
            let items = read(&reader, format!("a{c}b\n1{c}2\r\n").as_bytes(), 9).unwrap();
            assert_eq!(Json::from(items).to_string(), r#"[{"a":"1","b":"2"}]"#, "{name}");
        }
    }

    #[test]
    fn the_limit_counts_rows_without_the_header() {
        let items = read(&Reader::default(), b"a\n1\n2\n3\n", 2).unwrap();
        assert_eq!(items.len(), 2);
    }

    #[test]
    fn no_rows_are_no_items() {
        assert_eq!(first_row("").unwrap().to_string(), "[]");
        assert_eq!(first_row("a,b\n").unwrap().to_string(), "[]");
    }

    #[test]
    fn other_encodings_are_refused() {
        assert!(matches!(read(&Reader::default(), b"\xff", 9), Err(Unreadable::Other(_))));
    }
}
