//! Following a path.

use serde_json::{Map, Value as Json};

use super::{Argument, Error, Path, Step};

/// What is at a path below some place; `document` is what `$` in filters means.
pub(super) fn read(path: &Path, from: &Json, document: &Json) -> Result<Json, Error> {
    let (steps, function) = match path.steps.split_last() {
        Some((Step::Function(name, arguments), before)) => (before, Some((name, arguments))),
        _ => (path.steps.as_slice(), None),
    };
    let mut walk = Walk { path, document, found: Vec::new() };
    walk.follow(steps, from, "$", true)?;
    let definite = path.is_definite();
    let found = if definite {
        match walk.found.into_iter().next() {
            Some(found) => found,
            None => return Err(Error(format!("No results for path: {path}"))),
        }
    } else {
        Json::Array(walk.found)
    };
    match function {
        Some((name, arguments)) => apply(name, arguments, &found, from, document),
        None => Ok(found),
    }
}

struct Walk<'a> {
    path: &'a Path,
    document: &'a Json,
    found: Vec<Json>,
}

impl Walk<'_> {
    /// `at` is where we are, for messages; `definite`: there was no choice so far, so what is missing is an error.
    fn follow(&mut self, steps: &[Step], here: &Json, at: &str, definite: bool) -> Result<(), Error> {
        let Some((step, rest)) = steps.split_first() else {
            self.found.push(here.clone());
            return Ok(());
        };
        match step {
            Step::Properties(names) => self.properties(names, rest, here, at, definite),
            Step::Wildcard => {
                let children: Vec<&Json> = match here {
                    Json::Array(items) => items.iter().collect(),
                    Json::Object(fields) => fields.values().collect(),
                    _ => Vec::new(),
                };
                children.into_iter().try_for_each(|child| self.follow(rest, child, at, false))
            }
            Step::Indexes(indexes) => {
                let Some(items) = self.list(step, here, definite)? else { return Ok(()) };
                let single = definite && indexes.len() == 1;
                for index in indexes {
                    if let Some(item) = position(*index, items.len()).and_then(|index| items.get(index)) {
                        self.follow(rest, item, &format!("{at}[{index}]"), single)?;
                    }
                }
                Ok(())
            }
            Step::Slice(from, to) => {
                let Some(items) = self.list(step, here, definite)? else { return Ok(()) };
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let end = |end: i64| if end < 0 { (length + end).max(0) } else { end.min(length) };
                let (from, to) = (from.map_or(0, end), to.map_or(length, end));
                let range =
                    usize::try_from(from).unwrap_or_default()..usize::try_from(to.max(from)).unwrap_or_default();
                items[range].iter().try_for_each(|item| self.follow(rest, item, at, false))
            }
            Step::Filter(predicate) => match here {
                Json::Array(items) => {
                    for item in items {
                        if predicate.holds(item, self.document) {
                            self.follow(rest, item, at, false)?;
                        }
                    }
                    Ok(())
                }
                Json::Object(_) if predicate.holds(here, self.document) => self.follow(rest, here, at, false),
                _ => Ok(()),
            },
            Step::Deep => self.deep(rest, here, at),
            Step::Function(..) => Ok(()),
        }
    }

    fn properties(
        &mut self,
        names: &[String],
        rest: &[Step],
        here: &Json,
        at: &str,
        definite: bool,
    ) -> Result<(), Error> {
        let Json::Object(fields) = here else {
            if !definite {
                return Ok(());
            }
            let list = names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
            return Err(Error(format!(
                "Expected to find an object with property [{list}] in path {at} but found '{}'. This is not a json object \
                 according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.",
                java_type(here)
            )));
        };
        if let [name] = names {
            return match fields.get(name) {
                Some(value) => self.follow(rest, value, &format!("{at}['{name}']"), definite),
                None if !definite => Ok(()),
                None if rest.is_empty() => Err(Error(format!("No results for path: {}", self.path))),
                None => Err(Error(format!("Missing property in path {at}['{name}']"))),
            };
        }
        let several: Map<String, Json> =
            names.iter().filter_map(|name| fields.get_key_value(name)).map(|(k, v)| (k.clone(), v.clone())).collect();
        if rest.is_empty() {
            self.found.push(Json::Object(several));
            return Ok(());
        }
        several.values().try_for_each(|value| self.follow(rest, value, at, false))
    }

    fn list<'j>(&self, step: &Step, here: &'j Json, definite: bool) -> Result<Option<&'j Vec<Json>>, Error> {
        match here {
            Json::Array(items) => Ok(Some(items)),
            _ if !definite => Ok(None),
            other => Err(Error(format!(
                "Filter: {step} can only be applied to arrays. Current context is: {}",
                java_text(other)
            ))),
        }
    }

    /// The next step here and at every depth below.
    fn deep(&mut self, rest: &[Step], here: &Json, at: &str) -> Result<(), Error> {
        self.follow(rest, here, at, false)?;
        let children: Vec<&Json> = match here {
            Json::Array(items) => items.iter().collect(),
            Json::Object(fields) => fields.values().collect(),
            _ => return Ok(()),
        };
        children.into_iter().try_for_each(|child| self.deep(rest, child, at))
    }
}

