//! Calls of the API, as the SDK integration of Step Functions spells them.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json, json};

use super::{Refusal, S3, Stored, checksum};

/// All that can be called.
pub(super) const ACTIONS: [&str; 6] =
    ["getObject", "putObject", "deleteObject", "headObject", "listObjectsV2", "copyObject"];

/// So many keys are in one response at most.
const KEYS: usize = 1_000;

pub(super) fn call(s3: &mut S3, action: &str, request: &Json, now: i64) -> Result<Json, Refusal> {
    match action {
        "getObject" => {
            let stored = s3.stored(text(request, "Bucket")?, text(request, "Key")?)?;
            let mut response = described(&stored);
            response.insert("Body".to_owned(), String::from_utf8_lossy(&stored.bytes).into());
            Ok(response.into())
        }
        "headObject" => match s3.stored(text(request, "Bucket")?, text(request, "Key")?) {
            Ok(stored) => Ok(described(&stored).into()),
            // A response to HEAD has no body that could tell more.
            Err(refusal) if refusal.status == 404 => {
                Err(Refusal { message: "null".to_owned(), ..Refusal::no_such_key() })
            }
            Err(refusal) => Err(refusal),
        },
        "putObject" => put(s3, request, now),
        "deleteObject" => {
            s3.delete(text(request, "Bucket")?, text(request, "Key")?)?;
            Ok(json!({}))
        }
        "listObjectsV2" => list(s3, request),
        "copyObject" => copy(s3, request, now),
        other => Err(Refusal::other(501, format!("`{other}` is not simulated"))),
    }
}

/// Step Functions writes a `Body` as JSON text: a text is put with its quotes.
fn put(s3: &mut S3, request: &Json, now: i64) -> Result<Json, Refusal> {
    let (bucket, key) = (text(request, "Bucket")?, text(request, "Key")?);
    s3.bucket(bucket)?;
    let bytes = request.get("Body").map(ToString::to_string).unwrap_or_default().into_bytes();
    let response = json!({
        "ChecksumCRC32": checksum::crc32(&bytes),
        "ChecksumType": "FULL_OBJECT",
        "ETag": checksum::etag(&bytes),
        "ServerSideEncryption": "AES256",
    });
    let mut stored = Stored::new(bytes, now);
    stored.content_type = optional(request, "ContentType").map(str::to_owned);
    stored.metadata = request.get("Metadata").cloned();
    s3.store(bucket, key, stored);
    Ok(response)
}

/// With `CopySource`, or with `SourceBucket` and `SourceKey`, which Step Functions has of its own.
fn copy(s3: &mut S3, request: &Json, now: i64) -> Result<Json, Refusal> {
    let (bucket, key) = match optional(request, "CopySource") {
        Some(source) => {
            let source = percent_decode_str(source.trim_start_matches('/')).decode_utf8_lossy();
            let (bucket, key) = source.split_once('/').ok_or_else(|| missing("CopySource"))?;
            (bucket.to_owned(), key.to_owned())
        }
        None => (text(request, "SourceBucket")?.to_owned(), text(request, "SourceKey")?.to_owned()),
    };
    let target = optional(request, "Bucket").map_or_else(|| text(request, "DestinationBucket"), Ok)?;
    let name = optional(request, "Key").map_or_else(|| text(request, "DestinationKey"), Ok)?;
    let mut stored = s3.stored(&bucket, &key)?;
    s3.bucket(target)?;
    stored.modified = now;
    let result = json!({ "ETag": checksum::etag(&stored.bytes), "LastModified": time(now) });
    s3.store(target, name, stored);
    Ok(json!({ "CopyObjectResult": result, "ServerSideEncryption": "AES256" }))
}

