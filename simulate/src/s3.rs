//! Amazon S3, as far as workflows need it: buckets in memory, or folders on disk.
//!
//! ```
//! use statewright_simulate::s3::S3;
//!
//! let s3 = S3::new().with_object("orders", "2024/a.json", "[1, 2]").with_object("orders", "2024/b.json", "[3]");
//! assert_eq!(s3.get("orders", "2024/a.json")?, b"[1, 2]");
//! assert_eq!(s3.list("orders", "2024/")?.len(), 2);
//! assert_eq!(s3.get("orders", "2023/a.json").unwrap_err().exception, "NoSuchKey");
//! # Ok::<(), statewright_simulate::Refusal>(())
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::refusal::Refusal;

mod call;
mod checksum;
mod folder;

/// Buckets and their objects. What is written stays in memory, in a bucket of a folder too.
#[derive(Clone, Debug, Default)]
pub struct S3 {
    buckets: BTreeMap<String, Bucket>,
}

#[derive(Clone, Debug, Default)]
struct Bucket {
    folder: Option<PathBuf>,
    /// What was put, and `None` for what was deleted; both hide a file of the folder.
    objects: BTreeMap<String, Option<Stored>>,
}

#[derive(Clone, Debug)]
struct Stored {
    bytes: Arc<[u8]>,
    modified: i64,
    content_type: Option<String>,
    metadata: Option<Json>,
}

impl Stored {
    fn new(bytes: impl Into<Arc<[u8]>>, modified: i64) -> Self {
        Self { bytes: bytes.into(), modified, content_type: None, metadata: None }
    }
}

/// What a listing says of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
    /// The MD5 of its bytes in quotes.
    pub etag: String,
    /// When it was written, in milliseconds since 1970.
    pub last_modified: i64,
    /// `STANDARD`.
    pub storage_class: &'static str,
}

impl Refusal {
    fn no_such_bucket() -> Self {
        Self { exception: "NoSuchBucket", message: "The specified bucket does not exist".to_owned(), status: 404 }
    }

    fn no_such_key() -> Self {
        Self { exception: "NoSuchKey", message: "The specified key does not exist.".to_owned(), status: 404 }
    }

    fn other(status: u16, message: impl Into<String>) -> Self {
        Self { exception: "S3", message: message.into(), status }
    }
}

impl S3 {
    /// No buckets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With an object, and its bucket if it is new.
    #[must_use]
    pub fn with_object(mut self, bucket: &str, key: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.put(bucket, key, bytes);
        self
    }

    /// With a bucket whose objects are the files under a folder. Links in it are not followed.
    #[must_use]
    pub fn with_folder(mut self, bucket: &str, folder: impl AsRef<Path>) -> Self {
        self.buckets.entry(bucket.to_owned()).or_default().folder = Some(folder.as_ref().to_owned());
        self
    }

    /// With a bucket, which stays empty if it is new.
    #[must_use]
    pub fn with_bucket(mut self, bucket: &str) -> Self {
        self.buckets.entry(bucket.to_owned()).or_default();
        self
    }

    /// Writes an object, and makes its bucket if it is new. It counts as written in 1970; [`S3::call`] knows the time.
    pub fn put(&mut self, bucket: &str, key: &str, bytes: impl Into<Vec<u8>>) {
        self.store(bucket, key, Stored::new(bytes.into(), 0));
    }

    /// The bytes of an object.
    ///
    /// # Errors
    ///
    /// If there is no such bucket or key, or a file can't be read.
    pub fn get(&self, bucket: &str, key: &str) -> Result<Vec<u8>, Refusal> {
        Ok(self.stored(bucket, key)?.bytes.to_vec())
    }

    /// The objects whose keys begin with a prefix, in the order of their keys.
    ///
    /// # Errors
    ///
    /// If there is no such bucket, or its folder can't be read.
    pub fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Object>, Refusal> {
        let found = self.bucket(bucket)?;
        let mut keys = match &found.folder {
            Some(folder) => folder::keys(folder)?,
            None => Vec::new(),
        };
        keys.extend(found.objects.iter().filter(|(_, stored)| stored.is_some()).map(|(key, _)| key.clone()));
        keys.retain(|key| key.starts_with(prefix) && !matches!(found.objects.get(key), Some(None)));
        keys.sort();
        keys.dedup();
        let described = keys.into_iter().map(|key| {
            let stored = found.stored(&key)?;
            Ok(Object {
                size: stored.bytes.len() as u64,
                etag: checksum::etag(&stored.bytes),
                last_modified: stored.modified,
                storage_class: "STANDARD",
                key,
            })
        });
        described.collect()
    }

