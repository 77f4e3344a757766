//! Amazon DynamoDB. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html>

use std::collections::HashMap;

use super::{Suffix, Task, response, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::{Json, Shape};
use crate::value::{Arg, Number, Typed, Value};

/// A table, by its name or its ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table(&'static str);

impl Table {
    /// The table of that name in the workflow's own account and region, or of that ARN.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    fn task(self, api: &'static str) -> Task {
        let mut task = Task::new(api, Suffix::None);
        task.set("TableName", Expr::literal(self.0));
        task
    }

    /// Reads the item with this key.
    pub fn get(self, key: Attributes) -> GetItem {
        let mut task = self.task("dynamodb:getItem");
        task.set("Key", key.build());
        GetItem { task, pattern: std::marker::PhantomData }
    }

    /// Writes an item, in place of one with the same key.
    pub fn put(self, item: Attributes) -> PutItem {
        let mut task = self.task("dynamodb:putItem");
        task.set("Item", item.build());
        PutItem { task, pattern: std::marker::PhantomData }
    }

    /// Changes the item with this key, by an update expression such as `SET #s = :s`.
    pub fn update(self, key: Attributes, expression: impl Arg<String>) -> UpdateItem {
        let mut task = self.task("dynamodb:updateItem");
        task.set("Key", key.build());
        task.set("UpdateExpression", expression.into_value().expr());
        UpdateItem { task, pattern: std::marker::PhantomData }
    }

    /// Deletes the item with this key.
    pub fn delete(self, key: Attributes) -> DeleteItem {
        let mut task = self.task("dynamodb:deleteItem");
        task.set("Key", key.build());
        DeleteItem { task, pattern: std::marker::PhantomData }
    }
}

/// Attributes of an item, each with its type.
///
/// ```
/// use statewright::prelude::*;
/// use statewright::service::dynamodb::{attributes, Table};
///
/// const RUNS: Table = Table::named("runs");
///
/// Workflow::new("note", |w, _: Value<()>| {
///     let key = attributes().text("id", execution::id());
///     w.run("NoteRun", RUNS.put(key.number("attempts", 1)).condition("attribute_not_exists(id)"));
/// });
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "give them to `Table::get`, `put`, `update` or `delete`"]
pub struct Attributes(Vec<(String, Expr)>);

/// No attributes yet.
pub fn attributes() -> Attributes {
    Attributes::default()
}

impl Attributes {
    /// Text: `S`.
    pub fn text(self, name: &str, value: impl Arg<String>) -> Self {
        self.typed(name, "S", value.into_value().expr())
    }

    /// A number: `N`, which DynamoDB takes as text.
    pub fn number<V: Typed<Shape: Number>>(self, name: &str, value: V) -> Self {
        self.typed(name, "N", value.typed().to_text().expr())
    }

    /// A bool: `BOOL`.
    pub fn bool(self, name: &str, value: impl Arg<bool>) -> Self {
        self.typed(name, "BOOL", value.into_value().expr())
    }

    /// A set of texts, which may not be empty: `SS`.
    pub fn text_set(self, name: &str, values: impl Arg<Vec<String>>) -> Self {
        self.typed(name, "SS", values.into_value().expr())
    }

    /// Attributes inside an attribute: `M`.
    pub fn map(self, name: &str, inner: Self) -> Self {
        let inner = inner.build();
        self.typed(name, "M", inner)
    }

    /// Nothing: `NULL`.
    pub fn null(self, name: &str) -> Self {
        self.typed(name, "NULL", Expr::literal(true))
    }

