//! Whether a request is one that the service takes.

use serde_json::Value as Json;

use crate::action::{Action, Pattern};
use crate::finding::{Finding, FindingKind};
use crate::nearest::nearest;
use crate::request::Language;
use crate::service::{Integration, Service, optimized_services, retired_services, services};
use crate::shape::{Kind, Member, Shape};
use crate::text;

/// Finds the action that a `Resource` names, and how it waits.
///
/// ```
/// use statewright_model::{FindingKind, Pattern, resolve};
///
/// let (action, pattern) = resolve("arn:aws:states:::aws-sdk:glue:startCrawler").expect("an action");
/// assert_eq!((action.api(), pattern), ("StartCrawler", Pattern::RequestResponse));
///
/// let finding = resolve("arn:aws:states:::aws-sdk:glue:startCrawler.sync").unwrap_err();
/// assert_eq!(finding.kind, FindingKind::UnsupportedPattern);
/// ```
///
/// # Errors
///
/// What is not known, or not possible, of service, action and pattern.
pub fn resolve(resource: &str) -> Result<(Action, Pattern), Finding> {
    let call = resource.split_once(":states:::").map(|(_, call)| call);
    let (integration, call) = match call.map(|call| call.strip_prefix("aws-sdk:").ok_or(call)) {
        Some(Ok(call)) => (Integration::Sdk, call),
        Some(Err(call)) => (Integration::Optimized, call),
        None => return Err(no_resource(resource)),
    };
    let Some((service, rest)) = call.split_once(':') else { return Err(no_resource(resource)) };
    let (name, suffix) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let action = action(integration, service, name)?;
    let Some(pattern) = Pattern::ALL.into_iter().find(|pattern| pattern.suffix() == suffix) else {
        return Err(unsupported(action, suffix));
    };
    if action.supports(pattern) || action.is_in_doubt(pattern) {
        return Ok((action, pattern));
    }
    Err(unsupported(action, suffix))
}

/// An action by the names of its service and its own, with what was probably meant if there is none.
///
/// # Errors
///
/// What is not known, or not possible, of service and action.
pub fn action(integration: Integration, service: &str, name: &str) -> Result<Action, Finding> {
    let found = Service::find(integration, service).ok_or_else(|| unknown_service(integration, service))?;
    let Some(action) = found.action(name) else {
        return Err(Finding {
            path: String::new(),
            kind: FindingKind::UnknownAction,
            expected: format!("`{service}`"),
            found: name.to_owned(),
            suggestion: nearest(name, found.actions().map(|action| action.name())).map(str::to_owned),
        });
    };
    match action.unsupported() {
        None => Ok(action),
        Some(why) => Err(Finding {
            path: String::new(),
            kind: FindingKind::UnsupportedAction,
            expected: match why {
                crate::Unsupported::Listed => "AWS lists it as not supported".to_owned(),
                crate::Unsupported::Stream => "it sends or takes a stream of events".to_owned(),
            },
            found: format!("{service}:{name}"),
            suggestion: None,
        }),
    }
}

fn no_resource(resource: &str) -> Finding {
    Finding {
        path: String::new(),
        kind: FindingKind::NoResource,
        expected: "`arn:aws:states:::SERVICE:ACTION` or `arn:aws:states:::aws-sdk:SERVICE:ACTION` is expected"
            .to_owned(),
        found: resource.to_owned(),
        suggestion: None,
    }
}

fn unknown_service(integration: Integration, name: &str) -> Finding {
    let low = name.to_ascii_lowercase();
    let (expected, suggestion) = match integration {
        Integration::Sdk => ("those of the AWS SDK", nearest(&low, services())),
        Integration::Optimized => ("those with an integration of their own", nearest(&low, optimized_services())),
    };
    let retired = integration == Integration::Sdk && retired_services().any(|retired| retired == name);
    // By its other name it may well be there: `aws-sdk:states` is `aws-sdk:sfn`.
    let other = services()
        .filter_map(crate::service)
        .find(|service| service.iam_prefix() == Some(name) && integration == Integration::Sdk);
    let sdk =
        (integration == Integration::Optimized && crate::service(name).is_some()).then(|| format!("aws-sdk:{name}"));
    Finding {
        path: String::new(),
        kind: if retired { FindingKind::RetiredService } else { FindingKind::UnknownService },
        expected: expected.to_owned(),
        found: name.to_owned(),
        suggestion: sdk.or(other.map(|service| service.name().to_owned())).or(suggestion.map(str::to_owned)),
    }
}

fn unsupported(action: Action, suffix: &str) -> Finding {
    let possible: Vec<_> =
        Pattern::ALL.into_iter().filter(|pattern| action.supports(*pattern)).map(Pattern::suffix).collect();
    let possible =
        possible.iter().map(|suffix| if suffix.is_empty() { "no suffix".to_owned() } else { format!("`{suffix}`") });
    Finding {
        path: String::new(),
        kind: FindingKind::UnsupportedPattern,
        expected: format!(
            "`{}:{}` takes {}",
            action.service().name(),
            action.name(),
            possible.collect::<Vec<_>>().join(", ")
        ),
        found: suffix.to_owned(),
        suggestion: None,
    }
}

