//! State machines.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html>

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value as Json, json};
use statewright_simulate::world;

use super::account::{Account, time};
use super::alias::Alias;
use super::input::Input;
use super::page::page;
use super::refusal::{Answer, Refusal};
use super::tag::Tags;
use super::version::Version;
use super::{definition, name};

/// A state machine.
pub(super) struct Machine {
    pub name: String,
    pub arn: String,
    pub express: bool,
    pub created: i64,
    pub revision: Rc<Revision>,
    pub versions: BTreeMap<u64, Version>,
    /// The number of the last version that was published: none is given twice.
    pub last_version: u64,
    pub aliases: BTreeMap<String, Alias>,
    pub tags: Tags,
}

/// What a state machine was from one change to the next.
pub(super) struct Revision {
    /// The first one has none.
    pub id: Option<String>,
    pub configuration: Configuration,
    pub since: i64,
    /// What runs.
    pub machine: Rc<world::Machine>,
}

/// What can be changed.
#[derive(Clone, PartialEq)]
pub(super) struct Configuration {
    pub definition: String,
    pub role_arn: String,
    pub logging: Json,
    pub tracing: Json,
}

impl Machine {
    /// Its fields in a response.
    pub(super) fn describe(&self, arn: &str, revision: &Revision) -> Json {
        let Configuration { definition, role_arn, logging, tracing } = &revision.configuration;
        let mut answer = json!({ "stateMachineArn": arn, "name": self.name, "definition": definition,
            "roleArn": role_arn, "loggingConfiguration": logging, "tracingConfiguration": tracing,
            "encryptionConfiguration": { "type": "AWS_OWNED_KEY" } });
        if let Some(id) = &revision.id {
            answer["revisionId"] = id.as_str().into();
        }
        answer
    }

    pub(super) fn kind(&self) -> &'static str {
        if self.express { "EXPRESS" } else { "STANDARD" }
    }

    /// The revision that a version or an alias stands for: of the two of an alias, the first.
    fn qualified(&self, qualifier: Option<&str>) -> Option<(&Rc<Revision>, Option<&Version>)> {
        let Some(qualifier) = qualifier else { return Some((&self.revision, None)) };
        let number = qualifier.parse().ok().or_else(|| Some(self.aliases.get(qualifier)?.routes.first()?.0));
        let version = self.versions.get(&number?)?;
        Some((&version.revision, Some(version)))
    }
}

impl Account {
    /// The state machine with an ARN, that of a version or an alias included.
    pub(super) fn machine(&self, arn: &str) -> Answer<&Machine> {
        let (machine, _) = name::machine(arn)?;
        self.machines.get(machine).ok_or_else(|| Refusal::no_machine(arn))
    }

    fn revision(
        &self,
        name: &str,
        express: bool,
        id: Option<String>,
        configuration: Configuration,
    ) -> Answer<Rc<Revision>> {
        let definition =
            definition::read(&configuration.definition, express).map_err(|problems| definition::refusal(&problems))?;
        let machine = self.world.add_machine_as(name, &definition, express, configuration.role_arn.clone());
        let machine = machine.map_err(|_| Refusal::new("InvalidDefinition", "Invalid State Machine Definition"))?;
        Ok(Rc::new(Revision { id, configuration, since: self.world.now(), machine }))
    }

    pub(super) fn create_state_machine(&mut self, input: &Input) -> Answer {
        let name = input.required("name")?;
        name::check(name)?;
        let express = input.one_of("type", &["STANDARD", "EXPRESS"])? == "EXPRESS";
        let publish = publishes(input)?;
        let configuration = Configuration {
            definition: input.required("definition")?.to_owned(),
            role_arn: role(input.required("roleArn")?)?,
            logging: logging(input)?.unwrap_or_else(|| json!({ "level": "OFF", "includeExecutionData": false })),
            tracing: tracing(input)?.unwrap_or_else(|| json!({ "enabled": false })),
        };
        let tags = Tags::default().with(input)?;
        let arn = self.world.arn("stateMachine", name);
        if let Some(known) = self.machines.get_mut(&arn) {
            // Asking for the same again is fine; another role, and other tags, are ignored.
            let role_arn = known.revision.configuration.role_arn.clone();
            let same =
                known.express == express && known.revision.configuration == Configuration { role_arn, ..configuration };
            if !same {
                let message = format!("State Machine Already Exists: '{arn}'");
                return Err(Refusal::new("StateMachineAlreadyExists", message));
            }
            let mut answer = json!({ "stateMachineArn": arn, "creationDate": time(known.created) });
            if publish {
                answer["stateMachineVersionArn"] =
                    known.publish(input.text("versionDescription")?, self.world.now()).0.into();
            }
            return Ok(answer);
        }
        let revision = self.revision(name, express, None, configuration)?;
        let mut machine = Machine {
            name: name.to_owned(),
            arn: arn.clone(),
            express,
            created: self.world.now(),
            revision,
            versions: BTreeMap::new(),
            last_version: 0,
            aliases: BTreeMap::new(),
            tags,
        };
        let mut answer = json!({ "stateMachineArn": arn, "creationDate": time(machine.created) });
        if publish {
            let description = input.text("versionDescription")?;
            answer["stateMachineVersionArn"] = machine.publish(description, machine.created).0.into();
        }
        self.machines.insert(arn, machine);
        Ok(answer)
    }