fn list(s3: &S3, request: &Json) -> Result<Json, Refusal> {
    let bucket = text(request, "Bucket")?;
    let prefix = optional(request, "Prefix").unwrap_or_default();
    let delimiter = optional(request, "Delimiter").filter(|delimiter| !delimiter.is_empty());
    let after = optional(request, "ContinuationToken").or_else(|| optional(request, "StartAfter")).unwrap_or_default();
    let asked = request.get("MaxKeys").and_then(Json::as_u64).and_then(|asked| usize::try_from(asked).ok());
    let most = asked.unwrap_or(KEYS).min(KEYS);
    let (mut contents, mut prefixes, mut last) = (Vec::new(), Vec::<String>::new(), None);
    let mut truncated = false;
    for object in s3.list(bucket, prefix)? {
        let folder = delimiter.and_then(|delimiter| {
            let (name, _) = object.key.strip_prefix(prefix)?.split_once(delimiter)?;
            Some(format!("{prefix}{name}{delimiter}"))
        });
        let listed = folder
            .as_deref()
            .is_some_and(|folder| folder == after || prefixes.last().is_some_and(|last| last == folder));
        if object.key.as_str() <= after || listed {
            continue;
        }
        if contents.len() + prefixes.len() == most {
            truncated = most > 0;
            break;
        }
        last = Some(folder.as_ref().unwrap_or(&object.key).clone());
        match folder {
            Some(folder) => prefixes.push(folder),
            None => contents.push(json!({
                "ETag": object.etag,
                "Key": object.key,
                "LastModified": time(object.last_modified),
                "Size": object.size,
                "StorageClass": object.storage_class,
            })),
        }
    }
    let mut response = Map::new();
    let count = contents.len() + prefixes.len();
    if !prefixes.is_empty() {
        let prefixes: Vec<Json> = prefixes.into_iter().map(|prefix| json!({ "Prefix": prefix })).collect();
        response.insert("CommonPrefixes".to_owned(), prefixes.into());
    }
    if !contents.is_empty() {
        response.insert("Contents".to_owned(), contents.into());
    }
    response.insert("IsTruncated".to_owned(), truncated.into());
    response.insert("KeyCount".to_owned(), count.into());
    response.insert("MaxKeys".to_owned(), asked.unwrap_or(KEYS).into());
    response.insert("Name".to_owned(), bucket.into());
    if let Some(last) = last.filter(|_| truncated) {
        response.insert("NextContinuationToken".to_owned(), last.into());
    }
    response.insert("Prefix".to_owned(), prefix.into());
    Ok(response.into())
}

fn described(stored: &Stored) -> Map<String, Json> {
    let mut response = Map::new();
    let mut field = |name: &str, value: Json| response.insert(name.to_owned(), value);
    field("AcceptRanges", "bytes".into());
    field("ContentLength", stored.bytes.len().into());
    field("ContentType", stored.content_type.as_deref().unwrap_or("binary/octet-stream").into());
    field("ETag", checksum::etag(&stored.bytes).into());
    field("LastModified", time(stored.modified).into());
    field("Metadata", stored.metadata.clone().unwrap_or_else(|| json!({})));
    field("ServerSideEncryption", "AES256".into());
    response
}

/// S3 tells times in seconds.
fn time(millis: i64) -> String {
    jiff::Timestamp::from_second(millis.div_euclid(1_000)).unwrap_or_default().to_string()
}

fn optional<'r>(request: &'r Json, field: &str) -> Option<&'r str> {
    request.get(field)?.as_str()
}

fn text<'r>(request: &'r Json, field: &str) -> Result<&'r str, Refusal> {
    optional(request, field).ok_or_else(|| missing(field))
}