    fn typed(mut self, name: &str, r#type: &str, value: Expr) -> Self {
        self.0.push((name.to_owned(), Expr::object(vec![(r#type.to_owned(), value)])));
        self
    }

    fn build(self) -> Expr {
        Kind::Object(self.0).into()
    }
}

step! {
    /// Reads an item: `dynamodb:getItem`.
    GetItem = "dynamodb:getItem", RequestResponse {
        RequestResponse -> GotItem;
    }
}

step! {
    /// Writes an item: `dynamodb:putItem`.
    PutItem = "dynamodb:putItem", RequestResponse {
        RequestResponse -> Written;
    }
}

step! {
    /// Changes an item: `dynamodb:updateItem`.
    UpdateItem = "dynamodb:updateItem", RequestResponse {
        RequestResponse -> Written;
    }
}

step! {
    /// Deletes an item: `dynamodb:deleteItem`.
    DeleteItem = "dynamodb:deleteItem", RequestResponse {
        RequestResponse -> Written;
    }
}

macro_rules! conditional {
    ($($name:ident),+) => { $(
        impl<P> $name<P> {
            /// Writes only if this expression holds; else it fails with
            /// `DynamoDB.ConditionalCheckFailedException` ([`CONDITION_FAILED`]).
            pub fn condition(mut self, expression: impl Arg<String>) -> Self {
                self.task.set("ConditionExpression", expression.into_value().expr());
                self
            }

            /// The values that the expressions name as `:name`.
            pub fn values(mut self, values: Attributes) -> Self {
                self.task.set("ExpressionAttributeValues", values.build());
                self
            }

            /// What the response contains: `NONE`, `ALL_OLD`, and for an update `UPDATED_OLD`, `ALL_NEW`,
            /// `UPDATED_NEW`.
            pub fn return_values(mut self, which: impl Arg<String>) -> Self {
                self.task.set("ReturnValues", which.into_value().expr());
                self
            }
        }
    )+ };
}

macro_rules! named {
    ($($name:ident),+) => { $(
        impl<P> $name<P> {
            /// The attribute that the expressions name as `#name`: for names that are reserved words.
            pub fn name(mut self, placeholder: &str, attribute: &str) -> Self {
                self.task.insert("ExpressionAttributeNames", placeholder, Expr::literal(attribute));
                self
            }
        }
    )+ };
}

conditional!(PutItem, UpdateItem, DeleteItem);
named!(GetItem, PutItem, UpdateItem, DeleteItem);

/// The error of a condition that does not hold, as the optimized integration spells it.
pub const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";

impl<P> GetItem<P> {
    /// Reads what the last successful write wrote, at twice the price.
    pub fn consistent(mut self) -> Self {
        self.task.set("ConsistentRead", Expr::literal(true));
        self
    }

    /// Only these attributes, as a projection expression.
    pub fn projection(mut self, expression: impl Arg<String>) -> Self {
        self.task.set("ProjectionExpression", expression.into_value().expr());
        self
    }
}

/// Attributes as DynamoDB gives them: each an object with its type, such as `{"S": "open"}`.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Item(pub HashMap<String, Json>);

/// Reads attributes of an [`Item`].
#[derive(Clone, Debug)]
pub struct ItemFields(Expr);

impl Shape for Item {
    type Fields = ItemFields;

    fn fields(of: &Expr) -> ItemFields {
        ItemFields(of.clone())
    }
}

impl ItemFields {
    /// A text attribute.
    #[must_use]
    pub fn text(&self, name: &str) -> Value<Option<String>> {
        Value::of(self.0.field(name).field("S"))
    }

    /// A number, as the text that DynamoDB keeps.
    #[must_use]
    pub fn number(&self, name: &str) -> Value<Option<String>> {
        Value::of(self.0.field(name).field("N"))
    }

    /// A bool.
    #[must_use]
    pub fn bool(&self, name: &str) -> Value<Option<bool>> {
        Value::of(self.0.field(name).field("BOOL"))
    }
}

response! {
    /// What a read gives.
    GotItem => GotItemFields {
        /// The item; absent if there is none with that key.
        item: Option<Item> = "Item",
    }
}

response! {
    /// What a write gives.
    Written => WrittenFields {
        /// The attributes that `return_values` asked for.
        attributes: Option<Item> = "Attributes",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;

    const RUNS: Table = Table::named("runs");

    fn key() -> Attributes {
        attributes().text("id", "a")
    }

    #[test]
    fn attributes_have_their_types() {
        let inner = attributes().bool("done", true).null("note");
        let item = key().number("size", 2).number("rate", 0.5).text_set("tags", ["x", "y"]).map("state", inner);
        let found = ran(RUNS.put(item).condition("attribute_not_exists(id)"));
        assert_eq!(found.resource, "dynamodb:putItem");
        let expected = json!({
            "id": { "S": "a" },
            "size": { "N": "2" },
            "rate": { "N": "{% $string(0.5) %}" },
            "tags": { "SS": ["x", "y"] },
            "state": { "M": { "done": { "BOOL": true }, "note": { "NULL": true } } },
        });
        assert_eq!(found.arguments["Item"], expected);
        assert_eq!(found.arguments["ConditionExpression"], "attribute_not_exists(id)");
        assert_eq!(found.rights(), [("dynamodb:PutItem", "dynamodb:table/runs")]);
    }

    #[test]
    fn each_call_has_its_own_right() {
        let found = ran(RUNS.get(key()).consistent().projection("#n").name("#n", "name"));
        assert_eq!(found.resource, "dynamodb:getItem");
        assert_eq!(found.arguments["ExpressionAttributeNames"], json!({ "#n": "name" }));
        assert_eq!(found.rights(), [("dynamodb:GetItem", "dynamodb:table/runs")]);
        let values = attributes().text(":s", "done");
        let found = ran(RUNS.update(key(), "SET s = :s").values(values).return_values("ALL_NEW"));
        assert_eq!(found.resource, "dynamodb:updateItem");
        assert_eq!(found.arguments["ExpressionAttributeValues"], json!({ ":s": { "S": "done" } }));
        assert_eq!(found.rights(), [("dynamodb:UpdateItem", "dynamodb:table/runs")]);
        let found = ran(RUNS.delete(key()));
        assert_eq!(found.resource, "dynamodb:deleteItem");
        assert_eq!(found.rights(), [("dynamodb:DeleteItem", "dynamodb:table/runs")]);
    }
}
