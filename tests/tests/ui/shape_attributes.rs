//! Attributes of serde that make JSON which a workflow can't know say so at their own tokens.

use std::collections::HashMap;

use statewright::prelude::*;

#[derive(Shape)]
struct Order {
    #[serde(with = "hex")]
    digest: String,
    #[serde(serialize_with = "as_text")]
    count: i64,
    #[serde(rename(serialize = "a", deserialize = "b"))]
    both: String,
    #[serde(alias = "old")]
    renamed: String,
    #[serde(skip_serializing)]
    one_way: String,
    #[serde(flatten)]
    others: HashMap<String, i64>,
    #[serde(sparkles)]
    unknown: String,
}

#[derive(Shape)]
#[serde(rename_all = "spongebob")]
struct Line {
    article: String,
}

#[derive(Shape)]
#[serde(tag = "kind")]
enum Payment {
    Card(String, String),
    Cash,
}

#[derive(Shape)]
#[serde(untagged)]
enum Amount {
    Whole(i64),
    Nothing,
}

#[derive(Shape)]
#[serde(content = "c")]
enum Event {
    Started,
}

#[derive(Shape)]
enum Never {}

#[derive(Shape)]
struct Nothing;

#[derive(Shape)]
struct Pair<T> {
    first: T,
}

fn main() {}
