//! What the items of a Distributed Map are, and what becomes of its results.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>
//!
//! ```
//! use serde_json::json;
//! use statewright_simulate::items::{self, InputType, Reader};
//! use statewright_simulate::s3::S3;
//!
//! let s3 = S3::new().with_object("orders", "today.csv", "id,city\n7,Bonn\n8,Kiel\n");
//! let reader = Reader { input_type: Some(InputType::Csv), ..Reader::of_object("orders", "today.csv") };
//! let expected = [json!({ "id": "7", "city": "Bonn" }), json!({ "id": "8", "city": "Kiel" })];
//! assert_eq!(items::read(&reader, &s3)?, expected);
//! # Ok::<(), items::Failure>(())
//! ```

use std::fmt;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::refusal::Refusal;
use crate::s3::S3;

mod batch;
mod columnar;
mod delimited;
mod document;
mod hash;
mod manifest;
mod reader;
mod unpack;
mod writer;

pub use batch::batches;
pub use reader::{Delimiter, HeaderLocation, InputType, ManifestType, Reader, Source, Transformation};
pub use writer::{Child, OutputType, Status, Transform, Writer, Written, transform, write};

/// An item, and where it is from.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The item.
    pub value: Json,
    /// `Map.Item.Source` of the context object: `S3://` with bucket and key, or with the bucket alone for what a
    /// listing says.
    pub source: Arc<str>,
}

/// Why items can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `States.ItemReaderFailed`
    pub error: &'static str,
    /// What is wrong.
    pub cause: String,
}

impl Failure {
    fn new(cause: impl Into<String>) -> Self {
        Self { error: "States.ItemReaderFailed", cause: cause.into() }
    }

    /// What S3 says, and of what.
    fn refused(bucket: &str, key: &str, refusal: &Refusal) -> Self {
        let Refusal { message, status, .. } = refusal;
        Self::new(format!("{}: {message} (Service: S3, Status Code: {status})", uri(bucket, key)))
    }

    /// The text of another program, and of which object.
    fn broken(bucket: &str, key: &str, error: &dyn fmt::Display) -> Self {
        Self::new(format!("{}: {error}", uri(bucket, key)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.cause)
    }
}

impl std::error::Error for Failure {}

/// Reads items.
///
/// # Errors
///
/// If an object is not there or not what the reader says it is.
pub fn read(reader: &Reader, s3: &S3) -> Result<Vec<Json>, Failure> {
    Ok(read_items(reader, s3)?.into_iter().map(|item| item.value).collect())
}

/// Reads items, and tells where each is from.
///
/// ```
/// use statewright_simulate::items::{self, Reader};
/// use statewright_simulate::s3::S3;
///
/// let s3 = S3::new().with_object("b", "in/a.json", "[1]");
/// let [item] = &items::read_items(&Reader::of_object("b", "in/a.json"), &s3)?[..] else { unreachable!() };
/// assert_eq!(&*item.source, "S3://b/in/a.json");
/// # Ok::<(), items::Failure>(())
/// ```
///
/// # Errors
///
/// If an object is not there or not what the reader says it is.
pub fn read_items(reader: &Reader, s3: &S3) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    match reader.resource {
        Source::ListObjects => {
            let prefix = reader.prefix.as_deref().unwrap_or_default();
            let listed =
                s3.list(&reader.bucket, prefix).map_err(|error| Failure::refused(&reader.bucket, "", &error))?;
            if reader.transformation == Some(Transformation::LoadAndFlatten) {
                // A key that ends in a slash is a folder made in the console.
                let objects = listed.into_iter().filter(|object| !object.key.ends_with('/'));
                load(reader, s3, objects.map(|object| (reader.bucket.clone(), object.key)), &mut items)?;
            } else {
                let source: Arc<str> = format!("S3://{}", reader.bucket).into();
                items.extend(listed.into_iter().take(reader.limit()).map(|object| Item {
                    value: json!({
                        "Etag": object.etag,
                        "Key": object.key,
                        "LastModified": object.last_modified.div_euclid(1_000),
                        "Size": object.size,
                        "StorageClass": object.storage_class,
                    }),
                    source: source.clone(),
                }));
            }
        }
        Source::GetObject => {
            let key = reader.key.clone().ok_or_else(|| Failure::new("expected the key of an object"))?;
            let first = (reader.bucket.clone(), key);
            match (reader.manifest_type, reader.input_type) {
                (Some(ManifestType::AthenaData), _) => {
                    let objects = manifest::athena(&fetch(s3, &first)?, &first)?;
                    load(reader, s3, objects.into_iter(), &mut items)?;
                }
                (Some(ManifestType::S3Inventory), _) | (None, Some(InputType::Manifest)) => {
                    let inventory = manifest::inventory(&fetch(s3, &first)?, &first)?;
                    let rows = inventory.reader(reader);
                    load(&rows, s3, inventory.objects.into_iter(), &mut items)?;
                }
                _ => load(reader, s3, [first].into_iter(), &mut items)?,
            }
        }
    }
    Ok(items)
}

/// The items of objects, one object after the other.
fn load(
    reader: &Reader,
    s3: &S3,
    objects: impl Iterator<Item = (String, String)>,
    items: &mut Vec<Item>,
) -> Result<(), Failure> {
    for object in objects {
        let left = reader.limit().saturating_sub(items.len());
        if left == 0 {
            break;
        }
        let bytes = fetch(s3, &object)?;
        let values = match reader.input_type {
            Some(InputType::Csv) => delimited::read(reader, &bytes, left),
            None | Some(InputType::Json) => document::json(&bytes, reader.items_pointer.as_deref(), left),
            Some(InputType::Jsonl) => document::lines(&bytes, left),
            Some(InputType::Parquet) => columnar::read(bytes, left),
            Some(InputType::Manifest) => Err(Unreadable::Other("a manifest can't name manifests".to_owned())),
        };
        let source: Arc<str> = format!("S3://{}/{}", object.0, object.1).into();
        let values = values.map_err(|unreadable| match unreadable {
            Unreadable::Aws(cause) => Failure::new(cause),
            Unreadable::Other(cause) => Failure::broken(&object.0, &object.1, &cause),
        })?;
        items.extend(values.into_iter().map(|value| Item { value, source: source.clone() }));
    }
    Ok(())
}

fn fetch(s3: &S3, (bucket, key): &(String, String)) -> Result<Vec<u8>, Failure> {
    let bytes = s3.get(bucket, key).map_err(|refusal| Failure::refused(bucket, key, &refusal))?;
    unpack::unpacked(bytes).map_err(|error| Failure::broken(bucket, key, &error))
}

fn uri(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}

/// What is wrong with an object.
#[derive(Debug, PartialEq, Eq)]
enum Unreadable {
    /// In the words of AWS.
    Aws(&'static str),
    /// In ours; the object will be named.
    Other(String),
}

#[cfg(test)]
mod tests;
