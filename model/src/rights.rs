//! Which rights a call needs.

use std::fmt;

use serde_json::{Map, Value as Json, json};

use crate::action::{Action, Pattern};
use crate::blob;
use crate::hole::{Fill, Hole};
use crate::place::{ACCOUNT, PARTITION, named};
use crate::request::{Known, Request};
use crate::service::Integration;
use crate::stamp::stamp;

/// How exactly a resource is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reach {
    /// It is the one that the request names.
    Exact,
    /// The action knows no resources: only `*` is possible.
    Any,
    /// The request names its beginning; the member that does.
    Prefix(String),
    /// No member of the request names it, so it is any of its type.
    Unnamed,
    /// Only the run tells what the member has; it is any of its type until somebody says which.
    Dynamic(String),
}

/// A resource in a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// Its ARN, with [`PARTITION`], [`REGION`](crate::REGION) and [`ACCOUNT`] for what only the account tells.
    pub arn: String,
    /// How exactly it is known.
    pub reach: Reach,
}

/// Rights on resources.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// IAM actions.
    pub actions: Vec<&'static str>,
    /// What they are allowed on.
    pub resources: Vec<Resource>,
    /// Under which condition.
    pub condition: Option<Json>,
}

/// All rights of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rights {
    /// What the role must allow.
    pub grants: Vec<Grant>,
    /// Actions that AWS lists as needed besides, for some requests: `iam:PassRole` is here if no member names the role.
    pub dependent: Vec<&'static str>,
}

/// No right is known for a call: somebody has to say which ones it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRights {
    /// The call, such as `glue:createGlossary`.
    pub call: String,
}

impl fmt::Display for UnknownRights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "which rights `{}` needs is not in the data of {}", self.call, stamp().released)
    }
}

impl std::error::Error for UnknownRights {}

/// The rights that a call needs, on what its request names.
///
/// A literal gives the exact resource, an expression that begins with known text its prefix, anything else every resource of
/// the type: [`Reach`] says which, and of what member. A role in the request is passed on, with the service that gets it.
/// `.sync` also gets what it needs to see the end of the job and to stop it. A wrong ARN refuses the call; it allows no other.
///
/// Not known is what a call does with a resource behind the one it names: keys of encryption, roles in a task definition,
/// data of a query.
///
/// ```
/// use serde_json::json;
/// use statewright_model::{Language, Pattern, rights, service};
///
/// let get = service("s3").and_then(|s3| s3.action("getObject")).expect("an action");
/// let request = json!({ "Bucket": "reports", "Key": "{% 'daily/' & $day %}" });
/// let rights = rights(&get, Pattern::RequestResponse, &request, Language::Jsonata).expect("known rights");
/// assert_eq!(rights.grants[0].actions, ["s3:GetObject"]);
/// assert_eq!(rights.grants[0].resources[0].arn, "arn:${AWS::Partition}:s3:::reports/daily/*");
/// ```
///
/// # Errors
///
/// If nothing is known about the action, which is so for about four in a hundred: mostly those that are newer than the
/// service authorization reference.
pub fn rights(
    action: &Action,
    pattern: Pattern,
    request: &Json,
    language: crate::Language,
) -> Result<Rights, UnknownRights> {
    let service = action.service();
    let (section, name) = match service.integration() {
        Integration::Sdk => (format!("rights/{}", service.name()), action.name().to_owned()),
        Integration::Optimized => {
            ("optimized-rights".to_owned(), format!("{}:{}{}", service.name(), action.name(), pattern.suffix()))
        }
    };
    let line = blob::find(&section).and_then(|section| {
        let lines = section.lines();
        let key = |line: &&'static str| line.split('\t').next().unwrap_or_default();
        let index = lines.binary_search_by(|line| key(line).cmp(name.as_str())).ok()?;
        Some(lines[index])
    });
    let Some(line) = line else { return Err(UnknownRights { call: format!("{}:{}", service.name(), action.name()) }) };
    let request = Request::new(request, language);
    let mut rights = Rights::default();
    let mut statements: Vec<Vec<&'static str>> = Vec::new();
    for field in line.split('\t').skip(1) {
        if let Some(role) = field.strip_prefix('@') {
            rights.grants.extend(passed(role, &request));
        } else if let Some(actions) = field.strip_prefix('+') {
            rights.dependent.extend(actions.split(' '));
        } else if field.starts_with('=') {
            statements.push(vec![field]);
        } else if let Some(statement) = statements.last_mut() {
            statement.push(field);
        }
    }
    let grants: Vec<_> = statements.iter().filter_map(|fields| grant(fields, &request)).collect();
    rights.grants.splice(0..0, grants);
    Ok(rights)
}