/// Checks a request: the names of its members at every depth, what is required, types, and the limits of texts and
/// numbers. What an expression gives is not known, and may be anything.
///
/// A text with `${…}` in it, which is filled in when the workflow is deployed, is not compared with limits.
///
/// ```
/// use serde_json::json;
/// use statewright_model::{Language, check, optimized};
///
/// let run = optimized("ecs").and_then(|ecs| ecs.action("runTask")).expect("an action");
/// let request = json!({ "Clster": "main", "LaunchType": "FARGAT", "TaskDefinition": "{% $task %}" });
/// let findings: Vec<_> = check(&run, &request, Language::Jsonata).iter().map(ToString::to_string).collect();
/// assert_eq!(findings, [
///     "Clster: there is no member of this name; did you mean `Cluster`?",
///     "LaunchType: one of `EC2`, `FARGATE`, `EXTERNAL`, `MANAGED_INSTANCES` is expected here, not \"FARGAT\"; did you mean `FARGATE`?",
/// ]);
/// ```
#[must_use]
pub fn check(action: &Action, request: &Json, language: Language) -> Vec<Finding> {
    let mut check = Check { language, path: String::new(), findings: Vec::new() };
    match action.input() {
        Some(input) => check.value(input, request),
        None => {
            for key in request.as_object().into_iter().flat_map(serde_json::Map::keys) {
                check.inside(key, |check| check.unknown_member(key, None));
            }
        }
    }
    check.findings
}

/// Checks a value against a shape, such as a mocked result against [`Action::output`]. What is required is not looked at
/// in a result: a service may leave out anything.
///
/// ```
/// use serde_json::json;
/// use statewright_model::{Pattern, check_result, service};
///
/// let list = service("s3").and_then(|s3| s3.action("listBuckets")).expect("an action");
/// let output = list.output(Pattern::RequestResponse).expect("a result");
/// let findings = check_result(output, &json!({ "Buckets": [{ "Nmae": "a" }] }));
/// assert_eq!(findings[0].path, "Buckets[0].Nmae");
/// ```
#[must_use]
pub fn check_result(shape: Shape, value: &Json) -> Vec<Finding> {
    // A result has no expressions; a path language without `.$` keys is plain JSON.
    let mut check = Check { language: Language::Jsonata, path: String::new(), findings: Vec::new() };
    check.value(shape, value);
    check.findings.retain(|finding| finding.kind != FindingKind::MissingMember);
    check.findings
}

struct Check {
    language: Language,
    path: String,
    findings: Vec<Finding>,
}

impl Check {
    fn value(&mut self, shape: Shape, value: &Json) {
        if value.is_null() || self.language.expression(value).is_some() {
            return;
        }
        if value.as_str().is_some_and(|text| text.contains("${")) {
            return;
        }
        match (shape.kind(), value) {
            (Kind::Json | Kind::Blob, _)
            | (Kind::Boolean, Json::Bool(_))
            | (Kind::Timestamp, Json::String(_) | Json::Number(_)) => {}
            (Kind::Structure, Json::String(_)) if shape.accepts_text() => {}
            // Step Functions reads a number or a boolean from a text too.
            (Kind::Boolean, Json::String(text)) if matches!(text.as_str(), "true" | "false") => {}
            (Kind::Integer(_) | Kind::Number(_), Json::String(text)) if text.parse::<f64>().is_ok() => {}
            (Kind::Structure | Kind::Union, Json::Object(object)) => self.object(shape, object),
            (Kind::List { item, limits }, Json::Array(items)) => {
                if !limits.allow(&(items.len() as u64)) {
                    self.wrong(
                        FindingKind::Length,
                        format!("an array of {limits} items"),
                        format!("one of {}", items.len()),
                    );
                }
                for (index, value) in items.iter().enumerate() {
                    self.within(&format!("[{index}]"), |check| check.value(item, value));
                }
            }
            (Kind::Map { key, value: each, limits }, Json::Object(object)) => {
                if !limits.allow(&(object.len() as u64)) {
                    self.wrong(
                        FindingKind::Length,
                        format!("an object of {limits} members"),
                        format!("one of {}", object.len()),
                    );
                }
                for (name, value) in object {
                    let (name, dynamic) = self.language.key(name);
                    self.inside(name, |check| {
                        check.value(key, &Json::String(name.to_owned()));
                        if !dynamic {
                            check.value(each, value);
                        }
                    });
                }
            }
            (kind, value) => self.scalar(shape, kind, value),
        }
    }

