//! What IAM knows: actions, the types of resources and condition keys, by the prefix of a service.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use crate::blob;
use crate::place::named;

/// The IAM actions, resource types and condition keys of a prefix such as `s3`.
///
/// ```
/// use statewright_model::{AccessLevel, authorization};
///
/// let s3 = authorization("s3").expect("a prefix");
/// let get = s3.action("GetObject").expect("an action");
/// assert_eq!(get.level(), AccessLevel::Read);
/// assert!(s3.action("HeadObject").is_none());
/// assert!(s3.resource_type("bucket").is_some());
/// assert!(s3.condition_key("s3:prefix").is_some());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Authorization {
    prefix: &'static str,
    lines: &'static [&'static str],
    actions: usize,
    types: usize,
}

/// The prefixes of IAM, in order.
pub fn prefixes() -> impl Iterator<Item = &'static str> {
    blob::under("iam/")
}

/// What IAM knows of a prefix; IAM reads it in small letters too.
#[must_use]
pub fn authorization(prefix: &str) -> Option<Authorization> {
    let section = blob::find(&format!("iam/{}", prefix.to_ascii_lowercase()))?;
    of(section.name.strip_prefix("iam/")?, section.lines())
}

/// The condition keys of every service, `aws:…`.
fn global() -> Option<Authorization> {
    of("aws", blob::find("iam-global")?.lines())
}

fn of(prefix: &'static str, lines: &'static [&'static str]) -> Option<Authorization> {
    let mut counts = lines.first()?.split('\t').map(str::parse);
    let (actions, types) = (counts.next()?.ok()?, counts.next()?.ok()?);
    Some(Authorization { prefix, lines, actions, types })
}

/// An action by its whole name, such as `s3:GetObject`, with or without capitals.
///
/// ```
/// assert!(statewright_model::iam_action("ecs:runtask").is_some());
/// assert!(statewright_model::iam_action("s3:ListObjectsV2").is_none());
/// ```
#[must_use]
pub fn iam_action(name: &str) -> Option<IamAction> {
    let (prefix, action) = name.split_once(':')?;
    authorization(prefix)?.action(action)
}

/// Whether a condition key is one of a service's or of all.
///
/// ```
/// assert!(statewright_model::is_condition_key("iam:PassedToService"));
/// assert!(statewright_model::is_condition_key("aws:ResourceTag/team"));
/// assert!(!statewright_model::is_condition_key("ecs:clustre"));
/// ```
#[must_use]
pub fn is_condition_key(key: &str) -> bool {
    let Some((prefix, _)) = key.split_once(':') else { return false };
    let known = if prefix.eq_ignore_ascii_case("aws") { global() } else { authorization(prefix) };
    known.is_some_and(|known| known.condition_key(key).is_some())
}

impl Authorization {
    /// The prefix.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        self.prefix
    }

    fn part(&self, from: usize, count: usize) -> &'static [&'static str] {
        self.lines.get(1 + from..1 + from + count).unwrap_or_default()
    }

    /// Its actions, in the order of their names.
    pub fn actions(&self) -> impl Iterator<Item = IamAction> + use<> {
        let of = *self;
        self.part(0, self.actions).iter().map(move |line| IamAction { of, line })
    }

    /// An action by its name without the prefix, with or without capitals.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<IamAction> {
        self.actions().find(|action| action.name().eq_ignore_ascii_case(name))
    }

    /// The actions that a pattern such as `Get*` stands for.
    pub fn matching<'a>(&self, pattern: &'a str) -> impl Iterator<Item = IamAction> + use<'a> {
        self.actions().filter(move |action| is_like(&pattern.to_ascii_lowercase(), &action.name().to_ascii_lowercase()))
    }

    /// The ARN of a type of resource, with `${Name}` for its parts.
    #[must_use]
    pub fn resource_type(&self, name: &str) -> Option<String> {
        let lines = self.part(self.actions, self.types).iter();
        let mut found =
            lines.filter_map(|line| line.split_once('\t')).filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, rest)| named(rest.split('\t').next().unwrap_or(rest)))
    }

    /// The names of its types of resources.
    pub fn resource_types(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.part(self.actions, self.types).iter().filter_map(|line| line.split('\t').next())
    }

    /// A condition key that is used with this prefix, and the type of its value. `aws:ResourceTag/team` is one if
    /// `aws:ResourceTag/${TagKey}` is.
    #[must_use]
    pub fn condition_key(&self, key: &str) -> Option<(&'static str, &'static str)> {
        let low = key.to_ascii_lowercase();
        self.condition_keys().find(|(known, _)| {
            let known = known.to_ascii_lowercase();
            let open = ["${", "<", "tag-key"].iter().filter_map(|open| known.find(open)).min();
            known == low || open.is_some_and(|open| low.len() > open && low.starts_with(&known[..open]))
        })
    }

    /// The condition keys that are used with this prefix, with the types of their values.
    pub fn condition_keys(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        let lines = self.lines.get(1 + self.actions + self.types..).unwrap_or_default();
        lines.iter().map(|line| line.split_once('\t').unwrap_or((line, "")))
    }
}

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessLevel {
    /// Shows that something exists.
    List,
    /// Reads what it is.
    Read,
    /// Changes it.
    Write,
    /// Changes tags.
    Tagging,
    /// Changes who may do what.
    PermissionsManagement,
}