pub(super) fn position(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    usize::try_from(if index < 0 { length + index } else { index }).ok()
}

fn apply(name: &str, arguments: &[Argument], on: &Json, from: &Json, document: &Json) -> Result<Json, Error> {
    let mut given = Vec::new();
    for argument in arguments {
        given.push(match argument {
            Argument::Constant(constant) => constant.clone(),
            Argument::Path(path) => read(path, if path.steps.is_empty() { from } else { document }, document)?,
        });
    }
    let items = on.as_array();
    let numbers = || -> Vec<f64> {
        let all = items.into_iter().flatten().chain(&given);
        all.filter_map(Json::as_f64).collect()
    };
    let fold = |f: &dyn Fn(&[f64]) -> Option<f64>| match numbers().as_slice() {
        [] => Err(Error("Aggregation function attempted to calculate value using empty array".to_owned())),
        numbers => Ok(f(numbers).map_or(Json::Null, Json::from)),
    };
    let nth = |index: i64| {
        items.and_then(|items| position(index, items.len()).and_then(|at| items.get(at))).cloned().unwrap_or(Json::Null)
    };
    #[expect(clippy::cast_precision_loss, reason = "lists are shorter than that")]
    let count = |numbers: &[f64]| numbers.len() as f64;
    match name {
        "length" | "size" => Ok(match on {
            Json::Array(items) => items.len().into(),
            Json::Object(fields) => fields.len().into(),
            _ => Json::Null,
        }),
        "min" => fold(&|numbers| numbers.iter().copied().reduce(f64::min)),
        "max" => fold(&|numbers| numbers.iter().copied().reduce(f64::max)),
        "sum" => fold(&|numbers| Some(numbers.iter().sum())),
        "avg" => fold(&|numbers| Some(numbers.iter().sum::<f64>() / count(numbers))),
        "stddev" => fold(&|numbers| {
            let mean = numbers.iter().sum::<f64>() / count(numbers);
            Some((numbers.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / count(numbers)).sqrt())
        }),
        "keys" => {
            Ok(on.as_object().map_or(Json::Null, |fields| fields.keys().map(|key| Json::from(key.as_str())).collect()))
        }
        "first" => Ok(nth(0)),
        "last" => Ok(nth(-1)),
        "index" => Ok(nth(given.first().and_then(Json::as_i64).unwrap_or_default())),
        "concat" => {
            let own = items.into_iter().flatten();
            let texts = own.chain(&given).map(|json| json.as_str().map_or_else(|| json.to_string(), str::to_owned));
            Ok(texts.collect::<String>().into())
        }
        "append" => {
            let mut all = items.cloned().unwrap_or_default();
            all.extend(given);
            Ok(all.into())
        }
        other => Err(Error(format!("Function with name: {other} does not exist."))),
    }
}

/// The class that Java would name.
fn java_type(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "java.lang.Boolean",
        Json::Number(number) if number.is_f64() => "java.lang.Double",
        Json::Number(_) => "java.lang.Integer",
        Json::String(_) => "java.lang.String",
        Json::Array(_) => "java.util.ArrayList",
        Json::Object(_) => "java.util.LinkedHashMap",
    }
}

/// The value as Java prints it.
pub(crate) fn java_text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Array(items) => format!("[{}]", items.iter().map(java_text).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(key, value)| format!("{key}={}", java_text(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}