    fn scalar(&mut self, shape: Shape, kind: Kind, value: &Json) {
        match (kind, value) {
            (Kind::Text { limits, pattern }, Json::String(text)) => {
                let length = text.chars().count() as u64;
                if !limits.allow(&length) {
                    let expected = format!("a text of {limits} characters");
                    self.wrong(FindingKind::Length, expected, format!("one of {length}"));
                } else if let Some(pattern) = pattern.filter(|pattern| text::matches(pattern, text) == Some(false)) {
                    self.wrong(FindingKind::Pattern, format!("a text that matches `{pattern}`"), value.to_string());
                }
            }
            (Kind::Enum, Json::String(text)) => {
                if !shape.values().any(|value| value == text) {
                    self.not_in_enum(shape, text);
                }
            }
            (Kind::Integer(limits), Json::Number(number)) => match number.as_i64() {
                Some(number) if limits.allow(&number) => {}
                Some(_) => self.wrong(FindingKind::OutOfRange, limits.to_string(), number.to_string()),
                None if number.as_f64().is_some_and(|number| number.fract() == 0.0) => {}
                None => self.wrong(FindingKind::WrongType, "a whole number".to_owned(), number.to_string()),
            },
            (Kind::Number(limits), Json::Number(number)) => {
                if !number.as_f64().is_none_or(|number| limits.allow(&number)) {
                    self.wrong(FindingKind::OutOfRange, limits.to_string(), number.to_string());
                }
            }
            (kind, value) => self.wrong(FindingKind::WrongType, expected(kind).to_owned(), brief(value)),
        }
    }

    fn object(&mut self, shape: Shape, object: &serde_json::Map<String, Json>) {
        let mut given = 0;
        for (key, value) in object {
            let (name, dynamic) = self.language.key(key);
            let Some(member) = shape.member(name) else {
                self.inside(name, |check| check.unknown_member(name, Some(shape)));
                continue;
            };
            given += usize::from(!value.is_null());
            if !dynamic {
                self.inside(name, |check| check.value(member.shape(), value));
            }
        }
        let is_given = |member: &Member| {
            object.iter().any(|(key, value)| member.is_called(self.language.key(key).0) && !value.is_null())
        };
        let missing: Vec<_> = shape.members().filter(|member| member.is_required() && !is_given(member)).collect();
        for member in missing {
            self.wrong(FindingKind::MissingMember, format!("`{}`", member.name()), "nothing".to_owned());
        }
        if shape.kind() == Kind::Union && given != 1 {
            let found = if given == 0 { "none of them".to_owned() } else { format!("{given} of them") };
            self.wrong(FindingKind::UnionMembers, list(shape.members().map(|member| member.name())), found);
        }
    }

    fn unknown_member(&mut self, name: &str, shape: Option<Shape>) {
        let plain = name.strip_suffix(".$").unwrap_or(name);
        let suggestion = shape.and_then(|shape| {
            let names: Vec<_> = shape.members().map(|member| member.name()).collect();
            nearest(plain, names.into_iter())
        });
        let expected = shape.map(|shape| list(shape.members().map(|member| member.name()))).unwrap_or_default();
        let suggestion = suggestion.map(str::to_owned);
        let path = self.path.clone();
        self.findings.push(Finding {
            path,
            kind: FindingKind::UnknownMember,
            expected,
            found: name.to_owned(),
            suggestion,
        });
    }

    fn not_in_enum(&mut self, shape: Shape, text: &str) {
        let suggestion = nearest(text, shape.values()).map(str::to_owned);
        let path = self.path.clone();
        let expected = format!("one of {}", list(shape.values()));
        let found = format!("{text:?}");
        self.findings.push(Finding { path, kind: FindingKind::NotInEnum, expected, found, suggestion });
    }

    fn wrong(&mut self, kind: FindingKind, expected: String, found: String) {
        self.findings.push(Finding { path: self.path.clone(), kind, expected, found, suggestion: None });
    }

    fn inside(&mut self, member: &str, look: impl FnOnce(&mut Self)) {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.within(&format!("{dot}{member}"), look);
    }

    fn within(&mut self, step: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        look(self);
        self.path.truncate(length);
    }
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Structure | Kind::Union | Kind::Map { .. } => "an object",
        Kind::List { .. } => "an array",
        Kind::Text { .. } | Kind::Enum => "a text",
        Kind::Integer(_) => "a whole number",
        Kind::Number(_) => "a number",
        Kind::Boolean => "true or false",
        Kind::Timestamp => "a time",
        Kind::Blob | Kind::Json => "any JSON",
    }
}

/// A value as a message shows it.
fn brief(value: &Json) -> String {
    match value {
        Json::Array(_) => "an array".to_owned(),
        Json::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}

/// Some names, of which a message doesn't show more than a few.
fn list(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match names.len() {
        0..=12 => names.join(", "),
        more => format!("{} and {} more", names[..10].join(", "), more - 10),
    }
}
