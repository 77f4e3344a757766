//! How data flows through a state: what of the input is used, and what is made of the result.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html>

use serde_json::{Map, Value as Json};

use crate::fault::{Failure, Fault, Origin};
use crate::program::{Code, Place, Quantity, Selected, Text};
use crate::scope::{Payload, Scope};
use crate::template::{Template, put};

/// Every input, output, result and set of parameters has so many bytes at most.
pub const MOST_BYTES: usize = 262_144;

/// Values for variables.
pub(crate) type Assigned = Vec<(String, Payload)>;

/// What comes out of a state.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// JSONPath: behind `ResultSelector`.
    pub selected: Payload,
    /// JSONPath: behind `ResultPath`.
    pub placed: Payload,
    pub output: Payload,
    pub assigned: Assigned,
}

impl Selected {
    pub(crate) fn select(&self, from: &Payload, scope: &Scope<'_>) -> Result<Payload, Fault> {
        match self {
            Self::All => Ok(from.clone()),
            Self::Nothing => Ok(Json::Object(Map::new()).into()),
            Self::At(path) => {
                let found = path.read(&scope.with_input(from));
                found.map(Into::into).map_err(|error| Fault::runtime(format!("Invalid path '{path}' : {error}")))
            }
        }
    }
}

impl Place {
    pub(crate) fn place(&self, raw: &Payload, result: &Payload) -> Result<Payload, Fault> {
        match self {
            Self::All => Ok(result.clone()),
            Self::Discard => Ok(raw.clone()),
            Self::At(text, path) => match put((**raw).clone(), path, (**result).clone()) {
                Some(placed) => Ok(placed.into()),
                None => Err(Fault::conflict(format!("Unable to apply ReferencePath {text} to input {}", **raw))),
            },
        }
    }
}

/// The part of the input that a state uses.
pub(crate) fn effective_input(code: &Code, scope: &Scope<'_>) -> Result<Payload, Fault> {
    if code.is_jsonata() { Ok(scope.input.clone()) } else { code.input_path.select(scope.input, scope) }
}

/// What a template gives, or the input where there is none.
pub(crate) fn arguments(template: Option<&Template>, scope: &Scope<'_>) -> Result<Payload, Fault> {
    template.map_or_else(|| Ok(scope.input.clone()), |template| template.resolve(scope).map(Into::into))
}

/// The values that `Assign` gives.
pub(crate) fn assigned(template: Option<&Template>, scope: &Scope<'_>) -> Result<Assigned, Fault> {
    match template.map(|template| template.resolve(scope)).transpose()? {
        Some(Json::Object(values)) => Ok(values.into_iter().map(|(name, value)| (name, value.into())).collect()),
        _ => Ok(Vec::new()),
    }
}

/// Ends a state that has a result. `scope` has the raw input.
pub(crate) fn finish(code: &Code, scope: &Scope<'_>, result: &Payload) -> Result<Finished, Fault> {
    if code.is_jsonata() {
        let scope = Scope { result: Some(result), ..*scope };
        let output = code.output.as_ref().map(|output| output.resolve(&scope).map(Payload::from)).transpose()?;
        let output = output.unwrap_or_else(|| result.clone());
        let assigned = assigned(code.assign.as_ref(), &scope)?;
        return Ok(Finished { selected: result.clone(), placed: result.clone(), output, assigned });
    }
    let of_result = scope.with_input(result);
    let assigned = assigned(code.assign.as_ref(), &of_result)?;
    let selected = arguments(code.result_selector.as_ref(), &of_result)?;
    let placed = code.result_path.place(scope.input, &selected)?;
    let output = code.output_path.select(&placed, scope)?;
    Ok(Finished { selected, placed, output, assigned })
}

/// Ends a state that has no result: a Choice by its rule, a Wait, a Succeed.
pub(crate) fn pass_on(
    code: &Code,
    scope: &Scope<'_>,
    (output, assign): (Option<&Template>, Option<&Template>),
) -> Result<(Payload, Assigned), Fault> {
    if code.is_jsonata() {
        return Ok((arguments(output, scope)?, assigned(assign, scope)?));
    }
    let input = effective_input(code, scope)?;
    let assigned = assigned(assign, &scope.with_input(&input))?;
    Ok((code.output_path.select(&input, scope)?, assigned))
}

/// How a Fail state fails: as it says, or by what is wrong with what it says.
pub(crate) fn fail(error: Option<&Text>, cause: Option<&Text>, scope: &Scope<'_>) -> Fault {
    let text = |text: Option<&Text>| text.map(|text| text.resolve(scope)).transpose();
    match text(error).and_then(|error| Ok(Failure { error, cause: text(cause)? })) {
        Ok(failure) => Fault { failure, origin: Origin::State },
        Err(fault) => fault,
    }
}

impl Text {
    /// The text; what is not one is an error of the field.
    pub(crate) fn resolve(&self, scope: &Scope<'_>) -> Result<String, Fault> {
        let found = match self {
            Self::Constant(text) => return Ok(text.clone()),
            Self::Path(template) => template.resolve(scope)?,
            Self::Expression(expression) => match expression.resolve(scope)? {
                Json::String(text) => return Ok(text),
                other => return Err(expression.unexpected("string", &other)),
            },
        };
        match found {
            Json::String(text) => Ok(text),
            other => Err(Fault::runtime(format!("The value '{other}' is not a string"))),
        }
    }
}

impl Quantity {
    /// The number. A path must lead to one: to a whole one, unless `fraction`.
    pub(crate) fn resolve(&self, scope: &Scope<'_>, fraction: bool) -> Result<f64, Fault> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Expression(expression) => {
                let found = expression.resolve(scope)?;
                found.as_f64().ok_or_else(|| expression.unexpected("number", &found))
            }
            Self::Path(field, path) => {
                let found =
                    path.read(scope).map_err(|error| Fault::runtime(format!("Invalid path '{path}' : {error}")))?;
                let number = found.as_f64().or_else(|| found.as_str()?.parse().ok());
                let number = number.filter(|number| fraction || number.fract() == 0.0);
                number.ok_or_else(|| {
                    let shown = match &found {
                        Json::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    let kind = if fraction { "float" } else { "integer" };
                    Fault::runtime(format!(
                        "The {field} field refers to value \"{shown}\" which is not a valid {kind}: {path}"
                    ))
                })
            }
        }
    }
}

/// That something is not larger than AWS allows; `name` is that of the state, or of the resource.
pub(crate) fn check_size(payload: &Payload, name: &str) -> Result<(), Fault> {
    if payload.size() > MOST_BYTES { Err(Fault::data_limit(name)) } else { Ok(()) }
}
