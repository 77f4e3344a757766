//! The guard without a table: who runs is what `ListExecutions` shows. Best effort.

use serde_json::json;

use super::OnConflict;
use super::conflict::Outcome;
use super::expression::{ID, START, braced};
use super::states::Region;

/// So long an execution waits for the list to show those that began with it.
const SETTLE_SECONDS: u64 = 5;

/// The states before the region; gives the name of the first.
pub(super) fn before(region: &mut Region<'_>) -> String {
    let ahead = region.variable("ahead");
    region.add("settle", json!({ "Type": "Wait", "Seconds": SETTLE_SECONDS, "Next": region.name("list") }));
    let arguments = json!({ "StateMachineArn": "{% $states.context.StateMachine.Id %}", "StatusFilter": "RUNNING",
        "MaxResults": 1000 });
    // Who began first runs; of two that began together, the one whose ARN is smaller.
    let earlier = format!(
        "$count($states.result.Executions[ExecutionArn != {ID} and ($toMillis(StartDate) < $toMillis({START}) or \
         ($toMillis(StartDate) = $toMillis({START}) and ExecutionArn < {ID}))])"
    );
    let fields = json!({ "Assign": { ahead.as_str(): braced(&earlier) }, "Next": region.name("decide") });
    region.add("list", region.task("aws-sdk:sfn:listExecutions", arguments, fields));
    let conflict = match region.guard.on_conflict {
        OnConflict::Fail => {
            let cause = format!("another execution of {} runs", region.guard.lock.shown());
            region.add("conflict", json!({ "Type": "Fail", "Error": "Guard.Conflict", "Cause": cause }));
            "conflict"
        }
        _ => region.way_to(Outcome::Skipped),
    };
    let full = braced(&format!("${ahead} >= {}", region.guard.limit));
    let rule = json!({ "Condition": full, "Next": region.name(conflict) });
    region.add("decide", json!({ "Type": "Choice", "Choices": [rule], "Default": region.inside }));
    region.name("settle")
}
