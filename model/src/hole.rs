//! What a request puts into an ARN: `{Member}` in a template.
//!
//! | filter | what it makes of a value |
//! |---|---|
//! | none | the name; an ARN in the last hole stands for all of the template, elsewhere for its last part |
//! | `name` | the last part of an ARN |
//! | `lower` | in small letters |
//! | `family` | without `:REVISION` |
//! | `revision` | with `:*` if there is no revision |
//! | `machine` | the name of a state machine, without version and alias |
//! | `build` | what is before the `:` of a build's identifier |
//! | `qualified` | a function, and its qualifier from the second member |
//! | `rule` | a rule on the event bus of the first member |
//! | `secret` | with the six characters that Secrets Manager appends |
//! | `slash`, `tree` | without the slash at the front; `tree` with all that is below |
//! | `queue` | the queue of a URL, with its region and account |
//! | `api` | the identifier in the host name of an API |
//! | `connection` | the name of an `EventBridge` connection |
//! | `bucket`, `objects` | the bucket of an `s3://` address; what is below the address |
//! | `key` | the bucket and key of a `CopySource` |
//! | `model` | a foundation model, or an inference profile and the models behind it |
//! | `keys` | each name of a member's members |
//! | `any` | `*`: the call is not about a resource |

use crate::place::{ACCOUNT, PARTITION, REGION};
use crate::request::{Known, Request};
use crate::rights::Reach;

/// What goes into one hole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fill {
    pub(crate) text: String,
    pub(crate) reach: Reach,
    /// Whether it is an ARN and stands for the whole template.
    pub(crate) whole: bool,
    pub(crate) absent: bool,
}

impl Fill {
    fn exact(text: impl Into<String>) -> Self {
        Self { text: text.into(), reach: Reach::Exact, whole: false, absent: false }
    }

    fn whole(text: impl Into<String>) -> Self {
        Self { whole: true, ..Self::exact(text) }
    }

    fn any(reach: Reach) -> Self {
        Self { reach, ..Self::exact("*") }
    }
}

/// A hole: its members, what changes their value, what stands there if it is absent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hole<'a> {
    members: &'a str,
    filter: &'a str,
    default: Option<&'a str>,
}

impl<'a> Hole<'a> {
    /// Reads what is between the braces.
    pub(crate) fn read(text: &'a str) -> Self {
        let (text, default) = text.split_once('|').map_or((text, None), |(text, default)| (text, Some(default)));
        let (members, filter) = text.split_once(':').unwrap_or((text, ""));
        Self { members, filter, default }
    }

    /// Whether no member tells what stands there.
    pub(crate) fn is_open(&self) -> bool {
        self.members.is_empty()
    }

