//! Which permits an execution had when it ended, by its history.
//!
//! The history has the key, the token and the limit as they were sent, so nothing has to be computed again. What counts is
//! that control went into the region, not that a write was answered: an answer can be lost.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use statewright::guard::STATES;

use crate::aws::Trace;
use crate::guard::token::Token;

/// A permit that an execution had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The table.
    pub table: String,
    /// The key of the lock.
    pub key: String,
    /// How many may hold it.
    pub limit: u32,
    /// Whether one that failed keeps it.
    pub holds_after_failure: bool,
    /// The token by which the execution took it.
    pub token: Token,
}

/// The permits that were taken and not given back, by key and place.
#[must_use]
pub fn held(history: &[Trace]) -> Vec<Held> {
    let by_id: BTreeMap<i64, &Trace> = history.iter().map(|event| (event.id, event)).collect();
    let by_id = &by_id;
    let chain = |from: &Trace| {
        let mut next = by_id.get(&from.previous).copied();
        std::iter::from_fn(move || {
            let event = next?;
            // An event follows those that led to it.
            next = by_id.get(&event.previous).copied().filter(|before| before.id < event.id);
            Some(event)
        })
    };
    let mut found: BTreeMap<(String, Option<String>), Held> = BTreeMap::new();
    for event in history {
        let Some(state) = &event.state else { continue };
        if event.r#type.ends_with("StateExited") && state.starts_with(STATES) {
            let Some(call) = chain(event).find_map(|event| event.parameters.as_deref()) else { continue };
            let Ok(call) = serde_json::from_str::<Json>(call) else { continue };
            if gives_back(state) {
                if let Some(token) = token(&call, ":mine") {
                    found.remove(&(key(&call), token.place));
                }
            } else if by_id.get(&event.previous).is_some_and(|before| before.r#type == "TaskSucceeded") {
                insert(&mut found, &call);
            }
        } else if event.r#type.ends_with("StateEntered") && !state.starts_with(STATES) {
            // The write had succeeded, and `route` found that out.
            let came_from = by_id.get(&event.previous).and_then(|before| before.state.as_deref()).unwrap_or_default();
            if came_from.starts_with(STATES) && part(came_from) == "route" {
                let calls = chain(event).filter_map(|event| serde_json::from_str(event.parameters.as_deref()?).ok());
                if let Some(call) = calls.into_iter().find(takes) {
                    insert(&mut found, &call);
                }
            }
        }
    }
    found.into_values().collect()
}

/// The part of a guard state's name behind that of its section.
fn part(state: &str) -> &str {
    state.rsplit('/').next().unwrap_or_default()
}

fn gives_back(state: &str) -> bool {
    part(state) == "release" || part(state).starts_with("leave-")
}

fn takes(call: &Json) -> bool {
    call["UpdateExpression"].as_str().is_some_and(|update| update.starts_with("ADD holders "))
}

fn key(call: &Json) -> String {
    call["Key"]["pk"]["S"].as_str().unwrap_or_default().to_owned()
}

fn token(call: &Json, name: &str) -> Option<Token> {
    Token::parse(call["ExpressionAttributeValues"][name]["SS"][0].as_str()?)
}

