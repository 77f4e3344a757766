//! Looking whether the holders of permits have ended.

use serde_json::{Value as Json, json};

use super::expression::{braced, execution, is_dead, is_gone};
use super::states::{INPUT, NO_EXECUTION, Region, retry};

const DESCRIBE: &str = "aws-sdk:sfn:describeExecution";

impl Region<'_> {
    pub(super) fn inspect(&mut self) {
        let (holders, dead) = (format!("${}", self.variable("holders")), self.variable("dead"));
        if self.guard.limit == 1 {
            let state = self.describe(&format!("{holders}[0]"), &dead, &self.name("decide"));
            return self.add("inspect", state);
        }
        // Each of them, at the same time.
        let token = "$states.input.token";
        let told = |dead: Json| json!({ "token": braced(token), "dead": dead });
        let described = self.name("described");
        let describe = json!({
            "Type": "Task",
            "Resource": self.resource(DESCRIBE),
            "Arguments": { "ExecutionArn": braced(&execution(token)), "IncludedData": "METADATA_ONLY" },
            "Output": told(braced(&is_dead(self.guard, token)).into()),
            "Retry": retry(&json!([{ "ErrorEquals": [NO_EXECUTION], "MaxAttempts": 0 }])),
            "Catch": [
                { "ErrorEquals": [NO_EXECUTION], "Output": told(braced(&is_gone(token)).into()), "Next": described },
                { "ErrorEquals": ["States.ALL"], "Output": told(false.into()), "Next": described },
            ],
            "End": true,
        });
        let mut states = json!({ self.name("describe"): describe, described: { "Type": "Pass", "End": true } });
        if let (true, Some(states)) = (self.in_jsonpath, states.as_object_mut()) {
            states.values_mut().for_each(|state| state["QueryLanguage"] = "JSONata".into());
        }
        self.add(
            "inspect",
            json!({
                "Type": "Map",
                "Items": braced(&holders),
                "ItemSelector": { "token": "{% $states.context.Map.Item.Value %}" },
                "MaxConcurrency": 10,
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "INLINE" },
                    "StartAt": self.name("describe"),
                    "States": states,
                },
                "Assign": { dead: "{% [$states.result[dead = true].token] %}" },
                "Output": INPUT,
                "Next": self.name("decide"),
            }),
        );
    }

    /// Looks at the execution of one token; `dead` is a list of it, if it has ended.
    pub(super) fn describe(&self, token: &str, dead: &str, next: &str) -> Json {
        let if_dead = |condition: &str| json!({ dead: braced(&format!("{condition} ? [{token}] : []")) });
        let arguments = json!({ "ExecutionArn": braced(&execution(token)), "IncludedData": "METADATA_ONLY" });
        let catch = json!([
            { "ErrorEquals": [NO_EXECUTION], "Assign": if_dead(&is_gone(token)), "Output": INPUT, "Next": next },
            // What can't be looked at is taken to run.
            { "ErrorEquals": ["States.ALL"], "Assign": { dead: [] }, "Output": INPUT, "Next": next },
        ]);
        let fields = json!({
            "Assign": if_dead(&is_dead(self.guard, token)),
            "Retry": retry(&json!([{ "ErrorEquals": [NO_EXECUTION], "MaxAttempts": 0 }])),
            "Catch": catch,
            "Next": next,
        });
        self.task(DESCRIBE, arguments, fields)
    }
}
