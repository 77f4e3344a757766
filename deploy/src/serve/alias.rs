//! Aliases of state machines: names that lead to one or two versions.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html>

use std::cell::Cell;

use serde_json::{Value as Json, json};

use super::account::{Account, time};
use super::input::Input;
use super::machine::Machine;
use super::name;
use super::page::page;
use super::refusal::{Answer, Refusal};

/// An alias.
pub(super) struct Alias {
    pub description: String,
    /// Versions with their weights, which are 100 together.
    pub routes: Vec<(u64, u64)>,
    created: i64,
    updated: i64,
    /// So many executions were started through it.
    started: Cell<u64>,
}

impl Alias {
    pub(super) fn routes_to(&self, version: u64) -> bool {
        self.routes.iter().any(|(known, _)| *known == version)
    }

    /// The version for the next execution: of a hundred of them each gets its weight, well mixed.
    pub(super) fn draw(&self) -> Option<u64> {
        let started = self.started.replace(self.started.get() + 1);
        let mut at = (started % 100) * 61 % 100;
        self.routes.iter().find_map(|(version, weight)| {
            let hit = at < *weight;
            at = at.saturating_sub(*weight);
            hit.then_some(*version)
        })
    }

    fn describe(&self, machine: &Machine, name: &str) -> Json {
        let routes = self.routes.iter().map(
            |(version, weight)| json!({ "stateMachineVersionArn": machine.version_arn(*version), "weight": weight }),
        );
        json!({ "stateMachineAliasArn": format!("{}:{name}", machine.arn), "name": name,
            "description": self.description, "routingConfiguration": routes.collect::<Vec<_>>(),
            "creationDate": time(self.created), "updateDate": time(self.updated) })
    }
}

/// The state machine of a routing configuration, and its versions with their weights.
fn routes(input: &Input) -> Answer<(&str, Vec<(u64, u64)>)> {
    let (mut machine, mut routes) = (None, Vec::new());
    for route in input.list("routingConfiguration")? {
        let arn = route["stateMachineVersionArn"].as_str().unwrap_or_default();
        let (of, qualifier) = name::qualified(arn)?;
        let number: u64 =
            qualifier.parse().map_err(|_| Refusal::routing(format!("expected a version, found {arn}")))?;
        let weight = route["weight"].as_u64().unwrap_or(u64::MAX);
        if weight > 100 {
            return Err(Refusal::constraint("routingConfiguration.weight", "Member must be from 0 to 100"));
        }
        if *machine.get_or_insert(of) != of || routes.iter().any(|(known, _)| *known == number) {
            return Err(Refusal::routing("Routing configuration must have different versions of one state machine"));
        }
        routes.push((number, weight));
    }
    let machine = machine.filter(|_| routes.len() <= 2);
    let machine =
        machine.ok_or_else(|| Refusal::constraint("routingConfiguration", "Member must have one or two versions"))?;
    if routes.iter().map(|(_, weight)| weight).sum::<u64>() != 100 {
        return Err(Refusal::routing("Sum of routing configuration weights must equal 100"));
    }
    Ok((machine, routes))
}

