//! The items of the concurrency guard's table.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;

use super::{Aws, refused};
use crate::error::{Error, Exit, Result};

/// What one item of the table holds: that of a lock, or the mark of a tick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its key.
    pub key: String,
    /// The tokens of those that hold a permit, sorted.
    pub holders: Vec<String>,
    /// The tokens of those that wait in the queue, sorted.
    pub pending: Vec<String>,
    /// The last tick of each schedule, by the schedule's ARN.
    pub ticks: BTreeMap<String, String>,
}

impl Aws {
    /// The item of a lock, as it is now; an empty one if there is none.
    ///
    /// # Errors
    ///
    /// If AWS refuses to say, or there is no such table.
    pub async fn lock(&self, table: &str, key: &str) -> Result<Item> {
        let get = self.dynamodb.get_item().table_name(table).set_key(Some(pk(key))).consistent_read(true);
        let got = get.send().await.map_err(|error| explained("read", table, error))?;
        Ok(Item { key: key.to_owned(), ..got.item().map(item).unwrap_or_default() })
    }

    /// All items whose keys begin so, by key. A table can't be searched for the beginning of its only key, so all of it is
    /// read: it has an item a lock, and one a tick of the last week for workflows that wait.
    ///
    /// # Errors
    ///
    /// If AWS refuses to say, or there is no such table.
    pub async fn locks(&self, table: &str, beginning: &str) -> Result<Vec<Item>> {
        let scan = self
            .dynamodb
            .scan()
            .table_name(table)
            .consistent_read(true)
            .filter_expression("begins_with(pk, :beginning)")
            .expression_attribute_values(":beginning", AttributeValue::S(beginning.to_owned()));
        let (mut found, mut pages) = (Vec::new(), scan.into_paginator().send());
        while let Some(page) = pages.next().await {
            found.extend(page.map_err(|error| explained("read", table, error))?.items().iter().map(item));
        }
        found.sort_by(|a: &Item, b| a.key.cmp(&b.key));
        Ok(found)
    }

    /// Takes a permit if one is free, or if one of `own` is there, which are tokens of the same execution; says whether it
    /// was taken.
    ///
    /// # Errors
    ///
    /// If AWS refuses it for another reason than that no permit is free.
    pub async fn take(&self, table: &str, key: &str, token: &str, limit: u32, own: &[String]) -> Result<bool> {
        let mut condition = "attribute_not_exists(holders) OR size(holders) < :n".to_owned();
        let mut update = self
            .dynamodb
            .update_item()
            .table_name(table)
            .set_key(Some(pk(key)))
            .update_expression("ADD holders :me")
            .expression_attribute_values(":me", AttributeValue::Ss(vec![token.to_owned()]))
            .expression_attribute_values(":n", AttributeValue::N(limit.to_string()));
        for (index, token) in own.iter().enumerate() {
            condition += &format!(" OR contains(holders, :own{index})");
            update = update.expression_attribute_values(format!(":own{index}"), AttributeValue::S(token.clone()));
        }
        match update.condition_expression(condition).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                // It may have been written by an attempt whose answer was lost.
                Ok(self.lock(table, key).await?.holders.iter().any(|holder| holder == token))
            }
            Err(error) => Err(explained("change", table, error)),
        }
    }

    /// Takes tokens out of a lock, also out of its queue. Those that are gone already are fine.
    ///
    /// # Errors
    ///
    /// If AWS refuses it.
    pub async fn give_back(&self, table: &str, key: &str, tokens: &[String]) -> Result<()> {
        if tokens.is_empty() {
            return Ok(());
        }
        let update = self
            .dynamodb
            .update_item()
            .table_name(table)
            .set_key(Some(pk(key)))
            .update_expression("DELETE holders :tokens, pending :tokens")
            .expression_attribute_values(":tokens", AttributeValue::Ss(tokens.to_vec()));
        update.send().await.map_err(|error| explained("change", table, error))?;
        Ok(())
    }
}

fn pk(key: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), AttributeValue::S(key.to_owned()))])
}

fn item(fields: &HashMap<String, AttributeValue>) -> Item {
    let set = |name: &str| -> Vec<String> {
        let mut tokens = fields.get(name).and_then(|value| value.as_ss().ok()).cloned().unwrap_or_default();
        tokens.sort();
        tokens
    };
    let text = |value: &AttributeValue| value.as_s().ok().cloned();
    let tick = |(name, value): (&String, &AttributeValue)| {
        // Its time, and behind that which execution has it.
        let time = text(value)?.split('|').next()?.to_owned();
        Some((name.strip_prefix("tick:")?.to_owned(), time))
    };
    Item {
        key: fields.get("pk").and_then(text).unwrap_or_default(),
        holders: set("holders"),
        pending: set("pending"),
        ticks: fields.iter().filter_map(tick).collect(),
    }
}

/// A refusal; one that says that there is no table has a way out of its own.
fn explained<E, R>(doing: &str, table: &str, error: SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    if error.code() == Some("ResourceNotFoundException") {
        let message =
            format!("expected the table `{table}` of the guard, and there is none in this account and region");
        return Error::new(Exit::Refused, message, "run `statewright deploy`, which creates it");
    }
    refused(&format!("{doing} the table `{table}`"), error)
}
