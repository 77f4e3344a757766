//! Items in S3.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>

use std::marker::PhantomData;

use serde_json::{Value as Json, json};

use crate::ir::Reader;
use crate::ir::expr::Expr;
use crate::shape::Shape;
use crate::value::{Arg, Value};

/// Items in S3, each of the shape `T`.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Row { id: String, price: String }
/// const LOAD: lambda::Function<Row, ()> = lambda::Function::named("load-row");
///
/// Workflow::new("load", |w, key: Value<String>| {
///     w.distributed("EachRow", S3Items::<Row>::csv("incoming", key).headers(["id", "price"]).delimiter(Delimiter::Semicolon))
///         .max_concurrency(500)
///         .tolerated_failure_percentage(5)
///         .results_to("results", "load")
///         .each(|w, row| w.run("Load", LOAD.invoke(row)))
/// });
/// ```
#[derive(Debug)]
pub struct S3Items<T> {
    reader: Reader,
    shape: PhantomData<fn() -> T>,
}

/// What stands between the fields of a row of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `|`
    Pipe,
    /// `;`
    Semicolon,
    /// A blank.
    Space,
    /// A tab.
    Tab,
}

impl Delimiter {
    const fn name(self) -> &'static str {
        match self {
            Self::Comma => "COMMA",
            Self::Pipe => "PIPE",
            Self::Semicolon => "SEMICOLON",
            Self::Space => "SPACE",
            Self::Tab => "TAB",
        }
    }
}

impl<T: Shape> S3Items<T> {
    fn file(bucket: impl Arg<String>, key: impl Arg<String>, config: Json) -> Self {
        let request = vec![("Bucket".into(), bucket.into_value().expr()), ("Key".into(), key.into_value().expr())];
        Self { reader: Reader::new("s3:getObject", config, request), shape: PhantomData }
    }

    /// A file that holds a JSON array.
    pub fn json(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        Self::file(bucket, key, json!({ "InputType": "JSON" }))
    }

    /// A file with an item in JSON on each line.
    pub fn json_lines(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        Self::file(bucket, key, json!({ "InputType": "JSONL" }))
    }

    /// A CSV file, whose first row names the columns unless [`headers`](Self::headers) do. Every field is text.
    pub fn csv(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        Self::file(bucket, key, json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" }))
    }

    /// A Parquet file.
    pub fn parquet(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        Self::file(bucket, key, json!({ "InputType": "PARQUET" }))
    }

    /// The objects that an S3 inventory lists, by the key of its `manifest.json`. The inventory is one in CSV; its columns are the
    /// fields, all of them text: `Bucket`, `Key`, and what the inventory was told to note.
    /// [`allow`](Self::allow) says where the files of the inventory are.
    pub fn inventory(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        let mut items = Self::file(bucket, key, json!({ "InputType": "MANIFEST" }));
        items.reader.reads_more = true;
        items
    }

    /// Of a [`csv`](Self::csv), [`json_lines`](Self::json_lines) or [`parquet`](Self::parquet): the key is that of the manifest
    /// which an `UNLOAD` query of Athena has written, and the items are those in the files that it names.
    /// [`allow`](Self::allow) says where these are.
    pub fn athena_manifest(mut self) -> Self {
        self.reader.config["ManifestType"] = "ATHENA_DATA".into();
        self.reader.reads_more = true;
        self
    }

    /// The key is a prefix: the items are those in every object whose key begins so.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Order { id: String }
    ///
    /// let orders = S3Items::<Order>::json_lines("orders", "2026/03/").every_object();
    /// ```
    pub fn every_object(mut self) -> Self {
        self.reader.api = "s3:listObjectsV2";
        self.reader.config["Transformation"] = "LOAD_AND_FLATTEN".into();
        for (name, _) in &mut self.reader.arguments {
            if name == "Key" {
                "Prefix".clone_into(name);
            }
        }
        self
    }

    /// Of a [`csv`](Self::csv): the names of the columns, where no row of the file has them.
    pub fn headers<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.reader.config["CSVHeaderLocation"] = "GIVEN".into();
        self.reader.config["CSVHeaders"] = names.into_iter().map(|name| Json::String(name.into())).collect();
        self
    }