impl Account {
    /// The state machine and the name of an alias that is there.
    fn alias<'i>(&self, input: &'i Input) -> Answer<(&Machine, &Alias, &'i str)> {
        let arn = input.required("stateMachineAliasArn")?;
        let (machine, name) = name::qualified(arn)?;
        let machine = self.machines.get(machine).ok_or_else(|| Refusal::no_resource(arn))?;
        let alias = machine.aliases.get(name).ok_or_else(|| Refusal::no_resource(arn))?;
        Ok((machine, alias, name))
    }

    fn routed(&mut self, machine: &str, routes: &[(u64, u64)]) -> Answer<&mut Machine> {
        let found = self.machines.get_mut(machine).ok_or_else(|| Refusal::no_resource(machine))?;
        match routes.iter().find(|(version, _)| !found.versions.contains_key(version)) {
            Some((version, _)) => Err(Refusal::no_resource(&found.version_arn(*version))),
            None => Ok(found),
        }
    }

    pub(super) fn create_state_machine_alias(&mut self, input: &Input) -> Answer {
        let name = input.required("name")?;
        name::check_alias(name)?;
        let (machine, routes) = routes(input)?;
        let description = input.text("description")?.unwrap_or_default().to_owned();
        let now = self.world.now();
        let machine = self.routed(machine, &routes)?;
        let arn = format!("{}:{name}", machine.arn);
        if let Some(known) = machine.aliases.get(name) {
            if known.routes != routes || known.description != description {
                let message = format!("the alias {arn} is there already and leads elsewhere: update it");
                return Err(Refusal::new("ConflictException", message));
            }
            return Ok(json!({ "stateMachineAliasArn": arn, "creationDate": time(known.created) }));
        }
        let alias = Alias { description, routes, created: now, updated: now, started: Cell::new(0) };
        machine.aliases.insert(name.to_owned(), alias);
        Ok(json!({ "stateMachineAliasArn": arn, "creationDate": time(now) }))
    }

    pub(super) fn update_state_machine_alias(&mut self, input: &Input) -> Answer {
        let arn = input.required("stateMachineAliasArn")?;
        let (machine, _, name) = self.alias(input)?;
        let (machine, now) = (machine.arn.clone(), self.world.now());
        let description = input.text("description")?;
        let routed = input.get("routingConfiguration").map(|_| routes(input)).transpose()?;
        if description.is_none() && routed.is_none() {
            return Err(Refusal::validation("Either the description or the routing configuration must be specified"));
        }
        let (of, routes) = routed.map_or((machine.as_str(), None), |(of, routes)| (of, Some(routes)));
        if of != machine {
            return Err(Refusal::routing("Routing configuration must have versions of the state machine of the alias"));
        }
        let machine = self.routed(of, routes.as_deref().unwrap_or_default())?;
        let alias = machine.aliases.get_mut(name).ok_or_else(|| Refusal::no_resource(arn))?;
        if let Some(routes) = routes {
            alias.routes = routes;
        }
        if let Some(description) = description {
            description.clone_into(&mut alias.description);
        }
        alias.updated = now;
        Ok(json!({ "updateDate": time(now) }))
    }

    pub(super) fn describe_state_machine_alias(&self, input: &Input) -> Answer {
        let (machine, alias, name) = self.alias(input)?;
        Ok(alias.describe(machine, name))
    }

    /// The aliases of a state machine, or those that lead to a version.
    pub(super) fn list_state_machine_aliases(&self, input: &Input) -> Answer {
        let arn = input.required("stateMachineArn")?;
        let (_, qualifier) = name::machine(arn)?;
        let machine = self.machine(arn)?;
        let version: Option<u64> = qualifier.map(|number| number.parse().map_err(|_| Refusal::arn(arn))).transpose()?;
        let aliases =
            machine.aliases.iter().filter(|(_, alias)| version.is_none_or(|version| alias.routes_to(version)));
        let aliases = aliases.map(|(name, alias)| {
            let arn = format!("{}:{name}", machine.arn);
            (name.clone(), json!({ "stateMachineAliasArn": arn, "creationDate": time(alias.created) }))
        });
        page(input, "stateMachineAliases", aliases.collect())
    }

    pub(super) fn delete_state_machine_alias(&mut self, input: &Input) -> Answer {
        let (machine, _, name) = self.alias(input)?;
        let machine = machine.arn.clone();
        if let Some(machine) = self.machines.get_mut(&machine) {
            machine.aliases.remove(name);
        }
        Ok(json!({}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_hundred_executions_each_version_gets_its_weight() {
        let (created, updated, started) = (0, 0, Cell::new(0));
        let alias = Alias { description: String::new(), routes: vec![(1, 90), (2, 10)], created, updated, started };
        let drawn: Vec<u64> = (0..100).filter_map(|_| alias.draw()).collect();
        assert_eq!((drawn.len(), drawn.iter().filter(|version| **version == 2).count()), (100, 10));
        assert!(drawn[..50].contains(&2));
    }
}
