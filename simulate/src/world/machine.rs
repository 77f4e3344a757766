//! The state machines of a world.

use std::rc::Rc;

use statewright::asl::StateMachine;
use statewright::diag::Diagnostic;

use super::World;
use crate::coverage::Coverage;
use crate::execution::Status;
use crate::fault::Failure;
use crate::program::Program;

/// A state machine that can be started.
#[derive(Debug)]
pub struct Machine {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The role with whose rights it runs.
    pub role_arn: String,
    /// Whether it is Express.
    pub express: bool,
    pub(crate) program: Rc<Program>,
    /// What of it has run.
    pub coverage: Coverage,
}

impl World {
    /// Adds a state machine, or gives one a new definition.
    ///
    /// # Errors
    ///
    /// What keeps it from running: see [`Program::compile`].
    pub fn add_machine(
        &self,
        name: &str,
        definition: &StateMachine,
        express: bool,
    ) -> Result<Rc<Machine>, Vec<Diagnostic>> {
        let role = format!("arn:aws:iam::{}:role/{name}", self.0.settings.account);
        self.add_machine_as(name, definition, express, role)
    }

    /// Adds a state machine with a role.
    ///
    /// # Errors
    ///
    /// As [`add_machine`](Self::add_machine).
    pub fn add_machine_as(
        &self,
        name: &str,
        definition: &StateMachine,
        express: bool,
        role_arn: String,
    ) -> Result<Rc<Machine>, Vec<Diagnostic>> {
        let program = Program::compile(definition, name)?;
        let coverage = Coverage::new(program.sites());
        let arn = self.arn("stateMachine", name);
        let machine =
            Rc::new(Machine { name: name.to_owned(), arn: arn.clone(), role_arn, express, program, coverage });
        self.0.machines.borrow_mut().insert(arn, machine.clone());
        Ok(machine)
    }

    /// The ARN of something of Step Functions here: `stateMachine`, `execution`, `activity`.
    #[must_use]
    pub fn arn(&self, kind: &str, name: &str) -> String {
        format!("arn:aws:states:{}:{}:{kind}:{name}", self.0.settings.region, self.0.settings.account)
    }

    /// The state machine with an ARN, that of a version or an alias included, or a name.
    #[must_use]
    pub fn machine(&self, arn: &str) -> Option<Rc<Machine>> {
        let machines = self.0.machines.borrow();
        let found = machines.get(arn).or_else(|| machines.get(&self.arn("stateMachine", arn)));
        // A version or an alias has one more part.
        found.or_else(|| machines.get(arn.rsplit_once(':')?.0)).cloned()
    }

    /// Takes a state machine away, with its executions; those that run are aborted.
    pub fn remove_machine(&self, arn: &str) {
        let removed = self.0.machines.borrow_mut().shift_remove(arn);
        if removed.is_some() {
            self.0.executions.borrow_mut().retain(|_, execution| {
                let others = execution.machine.arn != arn;
                if !others {
                    execution.stop(Status::Aborted, Failure::default());
                }
                others
            });
        }
    }
}