    /// Of a [`csv`](Self::csv): what stands between the fields, in place of a comma.
    pub fn delimiter(mut self, delimiter: Delimiter) -> Self {
        self.reader.config["CSVDelimiter"] = delimiter.name().into();
        self
    }

    /// Of a [`json`](Self::json): where in the file the array is, as a JSON pointer (RFC 6901): `/orders/open`.
    pub fn items_pointer(mut self, pointer: &str) -> Self {
        self.reader.config["ItemsPointer"] = pointer.into();
        self
    }

    /// Reads so many items at most: 1 to 100,000,000.
    pub fn max_items(mut self, items: impl Arg<i64>) -> Self {
        self.reader.max_items = Some(items.into_value().expr());
        self
    }

    /// The account that the bucket belongs to; of another one nothing is read.
    pub fn expected_bucket_owner(mut self, account: impl Arg<String>) -> Self {
        self.reader.arguments.push(("ExpectedBucketOwner".into(), account.into_value().expr()));
        self
    }

    /// A version of the object, in place of the newest one.
    pub fn version_id(mut self, version: impl Arg<String>) -> Self {
        self.reader.arguments.push(("VersionId".into(), version.into_value().expr()));
        self
    }

    /// The objects that a manifest or a computed key can name, as ARNs with `*` where needed: the execution role may read these.
    pub fn allow<S: Into<String>>(mut self, arns: impl IntoIterator<Item = S>) -> Self {
        self.reader.access.resources.extend(arns.into_iter().map(Into::into));
        self
    }

    /// Allows the execution role to read every object, with the reason why nothing narrower will do.
    pub fn allow_any(mut self, reason: impl Into<String>) -> Self {
        self.reader.access.any_because = Some(reason.into());
        self
    }
}

/// An object of a bucket, as S3 lists it.
#[derive(Clone, Copy, Debug)]
pub struct Listed;

/// The fields of a [`Listed`].
#[derive(Clone, Copy, Debug)]
pub struct ListedFields {
    /// Its key.
    pub key: Value<String>,
    /// Its size in bytes.
    pub size: Value<i64>,
    /// When it was written, in seconds since 1970.
    pub last_modified: Value<i64>,
}

impl Shape for Listed {
    type Fields = ListedFields;

    fn fields(of: &Expr) -> ListedFields {
        ListedFields {
            key: Value::of(of.field("Key")),
            size: Value::of(of.field("Size")),
            last_modified: Value::of(of.field("LastModified")),
        }
    }
}

impl S3Items<Listed> {
    /// The objects of a bucket whose keys begin so: what S3 says of them, not what is in them
    /// (that is [`every_object`](Self::every_object)).
    pub fn objects(bucket: impl Arg<String>, prefix: impl Arg<String>) -> Self {
        let prefix = ("Prefix".into(), prefix.into_value().expr());
        let request = vec![("Bucket".into(), bucket.into_value().expr()), prefix];
        Self { reader: Reader::new("s3:listObjectsV2", Json::Null, request), shape: PhantomData }
    }
}

/// Where the items of a distributed Map are: a list, or [S3](S3Items).
#[diagnostic::on_unimplemented(
    message = "a distributed Map can't take its items from `{Self}`",
    label = "expected a `Value<Vec<T>>`, or `S3Items`"
)]
pub trait Items {
    /// The shape of an item.
    type Item: Shape;

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "implemented here only")]
    fn into_source(self) -> (Option<Expr>, Option<Reader>);
}

#[expect(private_interfaces, reason = "implemented here only")]
impl<T: Shape> Items for S3Items<T> {
    type Item = T;

    fn into_source(self) -> (Option<Expr>, Option<Reader>) {
        (None, Some(self.reader))
    }
}

#[expect(private_interfaces, reason = "implemented here only")]
impl<T: Shape> Items for Value<Vec<T>> {
    type Item = T;

    fn into_source(self) -> (Option<Expr>, Option<Reader>) {
        (Some(self.expr()), None)
    }
}