fn insert(found: &mut BTreeMap<(String, Option<String>), Held>, call: &Json) {
    let Some(token) = token(call, ":me").filter(|_| takes(call)) else { return };
    let limit = &call["ExpressionAttributeValues"][":n"]["N"];
    let held = Held {
        table: call["TableName"].as_str().unwrap_or_default().to_owned(),
        key: key(call),
        limit: limit.as_str().and_then(|n| n.parse().ok()).unwrap_or(1),
        holds_after_failure: false,
        token,
    };
    found.insert((held.key.clone(), held.token.place.clone()), held);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:states:eu-west-1:1:execution:w:one";

    /// A history in which each event leads to the next.
    fn history(events: &[(&str, Option<&str>, Option<Json>)]) -> Vec<Trace> {
        let events = events.iter().zip(1..);
        let trace = |((r#type, state, call), id): (&(&str, Option<&str>, Option<Json>), i64)| Trace {
            id,
            previous: id - 1,
            r#type: (*r#type).to_owned(),
            state: state.map(str::to_owned),
            parameters: call.as_ref().map(Json::to_string),
        };
        events.map(trace).collect()
    }

    fn take(place: &str) -> Json {
        json!({ "TableName": "t", "Key": { "pk": { "S": "workflow:w" } }, "UpdateExpression": "ADD holders :me SET #tick = :tick",
            "ExpressionAttributeValues": { ":me": { "SS": [format!("2026-01-01T00:00:00.000Z|{ARN}|0{place}")] }, ":n": { "N": "2" } } })
    }

    fn give(place: &str) -> Json {
        json!({ "TableName": "t", "Key": { "pk": { "S": "workflow:w" } }, "UpdateExpression": "DELETE holders :mine",
            "ExpressionAttributeValues": { ":mine": { "SS": [format!("2026-01-01T00:00:00.000Z|{ARN}|0{place}")] } } })
    }

    #[test]
    fn who_entered_by_the_door_holds_a_permit() {
        let mut events = vec![
            ("ExecutionStarted", None, None),
            ("TaskStateEntered", Some("guard/acquire"), None),
            ("TaskScheduled", None, Some(take(""))),
            ("TaskSucceeded", None, None),
            ("TaskStateExited", Some("guard/acquire"), None),
            ("WaitStateEntered", Some("Work"), None),
        ];
        let found = held(&history(&events));
        let [only] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (only.key.as_str(), only.limit, only.token.start.as_str()),
            ("workflow:w", 2, "2026-01-01T00:00:00.000Z")
        );
        events.extend([
            ("TaskStateEntered", Some("guard/release"), None),
            ("TaskScheduled", None, Some(give(""))),
            ("TaskSucceeded", None, None),
            ("TaskStateExited", Some("guard/release"), None),
        ]);
        assert_eq!(held(&history(&events)), []);
    }

    #[test]
    fn who_was_turned_away_holds_none_unless_the_answer_was_lost() {
        let mut events = vec![
            ("TaskStateEntered", Some("guard/acquire"), None),
            ("TaskScheduled", None, Some(take(""))),
            ("TaskFailed", None, None),
            ("TaskStateExited", Some("guard/acquire"), None),
            ("TaskStateEntered", Some("guard/read"), None),
            ("TaskScheduled", None, Some(json!({ "Key": { "pk": { "S": "workflow:w" } } }))),
            ("TaskSucceeded", None, None),
            ("TaskStateExited", Some("guard/read"), None),
            ("ChoiceStateEntered", Some("guard/route"), None),
            ("ChoiceStateExited", Some("guard/route"), None),
        ];
        assert_eq!(held(&history(&events)), []);
        let mut skipped = events.clone();
        skipped.push(("SucceedStateEntered", Some("guard/skipped"), None));
        assert_eq!(held(&history(&skipped)), []);
        events.push(("WaitStateEntered", Some("Work"), None));
        assert_eq!(held(&history(&events)).len(), 1);
    }

    #[test]
    fn each_place_of_a_section_has_a_permit_of_its_own() {
        let mut events = Vec::new();
        for place in ["||load/0", "||load/1"] {
            events.extend([
                ("TaskStateEntered", Some("guard/load/acquire"), None),
                ("TaskScheduled", None, Some(take(place))),
                ("TaskSucceeded", None, None),
                ("TaskStateExited", Some("guard/load/acquire"), None),
            ]);
        }
        events.extend([
            ("TaskStateEntered", Some("guard/load/leave-1"), None),
            ("TaskScheduled", None, Some(give("||load/0"))),
            ("TaskSucceeded", None, None),
            ("TaskStateExited", Some("guard/load/leave-1"), None),
        ]);
        let places: Vec<_> = held(&history(&events)).into_iter().map(|held| held.token.place).collect();
        assert_eq!(places, [Some("load/1".to_owned())]);
    }
}
