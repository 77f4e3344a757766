//! IAM roles with their policies.

use aws_sdk_iam::types::Tag;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json, json};

use super::{Aws, refused, tag_pairs, tags, text};
use crate::error::{Error, Exit, Result};
use crate::resource::APP_TAG;

impl Aws {
    pub(super) async fn read_role(&self, name: &str) -> Result<Option<Json>> {
        let doing = format!("read the role `{name}`");
        let found = match self.iam.get_role().role_name(name).send().await {
            Ok(found) => found,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_no_such_entity_exception()) => return Ok(None),
            Err(error) => return Err(refused(&doing, error)),
        };
        let Some(role) = found.role() else { return Ok(None) };
        let mut inline = Map::new();
        let mut pages = self.iam.list_role_policies().role_name(name).into_paginator().send();
        while let Some(page) = pages.next().await {
            for policy in page.map_err(|error| refused(&doing, error))?.policy_names() {
                let read = self.iam.get_role_policy().role_name(name).policy_name(policy).send().await;
                let read = read.map_err(|error| refused(&doing, error))?;
                inline.insert(policy.clone(), document(read.policy_document()));
            }
        }
        let mut managed = Map::new();
        for (policy, arn) in self.attached(name).await? {
            let document = self.managed_document(&arn).await?;
            managed.insert(policy, document);
        }
        let pairs = role.tags().iter().map(|tag| (tag.key(), tag.value()));
        Ok(Some(json!({
            "Path": role.path(),
            "AssumeRolePolicyDocument": document(role.assume_role_policy_document().unwrap_or_default()),
            "PermissionsBoundary": role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn()),
            "InlinePolicies": inline,
            "ManagedPolicies": managed,
            "Tags": tags(pairs),
        })))
    }

    pub(super) async fn create_role(&self, name: &str, attributes: &Json) -> Result<()> {
        let doing = format!("create the role `{name}`");
        self.iam
            .create_role()
            .role_name(name)
            .path(text(attributes, "Path"))
            .assume_role_policy_document(attributes["AssumeRolePolicyDocument"].to_string())
            .set_permissions_boundary(attributes["PermissionsBoundary"].as_str().map(str::to_owned))
            .set_tags(Some(role_tags(attributes)))
            .send()
            .await
            .map_err(|error| refused(&doing, error))?;
        self.set_policies(name, &json!({}), attributes).await
    }

    pub(super) async fn update_role(&self, name: &str, before: &Json, attributes: &Json) -> Result<()> {
        let doing = format!("change the role `{name}`");
        let trust = &attributes["AssumeRolePolicyDocument"];
        if before["AssumeRolePolicyDocument"] != *trust {
            let update = self.iam.update_assume_role_policy().role_name(name).policy_document(trust.to_string());
            update.send().await.map_err(|error| refused(&doing, error))?;
        }
        match (&before["PermissionsBoundary"], &attributes["PermissionsBoundary"]) {
            (before, after) if before == after => {}
            (_, Json::String(arn)) => {
                let put = self.iam.put_role_permissions_boundary().role_name(name).permissions_boundary(arn);
                put.send().await.map_err(|error| refused(&doing, error))?;
            }
            _ => {
                let delete = self.iam.delete_role_permissions_boundary().role_name(name);
                delete.send().await.map_err(|error| refused(&doing, error))?;
            }
        }
        self.set_policies(name, before, attributes).await?;
        let tag = self.iam.tag_role().role_name(name).set_tags(Some(role_tags(attributes)));
        tag.send().await.map_err(|error| refused(&doing, error))?;
        Ok(())
    }

    pub(super) async fn delete_role(&self, name: &str, before: &Json) -> Result<()> {
        self.set_policies(name, before, &json!({})).await?;
        match self.iam.delete_role().role_name(name).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_no_such_entity_exception()) => Ok(()),
            Err(error) => Err(refused(&format!("delete the role `{name}`"), error)),
        }
    }

    /// Brings the policies from what they are to what is wanted: first what is added, then what is taken away.
    async fn set_policies(&self, role: &str, before: &Json, attributes: &Json) -> Result<()> {
        let doing = format!("change the policies of the role `{role}`");
        let fields = |json: &Json, name: &str| json[name].as_object().cloned().unwrap_or_default();
        let (was, wanted) = (fields(before, "InlinePolicies"), fields(attributes, "InlinePolicies"));
        for (policy, document) in wanted.iter().filter(|(name, document)| was.get(*name) != Some(document)) {
            let put = self.iam.put_role_policy().role_name(role).policy_name(policy);
            put.policy_document(document.to_string()).send().await.map_err(|error| refused(&doing, error))?;
        }
        let (managed_was, managed) = (fields(before, "ManagedPolicies"), fields(attributes, "ManagedPolicies"));
        for (policy, document) in managed.iter().filter(|(name, document)| managed_was.get(*name) != Some(document)) {
            self.put_managed(role, policy, attributes, document).await?;
        }
        for policy in was.keys().filter(|name| !wanted.contains_key(*name)) {
            let delete = self.iam.delete_role_policy().role_name(role).policy_name(policy);
            delete.send().await.map_err(|error| refused(&doing, error))?;
        }
        if managed_was.keys().any(|name| !managed.contains_key(name)) {
            for (policy, arn) in self.attached(role).await? {
                if !managed.contains_key(&policy) {
                    let app = text(&before["Tags"], APP_TAG);
                    self.drop_managed(role, &arn, app).await?;
                }
            }
        }
        Ok(())
    }

    /// The policies attached to a role: name and ARN.
    async fn attached(&self, role: &str) -> Result<Vec<(String, String)>> {
        let mut found = Vec::new();
        let mut pages = self.iam.list_attached_role_policies().role_name(role).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refused(&format!("read the policies of the role `{role}`"), error))?;
            let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
            found.extend(page.attached_policies().iter().map(|p| (own(p.policy_name()), own(p.policy_arn()))));
        }
        Ok(found)
    }

    async fn managed_document(&self, arn: &str) -> Result<Json> {
        let doing = format!("read the policy `{arn}`");
        let policy = self.iam.get_policy().policy_arn(arn).send().await.map_err(|error| refused(&doing, error))?;
        let version = policy.policy().and_then(|policy| policy.default_version_id()).unwrap_or("v1");
        let read = self.iam.get_policy_version().policy_arn(arn).version_id(version).send().await;
        let read = read.map_err(|error| refused(&doing, error))?;
        Ok(document(read.policy_version().and_then(|version| version.document()).unwrap_or_default()))
    }

    /// Creates a managed policy, or makes the document its default version, and attaches it.
    async fn put_managed(&self, role: &str, policy: &str, attributes: &Json, document: &Json) -> Result<()> {
        let doing = format!("create the policy `{policy}`");
        let path = attributes["Path"].as_str().unwrap_or("/");
        let arn = format!("arn:{}:iam::{}:policy{path}{policy}", self.target.partition, self.target.account_id);
        let create = self.iam.create_policy().policy_name(policy).path(path).policy_document(document.to_string());
        match create.set_tags(Some(role_tags(attributes))).send().await {
            Ok(_) => {}
            Err(error) if error.as_service_error().is_some_and(|e| e.is_entity_already_exists_exception()) => {
                let app = text(&attributes["Tags"], APP_TAG);
                if self.policy_owner(&arn).await?.as_deref() != Some(app) {
                    let message =
                        format!("the policy `{policy}` is there already and does not belong to the app `{app}`");
                    return Err(Error::new(Exit::Conflict, message, "delete or rename it, if it is yours"));
                }
                self.drop_versions(&arn).await?;
                let version = self.iam.create_policy_version().policy_arn(&arn).set_as_default(true);
                version.policy_document(document.to_string()).send().await.map_err(|error| refused(&doing, error))?;
            }
            Err(error) => return Err(refused(&doing, error)),
        }
        let attach = self.iam.attach_role_policy().role_name(role).policy_arn(&arn);
        attach.send().await.map_err(|error| refused(&doing, error))?;
        Ok(())
    }

    /// Detaches a policy, and deletes it if it was made for a role of this app: others only lose the attachment.
    async fn drop_managed(&self, role: &str, arn: &str, app: &str) -> Result<()> {
        let doing = format!("delete the policy `{arn}`");
        let detach = self.iam.detach_role_policy().role_name(role).policy_arn(arn);
        detach.send().await.map_err(|error| refused(&doing, error))?;
        let is_own = arn.contains(&format!(":{}:policy/", self.target.account_id))
            && self.policy_owner(arn).await?.as_deref() == Some(app);
        if is_own {
            self.drop_versions(arn).await?;
            let delete = self.iam.delete_policy().policy_arn(arn);
            delete.send().await.map_err(|error| refused(&doing, error))?;
        }
        Ok(())
    }

    /// The app to which a policy belongs, by its tag.
    async fn policy_owner(&self, arn: &str) -> Result<Option<String>> {
        let tags = self.iam.list_policy_tags().policy_arn(arn).send().await;
        let tags = tags.map_err(|error| refused(&format!("read the tags of the policy `{arn}`"), error))?;
        Ok(tags.tags().iter().find(|tag| tag.key() == APP_TAG).map(|tag| tag.value().to_owned()))
    }

    /// Deletes all versions but the default: there may be five.
    async fn drop_versions(&self, arn: &str) -> Result<()> {
        let doing = format!("delete old versions of the policy `{arn}`");
        let listed = self.iam.list_policy_versions().policy_arn(arn).send().await;
        for version in listed.map_err(|error| refused(&doing, error))?.versions() {
            if !version.is_default_version() {
                let delete = self.iam.delete_policy_version().policy_arn(arn);
                let delete = delete.version_id(version.version_id().unwrap_or_default());
                delete.send().await.map_err(|error| refused(&doing, error))?;
            }
        }
        Ok(())
    }
}

/// IAM gives documents with percent signs, as in a URL.
fn document(encoded: &str) -> Json {
    let text = percent_decode_str(encoded).decode_utf8_lossy();
    serde_json::from_str(&text).unwrap_or_else(|_| Json::from(text.as_ref()))
}

fn role_tags(attributes: &Json) -> Vec<Tag> {
    let tags = tag_pairs(attributes).into_iter();
    tags.filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect()
}
