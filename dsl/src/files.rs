//! The files in which a bundle is reviewed: one folder a workflow, readable JSON, the same bytes at every run.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::bundle::Bundle;

/// The files of one workflow, by their names:
///
/// - `asl.json`: the definition;
/// - `machine.json`: what else there is: type, logging, tracing, tags, log group, the guard's table;
/// - `role.json`: the execution role, and the scheduler role if there are schedules, with the reason of each
///   statement;
/// - `schedule.json`: the schedules, if there are any.
///
/// Account, region and partition stand as `${AWS::AccountId}` and so on.
///
/// ```
/// use statewright::prelude::*;
///
/// let compiled = Workflow::new("hello", |w, _: Value<()>| w.succeed("Hello")).compile("shop");
/// let files = statewright::files::of(&compiled.bundle);
/// assert!(files.keys().eq(["asl.json", "machine.json", "role.json"].iter()));
/// ```
#[must_use]
pub fn of(bundle: &Bundle) -> BTreeMap<&'static str, String> {
    let machine = &bundle.state_machine;
    let mut files = BTreeMap::new();
    files.insert("asl.json", machine.definition.to_text());
    let settings = json!({
        "Name": machine.name,
        "Type": machine.r#type,
        "Logging": machine.logging,
        "Tracing": machine.tracing,
        "Tags": machine.tags,
        "LogGroup": bundle.log_group,
        "GuardTable": bundle.guard_table,
        "Locks": (!bundle.locks.is_empty()).then_some(&bundle.locks),
    });
    files.insert("machine.json", text(&without_null(settings)));
    let roles = json!({ "ExecutionRole": bundle.execution_role, "SchedulerRole": bundle.scheduler_role });
    files.insert("role.json", text(&without_null(roles)));
    if !bundle.schedules.is_empty() {
        let schedules = json!({ "ScheduleGroup": bundle.schedule_group, "Schedules": bundle.schedules });
        files.insert("schedule.json", text(&schedules));
    }
    files
}

/// Readable JSON with a line feed at its end.
pub(crate) fn text(value: &impl Serialize) -> String {
    // A `Bundle` holds nothing that JSON can't.
    let json = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{json}\n")
}

/// An object without the fields that say nothing.
pub(crate) fn without_null(mut json: Json) -> Json {
    if let Some(fields) = json.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    json
}
