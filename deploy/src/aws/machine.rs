//! State machines.

use aws_sdk_sfn::types::{
    CloudWatchLogsLogGroup, LogDestination, LogLevel, LoggingConfiguration, StateMachineStatus, StateMachineType, Tag,
    TracingConfiguration,
};
use serde_json::{Value as Json, json};

use super::refusal::patient;
use super::{Aws, refused, tag_pairs, tags, text};
use crate::error::Result;

impl Aws {
    /// The names of all state machines in the account and region.
    pub(super) async fn machines(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        let mut pages = self.sfn.list_state_machines().into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refused("list the state machines", error))?;
            names.extend(page.state_machines().iter().map(|machine| machine.name().to_owned()));
        }
        Ok(names)
    }

    pub(super) async fn machine_tags(&self, name: &str) -> Result<Json> {
        let listed = self.sfn.list_tags_for_resource().resource_arn(self.machine_arn(name)).send().await;
        match listed {
            Ok(listed) => {
                let pairs =
                    listed.tags().iter().map(|tag| (tag.key().unwrap_or_default(), tag.value().unwrap_or_default()));
                Ok(tags(pairs))
            }
            // It was deleted in between.
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found()) => Ok(Json::Null),
            Err(error) => Err(refused(&format!("read the tags of the state machine `{name}`"), error)),
        }
    }

    pub(super) async fn read_machine(&self, name: &str) -> Result<Option<Json>> {
        let found = match self.sfn.describe_state_machine().state_machine_arn(self.machine_arn(name)).send().await {
            Ok(found) => found,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_state_machine_does_not_exist()) => {
                return Ok(None);
            }
            Err(error) => return Err(refused(&format!("read the state machine `{name}`"), error)),
        };
        if found.status() == Some(&StateMachineStatus::Deleting) {
            return Ok(None);
        }
        let definition: Json = serde_json::from_str(found.definition()).unwrap_or_else(|_| found.definition().into());
        let logging = found.logging_configuration().filter(|logging| logging.level() != Some(&LogLevel::Off));
        let logging = logging.map(|logging| {
            let group = logging.destinations().first().and_then(LogDestination::cloud_watch_logs_log_group);
            json!({
                "Level": logging.level().map(LogLevel::as_str),
                "IncludeExecutionData": logging.include_execution_data(),
                "LogGroupArn": group.and_then(CloudWatchLogsLogGroup::log_group_arn),
            })
        });
        Ok(Some(json!({
            "Type": found.r#type().as_str(),
            "RoleArn": found.role_arn(),
            "Definition": definition,
            "Logging": logging,
            "Tracing": found.tracing_configuration().is_some_and(|tracing| tracing.enabled()),
            "Tags": self.machine_tags(name).await?,
        })))
    }

    pub(super) async fn create_machine(&self, name: &str, attributes: &Json) -> Result<()> {
        let doing = format!("create the state machine `{name}`");
        patient(|| async {
            self.sfn
                .create_state_machine()
                .name(name)
                .r#type(StateMachineType::from(text(attributes, "Type")))
                .definition(definition(attributes))
                .role_arn(text(attributes, "RoleArn"))
                .logging_configuration(logging(attributes))
                .tracing_configuration(tracing(attributes))
                .set_tags(Some(machine_tags(attributes)))
                .send()
                .await
                .map_err(|error| refused(&doing, error))?;
            Ok(())
        })
        .await
    }

    pub(super) async fn update_machine(&self, name: &str, before: &Json, attributes: &Json) -> Result<()> {
        let doing = format!("change the state machine `{name}`");
        if ["Definition", "RoleArn", "Logging", "Tracing"].iter().any(|field| before[*field] != attributes[*field]) {
            patient(|| async {
                self.sfn
                    .update_state_machine()
                    .state_machine_arn(self.machine_arn(name))
                    .definition(definition(attributes))
                    .role_arn(text(attributes, "RoleArn"))
                    .logging_configuration(logging(attributes))
                    .tracing_configuration(tracing(attributes))
                    .send()
                    .await
                    .map_err(|error| refused(&doing, error))?;
                Ok(())
            })
            .await?;
        }
        let tag = self.sfn.tag_resource().resource_arn(self.machine_arn(name));
        tag.set_tags(Some(machine_tags(attributes))).send().await.map_err(|error| refused(&doing, error))?;
        Ok(())
    }

    /// Deleting one that is gone already succeeds.
    pub(super) async fn delete_machine(&self, name: &str) -> Result<()> {
        let delete = self.sfn.delete_state_machine().state_machine_arn(self.machine_arn(name));
        delete.send().await.map_err(|error| refused(&format!("delete the state machine `{name}`"), error))?;
        Ok(())
    }

    pub(super) fn machine_arn(&self, name: &str) -> String {
        self.arn("states", &format!("stateMachine:{name}"))
    }
}

/// Readable, for whoever looks at it in the console, unless it would be too long that way.
fn definition(attributes: &Json) -> String {
    let readable = format!("{:#}", attributes["Definition"]);
    if readable.len() <= 1_048_576 { readable } else { attributes["Definition"].to_string() }
}

fn logging(attributes: &Json) -> LoggingConfiguration {
    let logging = &attributes["Logging"];
    let builder = LoggingConfiguration::builder();
    if logging.is_null() {
        return builder.level(LogLevel::Off).include_execution_data(false).build();
    }
    let group = CloudWatchLogsLogGroup::builder().log_group_arn(text(logging, "LogGroupArn")).build();
    builder
        .level(LogLevel::from(text(logging, "Level")))
        .include_execution_data(logging["IncludeExecutionData"].as_bool().unwrap_or_default())
        .destinations(LogDestination::builder().cloud_watch_logs_log_group(group).build())
        .build()
}

fn tracing(attributes: &Json) -> TracingConfiguration {
    TracingConfiguration::builder().enabled(attributes["Tracing"].as_bool().unwrap_or_default()).build()
}

fn machine_tags(attributes: &Json) -> Vec<Tag> {
    tag_pairs(attributes).into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}
