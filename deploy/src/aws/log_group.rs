//! Log groups of CloudWatch Logs.

use serde_json::{Value as Json, json};

use super::{Aws, refused, tag_pairs, tags};
use crate::error::Result;

impl Aws {
    pub(super) async fn read_log_group(&self, name: &str) -> Result<Option<Json>> {
        let doing = format!("read the log group `{name}`");
        let mut pages = self.logs.describe_log_groups().log_group_name_prefix(name).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refused(&doing, error))?;
            let Some(group) = page.log_groups().iter().find(|group| group.log_group_name() == Some(name)) else {
                continue;
            };
            let listed = self.logs.list_tags_for_resource().resource_arn(self.log_group_arn(name)).send().await;
            let listed = listed.map_err(|error| refused(&doing, error))?;
            let pairs = listed.tags().into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()));
            return Ok(Some(json!({ "RetentionInDays": group.retention_in_days(), "Tags": tags(pairs) })));
        }
        Ok(None)
    }

    pub(super) async fn create_log_group(&self, name: &str, attributes: &Json) -> Result<()> {
        let doing = format!("create the log group `{name}`");
        let create = self.logs.create_log_group().log_group_name(name);
        let create = create.set_tags(Some(tag_pairs(attributes).into_iter().collect()));
        create.send().await.map_err(|error| refused(&doing, error))?;
        self.set_retention(name, attributes).await
    }

    pub(super) async fn update_log_group(&self, name: &str, attributes: &Json) -> Result<()> {
        self.set_retention(name, attributes).await?;
        let tag = self.logs.tag_resource().resource_arn(self.log_group_arn(name));
        let tag = tag.set_tags(Some(tag_pairs(attributes).into_iter().collect()));
        tag.send().await.map_err(|error| refused(&format!("tag the log group `{name}`"), error))?;
        Ok(())
    }

    async fn set_retention(&self, name: &str, attributes: &Json) -> Result<()> {
        let days = attributes["RetentionInDays"].as_i64().and_then(|days| i32::try_from(days).ok()).unwrap_or(30);
        let put = self.logs.put_retention_policy().log_group_name(name).retention_in_days(days);
        put.send().await.map_err(|error| refused(&format!("set the retention of the log group `{name}`"), error))?;
        Ok(())
    }

    pub(super) async fn delete_log_group(&self, name: &str) -> Result<()> {
        match self.logs.delete_log_group().log_group_name(name).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => Ok(()),
            Err(error) => Err(refused(&format!("delete the log group `{name}`"), error)),
        }
    }

    fn log_group_arn(&self, name: &str) -> String {
        self.arn("logs", &format!("log-group:{name}"))
    }
}
