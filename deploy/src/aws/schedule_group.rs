//! Schedule groups of EventBridge Scheduler.

use aws_sdk_scheduler::types::{ScheduleGroupState, Tag};
use serde_json::{Value as Json, json};

use super::refusal::patient;
use super::{Aws, refused, tag_pairs, tags};
use crate::error::Result;

impl Aws {
    pub(super) async fn read_schedule_group(&self, name: &str) -> Result<Option<Json>> {
        let doing = format!("read the schedule group `{name}`");
        let group = match self.scheduler.get_schedule_group().name(name).send().await {
            Ok(group) => group,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => {
                return Ok(None);
            }
            Err(error) => return Err(refused(&doing, error)),
        };
        if group.state() == Some(&ScheduleGroupState::Deleting) {
            return Ok(None);
        }
        let listed = self.scheduler.list_tags_for_resource().resource_arn(self.schedule_group_arn(name)).send().await;
        let listed = listed.map_err(|error| refused(&doing, error))?;
        let pairs = listed.tags().iter().map(|tag| (tag.key(), tag.value()));
        Ok(Some(json!({ "Tags": tags(pairs) })))
    }

    pub(super) async fn create_schedule_group(&self, name: &str, attributes: &Json) -> Result<()> {
        let tags = group_tags(attributes);
        patient(|| async {
            let create = self.scheduler.create_schedule_group().name(name).set_tags(Some(tags.clone()));
            create.send().await.map_err(|error| refused(&format!("create the schedule group `{name}`"), error))?;
            Ok(())
        })
        .await
    }

    pub(super) async fn tag_schedule_group(&self, name: &str, attributes: &Json) -> Result<()> {
        let tag = self.scheduler.tag_resource().resource_arn(self.schedule_group_arn(name));
        let tag = tag.set_tags(Some(group_tags(attributes)));
        tag.send().await.map_err(|error| refused(&format!("tag the schedule group `{name}`"), error))?;
        Ok(())
    }

    pub(super) async fn delete_schedule_group(&self, name: &str) -> Result<()> {
        match self.scheduler.delete_schedule_group().name(name).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => Ok(()),
            Err(error) => Err(refused(&format!("delete the schedule group `{name}`"), error)),
        }
    }

    /// The names of all schedules in a group.
    pub(super) async fn schedules_in(&self, group: &str) -> Result<Vec<String>> {
        let mut names = Vec::new();
        let mut pages = self.scheduler.list_schedules().group_name(group).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refused(&format!("list the schedules in `{group}`"), error))?;
            names.extend(page.schedules().iter().filter_map(|schedule| schedule.name().map(str::to_owned)));
        }
        Ok(names)
    }

    fn schedule_group_arn(&self, name: &str) -> String {
        self.arn("scheduler", &format!("schedule-group/{name}"))
    }
}

fn group_tags(attributes: &Json) -> Vec<Tag> {
    let tags = tag_pairs(attributes).into_iter();
    tags.filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect()
}
