//! Parquet.

use serde_json::Value as Json;

use super::Unreadable;

/// An object a row.
#[cfg(feature = "parquet")]
pub(super) fn read(bytes: Vec<u8>, limit: usize) -> Result<Vec<Json>, Unreadable> {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    let wrong = |error: parquet::errors::ParquetError| Unreadable::Other(error.to_string());
    let file = SerializedFileReader::new(bytes::Bytes::from(bytes)).map_err(wrong)?;
    let rows = file.get_row_iter(None).map_err(wrong)?.take(limit);
    rows.map(|row| row.map(|row| row.to_json_value()).map_err(wrong)).collect()
}

#[cfg(not(feature = "parquet"))]
pub(super) fn read(_: Vec<u8>, _: usize) -> Result<Vec<Json>, Unreadable> {
    Err(Unreadable::Other("reading Parquet needs the feature `parquet` of statewright-simulate".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(feature = "parquet"))]
    #[test]
    fn parquet_needs_its_feature() {
        let Err(Unreadable::Other(cause)) = read(Vec::new(), 9) else { panic!("no feature") };
        assert!(cause.contains("the feature `parquet`"), "{cause}");
    }

    #[cfg(feature = "parquet")]
    fn file(compression: parquet::basic::Compression) -> Vec<u8> {
        use std::sync::Arc;

        use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
        use parquet::file::properties::WriterProperties;
        use parquet::file::writer::SerializedFileWriter;
        use parquet::schema::parser::parse_message_type;

        let schema = "message m { required int64 id; optional binary city (UTF8); }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).unwrap();
        let mut rows = writer.next_row_group().unwrap();
        let mut ids = rows.next_column().unwrap().unwrap();
        ids.typed::<Int64Type>().write_batch(&[7, 8], None, None).unwrap();
        ids.close().unwrap();
        let mut cities = rows.next_column().unwrap().unwrap();
        cities.typed::<ByteArrayType>().write_batch(&[ByteArray::from("Bonn")], Some(&[1, 0]), None).unwrap();
        cities.close().unwrap();
        rows.close().unwrap();
        writer.close().unwrap();
        bytes
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn rows_become_objects_whatever_packs_them() {
        use parquet::basic::{Compression, GzipLevel};
        use serde_json::json;

        for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(GzipLevel::default())] {
            let file = file(compression);
            let expected = [json!({ "id": 7, "city": "Bonn" }), json!({ "id": 8, "city": null })];
            assert_eq!(read(file.clone(), 9).unwrap(), expected);
            assert_eq!(read(file, 1).unwrap(), expected[..1]);
        }
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn what_is_no_parquet_is_refused() {
        assert!(matches!(read(b"id,city".to_vec(), 9), Err(Unreadable::Other(_))));
    }
}