fn missing(field: &str) -> Refusal {
    Refusal::other(400, format!("expected a text as `{field}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_123;

    fn asked(s3: &mut S3, action: &str, request: Json) -> Json {
        s3.call(action, &request, NOW).unwrap()
    }

    #[test]
    fn get_object_answers_as_aws_did() {
        let mut s3 = S3::new().with_object("b", "k", "binary data");
        let expected = json!({ "AcceptRanges": "bytes", "ContentLength": 11, "ContentType": "binary/octet-stream",
            "ETag": "\"e1a49b59e0c42e4fd3735ad644f25d57\"", "LastModified": "1970-01-01T00:00:00Z", "Metadata": {},
            "ServerSideEncryption": "AES256", "Body": "binary data" });
        assert_eq!(asked(&mut s3, "getObject", json!({ "Bucket": "b", "Key": "k" })).to_string(), expected.to_string());
    }

    #[test]
    fn put_object_writes_json_text_as_aws_did() {
        let mut s3 = S3::new().with_bucket("b");
        for (body, etag) in [
            (json!("text data"), "\"2b5df3712557f503a9977a8ea893b2c9\""),
            (json!({ "Dict": "Value" }), "\"49e31cee5aec8faf3345893addb14346\""),
            (json!(["List", "Data"]), "\"6b23860357f6e63a0272b7f1143a663a\""),
            (json!(false), "\"68934a3e9455fa72420237eb05902327\""),
            (json!(0), "\"cfcd208495d565ef66e7dff9f98764da\""),
        ] {
            let answer = asked(&mut s3, "putObject", json!({ "Bucket": "b", "Key": "k", "Body": body }));
            assert_eq!(answer["ETag"], etag);
        }
    }

    #[test]
    fn put_object_makes_no_bucket() {
        let refusal = S3::new().call("putObject", &json!({ "Bucket": "b", "Key": "k" }), NOW).unwrap_err();
        assert_eq!((refusal.exception, refusal.status), ("NoSuchBucket", 404));
    }

    #[test]
    fn what_is_put_keeps_its_time_type_and_metadata() {
        let mut s3 = S3::new().with_bucket("b");
        let request = json!({ "Bucket": "b", "Key": "k", "ContentType": "text/csv", "Metadata": { "a": "1" } });
        asked(&mut s3, "putObject", request);
        let head = asked(&mut s3, "headObject", json!({ "Bucket": "b", "Key": "k" }));
        assert_eq!(head["LastModified"], "2023-11-14T22:13:20Z");
        assert_eq!((&head["ContentType"], &head["Metadata"]), (&json!("text/csv"), &json!({ "a": "1" })));
        assert_eq!(head.get("Body"), None);
    }

    #[test]
    fn deleting_what_is_not_there_is_no_error() {
        let mut s3 = S3::new().with_object("b", "k", "");
        for _ in 0..2 {
            assert_eq!(asked(&mut s3, "deleteObject", json!({ "Bucket": "b", "Key": "k" })), json!({}));
        }
        assert!(s3.get("b", "k").is_err());
    }

    #[test]
    fn copy_object_takes_both_spellings() {
        let mut s3 = S3::new().with_object("b", "a b", "x");
        asked(&mut s3, "copyObject", json!({ "Bucket": "b", "Key": "c", "CopySource": "/b/a%20b" }));
        let parts = json!({ "DestinationBucket": "b", "DestinationKey": "d", "SourceBucket": "b", "SourceKey": "a b" });
        asked(&mut s3, "copyObject", parts);
        assert_eq!((s3.get("b", "c").unwrap(), s3.get("b", "d").unwrap()), (b"x".to_vec(), b"x".to_vec()));
    }

    #[test]
    fn a_listing_goes_on_where_it_stopped() {
        let mut s3 = S3::new().with_object("b", "1", "").with_object("b", "2", "").with_object("b", "3", "");
        let first = asked(&mut s3, "listObjectsV2", json!({ "Bucket": "b", "MaxKeys": 2 }));
        assert_eq!((&first["IsTruncated"], &first["KeyCount"]), (&json!(true), &json!(2)));
        let request = json!({ "Bucket": "b", "ContinuationToken": first["NextContinuationToken"] });
        let second = asked(&mut s3, "listObjectsV2", request);
        assert_eq!((&second["IsTruncated"], &second["Contents"][0]["Key"]), (&json!(false), &json!("3")));
    }

    #[test]
    fn a_delimiter_folds_keys_into_common_prefixes() {
        let mut s3 = S3::new().with_object("b", "p/q/1", "").with_object("b", "p/q/2", "").with_object("b", "p/r", "");
        let answer = asked(&mut s3, "listObjectsV2", json!({ "Bucket": "b", "Prefix": "p/", "Delimiter": "/" }));
        assert_eq!(answer["CommonPrefixes"], json!([{ "Prefix": "p/q/" }]));
        assert_eq!((&answer["Contents"][0]["Key"], &answer["KeyCount"]), (&json!("p/r"), &json!(2)));
    }

    #[test]
    fn every_action_that_is_supported_is_known() {
        for action in ACTIONS {
            assert!(S3::supports(action));
            assert_ne!(S3::new().call(action, &json!({}), NOW).unwrap_err().status, 501, "{action}");
        }
        assert!(!S3::supports("createBucket"));
        assert_eq!(S3::new().call("createBucket", &json!({}), NOW).unwrap_err().status, 501);
    }
}
