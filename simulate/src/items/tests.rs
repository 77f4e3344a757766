use super::*;

fn values(reader: &Reader, s3: &S3) -> String {
    Json::from(read(reader, s3).unwrap()).to_string()
}

#[test]
fn json_is_the_format_if_none_is_named() {
    let s3 = S3::new().with_object("b", "k", "[1,2]");
    assert_eq!(values(&Reader::of_object("b", "k"), &s3), "[1,2]");
}

#[test]
fn no_more_than_max_items_are_read_and_zero_is_no_limit() {
    let s3 = S3::new().with_object("b", "k.csv", "Col1\nValue1\nValue3\nValue5\n");
    let count = |max_items| {
        let input_type = Some(InputType::Csv);
        let reader = Reader { input_type, max_items: Some(max_items), ..Reader::of_object("b", "k.csv") };
        read(&reader, &s3).unwrap().len()
    };
    assert_eq!([count(2), count(0), count(100_000_000)], [2, 3, 3]);
}

#[test]
fn what_is_missing_is_named() {
    let s3 = S3::new().with_bucket("b");
    let failure = read(&Reader::of_object("b", "k"), &s3).unwrap_err();
    assert_eq!(failure.error, "States.ItemReaderFailed");
    assert_eq!(failure.cause, "s3://b/k: The specified key does not exist. (Service: S3, Status Code: 404)");
    let failure = read(&Reader::of_prefix("c", ""), &s3).unwrap_err();
    assert_eq!(failure.cause, "s3://c/: The specified bucket does not exist (Service: S3, Status Code: 404)");
    let reader = Reader { key: None, ..Reader::of_object("b", "k") };
    assert_eq!(read(&reader, &s3).unwrap_err().cause, "expected the key of an object");
}

#[test]
fn the_words_of_aws_stand_alone_and_ours_with_the_object() {
    let s3 = S3::new().with_object("b", "object", "{}").with_object("b", "broken", "[");
    let cause = |key| read(&Reader::of_object("b", key), &s3).unwrap_err().cause;
    assert_eq!(cause("object"), "Attempting to map over non-iterable node.");
    assert!(cause("broken").starts_with("s3://b/broken: "), "{}", cause("broken"));
}

#[test]
fn a_listing_is_as_documented() {
    let s3 = S3::new().with_object("b", "p/a", "binary data").with_object("b", "p/f/", "").with_object("b", "q", "");
    let items = read_items(&Reader { max_items: Some(1), ..Reader::of_prefix("b", "p/") }, &s3).unwrap();
    let [Item { value, source }] = &items[..] else { panic!("one item") };
    let expected = r#"{"Etag":"\"e1a49b59e0c42e4fd3735ad644f25d57\"","Key":"p/a","LastModified":0,"Size":11,"StorageClass":"STANDARD"}"#;
    assert_eq!((&*value.to_string(), &**source), (expected, "S3://b"));
    assert_eq!(read(&Reader::of_prefix("b", "p/"), &s3).unwrap().len(), 2);
}

#[test]
fn load_and_flatten_reads_what_is_listed() {
    let s3 = S3::new()
        .with_object("b", "p/1.json", "[1,2]")
        .with_object("b", "p/2.json", "[3]")
        .with_object("b", "p/3/", "")
        .with_object("b", "q/4.json", "[4]");
    let transformation = Some(Transformation::LoadAndFlatten);
    let reader = Reader { transformation, input_type: Some(InputType::Json), ..Reader::of_prefix("b", "p/") };
    assert_eq!(values(&reader, &s3), "[1,2,3]");
    let items = read_items(&reader, &s3).unwrap();
    assert_eq!(items.last().map(|item| &*item.source), Some("S3://b/p/2.json"));
    assert_eq!(values(&Reader { max_items: Some(2), ..reader }, &s3), "[1,2]");
}

#[test]
fn nothing_is_read_beyond_the_limit() {
    let s3 = S3::new().with_object("b", "1", "[1]").with_object("b", "2", "broken");
    let transformation = Some(Transformation::LoadAndFlatten);
    let reader = Reader { transformation, max_items: Some(1), ..Reader::of_prefix("b", "") };
    assert_eq!(values(&reader, &s3), "[1]");
}

#[test]
fn each_file_has_its_own_first_row() {
    let s3 = S3::new().with_object("b", "1", "a\nx\n").with_object("b", "2", "b\ny\n");
    let transformation = Some(Transformation::LoadAndFlatten);
    let reader = Reader { transformation, input_type: Some(InputType::Csv), ..Reader::of_prefix("b", "") };
    assert_eq!(values(&reader, &s3), r#"[{"a":"x"},{"b":"y"}]"#);
}

#[test]
fn an_athena_manifest_leads_to_the_items() {
    let s3 = S3::new()
        .with_object("results", "q-manifest.csv", "s3://data/1\ns3://data/2\n")
        .with_object("data", "1", "{\"n\":1}\n{\"n\":2}\n")
        .with_object("data", "2", "{\"n\":3}\n");
    let manifest_type = Some(ManifestType::AthenaData);
    let input_type = Some(InputType::Jsonl);
    let reader = Reader { manifest_type, input_type, ..Reader::of_object("results", "q-manifest.csv") };
    assert_eq!(values(&reader, &s3), r#"[{"n":1},{"n":2},{"n":3}]"#);
    let items = read_items(&reader, &s3).unwrap();
    assert_eq!(items.first().map(|item| &*item.source), Some("S3://data/1"));
}

#[test]
fn an_inventory_gives_its_rows_by_either_name() {
    let manifest = r#"{"sourceBucket": "src", "destinationBucket": "arn:aws:s3:::inv", "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size, LastModifiedDate", "files": [{"key": "d/1.csv"}]}"#;
    let rows = "\"src\",\"csvDataset/titles.csv\",\"3399671\",\"2022-11-16T00:29:32.000Z\"\n";
    let s3 = S3::new().with_object("b", "manifest.json", manifest).with_object("inv", "d/1.csv", rows);
    let expected = r#"[{"LastModifiedDate":"2022-11-16T00:29:32.000Z","Bucket":"src","Size":"3399671","Key":"csvDataset/titles.csv"}]"#;
    let old = Reader { input_type: Some(InputType::Manifest), ..Reader::of_object("b", "manifest.json") };
    let new = Reader { manifest_type: Some(ManifestType::S3Inventory), ..Reader::of_object("b", "manifest.json") };
    assert_eq!(values(&old, &s3), expected);
    assert_eq!(values(&new, &s3), expected);
}
