//! What the role of a guarded workflow needs.

use serde_json::json;

use super::{Dedupe, Guard, Liveness, Lock, OnConflict};
use crate::bundle::{ACCOUNT_ID, PARTITION, REGION};
use crate::iam::Need;
use crate::service::arn;

/// What a guard needs in the workflow of that name. `sharers` are the workflows whose executions may hold its permits.
pub(crate) fn needs(guard: &Guard, workflow: &str, sharers: &[String]) -> Vec<Need> {
    let mut found = Vec::new();
    let mut need = |sid, actions: &[&'static str], resources: Vec<String>, condition, why: &str| {
        let reason = format!("the guard {why}");
        let actions = actions.iter().map(|action| std::borrow::Cow::from(*action)).collect();
        found.push(Need { sid, actions, resources, condition, reason });
    };
    if let Some(notice) = &guard.notice {
        let (sid, action, resource) = notice.right();
        need(sid, &[action], vec![resource], None, "tells of runs that were skipped");
    }
    if guard.liveness == Liveness::List {
        let own = arn("states", "stateMachine:", workflow);
        need("GuardList", &["states:ListExecutions"], vec![own], None, "looks at who runs");
        return found;
    }
    let table = format!("arn:{PARTITION}:dynamodb:{REGION}:{ACCOUNT_ID}:table/{}", guard.table_name);
    // Without a key in the request, `ForAllValues` would hold.
    let leading = |operator: &str, key: &str| {
        json!({ format!("ForAllValues:{operator}"): { "dynamodb:LeadingKeys": [key] },
            "Null": { "dynamodb:LeadingKeys": "false" } })
    };
    let (operator, key) = match &guard.lock {
        Lock::Fixed(key) => ("StringEquals", key.clone()),
        Lock::Computed { prefix, .. } => ("StringLike", format!("{prefix}:*")),
    };
    let actions = ["dynamodb:GetItem", "dynamodb:UpdateItem"];
    need("GuardLock", &actions, vec![table.clone()], Some(leading(operator, &key)), "takes and gives back permits");
    if guard.dedupe == Dedupe::PerTick {
        let ticks = leading("StringLike", &format!("{key}|tick|*"));
        need("GuardTick", &["dynamodb:PutItem"], vec![table], Some(ticks), "marks ticks of the schedule");
    }
    if guard.liveness == Liveness::Described {
        let executions: Vec<String> =
            sharers.iter().map(|name| arn("states", "execution:", &format!("{name}:*"))).collect();
        let why = "looks whether the holder of a permit has ended";
        need("GuardHolders", &["states:DescribeExecution"], executions.clone(), None, why);
        if guard.on_conflict == OnConflict::Replace {
            need("GuardReplace", &["states:StopExecution"], executions, None, "stops the run that it replaces");
        }
    }
    found
}
