//! What the compiler has to say: [`Diagnostic`] is data; [`text`] renders it for a terminal.
//!
//! Every mistake that a user can make is a `Diagnostic`: a stable [`Code`] with a page of its own, a place,
//! and a help that says what to write instead. Checks collect them in a [`Diagnostics`] and report all of them at once.

use std::fmt;
use std::panic::Location;

mod code;
pub mod text;

pub use code::{Code, all as all_codes, codes, find as find_code};

/// How bad it is: an error stops the output, a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The workflow would not do what it says; nothing is written.
    Error,
    /// It works, and there is something to know.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Where a [`Label`] points to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A line of Rust, as `#[track_caller]` saw it.
    Source {
        /// The file, as rustc was given it.
        file: &'static str,
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
    },
    /// A place in a JSON document.
    Pointer {
        /// The file or other name of the document.
        file: String,
        /// A JSON pointer (RFC 6901); empty for the whole document.
        pointer: String,
    },
    /// A workflow as a whole.
    Workflow(String),
}

impl From<&'static Location<'static>> for Place {
    fn from(at: &'static Location<'static>) -> Self {
        Self::Source { file: at.file(), line: at.line(), column: at.column() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Self::Pointer { file, pointer } if pointer.is_empty() => f.write_str(file),
            Self::Pointer { file, pointer } => write!(f, "{file}#{pointer}"),
            Self::Workflow(name) => write!(f, "workflow `{name}`"),
        }
    }
}

/// A place with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there, as a lower-case fragment.
    pub text: String,
}

/// One thing that the compiler has to say.
///
/// ```
/// use statewright::diag::{codes, Diagnostic, Place};
///
/// let place = Place::Workflow("nightly".into());
/// let found = Diagnostic::error(codes::DUPLICATE_STATE_NAME, "two states are called `Load`", place)
///     .help("rename one of them");
/// assert_eq!(found.code.id, "SW0101");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a diagnostic that nobody reports is lost"]
pub struct Diagnostic {
    /// The stable code, with its page.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What was expected and what was found, as a lower-case fragment.
    pub message: String,
    /// The places, the most important one first; never empty.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, message: impl Into<String>, place: impl Into<Place>) -> Self {
        Self::new(Severity::Error, code, message.into(), place.into())
    }

    /// A warning at a place.
    pub fn warning(code: Code, message: impl Into<String>, place: impl Into<Place>) -> Self {
        Self::new(Severity::Warning, code, message.into(), place.into())
    }

    fn new(severity: Severity, code: Code, message: String, place: Place) -> Self {
        Self { code, severity, message, labels: vec![Label { place, text: String::new() }], help: None }
    }

    /// Says something about the first place.
    pub fn here(mut self, text: impl Into<String>) -> Self {
        self.labels[0].text = text.into();
        self
    }

    /// Adds a further place.
    pub fn label(mut self, place: impl Into<Place>, text: impl Into<String>) -> Self {
        self.labels.push(Label { place: place.into(), text: text.into() });
        self
    }

    /// Says what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All that was found, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one, unless the very same is there already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.0.contains(&diagnostic) {
            self.0.push(diagnostic);
        }
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        others.into_iter().for_each(|d| self.push(d));
    }

    /// Whether any of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Diagnostics {
    /// The plain rendering of [`text`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|d| f.write_str(&text::render(d, text::Style::Plain)))
    }
}

impl std::error::Error for Diagnostics {}