    pub(super) fn update_state_machine(&mut self, input: &Input) -> Answer {
        let arn = name::unqualified(input.required("stateMachineArn")?)?;
        let publish = publishes(input)?;
        let machine = self.machine(arn)?;
        let (definition, role_arn) = (input.text("definition")?, input.text("roleArn")?);
        if definition.or(role_arn).is_none() {
            let message = "Either the definition or the role ARN must be specified";
            return Err(Refusal::new("MissingRequiredParameter", message));
        }
        let before = machine.revision.configuration.clone();
        let wanted = Configuration {
            definition: definition.map_or_else(|| before.definition.clone(), str::to_owned),
            role_arn: role_arn.map(role).transpose()?.unwrap_or_else(|| before.role_arn.clone()),
            logging: logging(input)?.unwrap_or_else(|| before.logging.clone()),
            tracing: tracing(input)?.unwrap_or_else(|| before.tracing.clone()),
        };
        let revision = if wanted == before {
            machine.revision.clone()
        } else {
            self.revision(&machine.name, machine.express, Some(self.world.uuid()), wanted)?
        };
        let now = self.world.now();
        let machine = self.machines.get_mut(arn).ok_or_else(|| Refusal::no_machine(arn))?;
        machine.revision = revision;
        let mut answer = json!({ "updateDate": time(now), "revisionId": machine.revision.id });
        if publish {
            answer["stateMachineVersionArn"] = machine.publish(input.text("versionDescription")?, now).0.into();
        }
        Ok(answer)
    }

    pub(super) fn describe_state_machine(&self, input: &Input) -> Answer {
        let arn = input.required("stateMachineArn")?;
        let (_, qualifier) = name::machine(arn)?;
        let machine = self.machine(arn)?;
        let (revision, version) = machine.qualified(qualifier).ok_or_else(|| Refusal::no_machine(arn))?;
        let mut answer = machine.describe(arn, revision);
        answer["status"] = "ACTIVE".into();
        answer["type"] = machine.kind().into();
        answer["creationDate"] = time(version.map_or(machine.created, |version| version.created));
        if let Some(description) = version.and_then(|version| version.description.as_ref()) {
            answer["description"] = description.as_str().into();
        }
        Ok(answer)
    }

    pub(super) fn list_state_machines(&self, input: &Input) -> Answer {
        let item = |machine: &Machine| {
            json!({ "stateMachineArn": machine.arn, "name": machine.name, "type": machine.kind(),
                "creationDate": time(machine.created) })
        };
        page(input, "stateMachines", self.machines.iter().map(|(arn, machine)| (arn.clone(), item(machine))).collect())
    }

    /// Deletes a state machine with its executions; one that is gone already is fine.
    pub(super) fn delete_state_machine(&mut self, input: &Input) -> Answer {
        let arn = name::unqualified(input.required("stateMachineArn")?)?;
        if self.machines.remove(arn).is_some() {
            self.world.remove_machine(arn);
            let world = &self.world;
            self.started.retain(|execution, _| world.execution(execution).is_some());
            self.redriven.retain(|execution, _| world.execution(execution).is_some());
        }
        Ok(json!({}))
    }
}

/// Whether a version is to be published.
fn publishes(input: &Input) -> Answer<bool> {
    let publish = input.flag("publish", false)?;
    if !publish && input.text("versionDescription")?.is_some() {
        return Err(Refusal::validation("Version description can only be set when publish is true"));
    }
    Ok(publish)
}

fn role(arn: &str) -> Answer<String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", _, _, role] if role.starts_with("role/") => Ok(arn.to_owned()),
        _ => Err(Refusal::arn(arn)),
    }
}

fn logging(input: &Input) -> Answer<Option<Json>> {
    let Some(given) = input.get("loggingConfiguration") else { return Ok(None) };
    let refused =
        |why: &str| Refusal::new("InvalidLoggingConfiguration", format!("Invalid Logging Configuration: {why}"));
    let level = given["level"].as_str().unwrap_or("OFF");
    if !["ALL", "ERROR", "FATAL", "OFF"].contains(&level) {
        return Err(refused("the level is one of ALL, ERROR, FATAL, OFF"));
    }
    let groups = given["destinations"].as_array().map_or(&[][..], Vec::as_slice);
    if level != "OFF" && groups.len() != 1 {
        return Err(refused("Must specify exactly one Log Destination."));
    }
    let mut logging =
        json!({ "level": level, "includeExecutionData": given["includeExecutionData"].as_bool().unwrap_or_default() });
    if !groups.is_empty() {
        logging["destinations"] = given["destinations"].clone();
    }
    Ok(Some(logging))
}

fn tracing(input: &Input) -> Answer<Option<Json>> {
    let Some(given) = input.get("tracingConfiguration") else { return Ok(None) };
    Ok(Some(json!({ "enabled": given["enabled"].as_bool().unwrap_or_default() })))
}
