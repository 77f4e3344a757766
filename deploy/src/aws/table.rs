//! The table of the concurrency guard.

use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableDescription, TableStatus,
    Tag, TimeToLiveSpecification, TimeToLiveStatus,
};
use serde_json::{Map, Value as Json, json};

use super::{Aws, refused, text};
use crate::error::{Error, Exit, Result};
use crate::resource::SHARED_TAG;

/// How long a table may take to be made.
const PATIENCE: Duration = Duration::from_secs(180);

impl Aws {
    pub(super) async fn read_table(&self, name: &str) -> Result<Option<Json>> {
        let Some(table) = self.table(name).await? else { return Ok(None) };
        if table.table_status() == Some(&TableStatus::Deleting) {
            return Ok(None);
        }
        let ttl = self.dynamodb.describe_time_to_live().table_name(name).send().await;
        let ttl = ttl.map_err(|error| refused(&format!("read the table `{name}`"), error))?;
        let ttl = ttl.time_to_live_description().filter(|ttl| {
            matches!(ttl.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
        });
        Ok(Some(json!({
            "Key": key(&table),
            "TtlAttribute": ttl.and_then(|ttl| ttl.attribute_name()),
            "DeletionProtectionEnabled": table.deletion_protection_enabled().unwrap_or_default(),
        })))
    }

    /// Another deployment may make it at the same time: then it is theirs as well as ours.
    pub(super) async fn create_table(&self, name: &str, attributes: &Json) -> Result<()> {
        let doing = format!("create the table `{name}`");
        let mut create = self
            .dynamodb
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .deletion_protection_enabled(is_protected(attributes));
        for (index, (name, kind)) in attributes["Key"].as_object().into_iter().flatten().enumerate() {
            let kind = ScalarAttributeType::from(kind.as_str().unwrap_or_default());
            let role = if index == 0 { KeyType::Hash } else { KeyType::Range };
            let definition = AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build();
            let element = KeySchemaElement::builder().attribute_name(name).key_type(role).build();
            create = create
                .attribute_definitions(definition.map_err(|error| impossible(&error))?)
                .key_schema(element.map_err(|error| impossible(&error))?);
        }
        let tag = Tag::builder().key(SHARED_TAG).value("guard").build().map_err(|error| impossible(&error))?;
        match create.tags(tag).send().await {
            Ok(_) => {}
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_in_use_exception()) => {}
            Err(error) => return Err(refused(&doing, error)),
        }
        self.active_table(name).await?;
        let before = self.read_table(name).await?.unwrap_or_default();
        self.update_table(name, &before, attributes).await
    }

    pub(super) async fn update_table(&self, name: &str, before: &Json, attributes: &Json) -> Result<()> {
        let doing = format!("change the table `{name}`");
        if is_protected(attributes) && !is_protected(before) {
            let update = self.dynamodb.update_table().table_name(name).deletion_protection_enabled(true);
            update.send().await.map_err(|error| refused(&doing, error))?;
            self.active_table(name).await?;
        }
        if before["TtlAttribute"] != attributes["TtlAttribute"] {
            let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name(text(attributes, "TtlAttribute"));
            let ttl = ttl.build().map_err(|error| impossible(&error))?;
            let update = self.dynamodb.update_time_to_live().table_name(name).time_to_live_specification(ttl);
            match update.send().await {
                Ok(_) => {}
                // By another deployment, just now.
                Err(error) if error.message().is_some_and(|said| said.contains("already enabled")) => {}
                Err(error) => return Err(refused(&doing, error)),
            }
        }
        Ok(())
    }

    async fn table(&self, name: &str) -> Result<Option<TableDescription>> {
        match self.dynamodb.describe_table().table_name(name).send().await {
            Ok(found) => Ok(found.table),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => Ok(None),
            Err(error) => Err(refused(&format!("read the table `{name}`"), error)),
        }
    }

    /// Waits until a table can be used.
    async fn active_table(&self, name: &str) -> Result<()> {
        let mut waited = Duration::ZERO;
        let wait = Duration::from_secs(1);
        while waited < PATIENCE {
            let status = self.table(name).await?.and_then(|table| table.table_status);
            if status == Some(TableStatus::Active) {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
            waited += wait;
        }
        let message = format!("the table `{name}` can't be used yet after {} s", PATIENCE.as_secs());
        Err(Error::new(Exit::Unreachable, message, "run the command again: it goes on where it stopped"))
    }
}

/// Names and types of the key, the partition key first.
fn key(table: &TableDescription) -> Json {
    let mut elements: Vec<&KeySchemaElement> = table.key_schema().iter().collect();
    elements.sort_by_key(|element| *element.key_type() != KeyType::Hash);
    let kind = |name: &str| {
        let definition = table.attribute_definitions().iter().find(|definition| definition.attribute_name() == name);
        definition.map(|definition| definition.attribute_type().as_str())
    };
    let fields: Map<String, Json> = elements
        .iter()
        .map(|element| (element.attribute_name().to_owned(), json!(kind(element.attribute_name()))))
        .collect();
    fields.into()
}

fn is_protected(attributes: &Json) -> bool {
    attributes["DeletionProtectionEnabled"].as_bool().unwrap_or_default()
}

fn impossible(error: &dyn std::error::Error) -> Error {
    Error::new(Exit::File, format!("the manifest describes an impossible table: {error}"), "run `cargo run synth`")
}
