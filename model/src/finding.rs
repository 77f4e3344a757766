//! What is wrong with a request.

use std::fmt;

/// Something that the service would refuse.
///
/// It reads as a sentence: `Count: a whole number is expected here, not "two"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where in the request, such as `Overrides.ContainerOverrides[0].Comand`; empty for the call itself.
    pub path: String,
    /// What kind of mistake it is.
    pub kind: FindingKind,
    /// What may stand there.
    pub expected: String,
    /// What does.
    pub found: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// The kinds of mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FindingKind {
    /// No `Resource` of a service integration.
    NoResource,
    /// A service of this name is not known.
    UnknownService,
    /// AWS has ended the service.
    RetiredService,
    /// The service has no action of this name.
    UnknownAction,
    /// Step Functions can't call the action.
    UnsupportedAction,
    /// The action can't wait like this.
    UnsupportedPattern,
    /// A structure has no member of this name.
    UnknownMember,
    /// A member that must be there is not.
    MissingMember,
    /// A union has no member, or more than one.
    UnionMembers,
    /// The value is of another type.
    WrongType,
    /// The text is none of those that are allowed.
    NotInEnum,
    /// The number is too small or too large.
    OutOfRange,
    /// There are too few or too many items or characters.
    Length,
    /// The text doesn't match the regular expression.
    Pattern,
}

impl FindingKind {
    /// Whether a newer version of AWS can't make it right. A service adds members and values in every week, so those are
    /// uncertain once the data is old; types and what is required don't change.
    #[must_use]
    pub fn is_certain(self) -> bool {
        matches!(self, Self::NoResource | Self::MissingMember | Self::UnionMembers | Self::WrongType)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        let Self { expected, found, .. } = self;
        match self.kind {
            FindingKind::NoResource => write!(f, "`{found}` is no `Resource` of a service integration: {expected}"),
            FindingKind::UnknownService => write!(f, "there is no service `{found}` among {expected}"),
            FindingKind::RetiredService => write!(f, "AWS has ended the service `{found}`"),
            FindingKind::UnknownAction => write!(f, "{expected} has no action `{found}`"),
            FindingKind::UnsupportedAction => write!(f, "Step Functions can't call `{found}`: {expected}"),
            FindingKind::UnsupportedPattern => write!(f, "`{found}` is not possible here: {expected}"),
            FindingKind::UnknownMember => write!(f, "there is no member of this name"),
            FindingKind::MissingMember => write!(f, "{expected} is required and missing"),
            FindingKind::UnionMembers => write!(f, "one of {expected} is expected here, not {found}"),
            _ => write!(f, "{expected} is expected here, not {found}"),
        }?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}
