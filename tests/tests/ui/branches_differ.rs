//! Two arms that return different things.

use statewright::prelude::*;

#[derive(Shape)]
struct Request {
    name: String,
    count: i64,
}

fn main() {
    let _ = Workflow::new("feed", |w, input: Value<Request>| {
        w.when("Any", input.count.gt(0), |_| input.name).otherwise(|_| input.count)
    });
}
