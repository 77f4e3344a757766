//! What a request or a result is made of.

use std::fmt;

use crate::service::Service;

/// The shape of a value. Copying it copies references; shapes may contain themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    service: Service,
    index: usize,
    line: &'static str,
}

/// What a shape is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// An object with members of known names: [`Shape::members`].
    Structure,
    /// An object with exactly one of the members.
    Union,
    /// An array.
    List {
        /// What each item is.
        item: Shape,
        /// How many there may be.
        limits: Limits<u64>,
    },
    /// An object with names of the user's.
    Map {
        /// What a name is.
        key: Shape,
        /// What a value is.
        value: Shape,
        /// How many there may be.
        limits: Limits<u64>,
    },
    /// Text.
    Text {
        /// How many characters it may have.
        limits: Limits<u64>,
        /// The regular expression that all of it matches, in Java's language.
        pattern: Option<&'static str>,
    },
    /// One of some texts: [`Shape::values`]. New ones come with new versions of a service.
    Enum,
    /// A number without a fraction.
    Integer(Limits<i64>),
    /// A number.
    Number(Limits<f64>),
    /// True or false.
    Boolean,
    /// A time, as text in a result.
    Timestamp,
    /// Bytes: text, or JSON that is made text.
    Blob,
    /// Any JSON.
    Json,
}

/// The least and the most, where there is such a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits<T> {
    /// At least this.
    pub min: Option<T>,
    /// At most this.
    pub max: Option<T>,
}

impl<T: std::str::FromStr + PartialOrd> Limits<T> {
    fn read<'a>(fields: &mut impl Iterator<Item = &'a str>) -> Self {
        let mut limit = || fields.next().and_then(|text| text.parse().ok());
        Self { min: limit(), max: limit() }
    }

    /// Whether a value is between them.
    pub fn allow(&self, value: &T) -> bool {
        self.min.as_ref().is_none_or(|min| value >= min) && self.max.as_ref().is_none_or(|max| value <= max)
    }
}

impl<T: fmt::Display + PartialEq> fmt::Display for Limits<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) if min == max => write!(f, "{min}"),
            (Some(min), Some(max)) => write!(f, "{min} to {max}"),
            (Some(min), None) => write!(f, "at least {min}"),
            (None, Some(max)) => write!(f, "at most {max}"),
            (None, None) => f.write_str("any"),
        }
    }
}

impl Shape {
    pub(crate) fn new(service: Service, index: usize, line: &'static str) -> Self {
        Self { service, index, line }
    }

    /// A number that no other shape of the service has.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    fn refer(&self, number: &str) -> Self {
        let any = Self { line: "j", ..*self };
        self.service.shape(number).unwrap_or(any)
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let Some(letter) = self.line.chars().next() else { return Kind::Json };
        let mut fields = self.line[letter.len_utf8()..].split('\t');
        let first = fields.next().unwrap_or_default();
        match letter {
            '{' => Kind::Structure,
            '|' => Kind::Union,
            '[' => Kind::List { item: self.refer(first), limits: Limits::read(&mut fields) },
            '<' => {
                let value = self.refer(fields.next().unwrap_or_default());
                Kind::Map { key: self.refer(first), value, limits: Limits::read(&mut fields) }
            }
            's' => {
                let limits = Limits::read(&mut fields);
                Kind::Text { limits, pattern: fields.next() }
            }
            'e' => Kind::Enum,
            'i' | 'l' => Kind::Integer(Limits::read(&mut fields)),
            'd' | 'f' => Kind::Number(Limits::read(&mut fields)),
            'b' => Kind::Boolean,
            't' => Kind::Timestamp,
            'x' => Kind::Blob,
            _ => Kind::Json,
        }
    }

    /// The members of a structure or a union, in the order of their names.
    pub fn members(&self) -> impl Iterator<Item = Member> + use<> {
        let shape = *self;
        let fields = if self.line.starts_with(['{', '|']) { self.line[1..].trim_start_matches('"') } else { "" };
        fields.split('\t').filter_map(move |field| {
            let (name, number) = field.rsplit_once(':')?;
            let marks = name.trim_end_matches(['!', '?', '~']).len();
            Some(Member { name: &name[..marks], marks: &name[marks..], number, of: shape })
        })
    }

    /// Whether a text may stand for the structure: `"id"` for `{ "S": "id" }` in the optimized integration of `DynamoDB`.
    #[must_use]
    pub fn accepts_text(&self) -> bool {
        self.line.starts_with("{\"")
    }

    /// A member by its name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Member> {
        self.members().find(|member| member.is_called(name))
    }

    /// The texts that an [enum](Kind::Enum) may be.
    pub fn values(&self) -> impl Iterator<Item = &'static str> + use<> {
        let line = if self.line.starts_with('e') { self.line } else { "" };
        line.split('\t').skip(1)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({} {})", self.service.name(), self.line)
    }
}

/// A member of a structure.
///
/// ```
/// let put = statewright_model::service("dynamodb").and_then(|s| s.action("putItem")).expect("an action");
/// let item = put.input().and_then(|input| input.member("Item")).expect("a member");
/// assert!(item.is_required());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    name: &'static str,
    marks: &'static str,
    number: &'static str,
    of: Shape,
}

impl Member {
    /// Its name, as Step Functions spells it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a request without it is refused.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.marks.contains('!')
    }

    /// Whether it makes a second call with the same value do nothing.
    #[must_use]
    pub fn is_token(&self) -> bool {
        self.marks.contains('?')
    }

    /// Whether this is its name. Where Java keeps a word for itself, `Value` is appended; AWS documents that for
    /// `EqualsValue` alone, so the other such members are found without it too.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || (self.marks.contains('~') && self.name.strip_suffix("Value") == Some(name))
    }

    /// What it is.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.of.refer(self.number)
    }
}
