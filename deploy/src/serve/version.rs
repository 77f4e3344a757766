//! Versions of state machines.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-version.html>

use std::rc::Rc;

use serde_json::json;

use super::account::{Account, time};
use super::input::Input;
use super::machine::{Machine, Revision};
use super::name;
use super::page::page;
use super::refusal::{Answer, Refusal};

/// A revision that was published.
pub(super) struct Version {
    pub revision: Rc<Revision>,
    pub description: Option<String>,
    pub created: i64,
}

impl Machine {
    pub(super) fn version_arn(&self, number: u64) -> String {
        format!("{}:{number}", self.arn)
    }

    /// Publishes the present revision, once; gives the ARN and the time of the version.
    pub(super) fn publish(&mut self, description: Option<&str>, now: i64) -> (String, i64) {
        let known = self.versions.iter().find(|(_, version)| Rc::ptr_eq(&version.revision, &self.revision));
        if let Some((number, version)) = known {
            return (self.version_arn(*number), version.created);
        }
        self.last_version += 1;
        let description = description.map(str::to_owned);
        self.versions.insert(self.last_version, Version { revision: self.revision.clone(), description, created: now });
        (self.version_arn(self.last_version), now)
    }
}

impl Account {
    pub(super) fn publish_state_machine_version(&mut self, input: &Input) -> Answer {
        let arn = name::unqualified(input.required("stateMachineArn")?)?;
        let (now, description) = (self.world.now(), input.text("description")?);
        let machine = self.machines.get_mut(arn).ok_or_else(|| Refusal::no_machine(arn))?;
        let current = machine.revision.id.as_deref().unwrap_or("INITIAL");
        if input.text("revisionId")?.is_some_and(|wanted| wanted != current) {
            let message = format!("the state machine has the revision {current} meanwhile: publish that one");
            return Err(Refusal::new("ConflictException", message));
        }
        let (version, created) = machine.publish(description, now);
        Ok(json!({ "stateMachineVersionArn": version, "creationDate": time(created) }))
    }

    pub(super) fn list_state_machine_versions(&self, input: &Input) -> Answer {
        let machine = self.machine(name::unqualified(input.required("stateMachineArn")?)?)?;
        let versions = machine.versions.iter().rev().map(|(number, version)| {
            let arn = machine.version_arn(*number);
            (arn.clone(), json!({ "stateMachineVersionArn": arn, "creationDate": time(version.created) }))
        });
        page(input, "stateMachineVersions", versions.collect())
    }

    /// Deletes a version that no alias needs; one that is gone already is fine.
    pub(super) fn delete_state_machine_version(&mut self, input: &Input) -> Answer {
        let arn = input.required("stateMachineVersionArn")?;
        let (machine, qualifier) = name::qualified(arn)?;
        let number: u64 = qualifier.parse().map_err(|_| Refusal::arn(arn))?;
        if let Some(machine) = self.machines.get_mut(machine) {
            let users = machine.aliases.iter().filter(|(_, alias)| alias.routes_to(number));
            let users = users.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            if !users.is_empty() {
                let message = format!("Version to be deleted must not be referenced by an alias: {users}");
                return Err(Refusal::new("ConflictException", message));
            }
            machine.versions.remove(&number);
        }
        Ok(json!({}))
    }
}
