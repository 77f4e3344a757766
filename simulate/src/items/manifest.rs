//! Files that name the objects to read.

use serde_json::Value as Json;

use super::{Failure, HeaderLocation, InputType, Reader, Unreadable, delimited};

/// Bucket and key.
type Place = (String, String);

/// The objects of an `UNLOAD` query: a row each, with the URI alone.
pub(super) fn athena(bytes: &[u8], at: &Place) -> Result<Vec<Place>, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| Failure::broken(&at.0, &at.1, &error))?;
    let objects = delimited::rows(text, ',').map(|row| {
        let row = row.map_err(|unreadable| match unreadable {
            Unreadable::Aws(cause) => Failure::new(cause),
            Unreadable::Other(cause) => Failure::broken(&at.0, &at.1, &cause),
        })?;
        let uri = row.first().map(String::as_str).unwrap_or_default();
        let place = uri.trim().strip_prefix("s3://").and_then(|place| place.split_once('/'));
        let (bucket, key) = place.ok_or_else(|| {
            Failure::broken(&at.0, &at.1, &format!("expected the S3 URI of an object, found `{uri}`"))
        })?;
        Ok((bucket.to_owned(), key.to_owned()))
    });
    objects.collect()
}

/// An S3 inventory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inventory {
    columns: Vec<String>,
    /// The files with its rows.
    pub(super) objects: Vec<Place>,
}

impl Inventory {
    /// The reader of its rows.
    pub(super) fn reader(&self, reader: &Reader) -> Reader {
        Reader {
            input_type: Some(InputType::Csv),
            csv_delimiter: None,
            csv_header_location: Some(HeaderLocation::Given),
            csv_headers: self.columns.clone(),
            ..reader.clone()
        }
    }
}

/// The manifest of an inventory. Its files are in the bucket that it names.
pub(super) fn inventory(bytes: &[u8], at: &Place) -> Result<Inventory, Failure> {
    let wrong = |cause: &str| Failure::broken(&at.0, &at.1, &cause);
    let manifest: Json = serde_json::from_slice(bytes).map_err(|error| wrong(&error.to_string()))?;
    let text = |field: &str| manifest.get(field).and_then(Json::as_str);
    if let Some(format) = text("fileFormat").filter(|format| *format != "CSV") {
        return Err(wrong(&format!("expected an inventory in CSV, found {format}")));
    }
    let schema = text("fileSchema").ok_or_else(|| wrong("expected the columns in `fileSchema`"))?;
    let bucket = text("destinationBucket")
        .map_or(at.0.as_str(), |bucket| bucket.rsplit_once(":::").map_or(bucket, |(_, name)| name));
    let files = manifest.get("files").and_then(Json::as_array).ok_or_else(|| wrong("expected `files`"))?;
    let objects = files.iter().map(|file| {
        let key = file.get("key").and_then(Json::as_str).ok_or_else(|| wrong("expected the key of each file"))?;
        Ok((bucket.to_owned(), key.to_owned()))
    });
    Ok(Inventory {
        columns: schema.split(',').map(|column| column.trim().to_owned()).collect(),
        objects: objects.collect::<Result<_, Failure>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(bucket: &str, key: &str) -> Place {
        (bucket.to_owned(), key.to_owned())
    }

    #[test]
    fn an_athena_manifest_has_a_uri_a_row() {
        let objects = athena(b"s3://out/q/1\n\"s3://out/q/2,b\"\n", &place("b", "m.csv")).unwrap();
        assert_eq!(objects, [place("out", "q/1"), place("out", "q/2,b")]);
    }

    #[test]
    fn what_is_no_uri_of_an_object_is_refused() {
        for row in ["out/q/1", "s3://out", "key"] {
            let refused = athena(row.as_bytes(), &place("b", "m.csv")).unwrap_err();
            let expected = format!("s3://b/m.csv: expected the S3 URI of an object, found `{row}`");
            assert_eq!(refused.cause, expected);
        }
    }

    #[test]
    fn an_inventory_names_its_columns_and_files() {
        let manifest = br#"{"destinationBucket": "arn:aws:s3:::inv", "fileFormat": "CSV",
            "fileSchema": "Bucket, Key, Size", "files": [{"key": "d/1.csv"}]}"#;
        let found = inventory(manifest, &place("b", "m.json")).unwrap();
        let columns = vec!["Bucket".to_owned(), "Key".to_owned(), "Size".to_owned()];
        assert_eq!(found, Inventory { columns, objects: vec![place("inv", "d/1.csv")] });
    }

    #[test]
    fn an_inventory_must_be_csv() {
        let manifest = br#"{"fileFormat": "ORC", "fileSchema": "a", "files": []}"#;
        let refused = inventory(manifest, &place("b", "m")).unwrap_err();
        assert_eq!(refused.cause, "s3://b/m: expected an inventory in CSV, found ORC");
    }

    #[test]
    fn an_inventory_must_have_columns_and_files() {
        for manifest in ["{}", r#"{"fileSchema": "a"}"#, r#"{"fileSchema": "a", "files": [{}]}"#, "[", "1"] {
            assert!(inventory(manifest.as_bytes(), &place("b", "m")).is_err(), "{manifest}");
        }
    }
}