/// A statement, if the request has what it is for.
fn grant(fields: &[&'static str], request: &Request<'_>) -> Option<Grant> {
    let (head, rest) = fields.split_first()?;
    let is_set = |path: &str| {
        let (path, values) = path.split_once('=').map_or((path, None), |(path, values)| (path, Some(values)));
        request.at(path).iter().any(|known| match (known, values) {
            (Known::Absent, _) => false,
            (Known::Text(text), Some(values)) => values.split(',').any(|value| value == *text),
            _ => true,
        })
    };
    let mut templates = Vec::new();
    let mut condition = None;
    for field in rest {
        match field.split_at(1) {
            ("?", paths) if !paths.split(' ').any(is_set) => return None,
            ("?", _) => {}
            ("%", json) => condition = condition_of(json, request),
            ("!", template) => templates.push((true, template)),
            _ => templates.push((false, *field)),
        }
    }
    let resources = resources(&templates, request);
    Some(Grant { actions: head[1..].split(' ').collect(), resources, condition })
}

/// What the templates of a statement say of a request.
fn resources(templates: &[(bool, &str)], request: &Request<'_>) -> Vec<Resource> {
    if templates.is_empty() {
        return vec![Resource { arn: "*".to_owned(), reach: Reach::Any }];
    }
    let filled: Vec<_> = templates.iter().map(|(needed, template)| (*needed, fill(template, request))).collect();
    // A type that the request doesn't name is an alternative to one that it does.
    let is_named = |(needed, ways): &&(bool, Vec<Filled>)| *needed || ways.iter().any(|way| !way.absent);
    let named: Vec<_> = filled.iter().filter(is_named).collect();
    let kept: Vec<_> = if named.is_empty() { filled.iter().collect() } else { named };
    let mut found: Vec<Resource> = Vec::new();
    for way in kept.into_iter().flat_map(|(_, ways)| ways) {
        let resource = Resource { arn: way.text.clone(), reach: way.reach.clone() };
        if !found.iter().any(|other| other.arn == resource.arn) {
            found.push(resource);
        }
    }
    found
}

/// A template with its holes filled in one way.
#[derive(Clone, Debug)]
struct Filled {
    text: String,
    reach: Reach,
    absent: bool,
}

/// All ways to fill a template.
fn fill(template: &str, request: &Request<'_>) -> Vec<Filled> {
    let parts = parts(template);
    let last = parts.iter().rposition(|part| matches!(part, Part::Hole(hole) if !hole.is_open()));
    let mut ways = vec![Filled { text: String::new(), reach: Reach::Exact, absent: false }];
    let mut wholes = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => ways.iter_mut().for_each(|way| way.text.push_str(text)),
            Part::Hole(hole) => {
                let (whole, fills): (Vec<Fill>, Vec<Fill>) =
                    hole.fill(request, Some(index) == last).into_iter().partition(|fill| fill.whole);
                wholes.extend(whole.into_iter().map(|fill| Filled {
                    text: fill.text,
                    reach: fill.reach,
                    absent: false,
                }));
                let with = |way: &Filled, fill: &Fill| Filled {
                    text: format!("{}{}", way.text, fill.text),
                    reach: way.reach.clone().max(fill.reach.clone()),
                    absent: way.absent || fill.absent,
                };
                ways = ways.iter().flat_map(|way| fills.iter().map(|fill| with(way, fill))).collect();
            }
        }
    }
    wholes.into_iter().chain(ways).collect()
}

enum Part<'a> {
    Text(String),
    Hole(Hole<'a>),
}

fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((hole, after)) = after.split_once('}') else { break };
        parts.push(Part::Text(named(before)));
        parts.push(Part::Hole(Hole::read(hole)));
        rest = after;
    }
    parts.push(Part::Text(named(rest)));
    parts
}

/// A condition, without what the request doesn't say exactly.
fn condition_of(json: &str, request: &Request<'_>) -> Option<Json> {
    let Ok(Json::Object(operators)) = serde_json::from_str::<Json>(json) else { return None };
    let mut kept = Map::new();
    for (operator, keys) in operators {
        let patterns = operator.starts_with("Arn") || operator.ends_with("Like");
        let mut texts = Map::new();
        for (key, value) in keys.as_object().into_iter().flatten() {
            let Some(template) = value.as_str() else {
                texts.insert(key.clone(), value.clone());
                continue;
            };
            let ways = fill(template, request);
            if let [way] = &ways[..]
                && (way.reach == Reach::Exact || (patterns && matches!(way.reach, Reach::Prefix(_))))
            {
                texts.insert(key.clone(), Json::String(way.text.clone()));
            }
        }
        if !texts.is_empty() {
            kept.insert(operator, Json::Object(texts));
        }
    }
    (!kept.is_empty()).then_some(Json::Object(kept))
}

/// The right to pass a role on, if the request names one.
fn passed(field: &str, request: &Request<'_>) -> Option<Grant> {
    let (path, service) = field.split_once(' ').unwrap_or((field, ""));
    if request.at(path).iter().all(|known| *known == Known::Absent) {
        return None;
    }
    let template = format!("arn:{PARTITION}:iam::{ACCOUNT}:role/");
    let fills = Hole::read(path).fill(request, true).into_iter().filter(|fill| !fill.absent);
    let mut resources: Vec<_> = fills
        .map(|fill| Resource {
            arn: if fill.whole { fill.text } else { format!("{template}{}", fill.text) },
            reach: fill.reach,
        })
        .collect();
    resources.sort();
    resources.dedup();
    let condition = (!service.is_empty()).then(|| json!({ "StringEquals": { "iam:PassedToService": service } }));
    Some(Grant { actions: vec!["iam:PassRole"], resources, condition })
}
