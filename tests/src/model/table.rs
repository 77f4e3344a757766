//! What a request does to the table: asked of the tables in memory that simulations have, and remembered.

use std::collections::HashMap;

use serde_json::Value as Json;
use statewright_simulate::dynamodb::Dynamodb;

use super::clock::TABLE;
use super::text::{Text, Texts};

/// What a request does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effect {
    /// The items afterwards.
    pub table: Text,
    /// The result, or nothing if the condition did not hold.
    pub result: Option<Text>,
}

/// The effects that were asked for before.
#[derive(Default)]
pub(super) struct Table(HashMap<(Text, Text), Effect>);

impl Table {
    /// What a request does to a table with such items. A request is `action {…}`.
    ///
    /// # Errors
    ///
    /// If DynamoDB refuses it for anything but its condition.
    pub(super) fn effect(&mut self, texts: &mut Texts, table: Text, request: Text) -> Result<Effect, String> {
        if let Some(effect) = self.0.get(&(table, request)) {
            return Ok(*effect);
        }
        let (items, text) = (texts.get(table), texts.get(request));
        let (action, body) = text.split_once(' ').unwrap_or_default();
        let body: Json = serde_json::from_str(body).map_err(|error| format!("{text}: {error}"))?;
        let mut tables = Dynamodb::new().with_table(TABLE, "pk", None);
        let items: Vec<Json> = serde_json::from_str(&items).unwrap_or_default();
        items.into_iter().for_each(|item| tables.put(TABLE, item));
        let result = match tables.call(action, &body) {
            Ok(result) => Some(texts.number(&result.to_string())),
            Err(refusal) if refusal.exception == "ConditionalCheckFailedException" => None,
            Err(refusal) => return Err(format!("{text}: {refusal}")),
        };
        let mut items = tables.items(TABLE);
        items.iter_mut().for_each(sort);
        let effect = Effect { table: texts.number(&Json::from(items).to_string()), result };
        self.0.insert((table, request), effect);
        Ok(effect)
    }
}

/// Puts the attributes of an item in order: items that are equal have one text.
fn sort(item: &mut Json) {
    if let Json::Object(fields) = item {
        fields.sort_keys();
    }
}