    /// Whether [`S3::call`] knows an action of the API, such as `getObject`.
    #[must_use]
    pub fn supports(action: &str) -> bool {
        call::ACTIONS.contains(&action)
    }

    /// A call through the SDK integration of Step Functions, with a request and a response as it spells them.
    ///
    /// ```
    /// use serde_json::json;
    /// use statewright_simulate::s3::S3;
    ///
    /// let mut s3 = S3::new().with_bucket("orders");
    /// s3.call("putObject", &json!({ "Bucket": "orders", "Key": "a", "Body": { "n": 1 } }), 1_700_000_000_000)?;
    /// let found = s3.call("getObject", &json!({ "Bucket": "orders", "Key": "a" }), 1_700_000_000_000)?;
    /// assert_eq!(found["Body"], json!(r#"{"n":1}"#));
    /// # Ok::<(), statewright_simulate::Refusal>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no such bucket, key or action, or the request is incomplete.
    pub fn call(&mut self, action: &str, request: &Json, now_millis: i64) -> Result<Json, Refusal> {
        call::call(self, action, request, now_millis)
    }

    fn bucket(&self, bucket: &str) -> Result<&Bucket, Refusal> {
        self.buckets.get(bucket).ok_or_else(Refusal::no_such_bucket)
    }

    fn stored(&self, bucket: &str, key: &str) -> Result<Stored, Refusal> {
        self.bucket(bucket)?.stored(key)
    }

    fn store(&mut self, bucket: &str, key: &str, stored: Stored) {
        self.buckets.entry(bucket.to_owned()).or_default().objects.insert(key.to_owned(), Some(stored));
    }

    fn delete(&mut self, bucket: &str, key: &str) -> Result<(), Refusal> {
        let found = self.buckets.get_mut(bucket).ok_or_else(Refusal::no_such_bucket)?;
        found.objects.insert(key.to_owned(), None);
        Ok(())
    }
}

impl Bucket {
    fn stored(&self, key: &str) -> Result<Stored, Refusal> {
        match (self.objects.get(key), &self.folder) {
            (Some(Some(stored)), _) => Ok(stored.clone()),
            (Some(None), _) | (None, None) => Err(Refusal::no_such_key()),
            (None, Some(folder)) => folder::read(folder, key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(s3: &S3, prefix: &str) -> Vec<String> {
        s3.list("b", prefix).unwrap().into_iter().map(|object| object.key).collect()
    }

    #[test]
    fn a_bucket_that_is_missing_is_told_from_a_key_that_is() {
        let s3 = S3::new().with_bucket("b");
        assert_eq!(s3.get("c", "k").unwrap_err().exception, "NoSuchBucket");
        assert_eq!(s3.list("c", "").unwrap_err().message, "The specified bucket does not exist");
        assert_eq!(s3.get("b", "k").unwrap_err().exception, "NoSuchKey");
        assert_eq!(s3.list("b", "").unwrap(), []);
    }

    #[test]
    fn a_listing_is_sorted_and_keeps_to_the_prefix() {
        let s3 = S3::new().with_object("b", "p/z", "").with_object("b", "p/a", "").with_object("b", "q/a", "");
        assert_eq!(keys(&s3, "p/"), ["p/a", "p/z"]);
    }

    #[test]
    fn a_listing_has_the_md5_in_quotes() {
        let s3 = S3::new().with_object("b", "k", "binary data");
        let [object] = &s3.list("b", "").unwrap()[..] else { panic!("one object") };
        assert_eq!(object.etag, "\"e1a49b59e0c42e4fd3735ad644f25d57\"");
        assert_eq!((object.size, object.storage_class), (11, "STANDARD"));
    }

    #[test]
    fn the_files_of_a_folder_are_objects_and_writes_leave_them_alone() {
        let folder = std::env::temp_dir().join(format!("statewright-s3-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("in")).unwrap();
        std::fs::write(folder.join("in/a.txt"), "from disk").unwrap();
        std::fs::write(folder.join("in/b.txt"), "b").unwrap();
        let mut s3 = S3::new().with_folder("b", &folder);
        assert_eq!(keys(&s3, ""), ["in/a.txt", "in/b.txt"]);
        assert!(s3.list("b", "in/a").unwrap().iter().all(|object| object.last_modified > 0));
        s3.put("b", "in/a.txt", "changed");
        s3.delete("b", "in/b.txt").unwrap();
        assert_eq!(s3.get("b", "in/a.txt").unwrap(), b"changed");
        assert_eq!(keys(&s3, "in/"), ["in/a.txt"]);
        assert_eq!(std::fs::read(folder.join("in/a.txt")).unwrap(), b"from disk");
        assert!(folder.join("in/b.txt").exists());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
