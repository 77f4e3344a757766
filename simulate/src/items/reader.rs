//! Where items are, and how they are written down there.

/// How items are read. The fields are evaluated already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// What is called.
    pub resource: Source,
    /// The bucket.
    pub bucket: String,
    /// The object, for [`Source::GetObject`].
    pub key: Option<String>,
    /// What the keys begin with, for [`Source::ListObjects`].
    pub prefix: Option<String>,
    /// The version of the object. Buckets have one version of each object here, so that it is not looked at.
    pub version_id: Option<String>,
    /// What the objects hold.
    pub input_type: Option<InputType>,
    /// Whether listed objects are read.
    pub transformation: Option<Transformation>,
    /// Whether the object names other objects.
    pub manifest_type: Option<ManifestType>,
    /// What stands between the fields of a row: a comma, if it is absent.
    pub csv_delimiter: Option<Delimiter>,
    /// Where the names of the columns are. If it is absent, they are given if there are any.
    pub csv_header_location: Option<HeaderLocation>,
    /// The names of the columns.
    pub csv_headers: Vec<String>,
    /// A JSON Pointer to the items in a JSON file.
    pub items_pointer: Option<String>,
    /// The most items that are read; all of them, if it is absent or 0.
    pub max_items: Option<u64>,
}

/// The call that a reader makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// `s3:getObject`
    #[default]
    GetObject,
    /// `s3:listObjectsV2`
    ListObjects,
}

/// Fields of an `ItemReader` or a `ResultWriter` that take one of some names.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)+ })+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of])* $variant,)+ }

        impl $name {
            /// What has this name in the language.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// Its name in the language.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    )+ };
}
pub(super) use names;

names! {
    /// What an object holds.
    InputType {
        /// Rows of delimited text.
        Csv = "CSV",
        /// An array.
        Json = "JSON",
        /// A JSON text a line.
        Jsonl = "JSONL",
        /// Rows in columns; needs the feature `parquet`.
        Parquet = "PARQUET",
        /// An S3 inventory.
        Manifest = "MANIFEST",
    }

    /// Whether listed objects are read.
    Transformation {
        /// The items are what the listing says of the objects.
        None = "NONE",
        /// The items are those in the objects.
        LoadAndFlatten = "LOAD_AND_FLATTEN",
    }

    /// What names the objects to read.
    ManifestType {
        /// The manifest of an `UNLOAD` query of Athena.
        AthenaData = "ATHENA_DATA",
        /// An S3 inventory, whose items describe objects.
        S3Inventory = "S3_INVENTORY",
    }

    /// What stands between the fields of a row.
    Delimiter {
        /// `,`
        Comma = "COMMA",
        /// `|`
        Pipe = "PIPE",
        /// `;`
        Semicolon = "SEMICOLON",
        /// A blank.
        Space = "SPACE",
        /// A tab.
        Tab = "TAB",
    }

    /// Where the names of the columns are.
    HeaderLocation {
        /// In the first row of each file.
        FirstRow = "FIRST_ROW",
        /// In the reader.
        Given = "GIVEN",
    }
}

impl Reader {
    /// A reader of one object.
    #[must_use]
    pub fn of_object(bucket: &str, key: &str) -> Self {
        Self { bucket: bucket.to_owned(), key: Some(key.to_owned()), ..Self::default() }
    }

    /// A reader of the objects whose keys begin with a prefix.
    #[must_use]
    pub fn of_prefix(bucket: &str, prefix: &str) -> Self {
        Self {
            resource: Source::ListObjects,
            bucket: bucket.to_owned(),
            prefix: Some(prefix.to_owned()),
            ..Self::default()
        }
    }

    /// So many items are read at most.
    pub(super) fn limit(&self) -> usize {
        match self.max_items {
            None | Some(0) => usize::MAX,
            Some(most) => usize::try_from(most).unwrap_or(usize::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_language() {
        assert_eq!(InputType::named("PARQUET"), Some(InputType::Parquet));
        assert_eq!(Transformation::named("LOAD_AND_FLATTEN"), Some(Transformation::LoadAndFlatten));
        assert_eq!(ManifestType::S3Inventory.name(), "S3_INVENTORY");
        assert_eq!(HeaderLocation::Given.name(), "GIVEN");
        assert_eq!(Delimiter::named("comma"), None);
    }
}
