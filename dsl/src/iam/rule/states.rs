//! Nested workflows.

use super::{Call, whole_arn};
use crate::iam::argument::Arguments;
use crate::service::arn;

impl Call<'_> {
    pub(super) fn states(&mut self, arguments: &Arguments<'_>, job: bool) {
        let machines = self.named("StateMachineArn", &arguments.get("StateMachineArn"), |machine| {
            vec![whole_arn(machine, "states", "stateMachine:")]
        });
        if job {
            let executions = machines.iter().map(|machine| executions(machine)).collect();
            self.need("StatesExecutions", &["states:DescribeExecution", "states:StopExecution"], executions, None);
            self.managed_rule("StepFunctionsGetEventsForStepFunctionsExecutionRule");
        }
        self.need("StatesStartExecution", &["states:StartExecution"], machines, None);
    }
}

/// The executions of a state machine, and of no other whose name begins alike.
fn executions(machine: &str) -> String {
    let Some((before, name)) = machine.rsplit_once(":stateMachine:") else { return arn("states", "execution:", "*") };
    let name = name.split(':').next().unwrap_or(name);
    format!("{before}:execution:{name}:*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_are_those_of_the_machine_alone() {
        assert_eq!(executions("arn:aws:states:r:1:stateMachine:child"), "arn:aws:states:r:1:execution:child:*");
        assert_eq!(executions("arn:aws:states:r:1:stateMachine:child:live"), "arn:aws:states:r:1:execution:child:*");
    }
}