/// An action of IAM.
#[derive(Clone, Copy, Debug)]
pub struct IamAction {
    of: Authorization,
    line: &'static str,
}

impl IamAction {
    fn field(&self, index: usize, separator: char) -> impl Iterator<Item = &'static str> + use<> {
        self.line.split('\t').nth(index).unwrap_or_default().split_terminator(separator)
    }

    /// Its name without the prefix, as AWS spells it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.line.split('\t').next().unwrap_or_default()
    }

    /// What it does.
    #[must_use]
    pub fn level(&self) -> AccessLevel {
        match self.field(1, ' ').next() {
            Some("L") => AccessLevel::List,
            Some("R") => AccessLevel::Read,
            Some("T") => AccessLevel::Tagging,
            Some("P") => AccessLevel::PermissionsManagement,
            _ => AccessLevel::Write,
        }
    }

    /// The types of resources it can be allowed on, and whether it needs one of that type. None: only `*`.
    pub fn resource_types(&self) -> impl Iterator<Item = (&'static str, bool)> + use<> {
        self.field(2, '|').map(|name| name.strip_suffix('!').map_or((name, false), |name| (name, true)))
    }

    /// The condition keys that are set when it is called.
    pub fn condition_keys(&self) -> impl Iterator<Item = &'static str> + use<> {
        let keys: Vec<_> = self.of.condition_keys().map(|(key, _)| key).collect();
        self.field(3, ' ').filter_map(move |number| keys.get(number.parse::<usize>().ok()?).copied())
    }

    /// The actions that some calls need besides.
    pub fn dependent(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.field(4, ' ')
    }
}

/// Whether a text is like a pattern with `*` and `?`.
fn is_like(pattern: &str, text: &str) -> bool {
    match (pattern.split_at_checked(1), text.chars().next()) {
        (None, next) => next.is_none(),
        (Some(("*", rest)), next) => {
            is_like(rest, text) || next.is_some_and(|next| is_like(pattern, &text[next.len_utf8()..]))
        }
        (Some((one, rest)), Some(next)) => {
            (one == "?" || one.starts_with(next)) && is_like(rest, &text[next.len_utf8()..])
        }
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_actions() {
        let sqs = authorization("sqs").unwrap();
        let names: Vec<_> = sqs.matching("Get*").map(|action| action.name()).collect();
        assert_eq!(names, ["GetQueueAttributes", "GetQueueUrl"]);
        assert!(is_like("a?c*", "abcd") && !is_like("a?c", "abcd") && is_like("*", ""));
    }

    #[test]
    fn an_action_knows_its_conditions_and_what_it_needs() {
        let run = iam_action("ecs:RunTask").unwrap();
        assert!(run.condition_keys().any(|key| key == "ecs:cluster"));
        assert_eq!(run.dependent().collect::<Vec<_>>(), ["iam:PassRole"]);
        assert_eq!(run.resource_types().collect::<Vec<_>>(), [("task-definition", true)]);
        assert_eq!(iam_action("batch:DescribeJobs").unwrap().resource_types().count(), 0);
    }
}
