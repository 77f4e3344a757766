//! Runs of distributed Maps.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html>

use std::rc::Rc;

use serde_json::json;
use statewright_simulate::execution::MapRun;

use super::account::Account;
use super::input::Input;
use super::page::page;
use super::refusal::{Answer, Refusal};

impl Account {
    /// The run that a field names.
    pub(super) fn map_run(&self, arn: &str) -> Answer<Rc<MapRun>> {
        self.world.map_run(arn).ok_or_else(|| Refusal::new("ResourceNotFound", format!("Resource not found: '{arn}'")))
    }

    pub(super) fn describe_map_run(&self, input: &Input) -> Answer {
        Ok(self.map_run(input.required("mapRunArn")?)?.describe())
    }

    pub(super) fn list_map_runs(&self, input: &Input) -> Answer {
        let execution = self.execution(input)?;
        let runs = self.world.map_runs(&execution.arn).into_iter().rev();
        page(input, "mapRuns", runs.map(|run| (run.arn.clone(), run.item())).collect())
    }

    pub(super) fn update_map_run(&self, input: &Input) -> Answer {
        let run = self.map_run(input.required("mapRunArn")?)?;
        let whole = |name: &str| -> Answer<Option<usize>> {
            let found = input.get(name).map(|_| input.count(name, 0, usize::MAX));
            found.transpose()
        };
        let percentage = input.number("toleratedFailurePercentage")?;
        if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
            let constraint = "Member must have value between 0 and 100";
            return Err(Refusal::constraint("toleratedFailurePercentage", constraint));
        }
        run.update(whole("maxConcurrency")?, whole("toleratedFailureCount")?, percentage);
        Ok(json!({}))
    }
}
