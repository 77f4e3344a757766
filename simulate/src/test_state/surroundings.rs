//! The context object that comes with a request.

use serde_json::Value as Json;
use statewright::asl::Pattern;

use super::Refusal;
use crate::context::Context;
use crate::program::{Code, Kind};

/// What a field of the context object can hold.
#[derive(Clone, Copy)]
enum Type {
    Text,
    Whole,
    Any,
}

/// The fields of the context object that can be given.
const PARTS: [(&str, &[(&str, Type)]); 4] = [
    (
        "Execution",
        &[
            ("Id", Type::Text),
            ("Input", Type::Any),
            ("Name", Type::Text),
            ("RoleArn", Type::Text),
            ("StartTime", Type::Text),
            ("RedriveCount", Type::Whole),
            ("RedriveTime", Type::Text),
        ],
    ),
    ("State", &[("EnteredTime", Type::Text), ("Name", Type::Text), ("RetryCount", Type::Whole)]),
    ("StateMachine", &[("Id", Type::Text), ("Name", Type::Text)]),
    ("Task", &[("Token", Type::Text)]),
];

/// Reads a context object for a state.
pub(super) fn context(text: &str, code: &Code) -> Result<Context, Refusal> {
    let invalid = |problem: String| Refusal::validation(format!("Invalid Context object provided: {problem}"));
    let json: Json = serde_json::from_str(text).map_err(|_| invalid("Context object must be valid JSON".to_owned()))?;
    check(&json, code).map_err(invalid)?;
    Ok(Context::of(&json))
}

fn check(json: &Json, code: &Code) -> Result<(), String> {
    let Some(parts) = json.as_object() else { return Err("Context object must be a JSON object".to_owned()) };
    for (name, part) in parts {
        if name == "Map" {
            return Err("'Map' field is not supported when mocking a Context object".to_owned());
        }
        let Some((_, known)) = PARTS.iter().find(|(part, _)| part == name) else {
            return Err(format!("Field '{name}' is not allowed"));
        };
        let Some(fields) = part.as_object() else { return Err(format!("{name} must be an object")) };
        for (field, value) in fields {
            let Some((_, kind)) = known.iter().find(|(known, _)| known == field) else {
                return Err(format!("Field '{field}' is not allowed"));
            };
            match kind {
                Type::Text if !value.is_string() => return Err(format!("{name}.{field} must be a string")),
                Type::Whole if !value.is_u64() => return Err(format!("{name}.{field} must be an integer")),
                _ => {}
            }
        }
    }
    if parts.contains_key("Task") && !has_token(code) {
        return Err("Context object contains 'Task' when state is not a Task state \
                    with a '.sync' or '.waitForTaskToken' service integration pattern"
            .to_owned());
    }
    Ok(())
}

/// Whether a state has a token by which its end is reported.
pub(super) fn has_token(code: &Code) -> bool {
    matches!(&code.kind, Kind::Task(task) if task.call.pattern() != Pattern::RequestResponse)
}
