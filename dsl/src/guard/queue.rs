//! The queue of one: [`OnConflict::BufferOne`](super::OnConflict::BufferOne).

use serde_json::{Map, Value as Json, json};

use super::conflict::Outcome;
use super::expression::{self as expr, braced};
use super::states::{CONDITION_FAILED, INPUT, Region, retry};

/// What is the case when there is a permit, but perhaps somebody who waits for it.
pub(super) fn rules(region: &Region<'_>, free: &str) -> Vec<Json> {
    let (pending, dead) = (format!("${}", region.variable("pending")), region.variable("dead"));
    let token = expr::token(region.guard, region.section);
    let waits = format!("({token}) in {pending}");
    let own = expr::own(&pending, region.section);
    vec![
        // A place of an earlier generation of this execution, which is redriven.
        json!({ "Condition": braced(&format!("$not({waits}) and $count({own}) > 0")),
            "Assign": { dead: braced(&format!("[{own}]")) }, "Next": region.name("queue-reap") }),
        json!({ "Condition": braced(&format!("{free} and $count({pending}) > 0 and $not({waits})")),
            "Next": region.name("queue-inspect") }),
    ]
}

/// The states of the queue. Who gets the place goes to `wait`, who does not to `skipped`.
pub(super) fn add(region: &mut Region<'_>) {
    let (pending, dead) = (format!("${}", region.variable("pending")), region.variable("dead"));
    let values = json!({ ":me": { "SS": [region.token()] }, ":token": { "S": region.token() } });
    let condition = "attribute_not_exists(pending) OR contains(pending, :token)";
    let arguments = region.update("ADD pending :me", Some(condition), values);
    let enqueue = json!({
        "Comment": "takes the only place in the queue",
        "Retry": retry(&json!([{ "ErrorEquals": [CONDITION_FAILED], "MaxAttempts": 0 }])),
        "Catch": [{ "ErrorEquals": [CONDITION_FAILED], "Output": INPUT, "Next": region.name("queue-read") }],
        "Next": region.name("wait"),
    });
    region.add("enqueue", region.task("dynamodb:updateItem", arguments, enqueue));

    let mut assign = Map::new();
    assign.insert(region.variable("pending"), braced("[$states.result.Item.pending.SS]").into());
    let read = region.get_item(assign, &region.name("queue-route"));
    region.add("queue-read", read);
    let empty = json!({ "Condition": braced(&format!("$count({pending}) = 0")), "Next": region.name("enqueue") });
    let inspect = region.name("queue-inspect");
    region.add("queue-route", json!({ "Type": "Choice", "Choices": [empty], "Default": inspect }));
    let describe = region.describe(&format!("{pending}[0]"), &dead, &region.name("queue-decide"));
    region.add("queue-inspect", describe);
    let ended = json!({ "Condition": braced(&format!("$count(${dead}) > 0")), "Next": region.name("queue-reap") });
    let skipped = region.name(region.way_to(Outcome::Skipped));
    region.add("queue-decide", json!({ "Type": "Choice", "Choices": [ended], "Default": skipped }));
    let reap = region.update("DELETE pending :dead", None, json!({ ":dead": { "SS": braced(&format!("${dead}")) } }));
    let fields = json!({ "Comment": "frees the place of an execution that has ended", "Next": region.name("acquire") });
    region.add("queue-reap", region.task("dynamodb:updateItem", reap, fields));
}
