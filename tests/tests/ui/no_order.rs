//! Items without an order, and numbers that are none.

use statewright::prelude::*;

#[derive(Shape)]
struct Item {
    name: String,
    size: i64,
}

fn main() {
    let _ = Workflow::new("sort", |w, items: Value<Vec<Item>>| {
        let sorted = items.sort();
        let total = items.map(|item| item.name).sum();
        w.succeed_with("Done", sorted)
    });
}