    /// What goes into it, by the request: at least one.
    pub(crate) fn fill(&self, request: &Request<'_>, last: bool) -> Vec<Fill> {
        if self.is_open() {
            return vec![Fill::any(Reach::Unnamed)];
        }
        let mut members = self.members.split(',');
        let first = members.next().unwrap_or_default();
        match self.filter {
            "keys" => return keys(request, first),
            "qualified" => return qualified(request, first, members.next().unwrap_or_default()),
            "rule" => return rule(request, first, members.next().unwrap_or_default()),
            _ => {}
        }
        let given = self.members.split(',').map(|member| (member, request.at(member)));
        let is_given = |known: &[Known<'_>]| known.iter().any(|known| *known != Known::Absent);
        let (member, known) =
            given.into_iter().find(|(_, known)| is_given(known)).unwrap_or_else(|| (first, vec![Known::Absent]));
        known.iter().flat_map(|known| self.one(known, member, last)).collect()
    }

    fn one(&self, known: &Known<'_>, member: &str, last: bool) -> Vec<Fill> {
        match known {
            Known::Absent => vec![match self.default {
                Some(default) => Fill::exact(default),
                None => Fill { absent: true, ..Fill::any(Reach::Unnamed) },
            }],
            Known::Text(text) => self.text(text, last),
            Known::Prefix(prefix) => vec![self.prefix(prefix, member, last)],
            Known::Computed | Known::Other(_) => vec![self.computed(member)],
        }
    }

    fn computed(&self, member: &str) -> Fill {
        let text = match self.filter {
            // Any model of anybody's.
            "model" => ":*/*".to_owned(),
            "any" => return Fill::exact("*"),
            _ => "*".to_owned(),
        };
        Fill { text, ..Fill::any(Reach::Dynamic(member.to_owned())) }
    }

    /// A text whose beginning is known.
    fn prefix(&self, prefix: &str, member: &str, last: bool) -> Fill {
        let reach = Reach::Prefix(member.to_owned());
        let plain = |text: &str| Fill { text: format!("{text}*"), ..Fill::any(reach.clone()) };
        match self.filter {
            "" if prefix.starts_with("arn:") && last => Fill { whole: true, ..plain(prefix) },
            "" if prefix.starts_with("arn:") => plain(tail(prefix)),
            "" | "secret" | "family" | "revision" if !prefix.starts_with("arn:") => plain(prefix),
            "slash" | "tree" | "key" => plain(prefix.trim_start_matches('/')),
            "lower" => plain(&prefix.to_lowercase()),
            "objects" => plain(prefix.trim_start_matches("s3://")),
            _ => self.computed(member),
        }
    }

    fn text(&self, text: &str, last: bool) -> Vec<Fill> {
        let is_arn = text.starts_with("arn:");
        vec![match self.filter {
            "" if is_arn && last => Fill::whole(text),
            "" if is_arn => Fill::exact(tail(text)),
            "name" => Fill::exact(tail(text)),
            "lower" | "secret" | "slash" | "tree" if is_arn => Fill::whole(text),
            "lower" => Fill::exact(text.to_lowercase()),
            "family" => Fill::exact(family(text)),
            "revision" => {
                let has_revision = tail_of_slash(text).contains(':');
                let revised = if has_revision { text.to_owned() } else { format!("{text}:*") };
                Fill { whole: is_arn, ..Fill::exact(revised) }
            }
            "machine" => Fill::exact(machine(text)),
            "build" => Fill::exact(tail_of_slash(text).split(':').next().unwrap_or(text)),
            "secret" => Fill::exact(format!("{text}-??????")),
            "slash" => Fill::exact(text.trim_start_matches('/')),
            "tree" => Fill::exact(format!("{}*", text.trim_start_matches('/'))),
            "queue" => queue(text),
            "api" => Fill::exact(text.trim_start_matches("https://").split('.').next().unwrap_or(text)),
            "connection" => Fill::exact(text.split('/').nth(1).unwrap_or("*")),
            "bucket" => Fill::exact(text.trim_start_matches("s3://").split('/').next().unwrap_or(text)),
            "objects" => Fill::exact(objects(text)),
            "key" => Fill::exact(text.trim_start_matches('/').split('?').next().unwrap_or(text)),
            "model" => return model(text),
            "any" => Fill::exact("*"),
            _ => Fill::exact(text),
        }]
    }
}

/// The last part of an ARN.
fn tail(text: &str) -> &str {
    if text.starts_with("arn:") { text.rsplit(['/', ':']).next().unwrap_or(text) } else { text }
}

fn tail_of_slash(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

/// The name of a definition without its revision.
fn family(text: &str) -> &str {
    let name = tail_of_slash(text);
    name.split(':').next().unwrap_or(name)
}

fn machine(text: &str) -> &str {
    text.split_once(":stateMachine:").map_or(text, |(_, name)| name).split(':').next().unwrap_or(text)
}

/// A prefix of objects: what is below `s3://bucket/folder/`.
fn objects(text: &str) -> String {
    let place = text.trim_start_matches("s3://");
    if place.contains('/') { format!("{place}*") } else { format!("{place}/*") }
}

/// A queue by its URL, `https://sqs.REGION.DOMAIN/ACCOUNT/NAME`.
fn queue(url: &str) -> Fill {
    if url.starts_with("arn:") {
        return Fill::whole(url);
    }
    let parts = url.strip_prefix("https://sqs.").and_then(|rest| {
        let (host, path) = rest.split_once('/')?;
        let region = if host.starts_with(REGION) { REGION } else { host.split('.').next()? };
        let (account, name) = path.split_once('/')?;
        Some(format!("arn:{PARTITION}:sqs:{region}:{account}:{name}"))
    });
    parts.map_or_else(|| Fill::exact(tail_of_slash(url)), Fill::whole)
}

/// A model is named by its ARN, by its own identifier or by that of an inference profile, which sends calls to its model
/// in several regions.
fn model(text: &str) -> Vec<Fill> {
    if text.starts_with("arn:") {
        return vec![Fill::whole(text)];
    }
    let profile = text.split_once('.').filter(|(group, rest)| {
        matches!(*group, "us" | "us-gov" | "eu" | "apac" | "jp" | "au" | "ca" | "global") && rest.contains('.')
    });
    match profile {
        Some((_, model)) => vec![
            Fill::exact(format!("{ACCOUNT}:inference-profile/{text}")),
            Fill::whole(format!("arn:{PARTITION}:bedrock:*::foundation-model/{model}")),
        ],
        None => vec![Fill::exact(format!(":foundation-model/{text}"))],
    }
}

fn keys(request: &Request<'_>, member: &str) -> Vec<Fill> {
    match request.keys(member) {
        Some(names) => names.into_iter().flat_map(|name| Hole::read("x").text(name, true)).collect(),
        None => vec![Fill::any(Reach::Dynamic(member.to_owned()))],
    }
}

fn qualified(request: &Request<'_>, function: &str, qualifier: &str) -> Vec<Fill> {
    let functions = Hole::read(function).fill(request, true);
    let suffix = match request.at(qualifier).first() {
        Some(Known::Text(text)) => format!(":{text}"),
        Some(Known::Absent) | None => String::new(),
        _ => ":*".to_owned(),
    };
    let append = |fill: Fill| if fill.text.ends_with('*') { fill } else { Fill { text: fill.text + &suffix, ..fill } };
    functions.into_iter().map(append).collect()
}

fn rule(request: &Request<'_>, bus: &str, rule: &str) -> Vec<Fill> {
    let bus = Hole::read(bus).fill(request, false).into_iter().next();
    let rules = Hole::read(rule).fill(request, true);
    match bus {
        Some(bus) if !bus.absent && bus.text != "default" => {
            let on = |fill: Fill| {
                if fill.whole { fill } else { Fill { text: format!("{}/{}", bus.text, fill.text), ..fill } }
            };
            rules.into_iter().map(on).collect()
        }
        _ => rules,
    }
}
