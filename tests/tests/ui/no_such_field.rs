//! A field that the shape does not have.

use statewright::prelude::*;

#[derive(Shape)]
struct FeedRequest {
    bucket: String,
    shops: Vec<String>,
}

fn main() {
    let _ = Workflow::new("feed", |w, input: Value<FeedRequest>| {
        let _ = input.shop;
        w.succeed("Done")
    });
}
